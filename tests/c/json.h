/* Just enough JSON for these programs: building parameters, and walking over what the library returned, which is well-formed. A value
 * is a pointer to its first character. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

/* An object of texts, by pairs of a name and a text: PARAMETERS("path", path) is {"path":"..."}. It lives as long as the block. */
#define PARAMETERS(...) json_object((char[4096]){""}, 4096, __VA_ARGS__, (const char *)NULL)
const char *json_object(char *json, size_t size, ...);

/* An object of one array of texts: {"ids":["...","..."]}; the caller frees. */
char *json_of_ids(const char *name, const char *const *ids, size_t count);

/* Appends to what is in `json` already, like printf. Ends the program if there is no room. */
void json_append(char *json, size_t size, const char *format, ...);

/* The first character after a value. */
const char *json_end(const char *value);

/* The n-th (from 0) value of an object or an array, and its key if it is an object and `key` is not NULL; NULL after the last. */
const char *json_entry(const char *value, int n, const char **key);

/* The value of a key of an object, or NULL. Neither may be NULL. */
const char *json_field(const char *object, const char *key);

/* Whether a value is there, and exactly this text: json_is(value, "true"), json_is(value, "\"read\""). */
bool json_is(const char *value, const char *text);

/* Copies a string without escapes; false if it is not one, or too long. */
bool json_string(const char *value, char *text, size_t size);

/* Decodes a string of base64 into at most `size` bytes; returns their number, or -1 if it is not such a string. */
long json_bytes(const char *value, char *bytes, size_t size);

#endif
