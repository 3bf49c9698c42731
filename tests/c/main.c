/* Runs every test, or those whose names contain the argument, and prints one line of numbers. */

#include <stdio.h>
#include <string.h>

#include "check.h"

static int failures_of_test;

void check_failed(const char *file, int line, const char *what) {
    failures_of_test++;
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
}

void check_code(const char *file, int line, han_code_t code, han_code_t expected, han_error_t **error, const char *part) {
    const char *message = code == HAN_OK ? "" : han_error_message(*error);
    if (code != expected) {
        char what[1024];
        snprintf(what, sizeof what, "got %s (%s), expected %s", han_code_name(code), message, han_code_name(expected));
        check_failed(file, line, what);
    }
    if ((code == HAN_OK) != (*error == NULL)) check_failed(file, line, "the error does not agree with the code");
    if (code != HAN_OK && han_error_code(*error) != code) check_failed(file, line, "the error has another code");
    if (code != HAN_OK && strlen(message) == 0) check_failed(file, line, "the error has no message");
    if (part != NULL && strstr(message, part) == NULL) {
        char what[1024];
        snprintf(what, sizeof what, "the message is \"%s\", without \"%s\"", message, part);
        check_failed(file, line, what);
    }
    han_error_free(*error);
    *error = NULL;
}

void check_returns(const char *file, int line, const char *expected, operation_function_t *function, const han_t *han,
                   const char *parameters) {
    han_error_t *error = (han_error_t *)8; /* must be overwritten */
    han_buf_t result = {"unset", 5};
    han_code_t code = function(han, parameters, &result, &error);
    check_code(file, line, code, HAN_OK, &error, NULL);
    if (result.data == NULL || strcmp(result.data, expected) != 0 || result.len != strlen(expected)) {
        char what[1024];
        snprintf(what, sizeof what, "the result is %s, not %s", result.data == NULL ? "NULL" : result.data, expected);
        check_failed(file, line, what);
    }
    han_buf_free(&result);
}

bool has(const han_buf_t *result, const char *part) {
    if (result->data == NULL || strlen(result->data) != result->len) return false;
    bool found = strstr(result->data, part) != NULL;
    if (!found) fprintf(stderr, "  no %s in %s\n", part, result->data);
    return found;
}

int main(int argc, char **argv) {
    const test_t *suites[] = {refusal_tests,  call_tests,   lifecycle_tests, operation_tests,
                              question_tests, vector_tests, thread_tests,    live_tests,
                              subscription_tests};
    int passed = 0;
    int failed = 0;
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        for (const test_t *test = suites[i]; test->name != NULL; test++) {
            if (argc > 1 && strstr(test->name, argv[1]) == NULL) continue;
            failures_of_test = 0;
            test->run();
            if (failures_of_test > 0) fprintf(stderr, "FAILED %s\n", test->name);
            failures_of_test > 0 ? failed++ : passed++;
        }
    }
    printf("C: %d passed, %d failed\n", passed, failed);
    return failed > 0;
}
