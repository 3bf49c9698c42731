/* Runs a script of operations through their own functions and through han_call(), and prints one line of JSON for each: the result,
 * or the code of the error. A script has a line for each step: the name of the operation, a tab, and its parameters. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <han.h>

typedef han_code_t plain_t(const han_t *, const char *, han_buf_t *, han_error_t **);
typedef han_code_t long_t(const han_t *, const char *, han_progress_callback_t, void *, const han_cancellation_t *, han_buf_t *,
                          han_error_t **);
typedef han_code_t static_t(const char *, han_buf_t *, han_error_t **);
typedef han_code_t stream_t(const han_t *, const char *, han_write_callback_t, void *, han_error_t **);

/* "messages.timestampsBatch" as han_messages_timestamps_batch. */
static void *function_of(const char *operation) {
    char name[256] = "han_";
    size_t length = strlen(name);
    for (const char *at = operation; *at != '\0' && length < sizeof name - 2; at++) {
        if (*at == '.') {
            name[length++] = '_';
        } else if (*at >= 'A' && *at <= 'Z') {
            name[length++] = '_';
            name[length++] = (char)(*at - 'A' + 'a');
        } else {
            name[length++] = *at;
        }
    }
    name[length] = '\0';
    return dlsym(RTLD_DEFAULT, name);
}

/* What kind of operation this is, from the list of the library. */
static int is_listed(const char *operation, const char *property, const char *value) {
    char wanted[512];
    snprintf(wanted, sizeof wanted, "\"name\": \"%s\"", operation);
    const char *list = han_operations();
    const char *found = strstr(list, wanted);
    if (found == NULL) return 0;
    /* The keys of an object are sorted: what comes before the name belongs to it, too. */
    const char *begin = found;
    while (begin > list && strncmp(begin, "\n    {", 6) != 0) begin--;
    const char *end = strstr(found, "\n    }");
    snprintf(wanted, sizeof wanted, "\"%s\": %s", property, value);
    const char *place = strstr(begin, wanted);
    return place != NULL && end != NULL && place < end;
}

static int32_t collect(const char *bytes, size_t len, void *user_data) {
    han_buf_t *all = user_data;
    char *data = realloc((void *)all->data, all->len + len + 1);
    if (data == NULL) return ENOMEM;
    memcpy(data + all->len, bytes, len);
    all->data = data;
    all->len += len;
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

static void print_error(han_code_t code, han_error_t *error) {
    printf("{\"error\":{\"code\":\"%s\"}}\n", han_code_name(code));
    if (error == NULL || han_error_code(error) != code) {
        fprintf(stderr, "the error is not that of the code\n");
        exit(1);
    }
    han_error_free(error);
}

static void step(const han_t *han, const char *operation, const char *parameters) {
    han_error_t *error = NULL;
    han_buf_t result = {NULL, 0};
    void *function = function_of(operation);
    han_code_t code;
    if (function == NULL) {
        fprintf(stderr, "%s has no function\n", operation);
        exit(1);
    }
    if (is_listed(operation, "kind", "\"stream\"")) {
        code = ((stream_t *)function)(han, parameters, collect, &result, &error);
        if (code != HAN_OK) {
            print_error(code, error);
        } else {
            printf("{\"ok\":");
            print_text(result.data == NULL ? "" : result.data, result.len);
            printf("}\n");
        }
        free((void *)result.data);
        return;
    }
    /* Reads are asked by name, too, and have to answer alike. */
    han_buf_t again = {NULL, 0};
    int is_read = is_listed(operation, "kind", "\"read\"");
    if (is_read) {
        han_error_t *other = NULL;
        if (han_call(han, operation, parameters, &again, &other) != HAN_OK) han_error_free(other);
    }
    if (is_listed(operation, "kind", "\"static\"")) {
        code = ((static_t *)function)(parameters, &result, &error);
    } else if (is_listed(operation, "isCancellable", "true")) {
        code = ((long_t *)function)(han, parameters, NULL, NULL, NULL, &result, &error);
    } else {
        code = ((plain_t *)function)(han, parameters, &result, &error);
    }
    if (code != HAN_OK) {
        print_error(code, error);
        return;
    }
    if (is_read && (again.len != result.len || memcmp(again.data, result.data, result.len) != 0)) {
        fprintf(stderr, "%s answers otherwise by name\n", operation);
        exit(1);
    }
    printf("{\"ok\":");
    if (is_listed(operation, "form", "\"text\"")) print_text(result.data, result.len);
    else fwrite(result.data, 1, result.len, stdout);
    printf("}\n");
    han_buf_free(&result);
    han_buf_free(&again);
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
        *parameters++ = '\0';
        if (strcmp(line, "open") == 0) {
            han_error_t *error = NULL;
            if (han_open(parameters, NULL, NULL, &han, &error) != HAN_OK) {
                fprintf(stderr, "%s\n", han_error_message(error));
                return 1;
            }
        } else if (strcmp(line, "close") == 0) {
            han_error_t *error = NULL;
            if (han_close(han, &error) != HAN_OK) return 1;
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
