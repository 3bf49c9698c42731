/* Lookups by many ids, sums, SQL and documents. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fixture.h"
#include "json.h"

#define WORKSHOP "9a4e6b10-77c2-4f0d-8d1b-6e2f5a3c4b77"
#define RECORD(number, type, message) \
    "{\"type\":\"" type "\",\"uuid\":\"0c000000-0000-4000-8000-00000000000" number "\",\"sessionId\":\"" WORKSHOP \
    "\",\"cwd\":\"/home/ada/workshop\",\"timestamp\":\"2026-01-07T10:00:0" number ".000Z\",\"message\":" message
#define CALL(number, tool, input) \
    RECORD(number, "assistant", \
           "{\"id\":\"msg_" number "\",\"role\":\"assistant\",\"model\":\"claude-test-1\",\"content\":[" \
           "{\"type\":\"tool_use\",\"id\":\"toolu_" number "\",\"name\":\"" tool "\",\"input\":" input "}]," \
           "\"usage\":{\"input_tokens\":5,\"output_tokens\":3}}}\n")
#define RESULT(number, call, more) \
    RECORD(number, "user", \
           "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_" call "\"," \
           "\"content\":\"sawn <through>\"}]}" more "}\n")

/* The workshop and what it exports as. */
#define OF_WORKSHOP "{\"id\": \"" WORKSHOP "\", \"format\": \""
#define AS(format) OF_WORKSHOP format "\"}"

/* A session that writes todos and a file, and summarises itself. */
static han_t *open_workshop(fixture_t *fixture) {
    fixture_make(fixture);
    char path[1024];
    snprintf(path, sizeof path, "%s/projects/" PROJECT "/" WORKSHOP ".jsonl", fixture->config);
    const char *lines =
        RECORD("1", "user", "{\"role\":\"user\",\"content\":\"Build a <shelf>\"}}\n")
        CALL("2", "Write", "{\"file_path\":\"/home/ada/workshop/plan.txt\",\"content\":\"saw\\nglue\\n\"}")
        RESULT("3", "2", ",\"toolUseResult\":{\"type\":\"create\",\"filePath\":\"/home/ada/workshop/plan.txt\","
               "\"content\":\"saw\\nglue\\n\",\"structuredPatch\":[]}")
        CALL("4", "TodoWrite", "{\"todos\":[{\"content\":\"glue\",\"status\":\"pending\",\"activeForm\":\"Gluing\"}]}");
    write_file(path, lines, strlen(lines));
    han_t *han = fixture_open(fixture);
    han_buf_t result;
    SUCCEEDS(han_index_session_file(han, PARAMETERS("path", path), &result, &error));
    CHECK(has(&result, "\"messagesIndexed\":4"));
    han_buf_free(&result);
    return han;
}

static void ids_are_looked_up_in_their_order(void) {
    const struct {
        operation_function_t *look;
        const char *start, *part;
    } asked[] = {
        {han_files_by_session, "[[{", "\"kind\":\"main\",\"sessionId\":\"" WORKSHOP "\""},
        {han_todos_get, "[{", "\"items\":[{\"content\":\"glue\",\"status\":\"pending\",\"activeForm\":\"Gluing\"}]"},
        {han_tasks_get, "[[]", "[[],null]"},
        {han_file_changes_get, "[[{", "\"action\":\"create\",\"linesAdded\":2"},
        {han_hook_executions_get, "[[]", "[[],null]"},
        {han_summaries_get, "[[]", "[[],null]"},
        {han_usage_by_session, "[{", "\"apiMessages\":2"},
    };
    fixture_t fixture;
    han_t *han = open_workshop(&fixture);
    han_buf_t result;
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        SUCCEEDS(asked[i].look(han, "{\"sessionIds\": [\"" WORKSHOP "\", \"nobody\"]}", &result, &error));
        CHECK(has(&result, asked[i].part));
        CHECK(strncmp(result.data, asked[i].start, strlen(asked[i].start)) == 0);
        CHECK(result.len > 6 && strcmp(result.data + result.len - 6, ",null]") == 0);
        han_buf_free(&result);
    }
    SUCCEEDS(han_files_by_session(han, "{\"sessionIds\": [\"" WORKSHOP "\"]}", &result, &error));
    char id[64];
    string_field(&result, "id", 0, id, sizeof id);
    han_buf_free(&result);
    char *files = json_of_ids("ids", (const char *const[]){"nobody", id}, 2);
    SUCCEEDS(han_files_get(han, files, &result, &error));
    free(files);
    CHECK(has(&result, "[null,{\"id\":\"") && has(&result, "\"messageCount\":4"));
    han_buf_free(&result);

    SUCCEEDS(han_tool_calls_get(han, "{\"ids\": [\"toolu_2\", \"nobody\"]}", &result, &error));
    CHECK(has(&result, "\"name\":\"Write\"") && has(&result, "\"input\":null") && has(&result, "\"isError\":false"));
    han_buf_free(&result);
    SUCCEEDS(han_tool_calls_get(han, "{\"ids\": [\"toolu_2\", \"nobody\"], \"includeText\": true}", &result, &error));
    CHECK(has(&result, "plan.txt") && has(&result, "\"output\":\"sawn <through>\""));
    han_buf_free(&result);
    han_free(han);
    fixture_remove(&fixture);
}

