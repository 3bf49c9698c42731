/* Everything a caller can pass that is refused, at every function: NULL, bad UTF-8, bad JSON, a closed handle. */

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "fixture.h"

#define BAD_UTF8 "\xc3("

static const char *const no_ids[] = {"nobody"};
static const char *const null_id[] = {"nobody", NULL};
static const char *const bad_id[] = {BAD_UTF8};

static han_t *open_in_memory(void) {
    han_t *han = NULL;
    SUCCEEDS(han_open("{\"inMemory\": true, \"configDirs\": []}", NULL, NULL, &han, &error));
    CHECK(han != NULL);
    return han;
}

/* Calls every function that takes a handle, with good arguments but for the handle. */
static void every_function_says(const han_t *han, han_code_t expected, const char *part) {
    fixture_t fixture;
    fixture_make(&fixture);
    char copy[512];
    snprintf(copy, sizeof copy, "%s/copy", fixture.root);
    han_buf_t result = {"unset", 5};
    FAILS(expected, part, han_index_session_file(han, fixture.transcript, &result, &error));
    CHECK(result.data == NULL && result.len == 0);
    FAILS(expected, part, han_scan(han, NULL, NULL, NULL, NULL, &result, &error));
    FAILS(expected, part, han_rederive(han, &result, &error));
    FAILS(expected, part, han_sessions_list(han, NULL, &result, &error));
    FAILS(expected, part, han_sessions_get(han, no_ids, 1, &result, &error));
    FAILS(expected, part, han_messages_list(han, "{\"sessionId\": \"nobody\"}", &result, &error));
    FAILS(expected, part, han_messages_get(han, no_ids, 1, &result, &error));
    FAILS(expected, part, han_messages_raw(han, no_ids, 1, &result, &error));
    result = (han_buf_t){"unset", 5};
    FAILS(expected, part, han_messages_raw_bytes(han, no_ids, 1, &result, &error));
    CHECK(result.data == NULL && result.len == 0);
    FAILS(expected, part, han_messages_count_batch(han, no_ids, 1, &result, &error));
    FAILS(expected, part, han_search(han, "{\"query\": \"water\"}", &result, &error));
    FAILS(expected, part, han_problems(han, NULL, &result, &error));
    FAILS(expected, part, han_restore(han, fixture.transcript, copy, &error));
    FAILS(expected, part, han_stats(han, &result, &error));
    FAILS(expected, part, han_doctor(han, NULL, &result, &error));
    FAILS(expected, part, han_forget(han, "{\"sessionId\": \"nobody\"}", &result, &error));
    FAILS(expected, part, han_backup(han, copy, &error));
    CHECK(result.data == NULL && result.len == 0);
    fixture_remove(&fixture);
}

