/* Every operation, on real files. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fixture.h"
#include "json.h"

static void one_file_is_indexed_once(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open(&fixture);
    han_buf_t result;
    SUCCEEDS(han_index_session_file(han, PARAMETERS("path", fixture.transcript), &result, &error));
    CHECK(has(&result, "\"sessionId\":\"" SESSION "\",\"messagesIndexed\":3,\"totalMessages\":3,\"isNewSession\":true"));
    CHECK(has(&result, "\"problems\":1,\"notes\":0"));
    han_buf_free(&result);
    SUCCEEDS(han_index_session_file(han, PARAMETERS("path", fixture.transcript), &result, &error));
    CHECK(has(&result, "\"messagesIndexed\":0,\"totalMessages\":3,\"isNewSession\":false"));
    han_buf_free(&result);
    FAILS(HAN_NOT_FOUND, "/nowhere/a.jsonl", han_index_session_file(han, PARAMETERS("path", "/nowhere/a.jsonl"), &result, &error));
    FAILS(HAN_IS_DIRECTORY, fixture.config, han_index_session_file(han, PARAMETERS("path", fixture.config), &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, fixture.database, han_index_session_file(han, PARAMETERS("path", fixture.database), &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

static void note_progress(const char *progress_json, void *user_data) {
    CHECK(strncmp(progress_json, "{\"filesDone\":", 13) == 0);
    CHECK(strstr(progress_json, "\"bytesTotal\":") != NULL);
    (*(int *)user_data)++;
}

static void a_scan_reports_its_result_and_its_progress(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    fixture_add(&fixture, OTHER_SESSION, 100, 40);
    han_t *han = fixture_open(&fixture);
    int calls = 0;
    han_buf_t result;
    SUCCEEDS(han_scan(han, NULL, note_progress, &calls, NULL, &result, &error));
    CHECK(calls > 0);
    CHECK(has(&result, "{\"files\":2,\"filesChanged\":2,\"lines\":104,"));
    CHECK(has(&result, "\"messagesIndexed\":103,\"problems\":1,\"notes\":0,\"errors\":[],\"durationMs\":"));
    han_buf_free(&result);
    SUCCEEDS(han_scan(han, "{\"paths\": null}", NULL, NULL, NULL, &result, &error));
    CHECK(has(&result, "\"files\":2,\"filesChanged\":0,\"lines\":0,"));
    han_buf_free(&result);
    char options[1024];
    snprintf(options, sizeof options, "{\"paths\": [\"%s\"]}", fixture.transcript);
    SUCCEEDS(han_scan(han, options, NULL, NULL, NULL, &result, &error));
    CHECK(has(&result, "\"files\":1,"));
    han_buf_free(&result);
    FAILS(HAN_NOT_FOUND, "/nowhere", han_scan(han, "{\"paths\": [\"/nowhere\"]}", NULL, NULL, NULL, &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

static void sessions_are_listed_and_got(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    han_buf_t result;
    SUCCEEDS(han_sessions_list(han, NULL, &result, &error));
    CHECK(has(&result, "{\"items\":[{\"id\":\"" SESSION "\",\"projectId\":\"" PROJECT "\",\"projectPath\":\"/home/ada/garden\""));
    CHECK(has(&result, "\"title\":\"How often do tomatoes need water?\""));
    CHECK(has(&result, "\"messageCount\":3"));
    CHECK(has(&result, "\"hasNextPage\":false,\"hasPreviousPage\":false"));
    han_buf_free(&result);
    SUCCEEDS(han_sessions_list(han, "{\"projectId\": \"-home-nobody\"}", &result, &error));
    CHECK(has(&result, "{\"items\":[],\"hasNextPage\":false"));
    han_buf_free(&result);
    SUCCEEDS(han_sessions_get(han, "{\"ids\": [\"nobody\", \"" SESSION "\"]}", &result, &error));
    CHECK(has(&result, "[null,{\"id\":\"" SESSION "\""));
    han_buf_free(&result);
    RETURNS("[]", han_sessions_get, han, "{\"ids\": []}");
    FAILS(HAN_INVALID_ARGUMENT, "first", han_sessions_list(han, "{\"first\": 0}", &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, NULL, han_sessions_list(han, "{\"after\": \"made up\"}", &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

static void messages_are_listed_in_pages(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    han_buf_t result;
    SUCCEEDS(han_messages_list(han, "{\"sessionId\": \"" SESSION "\", \"first\": 2}", &result, &error));
    CHECK(has(&result, "\"preview\":\"How often do tomatoes need water?\""));
    CHECK(has(&result, "\"preview\":\"Every second day, in the morning.\""));
    CHECK(has(&result, "\"timestamp\":\"2026-01-05T10:00:04.000Z\""));
    CHECK(has(&result, "\"hasNextPage\":true,\"hasPreviousPage\":false"));
    char cursor[1024];
    string_field(&result, "endCursor", 0, cursor, sizeof cursor);
    han_buf_free(&result);
    char query[2048];
    snprintf(query, sizeof query, "{\"sessionId\": \"" SESSION "\", \"after\": \"%s\"}", cursor);
    SUCCEEDS(han_messages_list(han, query, &result, &error));
    CHECK(has(&result, "caf\xef\xbf\xbd and basil"));
    CHECK(has(&result, "\"lineNumber\":4"));
    CHECK(has(&result, "\"hasNextPage\":false,\"hasPreviousPage\":true"));
    han_buf_free(&result);
    SUCCEEDS(han_messages_list(han, "{\"sessionId\": \"nobody\"}", &result, &error));
    CHECK(has(&result, "{\"items\":[]"));
    han_buf_free(&result);
    FAILS(HAN_INVALID_ARGUMENT, NULL,
          han_messages_list(han, "{\"sessionId\": \"a\", \"first\": 1, \"last\": 1}", &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

static void records_come_back_byte_for_byte(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    han_buf_t result;
    SUCCEEDS(han_messages_list(han, "{\"sessionId\": \"" SESSION "\"}", &result, &error));
    char first[64];
    char third[64];
    string_field(&result, "items\":[{\"id", 0, first, sizeof first);
    han_buf_free(&result);
    /* The id of line 4 is that of line 1 except for the line. */
    snprintf(third, sizeof third, "%.16s:4:0", first);
    const char *const wanted[] = {third, "ffffffffffffffff:1:0", first};
    char *ids = json_of_ids("ids", wanted, 3);

    SUCCEEDS(han_messages_get(han, ids, &result, &error));
    CHECK(has(&result, "\"lineNumber\":4") && has(&result, "},null,{") && has(&result, "\"lineNumber\":1"));
    han_buf_free(&result);

    SUCCEEDS(han_messages_raw(han, ids, &result, &error));
    CHECK(has(&result, "caf\xef\xbf\xbd and basil\\\"}}\",null,\"{\\\"type\\\":\\\"user\\\""));
    han_buf_free(&result);

    SUCCEEDS(han_messages_raw_bytes(han, ids, &result, &error));
    char record[2048];
    CHECK(json_bytes(json_entry(result.data, 0, NULL), record, sizeof record) == (long)strlen(LINE_BYTES));
    CHECK(memcmp(record, LINE_BYTES, strlen(LINE_BYTES)) == 0);
    CHECK(json_is(json_entry(result.data, 1, NULL), "null"));
    CHECK(json_bytes(json_entry(result.data, 2, NULL), record, sizeof record) == (long)strlen(LINE_PROMPT));
    CHECK(memcmp(record, LINE_PROMPT, strlen(LINE_PROMPT)) == 0);
    CHECK(json_entry(result.data, 3, NULL) == NULL);
    han_buf_free(&result);
    free(ids);
    RETURNS("[]", han_messages_raw_bytes, han, "{\"ids\": []}");
    RETURNS("{\"" SESSION "\":3,\"nobody\":0}", han_messages_count_batch, han,
            "{\"sessionIds\": [\"nobody\", \"" SESSION "\"]}");
    han_free(han);
    fixture_remove(&fixture);
}