static void days_are_summed_up(void) {
    fixture_t fixture;
    han_t *han = open_workshop(&fixture);
    han_buf_t result;
    SUCCEEDS(han_dashboard(han, "{\"timeZone\": \"UTC\", \"since\": \"2026-01-07\"}", &result, &error));
    CHECK(has(&result, "\"timeZone\":\"UTC\",\"since\":\"2026-01-07\"") && has(&result, "\"messages\":4"));
    CHECK(has(&result, "\"unpricedApiMessages\":2"));
    han_buf_free(&result);
    SUCCEEDS(han_dashboard(han, "{\"since\": \"2026-02-01\"}", &result, &error));
    CHECK(has(&result, "\"messages\":0"));
    han_buf_free(&result);
    SUCCEEDS(han_activity(han, "{\"timeZone\": \"Asia/Tokyo\"}", &result, &error));
    CHECK(has(&result, "\"days\":[{\"date\":\"2026-01-07\"") && has(&result, "{\"hour\":19,\"messages\":4"));
    han_buf_free(&result);
    SUCCEEDS(han_query_dashboard_aggregates(han, NULL, &result, &error));
    CHECK(has(&result, "\"since\":null") && has(&result, "\"sessions\":1"));
    han_buf_free(&result);
    SUCCEEDS(han_query_dashboard_aggregates(han, "{\"since\": \"2026-02-01\"}", &result, &error));
    CHECK(has(&result, "\"since\":\"2026-02-01\"") && has(&result, "\"sessions\":0"));
    han_buf_free(&result);
    FAILS(HAN_INVALID_ARGUMENT, "soon", han_query_dashboard_aggregates(han, "{\"since\": \"soon\"}", &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

static void sql_is_answered(void) {
    fixture_t fixture;
    han_t *han = open_workshop(&fixture);
    han_buf_t result;
    const char *ask = "{\"sql\": \"SELECT count(*) AS n FROM v_messages\"}";
    SUCCEEDS(han_query(han, ask, NULL, NULL, NULL, &result, &error));
    CHECK(strcmp(result.data, "{\"columns\":[{\"name\":\"n\",\"type\":null}],\"rows\":[[4]],\"isTruncated\":false}") == 0);
    han_buf_free(&result);
    ask = "{\"sql\": \"SELECT ?1, ?2, ?3\", \"parameters\": [\"a\", {\"hex\": \"00ff\"}, null]}";
    SUCCEEDS(han_query(han, ask, NULL, NULL, NULL, &result, &error));
    CHECK(has(&result, "\"rows\":[[\"a\",{\"hex\":\"00ff\"},null]]"));
    han_buf_free(&result);
    ask = "{\"sql\": \"SELECT line_number FROM v_messages WHERE type = :type ORDER BY 1\","
          " \"parameters\": {\"type\": \"assistant\"}, \"maxRows\": 1}";
    SUCCEEDS(han_query(han, ask, NULL, NULL, NULL, &result, &error));
    CHECK(has(&result, "\"rows\":[[2]],\"isTruncated\":true"));
    han_buf_free(&result);
    FAILS(HAN_QUERY_SYNTAX, "SELEKT", han_query(han, "{\"sql\": \"SELEKT 1\"}", NULL, NULL, NULL, &result, &error));
    ask = "{\"sql\": \"DELETE FROM messages\"}";
    FAILS(HAN_INVALID_ARGUMENT, NULL, han_query(han, ask, NULL, NULL, NULL, &result, &error));
    CHECK(result.data == NULL && result.len == 0);

#define ENDLESS "\"sql\": \"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n\""
    ask = "{" ENDLESS ", \"deadlineMs\": 20}";
    FAILS(HAN_INVALID_ARGUMENT, NULL, han_query(han, ask, NULL, NULL, NULL, &result, &error));
    han_cancellation_t *token = han_cancellation_new();
    SUCCEEDS(han_query(han, "{\"sql\": \"SELECT 1\"}", NULL, NULL, token, &result, &error));
    han_buf_free(&result);
    SUCCEEDS(han_cancellation_cancel(token, &error));
    FAILS(HAN_CANCELLED, NULL, han_query(han, "{" ENDLESS "}", NULL, NULL, token, &result, &error));
    han_cancellation_free(token);
    han_free(han);
    fixture_remove(&fixture);
}

static void a_session_becomes_a_document(void) {
    fixture_t fixture;
    han_t *han = open_workshop(&fixture);
    han_buf_t result;
    SUCCEEDS(han_export_session(han, AS("markdown"), &result, &error));
    CHECK(has(&result, "\n") && has(&result, "shelf"));
    han_buf_free(&result);
    SUCCEEDS(han_export_session(han, AS("html"), &result, &error));
    CHECK(has(&result, "&lt;shelf&gt;"));
    han_buf_free(&result);
    SUCCEEDS(han_export_session(han, OF_WORKSHOP "json\", \"maxTextBytes\": 4}", &result, &error));
    CHECK(has(&result, "\"format\":\"han-session\""));
    han_buf_free(&result);
    FAILS(HAN_NOT_FOUND, "nobody", han_export_session(han, "{\"id\": \"nobody\"}", &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, NULL, han_export_session(han, OF_WORKSHOP "json\", \"maxTextBytes\": 0}", &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

/** What a writer received, and after how many pieces it refuses more. */
typedef struct {
    char *bytes;
    size_t len;
    int pieces_left;
} written_t;

static int32_t take_piece(const char *bytes, size_t len, void *user_data) {
    written_t *written = user_data;
    if (written->pieces_left-- == 0) return ENOSPC;
    written->bytes = realloc(written->bytes, written->len + len);
    memcpy(written->bytes + written->len, bytes, len);
    written->len += len;
    return 0;
}

static void a_document_is_written_piece_by_piece(void) {
    fixture_t fixture;
    han_t *han = open_workshop(&fixture);
    const char *formats[] = {"markdown", "html", "json"};
    for (int index = 0; index < 3; index++) {
        const char *parameters = PARAMETERS("id", WORKSHOP, "format", formats[index]);
        han_buf_t whole;
        SUCCEEDS(han_export_session(han, parameters, &whole, &error));
        written_t written = {NULL, 0, -1};
        SUCCEEDS(han_export_session_to(han, parameters, take_piece, &written, &error));
        CHECK(written.len == whole.len && memcmp(written.bytes, whole.data, whole.len) == 0);
        free(written.bytes);

        char path[600];
        snprintf(path, sizeof path, "%s/document.%s", fixture.root, formats[index]);
        parameters = PARAMETERS("id", WORKSHOP, "format", formats[index], "targetPath", path);
        RETURNS("null", han_export_session_to_file, han, parameters);
        size_t len;
        char *read = read_file(path, &len);
        CHECK(len == whole.len && memcmp(read, whole.data, whole.len) == 0);
        free(read);
        han_buf_free(&whole);
        han_buf_t result;
        FAILS(HAN_INVALID_ARGUMENT, "exists already", han_export_session_to_file(han, parameters, &result, &error));
    }
    written_t written = {NULL, 0, 0};
    FAILS(HAN_DISK_FULL, NULL, han_export_session_to(han, AS("html"), take_piece, &written, &error));
    CHECK(written.bytes == NULL);
    FAILS(HAN_NOT_FOUND, "nobody", han_export_session_to(han, "{\"id\": \"nobody\"}", take_piece, &written, &error));
    FAILS(HAN_INVALID_ARGUMENT, "write is NULL", han_export_session_to(han, AS("html"), NULL, NULL, &error));
    han_buf_t result;
    FAILS(HAN_INVALID_ARGUMENT, "targetPath is missing", han_export_session_to_file(han, AS("html"), &result, &error));
    const char *nowhere = PARAMETERS("id", WORKSHOP, "format", "html", "targetPath", "/nowhere/page.html");
    FAILS(HAN_NOT_FOUND, "nowhere", han_export_session_to_file(han, nowhere, &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

const test_t question_tests[] = {
    {"ids_are_looked_up_in_their_order", ids_are_looked_up_in_their_order},
    {"days_are_summed_up", days_are_summed_up},
    {"sql_is_answered", sql_is_answered},
    {"a_session_becomes_a_document", a_session_becomes_a_document},
    {"a_document_is_written_piece_by_piece", a_document_is_written_piece_by_piece},
    {NULL, NULL},
};