static void a_null_handle_is_refused(void) {
    every_function_says(NULL, HAN_INVALID_ARGUMENT, "handle is NULL");
    FAILS(HAN_INVALID_ARGUMENT, "handle is NULL", han_close(NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "cancellation is NULL", han_cancellation_cancel(NULL, &error));
}

static void a_closed_handle_is_refused(void) {
    han_t *han = open_in_memory();
    SUCCEEDS(han_close(han, &error));
    every_function_says(han, HAN_CLOSED, "closed");
    SUCCEEDS(han_close(han, &error));
    han_free(han);
}

static void a_null_result_is_refused(void) {
    han_t *han = open_in_memory();
    const char *part = "result is NULL";
    FAILS(HAN_INVALID_ARGUMENT, part, han_index_session_file(han, "/nowhere/a.jsonl", NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_scan(han, NULL, NULL, NULL, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_rederive(han, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_sessions_list(han, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_sessions_get(han, no_ids, 1, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_messages_list(han, "{\"sessionId\": \"nobody\"}", NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_messages_get(han, no_ids, 1, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_messages_raw(han, no_ids, 1, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "buffers is NULL", han_messages_raw_bytes(han, no_ids, 1, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_messages_count_batch(han, no_ids, 1, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_search(han, "{\"query\": \"water\"}", NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_problems(han, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_stats(han, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_doctor(han, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_forget(han, "{\"sessionId\": \"nobody\"}", NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "handle is NULL", han_open(NULL, NULL, NULL, NULL, &error));
    han_free(han);
}

static void null_texts_are_refused(void) {
    han_t *han = open_in_memory();
    han_buf_t result;
    FAILS(HAN_INVALID_ARGUMENT, "path is NULL", han_index_session_file(han, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "source_path is NULL", han_restore(han, NULL, "/nowhere/b", &error));
    FAILS(HAN_INVALID_ARGUMENT, "target_path is NULL", han_restore(han, "a.jsonl", NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "target_path is NULL", han_backup(han, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "ids is NULL", han_sessions_get(han, NULL, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "ids is NULL", han_messages_get(han, NULL, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "ids is NULL", han_messages_raw(han, NULL, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "ids is NULL", han_messages_raw_bytes(han, NULL, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "session_ids is NULL", han_messages_count_batch(han, NULL, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "NULL at position 1", han_sessions_get(han, null_id, 2, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "NULL at position 1", han_messages_get(han, null_id, 2, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "NULL at position 1", han_messages_raw(han, null_id, 2, &result, &error));
    han_buf_t buffers[2];
    FAILS(HAN_INVALID_ARGUMENT, "NULL at position 1", han_messages_raw_bytes(han, null_id, 2, buffers, &error));
    CHECK(buffers[0].data == NULL && buffers[1].data == NULL);
    FAILS(HAN_INVALID_ARGUMENT, "NULL at position 1", han_messages_count_batch(han, null_id, 2, &result, &error));
    /* What is required has no default. */
    FAILS(HAN_INVALID_ARGUMENT, "missing field `sessionId`", han_messages_list(han, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "null", han_messages_list(han, "{\"sessionId\": null}", &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "missing field `query`", han_search(han, "{\"fields\": []}", &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "exactly one", han_forget(han, NULL, &result, &error));
    han_free(han);
}

static void bad_utf8_is_refused(void) {
    han_t *han = open_in_memory();
    han_buf_t result;
    const char *json = "{\"" BAD_UTF8 "\": 1}";
    const char *part = "not UTF-8";
    han_t *none = han;
    FAILS(HAN_INVALID_ARGUMENT, part, han_open(json, NULL, NULL, &none, &error));
    CHECK(none == NULL);
    FAILS(HAN_INVALID_ARGUMENT, part, han_index_session_file(han, BAD_UTF8, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_scan(han, json, NULL, NULL, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_sessions_list(han, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_sessions_get(han, bad_id, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_messages_list(han, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_messages_get(han, bad_id, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_messages_raw(han, bad_id, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_messages_raw_bytes(han, bad_id, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_messages_count_batch(han, bad_id, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_search(han, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_problems(han, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_restore(han, BAD_UTF8, "/nowhere/b", &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_restore(han, "a.jsonl", BAD_UTF8, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_doctor(han, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_forget(han, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_backup(han, BAD_UTF8, &error));
    han_free(han);
}

static void bad_json_is_refused(void) {
    const char *const texts[] = {"", "{", "[]", "null", "7", "{\"a\": 1} {}", "{\"unheardOf\": 1}"};
    han_t *han = open_in_memory();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *part = i + 1 == sizeof texts / sizeof texts[0] ? "`unheardOf`" : "_json ";
        han_buf_t result;
        han_t *none = han;
        FAILS(HAN_INVALID_ARGUMENT, part, han_open(texts[i], NULL, NULL, &none, &error));
        CHECK(none == NULL);
        FAILS(HAN_INVALID_ARGUMENT, part, han_scan(han, texts[i], NULL, NULL, NULL, &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_sessions_list(han, texts[i], &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_messages_list(han, texts[i], &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_search(han, texts[i], &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_problems(han, texts[i], &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_doctor(han, texts[i], &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_forget(han, texts[i], &result, &error));
    }
    han_buf_t result;
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
    CHECK(han_stats(NULL, &result, NULL) == HAN_INVALID_ARGUMENT);
    CHECK(han_open("[", NULL, NULL, NULL, NULL) == HAN_INVALID_ARGUMENT);
    CHECK(han_close(NULL, NULL) == HAN_INVALID_ARGUMENT);
    CHECK(han_cancellation_cancel(NULL, NULL) == HAN_INVALID_ARGUMENT);
    CHECK(han_backup(NULL, NULL, NULL) == HAN_INVALID_ARGUMENT);
}

static void frees_and_accessors_ignore_null(void) {
    han_free(NULL);
    han_error_free(NULL);
    han_buf_free(NULL);
    han_cancellation_free(NULL);
    han_buf_t empty = {NULL, 0};
    han_buf_free(&empty);
    CHECK(han_error_code(NULL) == HAN_OK);
    CHECK(strcmp(han_error_message(NULL), "") == 0);
}

const test_t refusal_tests[] = {
    {"a_null_handle_is_refused", a_null_handle_is_refused},
    {"a_closed_handle_is_refused", a_closed_handle_is_refused},
    {"a_null_result_is_refused", a_null_result_is_refused},
    {"null_texts_are_refused", null_texts_are_refused},
    {"bad_utf8_is_refused", bad_utf8_is_refused},
    {"bad_json_is_refused", bad_json_is_refused},
    {"the_error_may_be_left_out", the_error_may_be_left_out},
    {"frees_and_accessors_ignore_null", frees_and_accessors_ignore_null},
    {NULL, NULL},
};
