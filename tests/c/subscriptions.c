/* Subscriptions: what they return, how they wait and end, and in which order they may be freed. */

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "fixture.h"
#include "json.h"

static void pause_a_moment(void) {
    nanosleep(&(struct timespec){0, 1000000}, NULL);
}

static han_subscription_t *subscribe(const han_t *han, const char *options) {
    han_subscription_t *subscription = NULL;
    SUCCEEDS(han_subscribe(han, options, &subscription, &error));
    CHECK(subscription != NULL);
    return subscription;
}

static void expect_item(const han_subscription_t *subscription, const char *part) {
    han_buf_t item;
    SUCCEEDS(han_subscription_next(subscription, PATIENCE_MS, &item, &error));
    CHECK(has(&item, part));
    han_buf_free(&item);
}

static void expect_nothing(const han_subscription_t *subscription, int64_t timeout_ms) {
    han_buf_t item = {"unset", 5};
    SUCCEEDS(han_subscription_next(subscription, timeout_ms, &item, &error));
    CHECK(item.data == NULL && item.len == 0);
}

static void expect_end(const han_subscription_t *subscription, han_code_t expected) {
    han_buf_t item = {"unset", 5};
    for (int i = 0; i < 2; i++) FAILS(expected, NULL, han_subscription_next(subscription, -1, &item, &error));
    CHECK(item.data == NULL && item.len == 0);
}

static void index_file(const han_t *han, const char *path) {
    han_buf_t result;
    SUCCEEDS(han_index_session_file(han, PARAMETERS("path", path), &result, &error));
    han_buf_free(&result);
}

static void items_tell_what_was_committed(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open(&fixture);
    han_subscription_t *all = subscribe(han, NULL);
    expect_nothing(all, 0);
    expect_nothing(all, 1);
    index_file(han, fixture.transcript);
    expect_item(all, "\"topic\":\"session:added\"");
    expect_item(all, "\"count\":3");
    expect_item(all, "\"topic\":\"session:updated\",");
    expect_nothing(all, 0);
    han_subscription_free(all);

    /* Each message for itself, from the beginning, and again from the second on. */
    han_subscription_t *messages = subscribe(han, "{\"topics\": [\"*:message:**\"], \"since\": \"0\", \"expand\": true}");
    han_buf_t items[3];
    for (int i = 0; i < 3; i++) {
        SUCCEEDS(han_subscription_next(messages, 0, &items[i], &error));
        CHECK(has(&items[i], "\"type\":\"change\"") && has(&items[i], "\"topic\":\"session:message:added\""));
    }
    expect_nothing(messages, 0);
    han_subscription_free(messages);
    char cursor[64];
    string_field(&items[1], "cursor", 0, cursor, sizeof cursor);
    char options[256];
    snprintf(options, sizeof options, "{\"topics\": [\"*:message:**\"], \"since\": \"%s\", \"expand\": true}", cursor);
    messages = subscribe(han, options);
    expect_item(messages, items[2].data);
    expect_nothing(messages, 0);
    han_subscription_free(messages);
    for (int i = 0; i < 3; i++) han_buf_free(&items[i]);
    han_free(han);
    fixture_remove(&fixture);
}

typedef struct {
    const han_subscription_t *subscription;
    han_code_t expected;
    atomic_int *waiting;
} waiter_t;

static void *wait_for_end(void *argument) {
    waiter_t *waiter = argument;
    atomic_fetch_add(waiter->waiting, 1);
    expect_end(waiter->subscription, waiter->expected);
    return NULL;
}

/* Three threads wait for ever, then `end` is called. */
static void ends(han_t *han, han_code_t expected, void (*end)(han_t *, han_subscription_t *)) {
    han_subscription_t *subscription = subscribe(han, NULL);
    atomic_int waiting = 0;
    waiter_t waiter = {subscription, expected, &waiting};
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) CHECK(pthread_create(&threads[i], NULL, wait_for_end, &waiter) == 0);
    while (atomic_load(&waiting) < 3) pause_a_moment();
    end(han, subscription);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    han_subscription_free(subscription);
}

