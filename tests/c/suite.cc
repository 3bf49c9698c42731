// The header from C++17: included twice, used through RAII.

#include "han.h"
#include "han.h"

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace {

struct free_handle {
    void operator()(han_t *han) const { han_free(han); }
};
struct free_error {
    void operator()(han_error_t *error) const { han_error_free(error); }
};
struct free_subscription {
    void operator()(han_subscription_t *subscription) const { han_subscription_free(subscription); }
};
using handle = std::unique_ptr<han_t, free_handle>;

struct buffer : han_buf_t {
    buffer() : han_buf_t{nullptr, 0} {}
    ~buffer() { han_buf_free(this); }
    buffer(const buffer &) = delete;
    buffer &operator=(const buffer &) = delete;
    std::string_view text() const { return {data, len}; }
};

int passed = 0;
int failed = 0;

void check(bool condition, const char *what) {
    if (condition) {
        passed++;
    } else {
        failed++;
        std::fprintf(stderr, "suite.cc: %s\n", what);
    }
}

handle open(const char *options) {
    han_t *han = nullptr;
    han_open(options, nullptr, nullptr, &han, nullptr);
    return handle(han);
}

}  // namespace

static_assert(std::is_same_v<std::underlying_type_t<han_code_t>, uint32_t>, "a code is as wide as in the library");
static_assert(sizeof(han_code_t) == 4 && sizeof(han_log_level_t) == 4, "enums are as wide as in the library");
static_assert(HAN_OK == 0 && HAN_PANIC == 21, "the numbers of the codes are stable");

int main() {
    check(std::string_view(han_version()) == HAN_VERSION, "the version is that of the header");
    check(han_abi_version() == HAN_ABI_VERSION, "the binary interface is that of the header");

    handle han = open(R"({"inMemory": true, "configDirs": []})");
    check(han != nullptr, "a database in memory opens");

    buffer page;
    check(han_sessions_list(han.get(), nullptr, &page, nullptr) == HAN_OK, "sessions are listed");
    check(page.text().find("\"items\":[]") != std::string_view::npos, "an empty database has no session");

    han_error_t *raw = nullptr;
    buffer none;
    han_code_t code = han_index_session_file(han.get(), R"({"path": "/nowhere/a.jsonl"})", &none, &raw);
    std::unique_ptr<han_error_t, free_error> error(raw);
    check(code == HAN_NOT_FOUND && han_error_code(raw) == code, "a missing file is not found");
    check(std::string(han_error_message(raw)).find("/nowhere/a.jsonl") != std::string::npos, "the message names the file");

    check(open(R"({"unheardOf": 1})") == nullptr, "an unknown option is refused");

    int calls = 0;
    auto count = [](const char *, void *user_data) { ++*static_cast<int *>(user_data); };
    buffer report;
    check(han_scan(han.get(), nullptr, count, &calls, nullptr, &report, nullptr) == HAN_OK, "a lambda may be the callback");

    buffer leads;
    check(han_coordinator_is_coordinator(han.get(), nullptr, &leads, nullptr) == HAN_OK && leads.text() == "false",
          "a yes or no is JSON");

    buffer answer;
    check(han_call(han.get(), "sessions.list", R"({"first": 1})", &answer, nullptr) == HAN_OK && answer.text() == page.text(),
          "an operation is called by its name");
    std::string document;
    auto take = [](const char *bytes, size_t len, void *user_data) -> int32_t {
        static_cast<std::string *>(user_data)->append(bytes, len);
        return 0;
    };
    code = han_export_session_to(han.get(), R"({"id": "nobody"})", take, &document, nullptr);
    check(code == HAN_NOT_FOUND && document.empty(), "a lambda may take a document");
    han_subscription_t *begun = nullptr;
    check(han_subscribe(han.get(), nullptr, &begun, nullptr) == HAN_OK, "changes are followed");
    std::unique_ptr<han_subscription_t, free_subscription> subscription(begun);
    buffer item;
    check(han_subscription_next(begun, 0, &item, nullptr) == HAN_OK && item.data == nullptr, "nothing was committed");
    auto hear = [](const char *, const han_error_t *, void *user_data) { ++*static_cast<int *>(user_data); };
    check(han_on_change(han.get(), nullptr, hear, &calls, &begun, nullptr) == HAN_OK, "a lambda may receive changes");
    std::unique_ptr<han_subscription_t, free_subscription> listening(begun);

    std::printf("C++: %d passed, %d failed\n", passed, failed);
    return failed > 0;
}
