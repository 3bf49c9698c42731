/* Operations by their names: han_call() and its variants, and the list of operations. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "check.h"
#include "fixture.h"
#include "json.h"

static void the_list_of_operations_is_whole(void) {
    const char *list = han_operations();
    CHECK(list == han_operations());
    /* The object ends where the text ends: no NUL cut it. */
    const char *end = json_end(list);
    CHECK(*list == '{' && strspn(end, " \n") == strlen(end));
    operation_t operation;
    int count = 0;
    for (; operation_at(count, &operation); count++) {
        CHECK(operation.function.address != NULL);
        CHECK(parameters_schema(&operation, 0) != NULL && json_field(operation.entry, "result") != NULL);
        CHECK(json_field(operation.entry, "leading") != NULL);
        const char *const kinds[] = {"read", "write", "long", "instant", "stream", "static"};
        int of_kind = 0;
        for (int i = 0; i < 6; i++) of_kind += is_of_kind(&operation, kinds[i]);
        CHECK(of_kind == 1);
        CHECK(is_of_form(&operation, "json") || is_of_form(&operation, "text") || is_of_form(&operation, "bytes"));
    }
    const char *operations = json_field(list, "operations");
    CHECK(operations != NULL && json_entry(operations, count, NULL) == NULL && count >= 49);
}

/* Calls in one way, and records the outcome. */
static void note(way_t *way, const operation_t *operation, const han_t *han, const char *parameters, char *answer, size_t size) {
    han_error_t *error = NULL;
    han_buf_t result = {NULL, 0};
    han_code_t code = way(operation, han, parameters, NULL, &result, &error);
    snprintf(answer, size, "%s %s %s", han_code_name(code), han_error_message(error), result.data == NULL ? "" : result.data);
    CHECK((code == HAN_OK) == (result.data != NULL) && strlen(answer) < size - 1);
    han_buf_free(&result);
    han_error_free(error);
}