static void close_subscription(han_t *han, han_subscription_t *subscription) {
    (void)han;
    SUCCEEDS(han_subscription_close(subscription, &error));
    SUCCEEDS(han_subscription_close(subscription, &error));
}

static void close_handle(han_t *han, han_subscription_t *subscription) {
    (void)subscription;
    SUCCEEDS(han_close(han, &error));
}

static void closing_wakes_those_who_wait(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    ends(han, HAN_CANCELLED, close_subscription);
    /* The others continue. */
    han_subscription_t *other = subscribe(han, "{\"since\": \"0\", \"topics\": [\"session:added\"]}");
    ends(han, HAN_CLOSED, close_handle);
    expect_end(other, HAN_CLOSED);
    /* What the caller closed itself takes precedence. */
    SUCCEEDS(han_subscription_close(other, &error));
    expect_end(other, HAN_CANCELLED);
    han_free(han);
    /* The handle is gone, what it returned is not. */
    expect_end(other, HAN_CANCELLED);
    han_buf_t item;
    FAILS(HAN_CANCELLED, NULL, han_subscription_next(other, 0, &item, &error));
    han_subscription_free(other);
    fixture_remove(&fixture);
}

static void a_turn_is_not_waited_for_beyond_the_timeout(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    han_subscription_t *subscription = subscribe(han, NULL);
    atomic_int waiting = 0;
    waiter_t waiter = {subscription, HAN_CANCELLED, &waiting};
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, wait_for_end, &waiter) == 0);
    while (atomic_load(&waiting) < 1) pause_a_moment();
    for (int i = 0; i < 5; i++) expect_nothing(subscription, i);
    SUCCEEDS(han_subscription_close(subscription, &error));
    pthread_join(thread, NULL);
    han_subscription_free(subscription);
    han_free(han);
    fixture_remove(&fixture);
}

/* What a callback receives. It lives on the heap, so that a call after the promised last one is seen by the sanitizer. */
typedef struct {
    const han_t *han;
    _Atomic(han_subscription_t *) subscription;
    atomic_int items;
    atomic_int calls;      /* more than one at a time would be a mistake */
    atomic_bool may_leave; /* holds the first call until it is set */
    bool holds;
    enum { GO_ON, CLOSE, FREE, CLOSE_HANDLE } at_first;
} listener_t;

static listener_t *new_listener(const han_t *han) {
    listener_t *listener = calloc(1, sizeof *listener);
    CHECK(listener != NULL);
    listener->han = han;
    return listener;
}

static void hear(const char *change_json, const han_error_t *failure, void *user_data) {
    listener_t *listener = user_data;
    CHECK(atomic_fetch_add(&listener->calls, 1) == 0);
    CHECK(change_json != NULL && failure == NULL);
    CHECK(strstr(change_json, "\"type\":\"change\"") != NULL);
    if (atomic_fetch_add(&listener->items, 1) == 0) {
        /* The handle may be used. */
        han_buf_t result;
        han_code_t used = han_stats(listener->han, NULL, &result, NULL);
        CHECK(used == HAN_OK || used == HAN_CLOSED);
        han_buf_free(&result);
        while (listener->holds && !atomic_load(&listener->may_leave)) pause_a_moment();
        switch (listener->at_first) {
        case GO_ON: break;
        case CLOSE: SUCCEEDS(han_subscription_close(atomic_load(&listener->subscription), &error)); break;
        case FREE: han_subscription_free(atomic_load(&listener->subscription)); break;
        case CLOSE_HANDLE: SUCCEEDS(han_close(listener->han, &error)); break;
        }
    }
    atomic_fetch_sub(&listener->calls, 1);
}

