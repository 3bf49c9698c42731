/* Everything a caller can pass that is refused, at every function: NULL, bad UTF-8, bad JSON, a closed handle. */

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "fixture.h"

#define BAD_UTF8 "\xc3("

static const char *const no_ids[] = {"nobody"};
static const char *const null_id[] = {"nobody", NULL};
static const char *const bad_id[] = {BAD_UTF8};

/* The functions that look something up for many ids. */
typedef han_code_t (*lookup_t)(const han_t *, const char *const *, size_t, han_buf_t *, han_error_t **);
static const struct {
    lookup_t look;
    const char *array; /* the name of the array, as messages have it */
} lookups[] = {
    {han_sessions_get, "ids"},
    {han_messages_get, "ids"},
    {han_messages_raw, "ids"},
    {han_messages_count_batch, "session_ids"},
    {han_messages_timestamps_batch, "session_ids"},
    {han_files_get, "ids"},
    {han_files_by_session, "session_ids"},
    {han_todos_get, "session_ids"},
    {han_tasks_get, "session_ids"},
    {han_file_changes_get, "session_ids"},
    {han_hook_executions_get, "session_ids"},
    {han_summaries_get, "session_ids"},
    {han_usage_by_session, "session_ids"},
};
enum { LOOKUPS = sizeof lookups / sizeof lookups[0] };

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

/* Calls every function that takes a handle, with good arguments but for the handle. */
static int32_t take_nothing(const char *bytes, size_t len, void *user_data) {
    (void)bytes, (void)len, (void)user_data;
    return 0;
}

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
    FAILS(expected, part, han_messages_list(han, "{\"sessionId\": \"nobody\"}", &result, &error));
    for (int i = 0; i < LOOKUPS; i++) FAILS(expected, part, lookups[i].look(han, no_ids, 1, &result, &error));
    FAILS(expected, part, han_tool_calls_get(han, no_ids, 1, NULL, &result, &error));
    FAILS(expected, part, han_dashboard(han, NULL, &result, &error));
    FAILS(expected, part, han_activity(han, NULL, &result, &error));
    FAILS(expected, part, han_query_dashboard_aggregates(han, NULL, &result, &error));
    FAILS(expected, part, han_query(han, "SELECT 1", NULL, NULL, NULL, &result, &error));
    FAILS(expected, part, han_export_session(han, "nobody", "json", NULL, &result, &error));
    FAILS(expected, part, han_export_session_to(han, "nobody", "json", NULL, take_nothing, NULL, &error));
    FAILS(expected, part, han_export_session_to_file(han, "nobody", "json", NULL, copy, &error));
    result = (han_buf_t){"unset", 5};
    FAILS(expected, part, han_messages_raw_bytes(han, no_ids, 1, &result, &error));
    CHECK(result.data == NULL && result.len == 0);
    FAILS(expected, part, han_search(han, "{\"query\": \"water\"}", &result, &error));
    FAILS(expected, part, han_problems(han, NULL, &result, &error));
    FAILS(expected, part, han_restore(han, fixture.transcript, copy, &error));
    FAILS(expected, part, han_stats(han, &result, &error));
    FAILS(expected, part, han_doctor(han, NULL, &result, &error));
    FAILS(expected, part, han_forget(han, "{\"sessionId\": \"nobody\"}", &result, &error));
    FAILS(expected, part, han_backup(han, copy, &error));
    bool leads = true;
    FAILS(expected, part, han_coordinator_try_acquire(han, &leads, &error));
    CHECK(!leads);
    leads = true;
    FAILS(expected, part, han_coordinator_is_coordinator(han, &leads, &error));
    CHECK(!leads);
    FAILS(expected, part, han_coordinator_status(han, &result, &error));
    FAILS(expected, part, han_watcher_start(han, &error));
    FAILS(expected, part, han_watcher_add_path(han, fixture.config, &error));
    FAILS(expected, part, han_watcher_remove_path(han, fixture.config, &error));
    han_subscription_t *subscription = (han_subscription_t *)8;
    FAILS(expected, part, han_subscribe(han, NULL, &subscription, &error));
    CHECK(subscription == NULL);
    subscription = (han_subscription_t *)8;
    FAILS(expected, part, han_on_change(han, NULL, hear_nothing, NULL, &subscription, &error));
    CHECK(subscription == NULL);
    CHECK(result.data == NULL && result.len == 0);
    fixture_remove(&fixture);
}

