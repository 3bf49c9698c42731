#include "fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "json.h"

static void give_up(const char *what) {
    perror(what);
    exit(2);
}

static void make_dir(const char *path) {
    if (mkdir(path, 0700) != 0) give_up(path);
}

void write_file(const char *path, const char *bytes, size_t len) {
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, len, file) != len || fclose(file) != 0) give_up(path);
}

char *read_file(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) give_up(path);
    *len = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*len + 1);
    if (bytes == NULL || fread(bytes, 1, *len, file) != *len) give_up(path);
    bytes[*len] = '\0';
    fclose(file);
    return bytes;
}

void fixture_make(fixture_t *fixture) {
    const char *base = getenv("TMPDIR");
    snprintf(fixture->root, sizeof fixture->root, "%s/han-c-XXXXXX", base != NULL ? base : "/tmp");
    if (mkdtemp(fixture->root) == NULL) give_up(fixture->root);
    snprintf(fixture->config, sizeof fixture->config, "%s/claude", fixture->root);
    snprintf(fixture->database, sizeof fixture->database, "%s/han.db", fixture->root);
    make_dir(fixture->config);
    char path[768];
    snprintf(path, sizeof path, "%s/projects", fixture->config);
    make_dir(path);
    snprintf(path, sizeof path, "%s/projects/" PROJECT, fixture->config);
    make_dir(path);
    snprintf(fixture->transcript, sizeof fixture->transcript, "%s/projects/" PROJECT "/" SESSION ".jsonl", fixture->config);
    const char *lines = LINE_PROMPT "\n" LINE_ANSWER "\n" LINE_BROKEN "\n" LINE_BYTES "\n";
    write_file(fixture->transcript, lines, strlen(lines));
}

void fixture_add(const fixture_t *fixture, const char *session, int line_count, int line_length) {
    char path[1024];
    snprintf(path, sizeof path, "%s/projects/" PROJECT "/%s.jsonl", fixture->config, session);
    FILE *file = fopen(path, "wb");
    if (file == NULL) give_up(path);
    for (int line = 0; line < line_count; line++) {
        fprintf(file, "{\"type\":\"user\",\"sessionId\":\"%s\",\"timestamp\":\"2026-01-06T10:%02d:%02d.000Z\",", session,
                line / 60 % 60, line % 60);
        fprintf(file, "\"message\":{\"role\":\"user\",\"content\":\"prompt %d %.*d\"}}\n", line, line_length, line);
    }
    if (fclose(file) != 0) give_up(path);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *position) {
    (void)status, (void)kind, (void)position;
    return remove(path);
}

void fixture_remove(fixture_t *fixture) {
    if (nftw(fixture->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0) give_up(fixture->root);
}

han_t *fixture_open(const fixture_t *fixture) {
    char options[2048];
    snprintf(options, sizeof options, "{\"dbPath\": \"%s\", \"configDirs\": [\"%s\"]}", fixture->database, fixture->config);
    han_t *han = NULL;
    SUCCEEDS(han_open(options, NULL, NULL, &han, &error));
    CHECK(han != NULL);
    return han;
}

han_t *fixture_open_indexed(const fixture_t *fixture) {
    han_t *han = fixture_open(fixture);
    han_buf_t result;
    SUCCEEDS(han_index_session_file(han, PARAMETERS("path", fixture->transcript), &result, &error));
    han_buf_free(&result);
    return han;
}

void string_field(const han_buf_t *result, const char *name, int n, char *value, size_t size) {
    char start[64];
    int length = snprintf(start, sizeof start, "\"%s\":\"", name);
    const char *found = result->data;
    value[0] = '\0';
    for (int i = 0; found != NULL && i <= n; i++) {
        found = strstr(found, start);
        if (found != NULL) found += length;
    }
    const char *end = found != NULL ? strchr(found, '"') : NULL;
    CHECK(end != NULL && (size_t)(end - found) < size);
    if (end != NULL && (size_t)(end - found) < size) {
        memcpy(value, found, (size_t)(end - found));
        value[end - found] = '\0';
    }
}