static void start_listening(listener_t *listener, const char *options) {
    han_subscription_t *subscription = NULL;
    SUCCEEDS(han_on_change(listener->han, options, hear, listener, &subscription, &error));
    CHECK(subscription != NULL);
    atomic_store(&listener->subscription, subscription);
}

static void wait_for_items(listener_t *listener, int count) {
    for (int i = 0; atomic_load(&listener->items) < count; i++) {
        if (i > PATIENCE_MS) {
            CHECK(!"the items come in time");
            return;
        }
        pause_a_moment();
    }
}

static void a_callback_hears_every_item(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    fixture_add(&fixture, OTHER_SESSION, 700, 10);
    han_t *han = fixture_open(&fixture);
    listener_t *listener = new_listener(han);
    start_listening(listener, "{\"topics\": [\"session:message:added\"], \"expand\": true}");
    han_buf_t result;
    FAILS(HAN_INVALID_ARGUMENT, "has a callback", han_subscription_next(listener->subscription, 0, &result, &error));
    SUCCEEDS(han_scan(han, NULL, NULL, NULL, NULL, &result, &error));
    han_buf_free(&result);
    wait_for_items(listener, 703);
    SUCCEEDS(han_subscription_close(listener->subscription, &error));
    SUCCEEDS(han_subscription_close(listener->subscription, &error));
    CHECK(listener->items == 703 && listener->calls == 0);
    han_subscription_free(listener->subscription);
    free(listener);
    han_free(han);
    fixture_remove(&fixture);
}

typedef struct {
    han_t *han;
    listener_t *listener;
    void (*end)(han_t *, han_subscription_t *);
    atomic_bool began;
    atomic_bool ended;
} ender_t;

static void *end_while_called(void *argument) {
    ender_t *ender = argument;
    atomic_store(&ender->began, true);
    ender->end(ender->han, ender->listener->subscription);
    CHECK(atomic_load(&ender->listener->calls) == 0);
    atomic_store(&ender->ended, true);
    return NULL;
}

static void free_subscription(han_t *han, han_subscription_t *subscription) {
    (void)han;
    han_subscription_free(subscription);
}

static void free_handle(han_t *han, han_subscription_t *subscription) {
    (void)subscription;
    han_free(han);
}

/* Ending a subscription from elsewhere waits for the running call, and there is none afterwards. */
static void ending_waits_for_a_running_callback(void) {
    void (*const ways[])(han_t *, han_subscription_t *) = {close_subscription, free_subscription, close_handle, free_handle};
    for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++) {
        fixture_t fixture;
        fixture_make(&fixture);
        han_t *han = fixture_open_indexed(&fixture);
        listener_t *listener = new_listener(han);
        listener->holds = true;
        start_listening(listener, "{\"since\": \"0\"}");
        wait_for_items(listener, 1);
        ender_t ender = {.han = han, .listener = listener, .end = ways[way]};
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, end_while_called, &ender) == 0);
        while (!atomic_load(&ender.began)) pause_a_moment();
        for (int i = 0; i < 20; i++) pause_a_moment();
        CHECK(!atomic_load(&ender.ended));
        atomic_store(&listener->may_leave, true);
        pthread_join(thread, NULL);
        if (ways[way] != free_subscription) han_subscription_free(listener->subscription);
        free(listener);
        if (ways[way] != free_handle) han_free(han);
        fixture_remove(&fixture);
    }
}

/* From within the callback: it is the last call, and nothing waits for itself. */
static void a_callback_may_end_its_subscription(void) {
    const int ways[] = {CLOSE, FREE, CLOSE_HANDLE};
    for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++) {
        fixture_t fixture;
        fixture_make(&fixture);
        han_t *han = fixture_open_indexed(&fixture);
        listener_t *listener = new_listener(han);
        listener->at_first = ways[way];
        listener->holds = true;
        start_listening(listener, "{\"since\": \"0\"}");
        atomic_store(&listener->may_leave, true);
        wait_for_items(listener, 1);
        if (ways[way] != FREE) {
            SUCCEEDS(han_subscription_close(listener->subscription, &error));
            han_subscription_free(listener->subscription);
        }
        /* Waits for the call, even if its subscription is freed already. */
        SUCCEEDS(han_close(han, &error));
        CHECK(listener->items == 1 && listener->calls == 0);
        free(listener);
        han_free(han);
        fixture_remove(&fixture);
    }
}

