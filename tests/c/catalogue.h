/* The operations that han_operations() lists, and calling each by its own function and by its name. */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "han.h"

typedef struct {
    char name[64];
    const char *entry; /* what the list says of it, a JSON object */
    union {
        void *address; /* NULL if the library has no function of this name */
        han_code_t (*plain)(const han_t *, const char *, han_buf_t *, han_error_t **);
        han_code_t (*with_hooks)(const han_t *, const char *, han_progress_callback_t, void *, const han_cancellation_t *,
                                 han_buf_t *, han_error_t **);
        han_code_t (*without_handle)(const char *, han_buf_t *, han_error_t **);
        han_code_t (*to_writer)(const han_t *, const char *, han_write_callback_t, void *, han_error_t **);
        han_code_t (*with_vector)(const han_t *, const char *, const float *, size_t, han_buf_t *, han_error_t **);
    } function;
} operation_t;

/* The additional arguments of some operations. */
typedef struct {
    han_progress_callback_t progress;
    han_write_callback_t write;
    void *user_data;
    const han_cancellation_t *cancellation;
} hooks_t;

/* The n-th (from 0) operation of the list; false after the last. */
bool operation_at(int n, operation_t *operation);
/* The operation of this name; false if there is none. */
bool operation_named(const char *name, operation_t *operation);

bool is_of_kind(const operation_t *operation, const char *kind);
bool is_of_form(const operation_t *operation, const char *form);
/* Whether its function takes a progress callback and a cancellation. */
bool takes_hooks(const operation_t *operation);

/* Calls the function of the operation, and han_call() or its variant for the kind. `hooks` is NULL, or what is passed
 * if the operation takes it. `result` is not used by an operation that writes its result piece by piece. */
typedef han_code_t way_t(const operation_t *operation, const han_t *han, const char *parameters, const hooks_t *hooks,
                         han_buf_t *result, han_error_t **error);
way_t call_own_function;
way_t call_by_name;

/* The n-th (from 0) schema of an object that the operation takes, most have one; NULL after the last. */
const char *parameters_schema(const operation_t *operation, int n);

/* Writes parameters that fit such a schema: the required ones, with `text` wherever a text is needed; and the one that is named
 * `changed`, if it is not NULL, has the JSON `value`, or is left out if that is NULL. */
void sample_parameters(const char *schema, const char *text, const char *changed, const char *value, char *json, size_t size);

#endif
