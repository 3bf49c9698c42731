/* Indexes every session of this user and searches them.
 *
 *     cc example.c $(pkg-config --cflags --libs han) -o example && ./example '{"query": "tomatoes"}'
 */

#include <han.h>
#include <stdio.h>

static int fail(han_error_t *error) {
    fprintf(stderr, "%s: %s\n", han_code_name(han_error_code(error)), han_error_message(error));
    han_error_free(error);
    return 1;
}

int main(int argc, char **argv) {
    han_t *han = NULL;
    han_error_t *error = NULL;
    han_buf_t report, hits;

    if (han_open(NULL, NULL, NULL, &han, &error) != HAN_OK) return fail(error);

    if (han_scan(han, NULL, NULL, NULL, NULL, &report, &error) != HAN_OK) {
        han_free(han);
        return fail(error);
    }
    printf("%s\n", report.data);
    han_buf_free(&report);

    if (han_search(han, argc > 1 ? argv[1] : "{\"query\": \"hello\"}", &hits, &error) != HAN_OK) {
        han_free(han);
        return fail(error);
    }
    printf("%s\n", hits.data);
    han_buf_free(&hits);

    han_free(han);
    return 0;
}