static void closing_ends_many_subscriptions(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    enum { COUNT = 12 };
    listener_t *listeners[COUNT];
    han_subscription_t *asked[COUNT];
    for (int i = 0; i < COUNT; i++) {
        listeners[i] = new_listener(han);
        start_listening(listeners[i], i % 2 == 0 ? "{\"since\": \"0\"}" : NULL);
        asked[i] = subscribe(han, i % 2 == 0 ? "{\"since\": \"0\"}" : NULL);
    }
    SUCCEEDS(han_close(han, &error));
    han_subscription_t *late = (han_subscription_t *)8;
    FAILS(HAN_CLOSED, NULL, han_on_change(han, NULL, hear, NULL, &late, &error));
    CHECK(late == NULL);
    for (int i = 0; i < COUNT; i += 2) expect_end(asked[i], HAN_CLOSED);
    for (int i = 0; i < COUNT / 2; i++) {
        han_subscription_free(asked[i]);
        han_subscription_free(listeners[i]->subscription);
    }
    han_free(han);
    for (int i = COUNT / 2; i < COUNT; i++) {
        han_subscription_free(asked[i]);
        han_subscription_free(listeners[i]->subscription);
    }
    for (int i = 0; i < COUNT; i++) free(listeners[i]);
    fixture_remove(&fixture);
}

static void *follow_to_the_end(void *argument) {
    int items = 0;
    for (;;) {
        han_buf_t item;
        han_code_t code = han_subscription_next(argument, -1, &item, NULL);
        if (code != HAN_OK) {
            CHECK(code == HAN_CANCELLED);
            CHECK(items == 103);
            return NULL;
        }
        if (has(&item, "\"messageId\":\"")) items++;
        han_buf_free(&item);
        if (items == 103) CHECK(han_subscription_close(argument, NULL) == HAN_OK);
    }
}

static void several_threads_follow_a_writer(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    fixture_add(&fixture, OTHER_SESSION, 100, 10);
    han_t *han = fixture_open(&fixture);
    pthread_t threads[4];
    han_subscription_t *subscriptions[4];
    for (int i = 0; i < 4; i++) {
        subscriptions[i] = subscribe(han, "{\"topics\": [\"session:message:added\"], \"expand\": true}");
        CHECK(pthread_create(&threads[i], NULL, follow_to_the_end, subscriptions[i]) == 0);
    }
    han_buf_t result;
    SUCCEEDS(han_scan(han, NULL, NULL, NULL, NULL, &result, &error));
    han_buf_free(&result);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        han_subscription_free(subscriptions[i]);
    }
    han_free(han);
    fixture_remove(&fixture);
}

const test_t subscription_tests[] = {
    {"items_tell_what_was_committed", items_tell_what_was_committed},
    {"closing_wakes_those_who_wait", closing_wakes_those_who_wait},
    {"a_turn_is_not_waited_for_beyond_the_timeout", a_turn_is_not_waited_for_beyond_the_timeout},
    {"a_callback_hears_every_item", a_callback_hears_every_item},
    {"ending_waits_for_a_running_callback", ending_waits_for_a_running_callback},
    {"a_callback_may_end_its_subscription", a_callback_may_end_its_subscription},
    {"closing_ends_many_subscriptions", closing_ends_many_subscriptions},
    {"several_threads_follow_a_writer", several_threads_follow_a_writer},
    {NULL, NULL},
};
