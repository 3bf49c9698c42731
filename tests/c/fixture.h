/* A folder of transcripts for one test. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "han.h"

#define SESSION "5b1e7a52-0c3d-4f7e-9a86-2f6d1c0b9e11"
#define OTHER_SESSION "c0ffee00-1234-4abc-8def-0123456789ab"
#define PROJECT "-home-ada-garden"

/* The lines of SESSION: 3 messages, and 1 line that is not JSON. The last one has a byte that is not UTF-8. */
#define LINE_PROMPT \
    "{\"type\":\"user\",\"uuid\":\"0a000000-0000-4000-8000-000000000001\",\"parentUuid\":null,\"sessionId\":\"" SESSION \
    "\",\"cwd\":\"/home/ada/garden\",\"version\":\"2.1.0\",\"gitBranch\":\"main\",\"timestamp\":\"2026-01-05T10:00:00.000Z\"," \
    "\"message\":{\"role\":\"user\",\"content\":\"How often do tomatoes need water?\"}}"
#define LINE_ANSWER \
    "{\"type\":\"assistant\",\"uuid\":\"0a000000-0000-4000-8000-000000000002\"," \
    "\"parentUuid\":\"0a000000-0000-4000-8000-000000000001\",\"sessionId\":\"" SESSION \
    "\",\"timestamp\":\"2026-01-05T10:00:04.000Z\",\"message\":{\"id\":\"msg_garden_1\",\"role\":\"assistant\"," \
    "\"model\":\"claude-test-1\",\"content\":[{\"type\":\"text\",\"text\":\"Every second day, in the morning.\"}]," \
    "\"usage\":{\"input_tokens\":12,\"output_tokens\":7}}}"
#define LINE_BROKEN "{\"type\":\"user\",\"message\":"
#define LINE_BYTES \
    "{\"type\":\"user\",\"uuid\":\"0a000000-0000-4000-8000-000000000003\",\"sessionId\":\"" SESSION \
    "\",\"timestamp\":\"2026-01-05T10:01:00.000Z\",\"message\":{\"role\":\"user\",\"content\":\"caf\xe9 and basil\"}}"

typedef struct {
    char root[256];       /* the folder of everything */
    char config[512];     /* a config dir */
    char transcript[768]; /* the file of SESSION */
    char database[512];   /* where a database may be made */
} fixture_t;

/* Makes the folder, with the transcript of SESSION in it. */
void fixture_make(fixture_t *fixture);
void fixture_remove(fixture_t *fixture);

/* Writes a transcript of `line_count` prompts of about `line_length` bytes beside that of SESSION. */
void fixture_add(const fixture_t *fixture, const char *session, int line_count, int line_length);

/* Opens the database of the fixture for its config dir. */
han_t *fixture_open(const fixture_t *fixture);
/* The same, with the transcript of SESSION indexed. */
han_t *fixture_open_indexed(const fixture_t *fixture);

/* Reads a whole file; the caller frees. */
char *read_file(const char *path, size_t *len);
void write_file(const char *path, const char *bytes, size_t len);

/* The value of the n-th (from 0) field of this name in a JSON result, for strings without escapes. */
void string_field(const han_buf_t *result, const char *name, int n, char *value, size_t size);

#endif