static void more_than_10000_ids_are_refused(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open(&fixture);
    static const char *ids[10001];
    for (size_t i = 0; i < 10001; i++) ids[i] = "ffffffffffffffff:1:0";
    char *enough = json_of_ids("ids", ids, 10000);
    char *too_many = json_of_ids("ids", ids, 10001);
    char *too_many_sessions = json_of_ids("sessionIds", ids, 10001);
    han_buf_t result;
    SUCCEEDS(han_messages_raw_bytes(han, enough, &result, &error));
    han_buf_free(&result);
    FAILS(HAN_INVALID_ARGUMENT, "10", han_messages_raw_bytes(han, too_many, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "10", han_messages_get(han, too_many, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "10", han_sessions_get(han, too_many, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "10", han_messages_count_batch(han, too_many_sessions, &result, &error));
    free(enough);
    free(too_many);
    free(too_many_sessions);
    han_free(han);
    fixture_remove(&fixture);
}

static void texts_are_found(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    han_buf_t result;
    SUCCEEDS(han_search(han, "{\"query\": \"tomatoes water\"}", &result, &error));
    CHECK(has(&result, "\"lineNumber\":1") && has(&result, "\"field\":\"user\""));
    CHECK(has(&result, "\"matches\":[{\"start\":13,\"end\":21}"));
    han_buf_free(&result);
    SUCCEEDS(han_search(han, "{\"query\": \"morning\", \"fields\": [\"user\"]}", &result, &error));
    CHECK(has(&result, "{\"items\":[]"));
    han_buf_free(&result);
    SUCCEEDS(han_search(han, "{\"query\": \"\\\"AND( NEAR/* ' ;--\"}", &result, &error));
    han_buf_free(&result);
    FAILS(HAN_QUERY_SYNTAX, NULL, han_search(han, "{\"query\": \"AND (\", \"syntax\": \"fts5\"}", &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

static void problems_are_listed(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    han_buf_t result;
    SUCCEEDS(han_problems(han, NULL, &result, &error));
    CHECK(has(&result, "\"kind\":\"invalid_json\",\"isNote\":false") && has(&result, "\"lineNumber\":3"));
    han_buf_free(&result);
    SUCCEEDS(han_problems(han, "{\"kinds\": [\"torn_tail\"]}", &result, &error));
    CHECK(has(&result, "{\"items\":[]"));
    han_buf_free(&result);
    han_free(han);
    fixture_remove(&fixture);
}

static void a_file_is_restored_after_its_loss(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    size_t len = 0;
    size_t restored_len = 0;
    char *bytes = read_file(fixture.transcript, &len);
    CHECK(remove(fixture.transcript) == 0);
    char target[512];
    snprintf(target, sizeof target, "%s/restored.jsonl", fixture.root);
    const char *parameters = PARAMETERS("sourcePath", fixture.transcript, "targetPath", target);
    RETURNS("null", han_restore, han, parameters);
    char *restored = read_file(target, &restored_len);
    CHECK(restored_len == len && memcmp(restored, bytes, len) == 0);
    free(bytes);
    free(restored);
    han_buf_t result;
    FAILS(HAN_INVALID_ARGUMENT, target, han_restore(han, parameters, &result, &error));
    FAILS(HAN_NOT_FOUND, "unknown.jsonl",
          han_restore(han, "{\"sourcePath\": \"unknown.jsonl\", \"targetPath\": \"/nowhere/b\"}", &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

static void a_database_is_checked_and_copied(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    han_buf_t result;
    SUCCEEDS(han_stats(han, NULL, &result, &error));
    CHECK(has(&result, "\"projects\":1,\"sessions\":1,\"files\":1,\"filesMissing\":0,\"lines\":4,\"messages\":3"));
    CHECK(has(&result, "\"inputTokens\":12,\"outputTokens\":7"));
    han_buf_free(&result);
    SUCCEEDS(han_doctor(han, NULL, &result, &error));
    CHECK(has(&result, "{\"isHealthy\":true,\"filesChecked\":1,\"issues\":[],\"warnings\":[]}"));
    han_buf_free(&result);
    SUCCEEDS(han_doctor(han, "{\"fix\": true}", &result, &error));
    CHECK(has(&result, "\"isHealthy\":true"));
    han_buf_free(&result);
    SUCCEEDS(han_rederive(han, NULL, &result, &error));
    CHECK(has(&result, "{\"files\":0,\"messages\":0}"));
    han_buf_free(&result);

    char copy[512];
    snprintf(copy, sizeof copy, "%s/copy.db", fixture.root);
    RETURNS("null", han_backup, han, PARAMETERS("path", copy));
    FAILS(HAN_INVALID_ARGUMENT, copy, han_backup(han, PARAMETERS("path", copy), &result, &error));
    han_free(han);
    char options[1024];
    snprintf(options, sizeof options, "{\"dbPath\": \"%s\", \"readOnly\": true}", copy);
    SUCCEEDS(han_open(options, NULL, NULL, &han, &error));
    SUCCEEDS(han_stats(han, NULL, &result, &error));
    CHECK(has(&result, "\"messages\":3"));
    han_buf_free(&result);
    han_free(han);
    fixture_remove(&fixture);
}

static void what_is_forgotten_stays_away(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    han_buf_t result;
    FAILS(HAN_NOT_FOUND, "nobody", han_forget(han, "{\"sessionId\": \"nobody\"}", &result, &error));
    SUCCEEDS(han_forget(han, "{\"before\": \"2026-01-01\"}", &result, &error));
    CHECK(has(&result, "{\"sessions\":0,\"files\":0,\"messages\":0}"));
    han_buf_free(&result);
    SUCCEEDS(han_forget(han, "{\"sessionId\": \"" SESSION "\"}", &result, &error));
    CHECK(has(&result, "{\"sessions\":1,\"files\":1,\"messages\":3}"));
    han_buf_free(&result);
    SUCCEEDS(han_scan(han, NULL, NULL, NULL, NULL, &result, &error));
    CHECK(has(&result, "\"messagesIndexed\":0"));
    han_buf_free(&result);
    SUCCEEDS(han_search(han, "{\"query\": \"tomatoes\"}", &result, &error));
    CHECK(has(&result, "{\"items\":[]"));
    han_buf_free(&result);
    han_free(han);
    fixture_remove(&fixture);
}

const test_t operation_tests[] = {
    {"one_file_is_indexed_once", one_file_is_indexed_once},
    {"a_scan_reports_its_result_and_its_progress", a_scan_reports_its_result_and_its_progress},
    {"sessions_are_listed_and_got", sessions_are_listed_and_got},
    {"messages_are_listed_in_pages", messages_are_listed_in_pages},
    {"records_come_back_byte_for_byte", records_come_back_byte_for_byte},
    {"more_than_10000_ids_are_refused", more_than_10000_ids_are_refused},
    {"texts_are_found", texts_are_found},
    {"problems_are_listed", problems_are_listed},
    {"a_file_is_restored_after_its_loss", a_file_is_restored_after_its_loss},
    {"a_database_is_checked_and_copied", a_database_is_checked_and_copied},
    {"what_is_forgotten_stays_away", what_is_forgotten_stays_away},
    {NULL, NULL},
};
