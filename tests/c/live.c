/* Leading and watching. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fixture.h"
#include "json.h"

/* Opens a second handle on the database of the fixture. */
static han_t *open_with(const fixture_t *fixture, const char *more) {
    char options[2048];
    snprintf(options, sizeof options, "{\"dbPath\": \"%s\", \"configDirs\": [\"%s\"]%s}", fixture->database, fixture->config,
             more);
    han_t *han = NULL;
    SUCCEEDS(han_open(options, NULL, NULL, &han, &error));
    CHECK(han != NULL);
    return han;
}

static void a_handle_leads_until_it_releases(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open(&fixture);
    han_t *other = fixture_open(&fixture);
    han_buf_t result;
    RETURNS("false", han_coordinator_is_coordinator, han, NULL);
    RETURNS("false", han_coordinator_release, han, NULL);

    for (int i = 0; i < 2; i++) RETURNS("true", han_coordinator_try_acquire, han, NULL);
    RETURNS("true", han_coordinator_is_coordinator, han, NULL);
    SUCCEEDS(han_coordinator_status(han, NULL, &result, &error));
    CHECK(has(&result, "\"isCoordinator\":true,\"coordinatorRunning\":true,"));
    CHECK(has(&result, "\"version\":\"" HAN_VERSION "\",\"issues\":[]"));
    han_buf_free(&result);

    FAILS(HAN_ALREADY_LEADER_IN_PROCESS, NULL, han_coordinator_try_acquire(other, NULL, &result, &error));
    CHECK(result.data == NULL && result.len == 0);
    SUCCEEDS(han_coordinator_status(other, NULL, &result, &error));
    CHECK(has(&result, "\"isCoordinator\":false,\"coordinatorRunning\":true,"));
    han_buf_free(&result);

    /* Acquired twice, released once. */
    RETURNS("true", han_coordinator_release, han, NULL);
    RETURNS("false", han_coordinator_release, han, NULL);
    RETURNS("true", han_coordinator_try_acquire, other, NULL);

    /* Closing releases, and a closed handle no longer leads. */
    SUCCEEDS(han_close(other, &error));
    FAILS(HAN_CLOSED, NULL, han_coordinator_release(other, NULL, &result, &error));
    han_free(other);
    RETURNS("true", han_coordinator_try_acquire, han, NULL);
    /* Freeing does, too. */
    han_free(han);
    han = fixture_open(&fixture);
    RETURNS("true", han_coordinator_try_acquire, han, NULL);
    han_free(han);
    fixture_remove(&fixture);
}