static void a_name_answers_as_its_function(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    han_buf_t result;
    SUCCEEDS(han_messages_list(han, "{\"sessionId\": \"" SESSION "\"}", &result, &error));
    char message[64];
    string_field(&result, "id", 0, message, sizeof message);
    han_buf_free(&result);
    const char *const texts[] = {SESSION, message, "tomatoes", "nobody"};
    static char answers[2][100000];
    operation_t operation;
    int answered = 0;
    for (int n = 0; operation_at(n, &operation); n++) {
        bool is_compared = is_of_kind(&operation, "read") || is_of_kind(&operation, "static") ||
                           strcmp(operation.name, "exportSession") == 0 || strcmp(operation.name, "query") == 0 ||
                           strcmp(operation.name, "coordinator.status") == 0 || strcmp(operation.name, "watcher.status") == 0;
        for (int i = 0; is_compared && i < 4; i++) {
            char parameters[4096];
            sample_parameters(parameters_schema(&operation, 0), texts[i], NULL, NULL, parameters, sizeof parameters);
            note(call_own_function, &operation, han, parameters, answers[0], sizeof answers[0]);
            note(call_by_name, &operation, han, parameters, answers[1], sizeof answers[1]);
            CHECK(strcmp(answers[0], answers[1]) == 0);
            answered += strncmp(answers[0], "HAN_OK ", 7) == 0;
        }
    }
    CHECK(answered >= 100);
    /* An operation that writes does so. */
    SUCCEEDS(han_call(han, "forget", "{\"sessionId\": \"" SESSION "\"}", &result, &error));
    CHECK(has(&result, "{\"sessions\":1,\"files\":1,\"messages\":3}"));
    han_buf_free(&result);
    FAILS(HAN_NOT_FOUND, SESSION, han_forget(han, "{\"sessionId\": \"" SESSION "\"}", &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

static int32_t collect(const char *bytes, size_t len, void *user_data) {
    strncat(user_data, bytes, len);
    return 0;
}

static void a_stream_is_called_by_its_name(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    const char *parameters = "{\"id\": \"" SESSION "\", \"format\": \"html\"}";
    static char document[100000];
    SUCCEEDS(han_call_stream(han, "exportSessionTo", parameters, collect, document, &error));
    han_buf_t whole;
    SUCCEEDS(han_call(han, "exportSession", parameters, &whole, &error));
    CHECK(whole.len > 0 && strcmp(document, whole.data) == 0);
    han_buf_free(&whole);
    han_free(han);
    fixture_remove(&fixture);
}

static void what_needs_no_handle_is_called_without(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open(&fixture);
    han_buf_t own;
    han_buf_t named;
    SUCCEEDS(han_versions(NULL, &own, &error));
    SUCCEEDS(han_call_static("versions", "{}", &named, &error));
    CHECK(has(&own, HAN_VERSION) && strcmp(own.data, named.data) == 0);
    han_buf_free(&named);
    /* The same with a handle. */
    SUCCEEDS(han_call(han, "versions", NULL, &named, &error));
    CHECK(strcmp(own.data, named.data) == 0);
    han_buf_free(&named);
    han_buf_free(&own);
    han_free(han);
    fixture_remove(&fixture);
}

static void names_that_do_not_fit_are_refused(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open(&fixture);
    char document[1] = "";
    const struct {
        const char *name, *part;
    } unknown[] = {
        {NULL, "operation is NULL"},
        {"\xc3(", "operation is not UTF-8"},
        {"", "is unknown"},
        {"sessions", "\"sessions\""},
        {"sessions.List", "\"sessions.List\""},
        {"han_sessions_list", "is unknown"},
    };
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        const char *name = unknown[i].name;
        const char *part = unknown[i].part;
        han_buf_t result = {NULL, 0};
        FAILS(HAN_INVALID_ARGUMENT, part, han_call(han, name, NULL, &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_call_long(han, name, NULL, NULL, NULL, NULL, &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_call_static(name, NULL, &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_call_stream(han, name, NULL, collect, document, &error));
        CHECK(result.data == NULL && result.len == 0);
    }
    /* Operations of another kind than the function calls. */
    han_buf_t result = {"unset", 5};
    FAILS(HAN_INVALID_ARGUMENT, "\"exportSessionTo\"", han_call(han, "exportSessionTo", "{\"id\": \"a\"}", &result, &error));
    CHECK(result.data == NULL && result.len == 0);
    FAILS(HAN_INVALID_ARGUMENT, "piece by piece",
          han_call_long(han, "exportSessionTo", "{\"id\": \"a\"}", NULL, NULL, NULL, &result, &error));
    result = (han_buf_t){"unset", 5};
    FAILS(HAN_INVALID_ARGUMENT, "needs a handle", han_call_static("sessions.list", NULL, &result, &error));
    CHECK(result.data == NULL && result.len == 0);
    FAILS(HAN_INVALID_ARGUMENT, "needs a handle", han_call_static("exportSessionTo", NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "in one piece", han_call_stream(han, "sessions.list", NULL, collect, document, &error));
    FAILS(HAN_INVALID_ARGUMENT, "in one piece", han_call_stream(han, "versions", NULL, collect, document, &error));
    CHECK(document[0] == '\0');
    han_free(han);
    fixture_remove(&fixture);
}

typedef struct {
    int calls;
    const char *start;         /* how each report begins */
    han_cancellation_t *token; /* cancelled at the first report, if there is one */
} heard_t;

static void hear_progress(const char *progress_json, void *user_data) {
    heard_t *heard = user_data;
    CHECK(strncmp(progress_json, heard->start, strlen(heard->start)) == 0);
    heard->calls++;
    if (heard->token != NULL) SUCCEEDS(han_cancellation_cancel(heard->token, &error));
}

static bool embed(const char *const *texts, size_t text_count, float *vectors, char *message, void *user_data) {
    (void)texts, (void)message, (void)user_data;
    for (size_t i = 0; i < 2 * text_count; i++) vectors[i] = 1.0f;
    return true;
}

static void a_long_operation_reports_and_is_cancelled_by_its_name(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    fixture_add(&fixture, OTHER_SESSION, 197, 10);
    han_t *han = fixture_open(&fixture);
    han_buf_t result;
    heard_t heard = {0, "{\"filesDone\":", NULL};
    SUCCEEDS(han_call_long(han, "scan", NULL, hear_progress, &heard, NULL, &result, &error));
    CHECK(heard.calls > 0 && has(&result, "\"messagesIndexed\":200,"));
    han_buf_free(&result);

    /* Every 64 messages are committed and reported, so cancelling leaves some. */
    const char *parameters = "{\"model\": \"m\"}";
    SUCCEEDS(han_register_embedder(han, "m", 2, embed, NULL, &error));
    heard = (heard_t){0, "{\"messages\":64,", han_cancellation_new()};
    result = (han_buf_t){"unset", 5};
    FAILS(HAN_CANCELLED, NULL,
          han_call_long(han, "vectors.embedPending", parameters, hear_progress, &heard, heard.token, &result, &error));
    CHECK(heard.calls == 1 && result.data == NULL && result.len == 0);
    SUCCEEDS(han_call_long(han, "vectors.embedPending", parameters, NULL, NULL, NULL, &result, &error));
    CHECK(has(&result, "\"messages\":136,"));
    han_buf_free(&result);
    const char *endless = "{\"sql\": \"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n\"}";
    FAILS(HAN_CANCELLED, NULL, han_call_long(han, "query", endless, NULL, NULL, heard.token, &result, &error));
    han_cancellation_free(heard.token);

    /* An operation without progress reports none, and accepts a callback; a long one does not need one. */
    heard.calls = 0;
    heard.token = NULL;
    SUCCEEDS(han_call_long(han, "stats", NULL, hear_progress, &heard, NULL, &result, &error));
    CHECK(heard.calls == 0 && has(&result, "\"messages\":200,"));
    han_buf_free(&result);
    SUCCEEDS(han_call(han, "scan", NULL, &result, &error));
    CHECK(has(&result, "\"filesChanged\":0,"));
    han_buf_free(&result);
    han_free(han);
    fixture_remove(&fixture);
}

const test_t call_tests[] = {
    {"the_list_of_operations_is_whole", the_list_of_operations_is_whole},
    {"a_name_answers_as_its_function", a_name_answers_as_its_function},
    {"a_stream_is_called_by_its_name", a_stream_is_called_by_its_name},
    {"what_needs_no_handle_is_called_without", what_needs_no_handle_is_called_without},
    {"names_that_do_not_fit_are_refused", names_that_do_not_fit_are_refused},
    {"a_long_operation_reports_and_is_cancelled_by_its_name", a_long_operation_reports_and_is_cancelled_by_its_name},
    {NULL, NULL},
};
