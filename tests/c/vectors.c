/* Vectors: passed as numbers in memory, or written by a callback. */

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "fixture.h"
#include "json.h"

#define LENGTHS "{\"model\": \"lengths\"}"

/* The ids of the first messages of SESSION. */
typedef struct {
    char text[3][64];
} ids_t;

static han_t *open_garden(fixture_t *fixture, ids_t *ids) {
    fixture_make(fixture);
    han_t *han = fixture_open_indexed(fixture);
    han_buf_t result;
    SUCCEEDS(han_messages_list(han, "{\"sessionId\": \"" SESSION "\"}", &result, &error));
    for (int i = 0; i < 3; i++) string_field(&result, "id", i, ids->text[i], sizeof ids->text[i]);
    han_buf_free(&result);
    return han;
}

static void store(han_t *han, const ids_t *ids) {
    const float vectors[] = {1.0f, 0.0f, 0.0f, 1.0f, 0.5f, 0.5f};
    char items[512];
    snprintf(items, sizeof items,
             "{\"model\": \"m\", \"items\": [{\"messageId\": \"%s\"}, {\"messageId\": \"%s\", \"chunk\": 4, \"field\": "
             "\"assistant\", \"start\": 6}, {\"messageId\": \"nonsense\"}]}",
             ids->text[0], ids->text[1]);
    han_buf_t result;
    SUCCEEDS(han_index_vectors(han, items, vectors, 6, &result, &error));
    CHECK(has(&result, "{\"messages\":2,\"vectors\":2,\"unknown\":[\"nonsense\"]}"));
    han_buf_free(&result);
}