static void the_watcher_indexes_what_is_written(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open(&fixture);
    han_buf_t result;
    SUCCEEDS(han_watcher_status(han, NULL, &result, &error));
    CHECK(has(&result, "\"running\":false"));
    han_buf_free(&result);
    RETURNS("null", han_watcher_stop, han, NULL);

    RETURNS("null", han_watcher_start, han, NULL);
    RETURNS("null", han_watcher_start, han, NULL);
    SUCCEEDS(han_watcher_status(han, NULL, &result, &error));
    CHECK(has(&result, "\"running\":true,\"mode\":\"native\",\"reason\":null,\"paths\":[\""));
    CHECK(has(&result, fixture.config));
    han_buf_free(&result);
    SUCCEEDS(han_stats(han, NULL, &result, &error));
    CHECK(has(&result, "\"messages\":3,"));
    han_buf_free(&result);

    han_subscription_t *following = NULL;
    SUCCEEDS(han_subscribe(han, "{\"topics\": [\"session:message:*\"]}", &following, &error));
    fixture_add(&fixture, OTHER_SESSION, 1, 10);
    SUCCEEDS(han_subscription_next(following, PATIENCE_MS, &result, &error));
    CHECK(has(&result, "\"sessionId\":\"" OTHER_SESSION "\""));
    han_buf_free(&result);
    han_subscription_free(following);

    RETURNS("null", han_watcher_stop, han, NULL);
    SUCCEEDS(han_watcher_status(han, NULL, &result, &error));
    CHECK(has(&result, "\"running\":false"));
    han_buf_free(&result);
    /* It can be started again, and ends with the handle. */
    RETURNS("null", han_watcher_start, han, NULL);
    SUCCEEDS(han_close(han, &error));
    FAILS(HAN_CLOSED, NULL, han_watcher_status(han, NULL, &result, &error));
    FAILS(HAN_CLOSED, NULL, han_watcher_stop(han, NULL, &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

static void config_dirs_come_and_go(void) {
    fixture_t fixture;
    fixture_t added;
    fixture_make(&fixture);
    fixture_make(&added);
    han_t *han = fixture_open(&fixture);
    han_buf_t result;
    RETURNS("null", han_watcher_add_path, han, PARAMETERS("configDir", added.config));
    RETURNS("null", han_watcher_add_path, han, PARAMETERS("configDir", added.config));
    SUCCEEDS(han_watcher_status(han, NULL, &result, &error));
    char paths[2048];
    snprintf(paths, sizeof paths, "\"paths\":[\"%s\",\"%s\"]", fixture.config, added.config);
    CHECK(has(&result, paths));
    han_buf_free(&result);
    SUCCEEDS(han_scan(han, NULL, NULL, NULL, NULL, &result, &error));
    CHECK(has(&result, "\"files\":2,"));
    han_buf_free(&result);
    RETURNS("null", han_watcher_remove_path, han, PARAMETERS("configDir", added.config));
    FAILS(HAN_NOT_FOUND, added.config,
          han_watcher_remove_path(han, PARAMETERS("configDir", added.config), &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, added.transcript,
          han_watcher_add_path(han, PARAMETERS("configDir", added.transcript), &result, &error));
    SUCCEEDS(han_watcher_status(han, NULL, &result, &error));
    CHECK(strstr(result.data, added.config) == NULL);
    han_buf_free(&result);
    han_free(han);
    fixture_remove(&added);
    fixture_remove(&fixture);
}

static void the_options_say_how_to_lead_and_to_watch(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = open_with(&fixture, ", \"heartbeatIntervalMs\": 50, \"staleAfterMs\": 200, \"watch\": {\"mode\": \"poll\","
                                     " \"pollIntervalMs\": 5, \"scanIntervalMs\": 1000, \"nativeRetryMs\": null}");
    han_buf_t result;
    RETURNS("null", han_watcher_start, han, NULL);
    SUCCEEDS(han_watcher_status(han, NULL, &result, &error));
    CHECK(has(&result, "\"running\":true,\"mode\":\"poll\",\"reason\":\"the options ask for it\""));
    han_buf_free(&result);
    han_subscription_t *following = NULL;
    SUCCEEDS(han_subscribe(han, "{\"topics\": [\"session:added\"]}", &following, &error));
    fixture_add(&fixture, OTHER_SESSION, 1, 10);
    SUCCEEDS(han_subscription_next(following, PATIENCE_MS, &result, &error));
    CHECK(has(&result, OTHER_SESSION));
    han_buf_free(&result);
    han_subscription_free(following);
    han_free(han);

    const char *const bad[][2] = {
        {"{\"inMemory\": true, \"heartbeatIntervalMs\": 0}", "heartbeatIntervalMs"},
        {"{\"inMemory\": true, \"heartbeatIntervalMs\": 100, \"staleAfterMs\": 199}", "staleAfterMs"},
        {"{\"inMemory\": true, \"watch\": []}", "sequence"},
        {"{\"inMemory\": true, \"watch\": {\"mode\": \"stare\"}}", "`stare`"},
        {"{\"inMemory\": true, \"watch\": {\"unheardOf\": 1}}", "`unheardOf`"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        FAILS(HAN_INVALID_ARGUMENT, bad[i][1], han_open(bad[i][0], NULL, NULL, &han, &error));
        CHECK(han == NULL);
    }
    fixture_remove(&fixture);
}

const test_t live_tests[] = {
    {"a_handle_leads_until_it_releases", a_handle_leads_until_it_releases},
    {"the_watcher_indexes_what_is_written", the_watcher_indexes_what_is_written},
    {"config_dirs_come_and_go", config_dirs_come_and_go},
    {"the_options_say_how_to_lead_and_to_watch", the_options_say_how_to_lead_and_to_watch},
    {NULL, NULL},
};
