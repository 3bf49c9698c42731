/* Handles and tokens used from several threads. */

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "fixture.h"

static void a_cancelled_token_ends_a_scan_at_once(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open(&fixture);
    han_cancellation_t *token = han_cancellation_new();
    han_buf_t result;
    SUCCEEDS(han_scan(han, NULL, NULL, NULL, token, &result, &error));
    han_buf_free(&result);
    SUCCEEDS(han_cancellation_cancel(token, &error));
    SUCCEEDS(han_cancellation_cancel(token, &error));
    fixture_add(&fixture, OTHER_SESSION, 10, 10);
    FAILS(HAN_CANCELLED, NULL, han_scan(han, NULL, NULL, NULL, token, &result, &error));
    CHECK(result.data == NULL && result.len == 0);
    han_cancellation_free(token);
    /* What was cancelled can continue. */
    SUCCEEDS(han_scan(han, NULL, NULL, NULL, NULL, &result, &error));
    CHECK(has(&result, "\"messagesIndexed\":10"));
    han_buf_free(&result);
    han_free(han);
    fixture_remove(&fixture);
}

typedef struct {
    han_cancellation_t *token;
    atomic_bool started;
    atomic_bool cancelled;
} canceller_t;

static void pause_a_moment(void) {
    nanosleep(&(struct timespec){0, 1000000}, NULL);
}

static void *cancel_when_started(void *argument) {
    canceller_t *canceller = argument;
    while (!atomic_load(&canceller->started)) pause_a_moment();
    SUCCEEDS(han_cancellation_cancel(canceller->token, &error));
    atomic_store(&canceller->cancelled, true);
    return NULL;
}

/* Holds the scan at its first commit until the other thread has cancelled it. */
static void wait_for_cancel(const char *progress_json, void *user_data) {
    (void)progress_json;
    canceller_t *canceller = user_data;
    atomic_store(&canceller->started, true);
    while (!atomic_load(&canceller->cancelled)) pause_a_moment();
}

static void another_thread_ends_a_scan(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    /* Too much for one commit, so that something is left when the first is done. */
    for (int i = 0; i < 4; i++) {
        char session[64];
        snprintf(session, sizeof session, "c0ffee00-0000-4000-8000-00000000000%d", i);
        fixture_add(&fixture, session, 3000, 4000);
    }
    han_t *han = fixture_open(&fixture);
    canceller_t canceller = {.token = han_cancellation_new()};
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, cancel_when_started, &canceller) == 0);
    han_buf_t result;
    FAILS(HAN_CANCELLED, NULL, han_scan(han, NULL, wait_for_cancel, &canceller, canceller.token, &result, &error));
    pthread_join(thread, NULL);
    han_cancellation_free(canceller.token);
    SUCCEEDS(han_scan(han, NULL, NULL, NULL, NULL, &result, &error));
    han_buf_free(&result);
    SUCCEEDS(han_stats(han, NULL, &result, &error));
    CHECK(has(&result, "\"messages\":12003,"));
    han_buf_free(&result);
    han_free(han);
    fixture_remove(&fixture);
}

typedef struct {
    const han_t *han;
    atomic_bool *done;
} reader_t;

static void *read_until_done(void *argument) {
    reader_t *reader = argument;
    do {
        han_buf_t result;
        SUCCEEDS(han_search(reader->han, "{\"query\": \"prompt\"}", &result, &error));
        han_buf_free(&result);
        SUCCEEDS(han_sessions_list(reader->han, NULL, &result, &error));
        han_buf_free(&result);
    } while (!atomic_load(reader->done));
    return NULL;
}

static void readers_and_a_writer_share_a_handle(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    fixture_add(&fixture, OTHER_SESSION, 2000, 500);
    han_t *han = fixture_open(&fixture);
    atomic_bool done = false;
    reader_t reader = {han, &done};
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) CHECK(pthread_create(&threads[i], NULL, read_until_done, &reader) == 0);
    han_buf_t result;
    SUCCEEDS(han_scan(han, NULL, NULL, NULL, NULL, &result, &error));
    CHECK(has(&result, "\"messagesIndexed\":2003"));
    han_buf_free(&result);
    atomic_store(&done, true);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    han_free(han);
    fixture_remove(&fixture);
}

static void *index_own_database(void *argument) {
    (void)argument;
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    han_buf_t result;
    SUCCEEDS(han_stats(han, NULL, &result, &error));
    CHECK(has(&result, "\"messages\":3,"));
    han_buf_free(&result);
    han_free(han);
    fixture_remove(&fixture);
    return NULL;
}

static void several_handles_live_side_by_side(void) {
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) CHECK(pthread_create(&threads[i], NULL, index_own_database, NULL) == 0);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
}

static void *stats_until_closed(void *argument) {
    for (;;) {
        han_buf_t result;
        han_code_t code = han_stats(argument, NULL, &result, NULL);
        han_buf_free(&result);
        CHECK(code == HAN_OK || code == HAN_CLOSED);
        if (code != HAN_OK) return NULL;
    }
}

static void a_handle_is_closed_under_its_users(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) CHECK(pthread_create(&threads[i], NULL, stats_until_closed, han) == 0);
    for (int i = 0; i < 20; i++) pause_a_moment();
    SUCCEEDS(han_close(han, &error));
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    han_free(han);
    fixture_remove(&fixture);
}

const test_t thread_tests[] = {
    {"a_cancelled_token_ends_a_scan_at_once", a_cancelled_token_ends_a_scan_at_once},
    {"another_thread_ends_a_scan", another_thread_ends_a_scan},
    {"readers_and_a_writer_share_a_handle", readers_and_a_writer_share_a_handle},
    {"several_handles_live_side_by_side", several_handles_live_side_by_side},
    {"a_handle_is_closed_under_its_users", a_handle_is_closed_under_its_users},
    {NULL, NULL},
};
