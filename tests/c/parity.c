/* Runs a script of operations through their own functions, and those that read by name as well, and prints one line of JSON for each:
 * the result, or the code of the error. A script has a line for each step: the name of the operation, a tab, and its parameters. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "catalogue.h"
#include "han.h"

static void stop(const char *operation, const char *problem) {
    fprintf(stderr, "parity.c: %s %s\n", operation, problem);
    exit(1);
}

typedef struct {
    char *data;
    size_t len;
} document_t;

static int32_t collect(const char *bytes, size_t len, void *user_data) {
    document_t *document = user_data;
    char *data = realloc(document->data, document->len + len);
    if (data == NULL) return ENOMEM;
    memcpy(data + document->len, bytes, len);
    document->data = data;
    document->len += len;
    return 0;
}

static void print_text(const char *data, size_t len) {
    putchar('"');
    for (size_t at = 0; at < len; at++) {
        unsigned char byte = (unsigned char)data[at];
        if (byte == '"' || byte == '\\') printf("\\%c", byte);
        else if (byte < 0x20) printf("\\u%04x", byte);
        else putchar(byte);
    }
    putchar('"');
}

/* Reads are called by name, too, and must return the same. */
static void compare_by_name(const operation_t *operation, const han_t *han, const char *parameters, han_code_t code,
                            const han_buf_t *result) {
    han_buf_t again = {NULL, 0};
    han_error_t *error = NULL;
    if (call_by_name(operation, han, parameters, NULL, &again, &error) != code) stop(operation->name, "returns another code by name");
    if (again.len != result->len || (again.len > 0 && memcmp(again.data, result->data, again.len) != 0)) {
        stop(operation->name, "answers otherwise by name");
    }
    han_buf_free(&again);
    han_error_free(error);
}

static void step(const han_t *han, const char *name, const char *parameters) {
    operation_t operation;
    if (!operation_named(name, &operation)) stop(name, "is not listed");
    if (operation.function.address == NULL) stop(name, "has no function");
    han_error_t *error = NULL;
    han_buf_t result = {NULL, 0};
    document_t document = {NULL, 0};
    const hooks_t hooks = {.write = collect, .user_data = &document};
    han_code_t code = call_own_function(&operation, han, parameters, &hooks, &result, &error);
    if (is_of_kind(&operation, "read")) compare_by_name(&operation, han, parameters, code, &result);
    if (code != HAN_OK) {
        if (error == NULL || han_error_code(error) != code) stop(name, "returns an error that is not that of its code");
        printf("{\"error\":{\"code\":\"%s\"}}\n", han_code_name(code));
    } else {
        printf("{\"ok\":");
        if (is_of_kind(&operation, "stream")) print_text(document.data, document.len);
        else if (is_of_form(&operation, "text")) print_text(result.data, result.len);
        else fwrite(result.data, 1, result.len, stdout);
        printf("}\n");
    }
    han_error_free(error);
    han_buf_free(&result);
    free(document.data);
}

int main(int argc, char **argv) {
    FILE *script = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (script == NULL) {
        fprintf(stderr, "usage: parity SCRIPT\n");
        return 2;
    }
    char *line = NULL;
    size_t room = 0;
    han_t *han = NULL;
    for (ssize_t length; (length = getline(&line, &room, script)) > 0;) {
        if (line[length - 1] == '\n') line[length - 1] = '\0';
        char *parameters = strchr(line, '\t');
        if (parameters == NULL) stop(line, "has no parameters: a tab and JSON, or null");
        *parameters++ = '\0';
        han_error_t *error = NULL;
        if (strcmp(line, "open") == 0) {
            if (han_open(parameters, NULL, NULL, &han, &error) != HAN_OK) stop(line, han_error_message(error));
        } else if (strcmp(line, "close") == 0) {
            if (han_close(han, &error) != HAN_OK) stop(line, han_error_message(error));
            printf("{\"ok\":null}\n");
        } else {
            step(han, line, strcmp(parameters, "null") == 0 ? NULL : parameters);
        }
    }
    free(line);
    fclose(script);
    han_free(han);
    return 0;
}
