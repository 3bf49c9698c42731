/* Everything a caller can pass that is refused, by every function: NULL, bad UTF-8, bad JSON, a closed handle. Operations are
 * taken from the library's own list, and refuse alike by function and by name. */

#include <stdio.h>
#include <string.h>

#include "catalogue.h"
#include "check.h"
#include "fixture.h"
#include "json.h"

#define BAD_UTF8 "\xc3("

static han_t *open_in_memory(void) {
    han_t *han = NULL;
    SUCCEEDS(han_open("{\"inMemory\": true, \"configDirs\": []}", NULL, NULL, &han, &error));
    CHECK(han != NULL);
    return han;
}

static void hear_nothing(const char *change_json, const han_error_t *failure, void *user_data) {
    (void)change_json, (void)failure, (void)user_data;
    CHECK(!"called");
}

static void hear_no_progress(const char *progress_json, void *user_data) {
    (void)progress_json, (void)user_data;
    CHECK(!"called");
}

static int32_t take_nothing(const char *bytes, size_t len, void *user_data) {
    (void)bytes, (void)len, (void)user_data;
    CHECK(!"called");
    return 0;
}

static bool embed_nothing(const char *const *texts, size_t text_count, float *vectors, char *message, void *user_data) {
    (void)texts, (void)text_count, (void)vectors, (void)message, (void)user_data;
    CHECK(!"called");
    return false;
}

static const hooks_t deaf = {.progress = hear_no_progress, .write = take_nothing};

/* One operation refuses a call, whichever way it is called. */
static void refuses(const operation_t *operation, const han_t *han, const char *parameters, han_code_t expected, const char *part) {
    way_t *const ways[] = {call_own_function, call_by_name};
    for (int i = 0; i < 2; i++) {
        han_error_t *error = (han_error_t *)8;
        han_buf_t result = {"unset", 5};
        han_code_t code = ways[i](operation, han, parameters, &deaf, &result, &error);
        bool is_refused = code == expected && strstr(han_error_message(error), part) != NULL;
        check_code(__FILE__, __LINE__, code, expected, &error, part);
        if (!is_refused) {
            fprintf(stderr, "  %s %s: %s\n", operation->name, i == 0 ? "by its function" : "by its name",
                    parameters == NULL ? "NULL" : parameters);
        }
        if (!is_of_kind(operation, "stream")) CHECK(result.data == NULL && result.len == 0);
    }
}

/* Functions that are not operations, and take a handle: with good arguments except the handle. */
static void every_other_function_says(const han_t *han, han_code_t expected, const char *part) {
    han_subscription_t *subscription = (han_subscription_t *)8;
    FAILS(expected, part, han_subscribe(han, NULL, &subscription, &error));
    CHECK(subscription == NULL);
    subscription = (han_subscription_t *)8;
    FAILS(expected, part, han_on_change(han, NULL, hear_nothing, NULL, &subscription, &error));
    CHECK(subscription == NULL);
    han_buf_t result = {"unset", 5};
    const float vector[] = {1.0f, 0.0f};
    FAILS(expected, part, han_index_vectors(han, "{\"model\": \"m\", \"items\": [{\"messageId\": \"a\"}]}", vector, 2, &result, &error));
    CHECK(result.data == NULL && result.len == 0);
    result = (han_buf_t){"unset", 5};
    FAILS(expected, part, han_search_vectors(han, NULL, vector, 2, &result, &error));
    CHECK(result.data == NULL && result.len == 0);
}

