#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_up(const char *what) {
    fprintf(stderr, "json.c: %s\n", what);
    exit(2);
}

void json_append(char *json, size_t size, const char *format, ...) {
    size_t length = strlen(json);
    va_list values;
    va_start(values, format);
    int added = vsnprintf(json + length, size - length, format, values);
    va_end(values);
    if (added < 0 || (size_t)added >= size - length) give_up("no room");
}

static void append_text(char *json, size_t size, const char *text) {
    json_append(json, size, "\"");
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\') json_append(json, size, "\\%c", byte);
        else if (byte < 0x20) json_append(json, size, "\\u%04x", byte);
        else json_append(json, size, "%c", byte);
    }
    json_append(json, size, "\"");
}

const char *json_object(char *json, size_t size, ...) {
    va_list texts;
    va_start(texts, size);
    json_append(json, size, "{");
    for (const char *name; (name = va_arg(texts, const char *)) != NULL;) {
        json_append(json, size, json[1] == '\0' ? "\"%s\":" : ",\"%s\":", name);
        append_text(json, size, va_arg(texts, const char *));
    }
    va_end(texts);
    json_append(json, size, "}");
    return json;
}

char *json_of_ids(const char *name, const char *const *ids, size_t count) {
    size_t size = strlen(name) + 16;
    for (size_t i = 0; i < count; i++) size += strlen(ids[i]) + 3;
    char *json = malloc(size);
    if (json == NULL) give_up("no memory");
    char *end = json + sprintf(json, "{\"%s\":[", name);
    for (size_t i = 0; i < count; i++) end += sprintf(end, i == 0 ? "\"%s\"" : ",\"%s\"", ids[i]);
    strcpy(end, "]}");
    return json;
}

static const char *after_blanks(const char *at) {
    return at + strspn(at, " \t\r\n");
}

static const char *after_string(const char *at) {
    for (at++; *at != '"'; at++) {
        if (*at == '\\') at++;
        if (*at == '\0') give_up("a string without an end");
    }
    return at + 1;
}

const char *json_end(const char *value) {
    if (*value == '"') return after_string(value);
    if (*value != '{' && *value != '[') return value + strcspn(value, ",]} \t\r\n");
    int depth = 0;
    do {
        if (*value == '\0') give_up("an object or an array without an end");
        if (*value == '"') {
            value = after_string(value);
            continue;
        }
        depth += *value == '{' || *value == '[';
        depth -= *value == '}' || *value == ']';
        value++;
    } while (depth > 0);
    return value;
}

const char *json_entry(const char *value, int n, const char **key) {
    bool is_object = *value == '{';
    if (!is_object && *value != '[') return NULL;
    const char *at = after_blanks(value + 1);
    for (int i = 0; *at != '}' && *at != ']'; i++) {
        if (is_object) {
            if (key != NULL) *key = at;
            at = after_blanks(json_end(at));
            if (*at != ':') give_up("a key without a value");
            at = after_blanks(at + 1);
        }
        if (i == n) return at;
        at = after_blanks(json_end(at));
        if (*at == ',') at = after_blanks(at + 1);
    }
    return NULL;
}

const char *json_field(const char *object, const char *key) {
    const char *found;
    const char *value;
    for (int n = 0; (value = json_entry(object, n, &found)) != NULL; n++) {
        size_t length = strlen(key);
        if (strncmp(found + 1, key, length) == 0 && found[length + 1] == '"') return value;
    }
    return NULL;
}

bool json_is(const char *value, const char *text) {
    return value != NULL && (size_t)(json_end(value) - value) == strlen(text) && strncmp(value, text, strlen(text)) == 0;
}

bool json_string(const char *value, char *text, size_t size) {
    if (value == NULL || *value != '"') return false;
    size_t length = (size_t)(json_end(value) - value) - 2;
    if (length >= size || memchr(value, '\\', length) != NULL) return false;
    memcpy(text, value + 1, length);
    text[length] = '\0';
    return true;
}

static int sextet(char letter) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);
    return found == NULL ? -1 : (int)(found - letters);
}

long json_bytes(const char *value, char *bytes, size_t size) {
    if (value == NULL || *value != '"') return -1;
    const char *end = json_end(value) - 1;
    size_t length = 0;
    if ((end - value - 1) % 4 != 0) return -1;
    for (const char *at = value + 1; at < end; at += 4) {
        bool is_last = at + 4 == end;
        int padding = is_last ? (at[3] == '=') + (at[2] == '=' && at[3] == '=') : 0;
        unsigned long bits = 0;
        for (int i = 0; i < 4; i++) {
            int six = i >= 4 - padding ? 0 : sextet(at[i]);
            if (six < 0) return -1;
            bits = bits << 6 | (unsigned long)six;
        }
        for (int i = 0; i < 3 - padding; i++) {
            if (length == size) return -1;
            bytes[length++] = (char)(bits >> (16 - 8 * i) & 0xff);
        }
    }
    return (long)length;
}
