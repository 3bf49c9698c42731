/* A program that has a SQLite and a zstd of its own, linked with libhan.a: both worlds must keep their own. */

#include <stdio.h>
#include <string.h>

#include "han.h"

static int own_calls;

/* Stand-ins under the names that the bundled libraries have inside. A call from the library is counted. */
const char *sqlite3_libversion(void) {
    own_calls++;
    return "the program's own";
}

int sqlite3_open_v2(const char *path, void **database, int flags, const char *vfs) {
    (void)path, (void)database, (void)flags, (void)vfs;
    own_calls++;
    return 1;
}

int sqlite3_prepare_v3(void *database, const char *sql, int len, unsigned flags, void **statement, const char **tail) {
    (void)database, (void)sql, (void)len, (void)flags, (void)statement, (void)tail;
    own_calls++;
    return 1;
}

unsigned ZSTD_versionNumber(void) {
    own_calls++;
    return 7;
}

size_t ZSTD_compress2(void *context, void *target, size_t capacity, const void *source, size_t len) {
    (void)context, (void)target, (void)capacity, (void)source, (void)len;
    own_calls++;
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    han_t *han = NULL;
    han_error_t *error = NULL;
    han_buf_t result = {NULL, 0};
    char parameters[4096];
    snprintf(parameters, sizeof parameters, "{\"path\": \"%s\"}", argv[1]);
    if (han_open("{\"inMemory\": true, \"configDirs\": []}", NULL, NULL, &han, &error) != HAN_OK ||
        han_index_session_file(han, parameters, &result, &error) != HAN_OK ||
        strstr(result.data, "\"messagesIndexed\":1,") == NULL) {
        fprintf(stderr, "own_sqlite.c: %s%s\n", han_error_message(error), result.data != NULL ? result.data : "");
        return 1;
    }
    han_buf_free(&result);
    han_free(han);
    if (own_calls != 0) {
        fprintf(stderr, "own_sqlite.c: the library called %d functions of the program\n", own_calls);
        return 1;
    }
    int own = strcmp(sqlite3_libversion(), "the program's own") == 0 && ZSTD_versionNumber() == 7 && own_calls == 2;
    return own ? 0 : 1;
}