static void a_null_handle_is_refused(void) {
    const char *part = "handle is NULL";
    operation_t operation;
    int count = 0;
    for (; operation_at(count, &operation); count++) {
        CHECK(operation.function.address != NULL);
        if (is_of_kind(&operation, "static")) continue;
        refuses(&operation, NULL, NULL, HAN_INVALID_ARGUMENT, part);
        refuses(&operation, NULL, "{}", HAN_INVALID_ARGUMENT, part);
    }
    CHECK(count >= 49);
    every_other_function_says(NULL, HAN_INVALID_ARGUMENT, part);
    FAILS(HAN_INVALID_ARGUMENT, part, han_register_embedder(NULL, "m", 2, embed_nothing, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_close(NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "cancellation is NULL", han_cancellation_cancel(NULL, &error));
    han_buf_t result = {"unset", 5};
    FAILS(HAN_INVALID_ARGUMENT, "subscription is NULL", han_subscription_next(NULL, 0, &result, &error));
    CHECK(result.data == NULL && result.len == 0);
    FAILS(HAN_INVALID_ARGUMENT, "subscription is NULL", han_subscription_close(NULL, &error));
}

static void a_closed_handle_is_refused(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open(&fixture);
    char nothing[512];
    snprintf(nothing, sizeof nothing, "%s/nothing", fixture.root);
    SUCCEEDS(han_register_embedder(han, nothing, 2, embed_nothing, NULL, &error));
    SUCCEEDS(han_close(han, &error));
    operation_t operation;
    for (int n = 0; operation_at(n, &operation); n++) {
        if (is_of_kind(&operation, "static")) continue;
        char parameters[4096];
        /* Good parameters except the handle: a path that can be read, or one that can be written, a statement, a model. */
        const char *text = nothing;
        if (strcmp(operation.name, "indexSessionFile") == 0) text = fixture.transcript;
        if (strncmp(operation.name, "watcher.", 8) == 0) text = fixture.config;
        if (strcmp(operation.name, "query") == 0) text = "SELECT 1";
        sample_parameters(parameters_schema(&operation, 0), text, NULL, NULL, parameters, sizeof parameters);
        refuses(&operation, han, parameters, HAN_CLOSED, "closed");
    }
    every_other_function_says(han, HAN_CLOSED, "closed");
    SUCCEEDS(han_close(han, &error));
    han_free(han);
    fixture_remove(&fixture);
}

static void a_null_result_is_refused(void) {
    han_t *han = open_in_memory();
    const char *part = "result is NULL";
    operation_t operation;
    for (int n = 0; operation_at(n, &operation); n++) {
        if (is_of_kind(&operation, "stream")) {
            FAILS(HAN_INVALID_ARGUMENT, "write is NULL", call_own_function(&operation, han, NULL, NULL, NULL, &error));
            FAILS(HAN_INVALID_ARGUMENT, "write is NULL", call_by_name(&operation, han, NULL, NULL, NULL, &error));
        } else {
            FAILS(HAN_INVALID_ARGUMENT, part, call_own_function(&operation, han, NULL, &deaf, NULL, &error));
            FAILS(HAN_INVALID_ARGUMENT, part, call_by_name(&operation, han, NULL, &deaf, NULL, &error));
        }
    }
    FAILS(HAN_INVALID_ARGUMENT, "handle is NULL", han_open(NULL, NULL, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_index_vectors(han, "{\"model\": \"m\", \"items\": []}", NULL, 0, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "subscription is NULL", han_subscribe(han, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "subscription is NULL", han_on_change(han, NULL, hear_nothing, NULL, NULL, &error));
    han_subscription_t *subscription = NULL;
    FAILS(HAN_INVALID_ARGUMENT, "callback is NULL", han_on_change(han, NULL, NULL, NULL, &subscription, &error));
    SUCCEEDS(han_subscribe(han, NULL, &subscription, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_subscription_next(subscription, 0, NULL, &error));
    han_subscription_free(subscription);
    han_free(han);
}

/* A required parameter has no default: it is refused if it is left out, null, or in the place of another. */
static void what_is_missing_is_refused(void) {
    han_t *han = open_in_memory();
    operation_t operation;
    int missing = 0;
    for (int n = 0; operation_at(n, &operation); n++) {
        const char *schema = parameters_schema(&operation, 0);
        const char *required = json_field(schema, "required");
        const char *entry;
        for (int i = 0; parameters_schema(&operation, 1) == NULL && (entry = json_entry(required, i, NULL)) != NULL; i++) {
            char name[64];
            char part[128];
            char parameters[4096];
            CHECK(json_string(entry, name, sizeof name));
            snprintf(part, sizeof part, "%s", name);
            sample_parameters(schema, "nobody", name, NULL, parameters, sizeof parameters);
            refuses(&operation, han, parameters, HAN_INVALID_ARGUMENT, part);
            sample_parameters(schema, "nobody", name, "null", parameters, sizeof parameters);
            refuses(&operation, han, parameters, HAN_INVALID_ARGUMENT, part);
            missing++;
        }
        if (json_entry(required, 0, NULL) != NULL) refuses(&operation, han, NULL, HAN_INVALID_ARGUMENT, "");
    }
    CHECK(missing >= 30);
    han_buf_t result;
    FAILS(HAN_INVALID_ARGUMENT, "path is missing", han_index_session_file(han, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "targetPath is missing", han_restore(han, "{\"sourcePath\": \"a\"}", &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "sessionIds is missing", han_todos_get(han, "{\"sessionIds\": null}", &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "missing field `sessionId`", han_messages_list(han, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "missing field `query`", han_search(han, "{\"fields\": []}", &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "exactly one", han_forget(han, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "model is NULL", han_register_embedder(han, NULL, 2, embed_nothing, NULL, &error));
    han_free(han);
}

/* Texts that are not a JSON object, and their error messages. */
static const char *const bad_texts[][2] = {
    {"{\"" BAD_UTF8 "\": 1}", "parameters_json is not UTF-8"},
    {"", "parameters are refused: "},
    {"{", "parameters are refused: "},
    {"[]", "a JSON object"},
    {"null", "a JSON object"},
    {"7", "a JSON object"},
    {"\"text\"", "a JSON object"},
    {"{} {}", "parameters are refused: trailing"},
    {"{\"a\": 1, \"a\": 2}", "`a` is there twice"},
};
enum { BAD_TEXTS = sizeof bad_texts / sizeof bad_texts[0] };

static void what_is_no_json_object_is_refused(void) {
    han_t *han = open_in_memory();
    operation_t operation;
    for (int n = 0; operation_at(n, &operation); n++) {
        for (int i = 0; i < BAD_TEXTS; i++) {
            refuses(&operation, han, bad_texts[i][0], HAN_INVALID_ARGUMENT, bad_texts[i][1]);
        }
    }
    for (int i = 0; i < BAD_TEXTS; i++) {
        const char *text = bad_texts[i][0];
        const char *part = i == 0 ? "options_json is not UTF-8" : bad_texts[i][1];
        han_t *none = han;
        FAILS(HAN_INVALID_ARGUMENT, part, han_open(text, NULL, NULL, &none, &error));
        CHECK(none == NULL);
        han_subscription_t *subscription = (han_subscription_t *)8;
        FAILS(HAN_INVALID_ARGUMENT, part, han_subscribe(han, text, &subscription, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_on_change(han, text, hear_nothing, NULL, &subscription, &error));
        CHECK(subscription == NULL);
        han_buf_t result = {"unset", 5};
        FAILS(HAN_INVALID_ARGUMENT, bad_texts[i][1], han_index_vectors(han, text, NULL, 0, &result, &error));
        CHECK(result.data == NULL && result.len == 0);
    }
    FAILS(HAN_INVALID_ARGUMENT, "model is not UTF-8", han_register_embedder(han, BAD_UTF8, 2, embed_nothing, NULL, &error));
    han_free(han);
}

static void unknown_fields_are_refused(void) {
    han_t *han = open_in_memory();
    operation_t operation;
    for (int n = 0; operation_at(n, &operation); n++) {
        char parameters[4096];
        sample_parameters(parameters_schema(&operation, 0), "nobody", "unheardOf", "1", parameters, sizeof parameters);
        refuses(&operation, han, parameters, HAN_INVALID_ARGUMENT, "unheardOf");
    }
    const char *unknown = "{\"unheardOf\": 1}";
    han_t *none = han;
    FAILS(HAN_INVALID_ARGUMENT, "`unheardOf`", han_open(unknown, NULL, NULL, &none, &error));
    CHECK(none == NULL);
    han_subscription_t *subscription = (han_subscription_t *)8;
    FAILS(HAN_INVALID_ARGUMENT, "`unheardOf`", han_subscribe(han, unknown, &subscription, &error));
    FAILS(HAN_INVALID_ARGUMENT, "`unheardOf`", han_on_change(han, unknown, hear_nothing, NULL, &subscription, &error));
    CHECK(subscription == NULL);
    han_free(han);
}

/* Each parameter of each operation is passed something that it never accepts; the message has its name. */
static void values_of_the_wrong_type_are_refused(void) {
    han_t *han = open_in_memory();
    operation_t operation;
    int tried = 0;
    for (int n = 0; operation_at(n, &operation); n++) {
        const char *schema;
        for (int variant = 0; (schema = parameters_schema(&operation, variant)) != NULL; variant++) {
            const char *properties = json_field(schema, "properties");
            const char *key;
            for (int i = 0; json_entry(properties, i, &key) != NULL; i++) {
                char name[64];
                char parameters[4096];
                CHECK(json_string(key, name, sizeof name));
                sample_parameters(schema, "SELECT 1", name, "{\"wrong\": [{}]}", parameters, sizeof parameters);
                refuses(&operation, han, parameters, HAN_INVALID_ARGUMENT, name);
                tried++;
            }
        }
    }
    CHECK(tried >= 130);
    han_buf_t result;
    FAILS(HAN_INVALID_ARGUMENT, "ids[1] is refused", han_sessions_get(han, "{\"ids\": [\"a\", null]}", &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "sessionIds[1] is", han_todos_get(han, "{\"sessionIds\": [\"a\", 5]}", &result, &error));
    han_free(han);
}

/* Correct in form, but refused for their content. */
static void values_out_of_range_are_refused(void) {
    han_t *han = open_in_memory();
    han_buf_t result;
    han_subscription_t *subscription = NULL;
    const char *const bad_parameters[] = {"7", "\"text\"", "[[1]]", "{\"a\": []}"};
    for (size_t i = 0; i < sizeof bad_parameters / sizeof bad_parameters[0]; i++) {
        char query[256];
        snprintf(query, sizeof query, "{\"sql\": \"SELECT 1\", \"parameters\": %s}", bad_parameters[i]);
        FAILS(HAN_INVALID_ARGUMENT, "parameters", han_query(han, query, NULL, NULL, NULL, &result, &error));
    }
    FAILS(HAN_INVALID_ARGUMENT, "`pdf`", han_export_session(han, "{\"id\": \"nobody\", \"format\": \"pdf\"}", &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "Session", han_subscribe(han, "{\"topics\": [\"Session\"]}", &subscription, &error));
    FAILS(HAN_INVALID_ARGUMENT, "since", han_subscribe(han, "{\"since\": \"yesterday\"}", &subscription, &error));
    FAILS(HAN_INVALID_ARGUMENT, "exactly one",
          han_forget(han, "{\"sessionId\": \"a\", \"projectId\": \"b\"}", &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "yesterday", han_forget(han, "{\"before\": \"yesterday\"}", &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "loudest", han_search(han, "{\"query\": \"a\", \"order\": \"loudest\"}", &result, &error));
    han_t *none = han;
    FAILS(HAN_INVALID_ARGUMENT, "-1", han_open("{\"lockTimeoutMs\": -1}", NULL, NULL, &none, &error));
    CHECK(none == NULL);
    han_free(han);
}

static void the_error_may_be_left_out(void) {
    han_buf_t result;
    operation_t operation;
    for (int n = 0; operation_at(n, &operation); n++) {
        CHECK(call_own_function(&operation, NULL, "[", &deaf, &result, NULL) == HAN_INVALID_ARGUMENT);
        CHECK(call_by_name(&operation, NULL, "[", &deaf, &result, NULL) == HAN_INVALID_ARGUMENT);
    }
    CHECK(han_open("[", NULL, NULL, NULL, NULL) == HAN_INVALID_ARGUMENT);
    CHECK(han_close(NULL, NULL) == HAN_INVALID_ARGUMENT);
    CHECK(han_cancellation_cancel(NULL, NULL) == HAN_INVALID_ARGUMENT);
}

static void frees_and_accessors_ignore_null(void) {
    han_free(NULL);
    han_error_free(NULL);
    han_buf_free(NULL);
    han_cancellation_free(NULL);
    han_subscription_free(NULL);
    han_buf_t empty = {NULL, 0};
    han_buf_free(&empty);
    CHECK(han_error_code(NULL) == HAN_OK);
    CHECK(strcmp(han_error_message(NULL), "") == 0);
}

const test_t refusal_tests[] = {
    {"a_null_handle_is_refused", a_null_handle_is_refused},
    {"a_closed_handle_is_refused", a_closed_handle_is_refused},
    {"a_null_result_is_refused", a_null_result_is_refused},
    {"what_is_missing_is_refused", what_is_missing_is_refused},
    {"what_is_no_json_object_is_refused", what_is_no_json_object_is_refused},
    {"unknown_fields_are_refused", unknown_fields_are_refused},
    {"values_of_the_wrong_type_are_refused", values_of_the_wrong_type_are_refused},
    {"values_out_of_range_are_refused", values_out_of_range_are_refused},
    {"the_error_may_be_left_out", the_error_may_be_left_out},
    {"frees_and_accessors_ignore_null", frees_and_accessors_ignore_null},
    {NULL, NULL},
};