static void passed_vectors_are_found(void) {
    fixture_t fixture;
    ids_t ids;
    han_t *han = open_garden(&fixture, &ids);
    store(han, &ids);
    const float near[] = {0.1f, 1.0f};
    han_buf_t result;
    SUCCEEDS(han_search_vectors(han, NULL, near, 2, &result, &error));
    CHECK(has(&result, "\"matchedBy\":\"vector\"") && has(&result, "\"chunk\":4"));
    CHECK(has(&result, "\"snippet\":\"second day, in the morning.\""));
    char id[64];
    string_field(&result, "id", 0, id, sizeof id);
    CHECK(strcmp(id, ids.text[1]) == 0);
    han_buf_free(&result);
    SUCCEEDS(han_search_vectors(han, "{\"model\": \"m\", \"vector\": [1, 0], \"first\": 1}", NULL, 0, &result, &error));
    string_field(&result, "id", 0, id, sizeof id);
    CHECK(strcmp(id, ids.text[0]) == 0 && has(&result, "\"hasNextPage\":true"));
    han_buf_free(&result);
    SUCCEEDS(han_search(han, "{\"query\": \"tomatoes\", \"mode\": \"hybrid\", \"vector\": [1, 0]}", &result, &error));
    CHECK(has(&result, "\"matchedBy\":\"both\"") && has(&result, "\"textRank\":1,\"vectorRank\":1"));
    han_buf_free(&result);
    SUCCEEDS(han_vectors_models(han, NULL, &result, &error));
    CHECK(has(&result, "[{\"name\":\"m\",\"dimensions\":2,\"messages\":2,\"vectors\":2,\"stale\":0}]"));
    han_buf_free(&result);
    SUCCEEDS(han_vectors_remove(han, "{\"model\": \"m\"}", &result, &error));
    CHECK(has(&result, "{\"vectors\":2}"));
    han_buf_free(&result);
    FAILS(HAN_NOT_FOUND, "m", han_vectors_remove(han, "{\"model\": \"m\"}", &result, &error));
    FAILS(HAN_NOT_FOUND, NULL, han_search_vectors(han, NULL, near, 2, &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

static void bad_vectors_are_refused(void) {
    fixture_t fixture;
    ids_t ids;
    han_t *han = open_garden(&fixture, &ids);
    store(han, &ids);
    char items[256];
    snprintf(items, sizeof items, "{\"model\": \"m\", \"items\": [{\"messageId\": \"%s\"}]}", ids.text[0]);
    const float zeros[] = {0.0f, 0.0f, 0.0f};
    han_buf_t result;
    FAILS(HAN_INVALID_ARGUMENT, "zeros", han_index_vectors(han, items, zeros, 2, &result, &error));
    CHECK(result.data == NULL);
    FAILS(HAN_INVALID_ARGUMENT, "NULL", han_index_vectors(han, items, NULL, 2, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "0 dimensions", han_index_vectors(han, items, NULL, 0, &result, &error));
    const float three[] = {1.0f, 2.0f, 3.0f};
    FAILS(HAN_INVALID_ARGUMENT, "the model m has 2", han_index_vectors(han, items, three, 3, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "cannot share",
          han_index_vectors(han, "{\"model\": \"m\", \"items\": []}", three, 3, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "items", han_index_vectors(han, "{\"model\": \"m\"}", three, 3, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "3 dimensions", han_search_vectors(han, NULL, three, 3, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "bogus", han_search_vectors(han, "{\"bogus\": 1}", three, 3, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "handle", han_index_vectors(NULL, items, three, 3, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "model", han_vectors_pending(han, NULL, &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

typedef struct {
    int texts;
    int reported;
    const char *refusal;
} calls_t;

/* The length of a text, and one. */
static bool embed(const char *const *texts, size_t text_count, float *vectors, char *message, void *user_data) {
    calls_t *calls = user_data;
    if (calls->refusal != NULL) {
        snprintf(message, HAN_EMBED_MESSAGE_SIZE, "%s", calls->refusal);
        return false;
    }
    for (size_t i = 0; i < text_count; i++) {
        vectors[2 * i] = (float)strlen(texts[i]);
        vectors[2 * i + 1] = 10.0f;
        calls->texts++;
    }
    return true;
}

static void report(const char *progress_json, void *user_data) {
    calls_t *calls = user_data;
    calls->reported += strstr(progress_json, "\"messages\":3,\"vectors\":3") != NULL;
}

static void a_callback_embeds(void) {
    fixture_t fixture;
    ids_t ids;
    han_t *han = open_garden(&fixture, &ids);
    calls_t calls = {0, 0, NULL};
    han_buf_t result;
    FAILS(HAN_NOT_FOUND, "lengths", han_vectors_embed_pending(han, LENGTHS, NULL, NULL, NULL, &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "callback", han_register_embedder(han, "lengths", 2, NULL, NULL, &error));
    FAILS(HAN_INVALID_ARGUMENT, "dimensions", han_register_embedder(han, "lengths", 0, embed, &calls, &error));
    SUCCEEDS(han_register_embedder(han, "lengths", 2, embed, &calls, &error));
    SUCCEEDS(han_vectors_pending(han, "{\"model\": \"lengths\", \"first\": 2}", &result, &error));
    CHECK(has(&result, "\"chunks\":[{\"chunk\":0,\"field\":\"user\",\"start\":0,\"end\":33,\"text\":\"How often do tomatoes"));
    CHECK(has(&result, "\"hasNextPage\":true"));
    han_buf_free(&result);
    calls.refusal = "the model is out for lunch";
    FAILS(HAN_EMBEDDER, "out for lunch", han_vectors_embed_pending(han, LENGTHS, NULL, NULL, NULL, &result, &error));
    calls.refusal = "";
    FAILS(HAN_EMBEDDER, "does not say", han_vectors_embed_pending(han, LENGTHS, NULL, NULL, NULL, &result, &error));
    calls.refusal = NULL;
    han_cancellation_t *token = han_cancellation_new();
    SUCCEEDS(han_cancellation_cancel(token, &error));
    FAILS(HAN_CANCELLED, NULL, han_vectors_embed_pending(han, LENGTHS, NULL, NULL, token, &result, &error));
    han_cancellation_free(token);
    SUCCEEDS(han_vectors_embed_pending(han, LENGTHS, report, &calls, NULL, &result, &error));
    CHECK(has(&result, "{\"messages\":3,\"vectors\":3,\"hasMore\":false}"));
    CHECK(calls.texts == 3 && calls.reported == 1);
    han_buf_free(&result);
    SUCCEEDS(han_search(han, "{\"query\": \"basil\", \"mode\": \"vector\"}", &result, &error));
    CHECK(calls.texts == 4 && has(&result, "\"matchedBy\":\"vector\""));
    han_buf_free(&result);
    FAILS(HAN_NOT_FOUND, "tokenizer.json", han_load_embedder(han, PARAMETERS("folder", fixture.root), &result, &error));
    FAILS(HAN_INVALID_ARGUMENT, "folder", han_load_embedder(han, NULL, &result, &error));
    han_free(han);
    fixture_remove(&fixture);
}

const test_t vector_tests[] = {
    {"passed vectors are found", passed_vectors_are_found},
    {"bad vectors are refused", bad_vectors_are_refused},
    {"a callback embeds", a_callback_embeds},
    {NULL, NULL},
};