static void a_null_handle_is_refused(void) {
    every_function_says(NULL, HAN_INVALID_ARGUMENT, "handle is NULL");
    FAILS(HAN_INVALID_ARGUMENT, "handle is NULL", han_close(NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "cancellation is NULL", han_cancellation_cancel(NULL, &error));
    bool led = true;
    FAILS(HAN_INVALID_ARGUMENT, "handle is NULL", han_coordinator_release(NULL, &led, &error));
    CHECK(!led);
    FAILS(HAN_INVALID_ARGUMENT, "handle is NULL", han_coordinator_release(NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "handle is NULL", han_watcher_stop(NULL, &error));
    han_buf_t result = {"unset", 5};
    FAILS(HAN_INVALID_ARGUMENT, "handle is NULL", han_watcher_status(NULL, &result, &error));
    CHECK(result.data == NULL && result.len == 0);
    result = (han_buf_t){"unset", 5};
    FAILS(HAN_INVALID_ARGUMENT, "subscription is NULL", han_subscription_next(NULL, 0, &result, &error));
    CHECK(result.data == NULL && result.len == 0);
    FAILS(HAN_INVALID_ARGUMENT, "subscription is NULL", han_subscription_close(NULL, &error));
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
    FAILS(HAN_INVALID_ARGUMENT, part, han_messages_list(han, "{\"sessionId\": \"nobody\"}", NULL, &error));
    for (int i = 0; i < LOOKUPS; i++) FAILS(HAN_INVALID_ARGUMENT, part, lookups[i].look(han, no_ids, 1, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_tool_calls_get(han, no_ids, 1, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_dashboard(han, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_activity(han, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_query_dashboard_aggregates(han, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_query(han, "SELECT 1", NULL, NULL, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_export_session(han, "nobody", "json", NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "buffers is NULL", han_messages_raw_bytes(han, no_ids, 1, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_search(han, "{\"query\": \"water\"}", NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_problems(han, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_stats(han, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_doctor(han, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_forget(han, "{\"sessionId\": \"nobody\"}", NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "handle is NULL", han_open(NULL, NULL, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "leads is NULL", han_coordinator_try_acquire(han, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "leads is NULL", han_coordinator_is_coordinator(han, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_coordinator_status(han, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_watcher_status(han, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "subscription is NULL", han_subscribe(han, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "subscription is NULL", han_on_change(han, NULL, hear_nothing, NULL, NULL, &error));
    han_subscription_t *subscription = NULL;
    FAILS(HAN_INVALID_ARGUMENT, "callback is NULL", han_on_change(han, NULL, NULL, NULL, &subscription, &error));
    SUCCEEDS(han_subscribe(han, NULL, &subscription, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_subscription_next(subscription, 0, NULL, &error));
    han_subscription_free(subscription);
    han_free(han);
}

static void null_texts_are_refused(void) {
    han_t *han = open_in_memory();
    han_buf_t result;
    FAILS(HAN_INVALID_ARGUMENT, "path is NULL", han_index_session_file(han, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "source_path is NULL", han_restore(han, NULL, "/nowhere/b", &error));
    FAILS(HAN_INVALID_ARGUMENT, "target_path is NULL", han_restore(han, "a.jsonl", NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "target_path is NULL", han_backup(han, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "config_dir is NULL", han_watcher_add_path(han, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "config_dir is NULL", han_watcher_remove_path(han, NULL, &error));
    for (int i = 0; i < LOOKUPS; i++) {
        char part[64];
        snprintf(part, sizeof part, "%s is NULL", lookups[i].array);
        FAILS(HAN_INVALID_ARGUMENT, part, lookups[i].look(han, NULL, 1, &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, "NULL at position 1", lookups[i].look(han, null_id, 2, &result, &error));
        SUCCEEDS(lookups[i].look(han, NULL, 0, &result, &error));
        han_buf_free(&result);
    }
    FAILS(HAN_INVALID_ARGUMENT, "ids is NULL", han_tool_calls_get(han, NULL, 1, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "ids is NULL", han_messages_raw_bytes(han, NULL, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "sql is NULL", han_query(han, NULL, NULL, NULL, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "id is NULL", han_export_session(han, NULL, "json", NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "format is NULL", han_export_session(han, "nobody", NULL, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "id is NULL", han_export_session_to(han, NULL, "json", NULL, take_nothing, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "id is NULL", han_export_session_to_file(han, NULL, "json", NULL, "/nowhere", &error));
    han_buf_t buffers[2];
    FAILS(HAN_INVALID_ARGUMENT, "NULL at position 1", han_messages_raw_bytes(han, null_id, 2, buffers, &error));
    CHECK(buffers[0].data == NULL && buffers[1].data == NULL);
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
    FAILS(HAN_INVALID_ARGUMENT, part, han_messages_list(han, json, &result, &error));
    for (int i = 0; i < LOOKUPS; i++) FAILS(HAN_INVALID_ARGUMENT, part, lookups[i].look(han, bad_id, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_tool_calls_get(han, bad_id, 1, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_tool_calls_get(han, no_ids, 1, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_dashboard(han, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_activity(han, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_query_dashboard_aggregates(han, BAD_UTF8, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_query(han, BAD_UTF8, NULL, NULL, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_query(han, "SELECT 1", json, NULL, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_query(han, "SELECT 1", NULL, json, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_export_session(han, BAD_UTF8, "json", NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_export_session(han, "nobody", BAD_UTF8, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_export_session(han, "nobody", "json", json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_messages_raw_bytes(han, bad_id, 1, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_search(han, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_problems(han, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_restore(han, BAD_UTF8, "/nowhere/b", &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_restore(han, "a.jsonl", BAD_UTF8, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_doctor(han, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_forget(han, json, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_backup(han, BAD_UTF8, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_watcher_add_path(han, BAD_UTF8, &error));
    FAILS(HAN_INVALID_ARGUMENT, part, han_watcher_remove_path(han, BAD_UTF8, &error));
    han_subscription_t *subscription = (han_subscription_t *)8;
    FAILS(HAN_INVALID_ARGUMENT, part, han_subscribe(han, json, &subscription, &error));
    CHECK(subscription == NULL);
    FAILS(HAN_INVALID_ARGUMENT, part, han_on_change(han, json, hear_nothing, NULL, &subscription, &error));
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
        FAILS(HAN_INVALID_ARGUMENT, part, han_tool_calls_get(han, no_ids, 1, texts[i], &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_dashboard(han, texts[i], &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_activity(han, texts[i], &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_query(han, "SELECT 1", NULL, texts[i], NULL, &result, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_export_session(han, "nobody", "json", texts[i], &result, &error));
        han_subscription_t *subscription = (han_subscription_t *)8;
        FAILS(HAN_INVALID_ARGUMENT, part, han_subscribe(han, texts[i], &subscription, &error));
        FAILS(HAN_INVALID_ARGUMENT, part, han_on_change(han, texts[i], hear_nothing, NULL, &subscription, &error));
        CHECK(subscription == NULL);
    }
    han_buf_t result;
    han_subscription_t *subscription = NULL;
    const char *const bad_parameters[] = {"", "{", "7", "\"text\"", "null", "[1] [2]"};
    for (size_t i = 0; i < sizeof bad_parameters / sizeof bad_parameters[0]; i++) {
        const char *given = bad_parameters[i];
        FAILS(HAN_INVALID_ARGUMENT, "parameters_json ", han_query(han, "SELECT 1", given, NULL, NULL, &result, &error));
    }
    FAILS(HAN_INVALID_ARGUMENT, "`pdf`", han_export_session(han, "nobody", "pdf", NULL, &result, &error));
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
    {"null_texts_are_refused", null_texts_are_refused},
    {"bad_utf8_is_refused", bad_utf8_is_refused},
    {"bad_json_is_refused", bad_json_is_refused},
    {"the_error_may_be_left_out", the_error_may_be_left_out},
    {"frees_and_accessors_ignore_null", frees_and_accessors_ignore_null},
    {NULL, NULL},
};
