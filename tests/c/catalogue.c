/* For RTLD_DEFAULT. */
#define _GNU_SOURCE
#include "catalogue.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

/* "messages.countBatch" as han_messages_count_batch. */
static void *function_of(const char *operation) {
    char name[160] = "han_";
    for (; *operation != '\0'; operation++) {
        bool is_capital = *operation >= 'A' && *operation <= 'Z';
        if (is_capital) json_append(name, sizeof name, "_%c", *operation - 'A' + 'a');
        else json_append(name, sizeof name, "%c", *operation == '.' ? '_' : *operation);
    }
    return dlsym(RTLD_DEFAULT, name);
}

bool operation_at(int n, operation_t *operation) {
    const char *list = json_field(han_operations(), "operations");
    operation->entry = list == NULL ? NULL : json_entry(list, n, NULL);
    if (operation->entry == NULL) return false;
    if (!json_string(json_field(operation->entry, "name"), operation->name, sizeof operation->name)) return false;
    operation->function.address = function_of(operation->name);
    return true;
}

bool operation_named(const char *name, operation_t *operation) {
    for (int n = 0; operation_at(n, operation); n++) {
        if (strcmp(operation->name, name) == 0) return true;
    }
    return false;
}

static bool has_text(const operation_t *operation, const char *field, const char *expected) {
    char text[64];
    return json_string(json_field(operation->entry, field), text, sizeof text) && strcmp(text, expected) == 0;
}

bool is_of_kind(const operation_t *operation, const char *kind) {
    return has_text(operation, "kind", kind);
}

bool is_of_form(const operation_t *operation, const char *form) {
    return has_text(operation, "form", form);
}

bool takes_hooks(const operation_t *operation) {
    return json_is(json_field(operation->entry, "isCancellable"), "true") ||
           json_is(json_field(operation->entry, "hasProgress"), "true");
}

han_code_t call_own_function(const operation_t *operation, const han_t *han, const char *parameters, const hooks_t *hooks,
                             han_buf_t *result, han_error_t **error) {
    static const hooks_t none;
    if (hooks == NULL) hooks = &none;
    if (is_of_kind(operation, "stream")) {
        return operation->function.to_writer(han, parameters, hooks->write, hooks->user_data, error);
    }
    if (is_of_kind(operation, "static")) return operation->function.without_handle(parameters, result, error);
    if (takes_hooks(operation)) {
        return operation->function.with_hooks(han, parameters, hooks->progress, hooks->user_data, hooks->cancellation, result,
                                              error);
    }
    /* The one that also takes numbers in memory. */
    if (strcmp(operation->name, "searchVectors") == 0) {
        return operation->function.with_vector(han, parameters, NULL, 0, result, error);
    }
    return operation->function.plain(han, parameters, result, error);
}

han_code_t call_by_name(const operation_t *operation, const han_t *han, const char *parameters, const hooks_t *hooks,
                        han_buf_t *result, han_error_t **error) {
    static const hooks_t none;
    if (hooks == NULL) hooks = &none;
    const char *name = operation->name;
    if (is_of_kind(operation, "stream")) {
        return han_call_stream(han, name, parameters, hooks->write, hooks->user_data, error);
    }
    if (is_of_kind(operation, "static")) return han_call_static(name, parameters, result, error);
    if (takes_hooks(operation)) {
        return han_call_long(han, name, parameters, hooks->progress, hooks->user_data, hooks->cancellation, result, error);
    }
    return han_call(han, name, parameters, result, error);
}

/* What a schema refers to, if it is a reference. */
static const char *resolve(const char *schema) {
    char name[96];
    const char *definitions = json_field(han_operations(), "$defs");
    const char *reference;
    while (definitions != NULL && (reference = json_field(schema, "$ref")) != NULL) {
        if (!json_string(reference, name, sizeof name)) break;
        schema = json_field(definitions, name + strlen("#/$defs/"));
    }
    return schema;
}

const char *parameters_schema(const operation_t *operation, int n) {
    const char *schema = resolve(json_field(operation->entry, "parameters"));
    const char *variants = json_field(schema, "oneOf");
    if (variants != NULL) return json_entry(variants, n, NULL);
    return n == 0 ? schema : NULL;
}

static bool is_required(const char *schema, const char *name) {
    const char *required = json_field(schema, "required");
    const char *entry;
    for (int n = 0; required != NULL && (entry = json_entry(required, n, NULL)) != NULL; n++) {
        char text[64];
        if (json_string(entry, text, sizeof text) && strcmp(text, name) == 0) return true;
    }
    return false;
}

/* A value that fits a schema. */
static void append_sample(const char *schema, const char *text, char *json, size_t size) {
    schema = resolve(schema);
    const char *one = json_field(schema, "const");
    const char *variants = json_field(schema, "anyOf");
    if (variants == NULL) variants = json_field(schema, "oneOf");
    const char *type = json_field(schema, "type");
    if (one != NULL) {
        json_append(json, size, "%.*s", (int)(json_end(one) - one), one);
    } else if (variants != NULL) {
        append_sample(json_entry(variants, 0, NULL), text, json, size);
    } else if (json_is(type, "\"array\"")) {
        json_append(json, size, "[");
        append_sample(json_field(schema, "items"), text, json, size);
        json_append(json, size, "]");
    } else if (json_is(type, "\"object\"")) {
        char object[2048];
        sample_parameters(schema, text, NULL, NULL, object, sizeof object);
        json_append(json, size, "%s", object);
    } else {
        bool is_text = json_is(type, "\"string\"");
        json_append(json, size, is_text ? "\"%s\"" : "%s", is_text ? text : json_is(type, "\"boolean\"") ? "true" : "1");
    }
}

void sample_parameters(const char *schema, const char *text, const char *changed, const char *value, char *json, size_t size) {
    const char *properties = json_field(schema, "properties");
    const char *key;
    const char *property;
    const char *separator = "";
    strcpy(json, "{");
    for (int n = 0; properties != NULL && (property = json_entry(properties, n, &key)) != NULL; n++) {
        char name[64];
        if (!json_string(key, name, sizeof name) || !is_required(schema, name)) continue;
        if (changed != NULL && strcmp(changed, name) == 0) continue;
        json_append(json, size, "%s\"%s\":", separator, name);
        append_sample(property, text, json, size);
        separator = ",";
    }
    if (changed != NULL && value != NULL) json_append(json, size, "%s\"%s\":%s", separator, changed, value);
    json_append(json, size, "}");
}
