/* What every file of the suite uses: checks that count, and the tests of each subject. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "han.h"

typedef struct {
    const char *name;
    void (*run)(void);
} test_t;

extern const test_t refusal_tests[];
extern const test_t call_tests[];
extern const test_t lifecycle_tests[];
extern const test_t operation_tests[];
extern const test_t question_tests[];
extern const test_t vector_tests[];
extern const test_t thread_tests[];
extern const test_t live_tests[];
extern const test_t subscription_tests[];

/* Milliseconds: long enough for any machine; the test fails if it is not. */
#define PATIENCE_MS 60000

/* Records a failure of the running test, which continues. */
void check_failed(const char *file, int line, const char *what);

#define CHECK(condition) \
    do { \
        if (!(condition)) check_failed(__FILE__, __LINE__, #condition); \
    } while (0)

/* Checks the code of a call, that the error agrees with it, and that its text contains `part`; then frees the error. */
void check_code(const char *file, int line, han_code_t code, han_code_t expected, han_error_t **error, const char *part);

/* `call` is one call of the library whose error parameter is `&error`. */
#define FAILS(expected, part, call) \
    do { \
        han_error_t *error = (han_error_t *)8; /* must be overwritten */ \
        han_code_t code = (call); \
        check_code(__FILE__, __LINE__, code, (expected), &error, (part)); \
    } while (0)

#define SUCCEEDS(call) FAILS(HAN_OK, NULL, call)

/* The function of an operation that takes only its parameters. */
typedef han_code_t operation_function_t(const han_t *han, const char *parameters, han_buf_t *result, han_error_t **error);

/* Checks that an operation succeeds, and that its result is this JSON. */
void check_returns(const char *file, int line, const char *expected, operation_function_t *function, const han_t *han,
                   const char *parameters);

#define RETURNS(expected, function, han, parameters) \
    check_returns(__FILE__, __LINE__, (expected), (function), (han), (parameters))

/* Whether a JSON result contains a piece of text. */
bool has(const han_buf_t *result, const char *part);

#endif
