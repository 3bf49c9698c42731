/* Opening, closing, and what the library says about itself. */

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "check.h"
#include "fixture.h"
#include "json.h"

static void the_version_is_that_of_the_header(void) {
    CHECK(strcmp(han_version(), HAN_VERSION) == 0);
    CHECK(han_abi_version() == HAN_ABI_VERSION);
    char parts[64];
    snprintf(parts, sizeof parts, "%d.%d.%d", HAN_VERSION_MAJOR, HAN_VERSION_MINOR, HAN_VERSION_PATCH);
    CHECK(strcmp(parts, HAN_VERSION) == 0);
}

static void every_code_has_its_name(void) {
    CHECK(strcmp(han_code_name(HAN_OK), "HAN_OK") == 0);
    CHECK(strcmp(han_code_name(HAN_NOT_FOUND), "HAN_NOT_FOUND") == 0);
    CHECK(strcmp(han_code_name(HAN_PANIC), "HAN_PANIC") == 0);
    CHECK(HAN_NOT_FOUND == 1 && HAN_CLOSED == 17 && HAN_INVALID_ARGUMENT == 18 && HAN_PANIC == 21);
    for (uint32_t code = 0; code <= HAN_EMBEDDER; code++) CHECK(strcmp(han_code_name(code), "HAN_UNKNOWN") != 0);
    CHECK(strcmp(han_code_name(9999), "HAN_UNKNOWN") == 0);
}

static void a_database_in_memory_leaves_nothing(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = NULL;
    SUCCEEDS(han_open("{\"inMemory\": true, \"configDirs\": []}", NULL, NULL, &han, &error));
    han_buf_t result;
    SUCCEEDS(han_index_session_file(han, PARAMETERS("path", fixture.transcript), &result, &error));
    CHECK(has(&result, "\"messagesIndexed\":3"));
    han_buf_free(&result);
    SUCCEEDS(han_stats(han, NULL, &result, &error));
    CHECK(has(&result, "\"path\":\":memory:\""));
    han_buf_free(&result);
    han_free(han);
    struct stat status;
    CHECK(stat(fixture.database, &status) != 0);
    fixture_remove(&fixture);
}

static void a_database_on_disk_is_private_and_stays(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_free(fixture_open_indexed(&fixture));
    struct stat status;
    CHECK(stat(fixture.database, &status) == 0 && (status.st_mode & 0777) == 0600);
    char options[1024];
    snprintf(options, sizeof options, "{\"dbPath\": \"%s\", \"configDirs\": [], \"readOnly\": true}", fixture.database);
    han_t *han = NULL;
    SUCCEEDS(han_open(options, NULL, NULL, &han, &error));
    han_buf_t result;
    SUCCEEDS(han_stats(han, NULL, &result, &error));
    CHECK(has(&result, "\"messages\":3"));
    han_buf_free(&result);
    FAILS(HAN_READ_ONLY, NULL, han_index_session_file(han, PARAMETERS("path", fixture.transcript), &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

static void what_cannot_be_opened_is_refused(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    char options[2048];
    han_t *han = (han_t *)8;
    snprintf(options, sizeof options, "{\"dbPath\": \"%s\", \"readOnly\": true}", fixture.database);
    FAILS(HAN_NOT_FOUND, fixture.database, han_open(options, NULL, NULL, &han, &error));
    CHECK(han == NULL);

    snprintf(options, sizeof options, "{\"dbPath\": \"%s\"}", fixture.transcript);
    FAILS(HAN_FOREIGN_DATABASE, fixture.transcript, han_open(options, NULL, NULL, &han, &error));

    snprintf(options, sizeof options, "{\"dbPath\": \"%s\"}", fixture.config);
    FAILS(HAN_IS_DIRECTORY, fixture.config, han_open(options, NULL, NULL, &han, &error));

    chmod(fixture.root, 0777);
    snprintf(options, sizeof options, "{\"dbPath\": \"%s\"}", fixture.database);
    FAILS(HAN_INSECURE_PERMISSIONS, "chmod", han_open(options, NULL, NULL, &han, &error));
    chmod(fixture.root, 0700);

    snprintf(options, sizeof options, "{\"dbPath\": \"%s\", \"timeZone\": \"Mars/Olympus\"}", fixture.database);
    FAILS(HAN_INVALID_ARGUMENT, "Mars/Olympus", han_open(options, NULL, NULL, &han, &error));
    CHECK(han == NULL);
    fixture_remove(&fixture);
}

static void closing_and_freeing_twice_is_safe_where_promised(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    han_t *han = fixture_open_indexed(&fixture);
    han_buf_t result;
    SUCCEEDS(han_stats(han, NULL, &result, &error));
    SUCCEEDS(han_close(han, &error));
    SUCCEEDS(han_close(han, &error));
    han_free(han);
    /* The result is the caller's, whatever became of the handle. */
    CHECK(has(&result, "\"messages\":3"));
    han_buf_free(&result);
    CHECK(result.data == NULL && result.len == 0);
    han_buf_free(&result);
    fixture_remove(&fixture);
}

static void count_log(han_log_level_t level, const char *message, void *user_data) {
    CHECK(level >= HAN_LOG_WARNING && level <= HAN_LOG_DEBUG);
    CHECK(strlen(message) > 0);
    atomic_fetch_add((atomic_int *)user_data, 1);
}

static void the_log_is_heard(void) {
    fixture_t fixture;
    fixture_make(&fixture);
    char options[2048];
    snprintf(options, sizeof options, "{\"dbPath\": \"%s\", \"configDirs\": [\"%s\"]}", fixture.database, fixture.config);
    atomic_int heard = 0;
    han_t *han = NULL;
    SUCCEEDS(han_open(options, count_log, &heard, &han, &error));
    han_buf_t result;
    SUCCEEDS(han_scan(han, NULL, NULL, NULL, NULL, &result, &error));
    han_buf_free(&result);
    han_free(han);
    CHECK(heard > 0);
    fixture_remove(&fixture);
}

const test_t lifecycle_tests[] = {
    {"the_version_is_that_of_the_header", the_version_is_that_of_the_header},
    {"every_code_has_its_name", every_code_has_its_name},
    {"a_database_in_memory_leaves_nothing", a_database_in_memory_leaves_nothing},
    {"a_database_on_disk_is_private_and_stays", a_database_on_disk_is_private_and_stays},
    {"what_cannot_be_opened_is_refused", what_cannot_be_opened_is_refused},
    {"closing_and_freeing_twice_is_safe_where_promised", closing_and_freeing_twice_is_safe_where_promised},
    {"the_log_is_heard", the_log_is_heard},
    {NULL, NULL},
};
