/*
 * han.h: the C library of han-native.
 *
 * Indexes the transcripts of coding-agent sessions into one small, searchable SQLite database, inside your process.
 *
 * Generated from the sources of han-ffi; do not edit.
 *
 * Errors. A function that can fail returns a han_code_t, HAN_OK on success. Its last parameter `error` is NULL, or where
 * the error is written: on failure `*error` becomes a han_error_t with the code and a human-readable message, to be freed with
 * han_error_free(); on success it becomes NULL. What was in `*error` before is overwritten, not freed. A NULL where
 * something is needed, text that is not UTF-8, and an unknown key of a JSON object are HAN_INVALID_ARGUMENT, and the
 * message names them.
 *
 * Texts. Every `const char *` argument is a NUL-terminated string of UTF-8, borrowed for the duration of the call. A
 * parameter named `..._json` is the text of one JSON object; if it may be left out, NULL means {}. A key with null
 * counts as left out.
 *
 * Operations. Nearly every function is an operation: it takes a handle, its parameters as one JSON object, and a pointer to its
 * result. han_call() calls any of them by name, and han_operations() lists them with their JSON schemas.
 *
 * Results. A `han_buf_t *` is filled with bytes that the caller owns and frees with han_buf_free(); it need not be
 * initialised, and is {NULL, 0} on failure. JSON results are UTF-8 without line breaks. Their fields are the same as
 * those of the command `han --json`, and their shapes are listed at the end of this header: what is missing is null, times
 * are ISO 8601 strings in UTC, bytes are base64 texts. Later versions may add fields. On failure every result is empty,
 * never half filled.
 *
 * Memory. What has a `_free` function is freed with that and nothing else. Every `_free` ignores NULL.
 *
 * Threads. A `const han_t *` may be used from several threads at once; its writes wait for each other, its reads do not
 * wait for writes (except in memory, where all share one connection). han_free() needs exclusive use of the handle. Every
 * function blocks until it is done. These threads of the library outlive the call that starts them, and end at the latest in
 * han_close(): those of han_coordinator_try_acquire() ("han-lead"), han_watcher_start() ("han-watch"), han_subscribe() and
 * han_on_change(), which end with their purpose; and "han-pulse", which shows other processes that a call that writes to
 * disk is alive, and ends once no call has written for as long as "heartbeatIntervalMs" says.
 *
 * Beware.
 * - Do not open the database file with another SQLite library in the process while a handle on it is open, nor read or copy
 *   it as a file: POSIX drops every lock of a process on a file when any descriptor of it is closed, and what is written then
 *   may be lost. A copy made with han_backup() can be opened with anything.
 * - Do not use a handle, nor free it, in a child after fork() without exec().
 * - A callback must not throw an exception, nor longjmp out, nor call a function on the handle that called it, which only
 *   that of han_on_change() may.
 */

#ifndef HAN_H
#define HAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The version of this header; han_version() is that of the loaded library. */
#define HAN_VERSION "0.1.0"
#define HAN_VERSION_MAJOR 0
#define HAN_VERSION_MINOR 1
#define HAN_VERSION_PATCH 0

/**
 * The number of the binary interface, the same as after "libhan.so.": raised by every change that breaks a program that
 * was compiled before. A program that loads the library at run time compares it with han_abi_version().
 */
#define HAN_ABI_VERSION 0

/**
 * The size of the buffer for an embedder's error message in bytes, the NUL included.
 */
#define HAN_EMBED_MESSAGE_SIZE 1024

/**
 * What a function returns: 0 for success, else the kind of error. The numbers are stable and never reused; a later version
 * may add some.
 */
enum han_code_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Success.
   */
  HAN_OK = 0,
  /**
   * A path, session or message does not exist.
   */
  HAN_NOT_FOUND = 1,
  /**
   * A directory was found where a file is expected.
   */
  HAN_IS_DIRECTORY = 2,
  /**
   * The operating system refused access.
   */
  HAN_PERMISSION = 3,
  /**
   * A file or folder of ours is open to others; the message says how to fix it.
   */
  HAN_INSECURE_PERMISSIONS = 4,
  /**
   * The file is a database of another program, or not a database.
   */
  HAN_FOREIGN_DATABASE = 5,
  /**
   * The database was written by a newer version.
   */
  HAN_SCHEMA_TOO_NEW = 6,
  /**
   * The database needs a migration, which a reader may not apply.
   */
  HAN_SCHEMA_TOO_OLD = 7,
  /**
   * The database is damaged.
   */
  HAN_CORRUPT = 8,
  /**
   * No space is left on the device.
   */
  HAN_DISK_FULL = 9,
  /**
   * The database or its device is read-only.
   */
  HAN_READ_ONLY = 10,
  /**
   * The database is on a network file system.
   */
  HAN_NETWORK_FILESYSTEM = 11,
  /**
   * Another process, or another thread or handle of this one, holds the write lock.
   */
  HAN_LOCKED = 12,
  /**
   * Another coordinator leads, or this one no longer does.
   */
  HAN_NOT_LEADER = 13,
  /**
   * Another handle of this process leads.
   */
  HAN_ALREADY_LEADER_IN_PROCESS = 14,
  /**
   * The writer stopped inside a transaction.
   */
  HAN_WRITER_STALLED = 15,
  /**
   * The caller cancelled the operation.
   */
  HAN_CANCELLED = 16,
  /**
   * The handle was closed.
   */
  HAN_CLOSED = 17,
  /**
   * An argument is NULL, not UTF-8, not JSON, of the wrong form or out of range.
   */
  HAN_INVALID_ARGUMENT = 18,
  /**
   * A raw FTS5 query does not parse.
   */
  HAN_QUERY_SYNTAX = 19,
  /**
   * Any other input or output error.
   */
  HAN_IO = 20,
  /**
   * A bug in this library, caught before it could harm the caller. The handle can still be used and freed.
   */
  HAN_PANIC = 21,
  /**
   * An embedder failed; the message contains its own.
   */
  HAN_EMBEDDER = 22,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum han_code_t han_code_t;
#else
typedef uint32_t han_code_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How serious a log entry is.
 */
enum han_log_level_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Something went wrong, and the operation went on.
   */
  HAN_LOG_WARNING = 1,
  /**
   * The start or end of a long operation.
   */
  HAN_LOG_INFO = 2,
  /**
   * A step of one.
   */
  HAN_LOG_DEBUG = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum han_log_level_t han_log_level_t;
#else
typedef uint32_t han_log_level_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Cancels a scan from another thread, or from its progress callback.
 */
typedef struct han_cancellation_t han_cancellation_t;

/**
 * An error: its code and a human-readable message. Made by the functions that take a `han_error_t **`, freed with
 * han_error_free().
 */
typedef struct han_error_t han_error_t;

/**
 * A position in the feed of changes, which moves forward. Begun with han_subscribe() or han_on_change(), ended with
 * han_subscription_close() or with its handle, freed with han_subscription_free(), before or after the handle.
 *
 * It is not a queue: items are read from the database when they are asked for. So a slow reader costs nobody anything; one
 * that falls behind what is kept (24 hours and 100,000 changes) receives one gap and continues after that.
 */
typedef struct han_subscription_t han_subscription_t;

/**
 * A database of sessions. Opened with han_open(), closed with han_close(), freed with han_free().
 *
 * Every function that takes a `const han_t *` may be called from several threads at once.
 */
typedef struct han_t han_t;

/**
 * Bytes that the library allocated and the caller owns: a result as JSON text, or the bytes of a record.
 *
 * `data` holds `len` bytes, and one NUL after them that `len` does not count, so that a JSON result can be read as a string.
 * `data` is NULL if there is no result. Freed with han_buf_free(), never with free().
 */
typedef struct {
  /**
   * The first byte, or NULL.
   */
  const char *data;
  /**
   * The number of bytes, without the NUL after them.
   */
  size_t len;
} han_buf_t;

/**
 * Receives what a handle does; see han_open().
 *
 * `message` is one line of UTF-8, and valid during the call only. `user_data` is what was passed to han_open(). Called on any
 * thread that works for the handle, and on several at once: the function must be thread-safe and return soon. It must not
 * call a function on that handle, nor throw an exception, nor longjmp out.
 */
typedef void (*han_log_callback_t)(han_log_level_t level, const char *message, void *user_data);

/**
 * Receives the progress of an operation; see han_scan() and han_vectors_embed_pending().
 *
 * `progress_json` is a JSON object, valid during the call only. `user_data` is what was passed to the operation. Called on the thread
 * that called the operation. It must not call a function on that handle, nor throw an exception, nor longjmp out; it may cancel
 * the operation with han_cancellation_cancel().
 */
typedef void (*han_progress_callback_t)(const char *progress_json, void *user_data);

/**
 * Receives a piece of a document; see han_export_session_to().
 *
 * `bytes` is `len` bytes, without a NUL after them, valid during the call only. `user_data` is what was passed to the operation. Returns 0
 * to continue; any other number, which is read as an errno, ends the operation with HAN_IO. It must not call a function on that handle,
 * nor throw an exception, nor longjmp out.
 */
typedef int32_t (*han_write_callback_t)(const char *bytes, size_t len, void *user_data);

/**
 * Receives what was committed; see han_on_change().
 *
 * `change_json` is an item as in han_subscription_next(), and `error` is NULL; or `change_json` is NULL and `error` is
 * what ended the subscription. Both are valid during the call only: the error is not the callback's to free. `user_data`
 * is what was passed to han_on_change().
 *
 * Called on one thread of the library, one call at a time. It may take long, and may call any function on the handle and
 * on the subscription, han_subscription_free() included, except han_free(). It must not throw an exception, nor longjmp
 * out.
 */
typedef void (*han_change_callback_t)(const char *change_json,
                                      const han_error_t *error,
                                      void *user_data);

/**
 * Turns texts into vectors; see han_register_embedder().
 *
 * `texts` is an array of `text_count` strings of UTF-8 without a NUL inside, valid during the call only. `vectors` has room for as
 * many times the model's dimensions numbers: those of the first text, then those of the second, and so on. `user_data` is what
 * was passed to han_register_embedder(). Returns true when all are written. Otherwise it returns false, and may write what went
 * wrong to `message`, a string of at most HAN_EMBED_MESSAGE_SIZE bytes with its NUL.
 *
 * Called on the threads that call han_vectors_embed_pending(), han_search() and the like, on several at once where several do: it must
 * be thread-safe. It must not call a function on the handle, nor throw an exception, nor longjmp out.
 */
typedef bool (*han_embed_callback_t)(const char *const *texts,
                                     size_t text_count,
                                     float *vectors,
                                     char *message,
                                     void *user_data);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The number of the binary interface of the loaded library; see HAN_ABI_VERSION.
 *
 * Does not block; safe from any thread.
 */
uint32_t han_abi_version(void);

/**
 * The version of the loaded library, such as "0.1.0"; HAN_VERSION is that of the header.
 *
 * Ownership: the text is static and never freed. Does not block; safe from any thread.
 */
const char *han_version(void);

/**
 * The name of a code, such as "HAN_NOT_FOUND": the string that JavaScript programs see as `err.code`.
 *
 * Ownership: the text is static and never freed. Returns "HAN_UNKNOWN" for a number that this version does not know.
 * Does not block; safe from any thread.
 */
const char *han_code_name(uint32_t code);

/**
 * The code of an error, the same that the function returned. HAN_OK for NULL.
 *
 * Does not block; safe from any thread as long as no other frees the error.
 */
han_code_t han_error_code(const han_error_t *error);

/**
 * What happened, where, and what to do, in one line of UTF-8. The empty string for NULL.
 *
 * Ownership: the text belongs to the error and lives until han_error_free(). Does not block; safe from any thread as long as
 * no other frees the error.
 */
const char *han_error_message(const han_error_t *error);

/**
 * Frees an error and its message. NULL is ignored.
 *
 * Ownership: takes the error; the pointer must not be used again. Does not block.
 */
void han_error_free(han_error_t *error);

/**
 * Frees the bytes of a buffer and empties it. A NULL pointer and an empty buffer are ignored, so freeing twice is safe.
 *
 * Ownership: takes the bytes, not the struct, which stays the caller's. Does not block.
 */
void han_buf_free(han_buf_t *buffer);

/**
 * Opens a database; creates it if it is missing, and migrates it if it is old (neither with "readOnly").
 *
 * `options_json` is NULL for the defaults, or a JSON object of
 * - "dataDir": the folder of the database and its lock; the environment variable HAN_DATA_DIR, else ~/.han
 * - "dbPath": the database itself; han.db in that folder
 * - "configDirs": an array of folders whose projects/ are scanned; [] means none; those of the environment variable
 *   CLAUDE_CONFIG_DIR (separated by commas), else ~/.claude, ~/.config/claude and those of the desktop application
 * - "readOnly": true to open an existing database without writing to it
 * - "inMemory": true to keep the database in memory, for as long as the handle lives
 * - "lockTimeoutMs": how long a write waits for another process; 5000
 * - "heartbeatIntervalMs": the time between two heartbeats of an idle coordinator; 5000
 * - "staleAfterMs": how long a coordinator may miss them before another one takes over, at least twice the interval, the same
 *   for every handle of a database; 30000
 * - "exclude": an array of globs for paths below a config dir that are not indexed
 * - "timeZone": the IANA name of the time zone of local days; that of the database, which is the system's at its creation
 * - "priceFile": a JSON list of prices, with the field names of the public LiteLLM list, that replace the
 *   published ones of the same models; that of the environment variable HAN_PRICE_FILE
 * - "watch": how the watcher watches, an object of "mode" ("native" or "poll"; the environment variable HAN_WATCH_MODE, else
 *   native) and, in milliseconds, "scanIntervalMs" (between two full scans; 30000), "pollIntervalMs" (between two polls
 *   of what is not watched natively; 5000), "nativeRetryMs" (between two attempts to watch natively while that fails; 60000)
 *
 * `log` is NULL, or called with what the library does and `log_user_data`; both must stay valid until han_free() has returned.
 *
 * Ownership: `*handle` is the caller's, to be freed with han_free(); it is NULL on failure. `*error` is as in every function.
 * Blocking: while another process migrates the database. Threads: any; several handles may be open, on several databases.
 * Errors: HAN_INVALID_ARGUMENT (an unknown key is named), HAN_INSECURE_PERMISSIONS, HAN_FOREIGN_DATABASE,
 * HAN_SCHEMA_TOO_NEW, HAN_SCHEMA_TOO_OLD, HAN_NETWORK_FILESYSTEM, HAN_CORRUPT, HAN_READ_ONLY, HAN_PERMISSION,
 * HAN_DISK_FULL, HAN_LOCKED; HAN_NOT_FOUND for a missing database with "readOnly".
 */
han_code_t han_open(const char *options_json,
                    han_log_callback_t log,
                    void *log_user_data,
                    han_t **handle,
                    han_error_t **error);

/**
 * Closes the database. The handle stops leading and watching, and its subscriptions end. Every later call on the handle that needs
 * the database returns HAN_CLOSED; closing again is allowed. A database in memory is lost.
 *
 * Ownership: the handle stays the caller's, and still has to be freed. Blocking: until the calls running on other threads
 * have returned, and the callbacks of han_on_change(): none is called afterwards. Called from within a callback, it does not wait
 * for that one. Threads: any; but not from within two callbacks at once. Errors: HAN_INVALID_ARGUMENT for NULL.
 */
han_code_t han_close(const han_t *handle,
                     han_error_t **error);

/**
 * Closes the database, if it is open, and frees the handle. NULL is ignored.
 *
 * Ownership: takes the handle; it must not be used again, and no other thread may be using it. Buffers, errors and
 * subscriptions that it returned stay valid. Blocking: while the database is closed.
 */
void han_free(han_t *handle);

/**
 * Calls an operation by its name, as han_operations() lists them: for bindings of other languages.
 *
 * `operation` is the name, such as "messages.countBatch". `parameters_json` and `result` are as in the operation's own function.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: like the operation. Threads: any. Errors: those of the
 * operation; HAN_INVALID_ARGUMENT for an unknown name, or that of an operation that writes its result piece by piece.
 */
han_code_t han_call(const han_t *handle,
                    const char *operation,
                    const char *parameters_json,
                    han_buf_t *result,
                    han_error_t **error);

/**
 * Like han_call(), with the progress callback and the cancellation of a long operation, each of which may be NULL.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(); `cancellation` must live until the call returns. Blocking: like the
 * operation. Threads: any. Errors: those of han_call().
 */
han_code_t han_call_long(const han_t *handle,
                         const char *operation,
                         const char *parameters_json,
                         han_progress_callback_t progress,
                         void *user_data,
                         const han_cancellation_t *cancellation,
                         han_buf_t *result,
                         han_error_t **error);

/**
 * Like han_call(), for an operation without a handle.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: never. Threads: any. Errors: HAN_INVALID_ARGUMENT for an
 * unknown name, or that of an operation that needs a handle.
 */
han_code_t han_call_static(const char *operation,
                           const char *parameters_json,
                           han_buf_t *result,
                           han_error_t **error);

/**
 * Like han_call(), for an operation that writes its result piece by piece.
 *
 * Blocking: until everything is written. Threads: any. Errors: those of the operation; HAN_INVALID_ARGUMENT for an unknown name, or that of
 * an operation that returns its result in one piece.
 */
han_code_t han_call_stream(const han_t *handle,
                           const char *operation,
                           const char *parameters_json,
                           han_write_callback_t write,
                           void *user_data,
                           han_error_t **error);

/**
 * The operations that han_call() and its variants know, with the JSON schemas of their parameters and results: a JSON object of
 * "operations" and "$defs".
 *
 * An operation is {"name", "kind" ("read", "write", "long", "instant", "stream" or "static"), "isCancellable", "hasProgress", "leading" (the
 * parameters that come first in languages with positional ones), "form" ("json", "text" or "bytes"), "parameters", "result"}.
 *
 * Ownership: the text is static and never freed. Does not block; safe from any thread.
 */
const char *han_operations(void);

/**
 * Makes a token that is not cancelled. Never NULL.
 *
 * Ownership: the caller's, to be freed with han_cancellation_free(). Does not block; safe from any thread.
 */
han_cancellation_t *han_cancellation_new(void);

/**
 * Ends the operations that run under this token, with HAN_CANCELLED. The token stays cancelled.
 *
 * Ownership: the token stays the caller's. Does not block, nor wait for the end of what it cancels. Threads: any, at any time.
 * Errors: HAN_INVALID_ARGUMENT for NULL.
 */
han_code_t han_cancellation_cancel(const han_cancellation_t *cancellation,
                                   han_error_t **error);

/**
 * Frees a token. NULL is ignored.
 *
 * Ownership: takes the token; the operation that it was passed to must have returned. Does not block.
 */
void han_cancellation_free(han_cancellation_t *cancellation);

/**
 * The versions of this library, of the SQLite inside it and of the database schema that it writes.
 *
 * `parameters_json` is NULL, or an empty JSON object.
 *
 * `result` becomes a Versions.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: never. Threads: any. Errors:
 * HAN_INVALID_ARGUMENT for invalid parameters.
 */
han_code_t han_versions(const char *parameters_json,
                        han_buf_t *result,
                        han_error_t **error);

/**
 * Indexes what is new in one session file, an unterminated last line included.
 *
 * `parameters_json` is a JSON object of
 * - "path" (a string, required)
 *
 * `result` becomes an IndexResult.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is committed; up to
 * "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other. Errors: HAN_NOT_FOUND,
 * HAN_IS_DIRECTORY, HAN_PERMISSION, HAN_LOCKED, HAN_DISK_FULL, HAN_READ_ONLY, HAN_INVALID_ARGUMENT for a
 * file that is not a transcript; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_index_session_file(const han_t *handle,
                                  const char *parameters_json,
                                  han_buf_t *result,
                                  han_error_t **error);

/**
 * Indexes what is new in every transcript, the newest file first. Files that cannot be read are listed in the report.
 *
 * `parameters_json` is NULL for the defaults, or a JSON object of
 * - "paths" (an array, each a string): Files and folders; if null, every config dir of the handle. A file is indexed as
 *   itself, a folder that has a "projects" folder as a config dir, any other folder recursively.
 *
 * `progress` is NULL, or called with `user_data` as the operation progresses; its JSON is a ScanProgress. `cancellation`
 * is NULL, or a token that ends it early; it must live until the call returns.
 *
 * `result` becomes a ScanReport.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
 * Threads: any; operations that write wait for other writes. Errors: HAN_CANCELLED, HAN_LOCKED, HAN_DISK_FULL,
 * HAN_READ_ONLY; HAN_NOT_FOUND for a path that was named and does not exist; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_scan(const han_t *handle,
                    const char *parameters_json,
                    han_progress_callback_t progress,
                    void *user_data,
                    const han_cancellation_t *cancellation,
                    han_buf_t *result,
                    han_error_t **error);

/**
 * Derives again, from the stored bytes, what older rules derived; a no-op if there is nothing to derive.
 *
 * `parameters_json` is NULL, or an empty JSON object.
 *
 * `result` becomes a RederiveReport.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is committed; up to
 * "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other. Errors: HAN_LOCKED and those
 * of writing; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_rederive(const han_t *handle,
                        const char *parameters_json,
                        han_buf_t *result,
                        han_error_t **error);

/**
 * Makes a session of a few messages and indexes it, so that a test needs to know nothing about transcripts. Ids and times
 * are the same on each run, and no file is left. A session that was made before is continued.
 *
 * `parameters_json` is NULL for the defaults, or a JSON object of
 * - "id" (a string): Its id, of letters, digits, "-", "_" and "."; "test-session-1", "test-session-2" and so on by
 *   default. An id that was used before continues that session.
 * - "project" (a string): The absolute path of the folder that the session ran in; /code/app by default.
 * - "messages" (an array, each a TestMessage): What was said, in order.
 *
 * `result` becomes a TestSessionReport.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is committed; up to
 * "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other. Errors: HAN_INVALID_ARGUMENT
 * for a database that is not in memory, a message that says nothing or what its role cannot say, an
 * id or project that cannot be a file name, another project of a session that is continued, and a session that was
 * forgotten; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_testing_session(const han_t *handle,
                               const char *parameters_json,
                               han_buf_t *result,
                               han_error_t **error);

/**
 * Makes this handle lead, now or as soon as it can; returns whether it leads now.
 *
 * `parameters_json` is NULL, or an empty JSON object.
 *
 * `result` becomes true or false.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
 * Errors: HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_coordinator_try_acquire(const han_t *handle,
                                       const char *parameters_json,
                                       han_buf_t *result,
                                       han_error_t **error);

/**
 * Stops leading, and wanting to; returns whether it led until now.
 *
 * `parameters_json` is NULL, or an empty JSON object.
 *
 * `result` becomes true or false.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
 * Errors: HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_coordinator_release(const han_t *handle,
                                   const char *parameters_json,
                                   han_buf_t *result,
                                   han_error_t **error);

/**
 * Whether this handle leads. Reads nothing.
 *
 * `parameters_json` is NULL, or an empty JSON object.
 *
 * `result` becomes true or false.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
 * Errors: HAN_CLOSED; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_coordinator_is_coordinator(const han_t *handle,
                                          const char *parameters_json,
                                          han_buf_t *result,
                                          han_error_t **error);

/**
 * Who writes. A leader that has stopped inside a transaction is an issue, once that was noticed by a handle that wants to
 * lead.
 *
 * `parameters_json` is NULL, or an empty JSON object.
 *
 * `result` becomes a CoordinatorStatus.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
 * Errors: Those of reading; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_coordinator_status(const han_t *handle,
                                  const char *parameters_json,
                                  han_buf_t *result,
                                  han_error_t **error);

/**
 * Begins to index transcripts as they are written, on a thread of its own ("han-watch"), beside which the system's events
 * may need another. Blocks until the watches are set and everything that is there is indexed. Idempotent.
 *
 * A last line without an end is left until it has its end, or until two full scans found it the same. Files that cannot be
 * read are logged. If nothing can be written for a while, as on a full disk, it tries again by itself, and loses nothing;
 * the status says why.
 *
 * If another process begins to lead, it stops, and the status says so: at once if this handle has led until then, else
 * when it has something to write. It continues by itself once this handle leads, or when it is started again.
 *
 * `parameters_json` is NULL, or an empty JSON object.
 *
 * `result` becomes null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
 * Threads: any; operations that write wait for other writes. Errors: HAN_NOT_LEADER if another process coordinates,
 * HAN_LOCKED, HAN_READ_ONLY, HAN_DISK_FULL, HAN_CLOSED; HAN_CANCELLED if it
 * was stopped meanwhile; HAN_INVALID_ARGUMENT for a bad HAN_WATCH_MODE and for an interval of 0. Then it does not run, or,
 * if it had only stopped for another leader, waits as before. From within the log hook it changes nothing;
 * HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_watcher_start(const han_t *handle,
                             const char *parameters_json,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * Ends the watching. Blocks until the thread has ended, which may be waiting for another process that writes, up to the
 * lock timeout; nothing is written afterwards. Idempotent, and a no-op if it does not run. From within the log hook it
 * only begins to end it.
 *
 * `parameters_json` is NULL, or an empty JSON object.
 *
 * `result` becomes null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
 * Threads: any; operations that write wait for other writes. Errors: HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_watcher_stop(const han_t *handle,
                            const char *parameters_json,
                            han_buf_t *result,
                            han_error_t **error);

/**
 * Adds a config dir, which need not exist yet, to those of the handle: for the watcher, running or not, and for scans. One
 * that is there already, perhaps by another name, counts once.
 *
 * `parameters_json` is a JSON object of
 * - "configDir" (a string, required)
 *
 * `result` becomes null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
 * Errors: HAN_INVALID_ARGUMENT for a path that is not a directory; HAN_CLOSED; HAN_INVALID_ARGUMENT for invalid
 * parameters, HAN_CLOSED.
 */
han_code_t han_watcher_add_path(const han_t *handle,
                                const char *parameters_json,
                                han_buf_t *result,
                                han_error_t **error);

/**
 * Removes a config dir from those of the handle. What was indexed of it stays.
 *
 * `parameters_json` is a JSON object of
 * - "configDir" (a string, required)
 *
 * `result` becomes null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
 * Errors: HAN_NOT_FOUND for one that the handle does not have; HAN_CLOSED; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_watcher_remove_path(const han_t *handle,
                                   const char *parameters_json,
                                   han_buf_t *result,
                                   han_error_t **error);

/**
 * Whether it watches, and how. Never blocks for long.
 *
 * `parameters_json` is NULL, or an empty JSON object.
 *
 * `result` becomes a WatcherStatus.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
 * Errors: HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_watcher_status(const han_t *handle,
                              const char *parameters_json,
                              han_buf_t *result,
                              han_error_t **error);

/**
 * A page of sessions, the last active first if no other order is requested.
 *
 * `parameters_json` is NULL for the defaults, or a JSON object of
 * - "first" (an integer): How many items from the start, 1 to 10,000; 50 if neither "first" nor "last" is given.
 * - "after" (a string): Only items after this cursor.
 * - "last" (an integer): How many items from the end, 1 to 10,000. Not together with "first".
 * - "before" (a string): Only items before this cursor.
 * - "order" ("recent" or "longest" or "mostTokens" or "costliest"): "recent" by default. A cursor belongs to its order.
 * - "projectId" (a string): Only sessions of this project.
 * - "repositoryPath" (a string): Only sessions of this repository, as "Session.repositoryPath" has it.
 * - "gitBranch" (a string): Only sessions whose "Session.gitBranch" is this one.
 * - "model" (a string): Only sessions whose "Session.model" is this one.
 * - "status" ("active" or "ended"): Only sessions that are active, or only others. Evaluated again for each page.
 * - "activeMinutes" (an integer): How long after its last record a session still counts as active, in minutes, 1 to
 *   525,600; 10 by default.
 * - "hasAgents" (true or false): Only sessions with subagents, or only those without.
 * - "since" (Timestamp): Only sessions whose last record is at or after this instant.
 * - "until" (Timestamp): Only sessions whose first record is before this instant. With "since": those that were active in
 *   between.
 * - "includeEmpty" (true or false): Also sessions without a user or assistant line.
 * - "withTotal" (true or false): Also count the whole list, whatever the page: "totalCount".
 *
 * `result` becomes a Page, each item a Session.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for a bad page, a cursor of another order, or a filter out of its
 * range; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_sessions_list(const han_t *handle,
                             const char *parameters_json,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * The sessions whose ids start with a prefix, in the order of their ids (by code points); also those without a user or
 * assistant line. Costs the same however many sessions there are.
 *
 * `parameters_json` is a JSON object of
 * - "prefix" (a string, required): What their ids start with. Required; every id starts with an empty one.
 * - "limit" (an integer): How many sessions at most, 1 to 1,000; 10 by default.
 *
 * `result` becomes an array, each a Session.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for a limit out of its range; HAN_INVALID_ARGUMENT for invalid
 * parameters, HAN_CLOSED.
 */
han_code_t han_sessions_find(const han_t *handle,
                             const char *parameters_json,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * The sessions of these ids, in their order; null for an unknown one.
 *
 * `parameters_json` is a JSON object of
 * - "ids" (an array, each a string, required)
 *
 * `result` becomes an array, each a Session or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_sessions_get(const han_t *handle,
                            const char *parameters_json,
                            han_buf_t *result,
                            han_error_t **error);

/**
 * A page of a session's messages, in the order of the file.
 *
 * `parameters_json` is a JSON object of
 * - "sessionId" (a string, required): The session. Required.
 * - "first" (an integer): How many items from the start, 1 to 10,000; 50 if neither "first" nor "last" is given.
 * - "after" (a string): Only items after this cursor.
 * - "last" (an integer): How many items from the end, 1 to 10,000. Not together with "first".
 * - "before" (a string): Only items before this cursor.
 * - "agentId" (a string): Only this agent's file.
 * - "agents" ("none" or "all"): "all" merges the main file and every agent.
 * - "types" (an array, each a string): Only messages of these record types, as "Message.type" has them; if left out or
 *   empty, every one but the request log: what the agent program noted of its requests to the API ("api-request",
 *   "api-request-blob", "api-request-shape", and of "attachment" the subtype "prompt_snapshot").
 * - "role" ("user" or "assistant"): Only messages of this role.
 * - "tool" (a string): Only calls of this tool, and results of such calls.
 * - "since" (Timestamp): Only messages whose effective time is at or after this instant.
 * - "until" (Timestamp): Only messages whose effective time is before this instant.
 * - "onlyErrors" (true or false): Only failed tool results and API errors.
 * - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
 * - "includeSuperseded" (true or false): Also older generations of the file, after the current one.
 * - "withTotal" (true or false): Also count the whole list, whatever the page: "totalCount".
 *
 * `result` becomes a Page, each item a Message.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for a bad page or cursor. An unknown session is an empty page;
 * HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_messages_list(const han_t *handle,
                             const char *parameters_json,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * The messages of these ids, in their order; null for an unknown one.
 *
 * `parameters_json` is a JSON object of
 * - "ids" (an array, each a string, required)
 *
 * `result` becomes an array, each a Message or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_messages_get(const han_t *handle,
                            const char *parameters_json,
                            han_buf_t *result,
                            han_error_t **error);

/**
 * The records of these messages as text, with invalid UTF-8 replaced by U+FFFD.
 *
 * `parameters_json` is a JSON object of
 * - "ids" (an array, each a string, required)
 *
 * `result` becomes an array, each a string or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_messages_raw(const han_t *handle,
                            const char *parameters_json,
                            han_buf_t *result,
                            han_error_t **error);

/**
 * The records of these messages, byte for byte.
 *
 * `parameters_json` is a JSON object of
 * - "ids" (an array, each a string, required)
 *
 * `result` becomes a JSON array of base64 texts (RFC 4648, with padding), or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_messages_raw_bytes(const han_t *handle,
                                  const char *parameters_json,
                                  han_buf_t *result,
                                  han_error_t **error);

/**
 * What these messages say, as typed content blocks, in the order of the ids; null for an unknown one. Each text is cut as
 * asked for; the answer as a whole is not bounded.
 *
 * `parameters_json` is a JSON object of
 * - "ids" (an array, each a string, required)
 * - "maxBytes" (an integer): Each text is cut after this many bytes, at the end of a character; 1 to 2^30, 65,536 by
 *   default.
 *
 * `result` becomes an array, each a MessageBlocks or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids, and for "maxBytes" out of its range;
 * HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_messages_blocks(const han_t *handle,
                               const char *parameters_json,
                               han_buf_t *result,
                               han_error_t **error);

/**
 * How many messages han_messages_list() would return for each session; 0 for an unknown one.
 *
 * `parameters_json` is a JSON object of
 * - "sessionIds" (an array, each a string, required)
 *
 * `result` becomes an object, each value an integer.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_messages_count_batch(const han_t *handle,
                                    const char *parameters_json,
                                    han_buf_t *result,
                                    han_error_t **error);

/**
 * How many messages each session has, and when the first and the last was written, in the order of the ids; null for an
 * unknown one. Costs the same however long the sessions are.
 *
 * `parameters_json` is a JSON object of
 * - "sessionIds" (an array, each a string, required)
 *
 * `result` becomes an array, each a MessageTimestamps or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_messages_timestamps_batch(const han_t *handle,
                                         const char *parameters_json,
                                         han_buf_t *result,
                                         han_error_t **error);

/**
 * Searches messages by their words, by the nearness of their vectors, or by both.
 *
 * Whatever the mode, filters apply before anything is ranked, and each message is found once: by vectors it is ranked by
 * its nearest one. In the modes "vector" and "hybrid" a query without a vector is embedded by the embedder of the model.
 *
 * `parameters_json` is a JSON object of
 * - "query" (a string, required): Words are ANDed, "quotes" are phrases, the last word and words with "*" match as
 *   prefixes. Required; in the modes "vector" and "hybrid" it is also what is embedded if there is no "vector".
 * - "mode" ("text" or "vector" or "hybrid"): "text" by default.
 * - "model" (a string): Whose vectors are searched, in the modes "vector" and "hybrid"; by default the only model that an
 *   embedder is registered for, else the only one with vectors.
 * - "vector" (an array of numbers): The vector of the query, in the modes "vector" and "hybrid". Without one, an embedder
 *   of the model has to be registered.
 * - "fields" (an array, each "user" or "assistant" or "thinking" or "toolInput" or "toolOutput" or "title" or "other"):
 *   Only these fields; every one if left out or empty. A vector belongs to the field that it was stored with; one without
 *   represents the whole text and belongs to every field.
 * - "sessionId" (a string): Only this session.
 * - "projectId" (a string): Only this project.
 * - "agentId" (a string): Only this agent's messages.
 * - "since" (Timestamp): Only messages at or after this instant.
 * - "until" (Timestamp): Only messages before this instant.
 * - "order" ("relevance" or "newest"): "relevance" by default; "newest" in the mode "text" only.
 * - "syntax" ("plain" or "fts5"): "plain" by default.
 * - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
 * - "includeSuperseded" (true or false): Also older generations of a file.
 * - "first" (an integer): How many hits, 1 to 1,000; 20 by default.
 * - "after" (a string): Only hits after this cursor.
 *
 * `result` becomes a Page, each item a SearchHit.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT, also for a vector of other dimensions than the model's, and if
 * neither a vector nor an embedder is
 * at hand; HAN_NOT_FOUND for a model without vectors; HAN_EMBEDDER; HAN_QUERY_SYNTAX with syntax: Fts5 only;
 * HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_search(const han_t *handle,
                      const char *parameters_json,
                      han_buf_t *result,
                      han_error_t **error);

/**
 * Every model that has vectors, by name.
 *
 * `parameters_json` is NULL, or an empty JSON object.
 *
 * `result` becomes an array, each a VectorModel.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: Only those of reading; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_vectors_models(const han_t *handle,
                              const char *parameters_json,
                              han_buf_t *result,
                              han_error_t **error);

/**
 * A page of messages that have text but no vector of it, those whose text has changed since first, with their texts in
 * pieces that embedders take. Copies and older generations need no vectors. The time it takes depends on the messages that
 * came since vectors were last stored, not on all.
 *
 * `parameters_json` is a JSON object of
 * - "model" (a string, required): The model, which need not have vectors yet. Required.
 * - "first" (an integer): How many messages, 1 to 1,000; 50 by default.
 * - "after" (a string): Only messages after this cursor.
 *
 * `result` becomes a Page, each item a PendingMessage.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for a bad name, page or cursor; HAN_INVALID_ARGUMENT for invalid
 * parameters, HAN_CLOSED.
 */
han_code_t han_vectors_pending(const han_t *handle,
                               const char *parameters_json,
                               han_buf_t *result,
                               han_error_t **error);

/**
 * Removes a model with all of its vectors. An embedder stays registered.
 *
 * `parameters_json` is a JSON object of
 * - "model" (a string, required)
 *
 * `result` becomes a RemoveVectorsReport.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is committed; up to
 * "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other. Errors: HAN_NOT_FOUND for a
 * model without vectors; HAN_LOCKED and those of writing; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_vectors_remove(const han_t *handle,
                              const char *parameters_json,
                              han_buf_t *result,
                              han_error_t **error);

/**
 * Embeds what is han_vectors_pending() for a model, with its registered embedder. Blocks; nothing is locked while the
 * embedder works, and what is done is committed every 64 messages. If nothing is pending, nothing is written.
 *
 * `parameters_json` is a JSON object of
 * - "model" (a string, required)
 * - "limit" (an integer): How many messages at most, 1 or more; if null, all.
 *
 * `progress` is NULL, or called with `user_data` as the operation progresses; its JSON is an EmbedProgress. `cancellation`
 * is NULL, or a token that ends it early; it must live until the call returns.
 *
 * `result` becomes an EmbedReport.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
 * Threads: any; operations that write wait for other writes. Errors: HAN_NOT_FOUND if no embedder is registered for the
 * model; HAN_EMBEDDER with what it says; HAN_CANCELLED; those of
 * "index". What is committed stays, and a later call continues from there; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_vectors_embed_pending(const han_t *handle,
                                     const char *parameters_json,
                                     han_progress_callback_t progress,
                                     void *user_data,
                                     const han_cancellation_t *cancellation,
                                     han_buf_t *result,
                                     han_error_t **error);

/**
 * Loads static embeddings in the format of model2vec ("tokenizer.json", "model.safetensors", "config.json") from a local
 * folder, and registers them as the embedder of "model"; if null, of a model named like the folder. Nothing is downloaded.
 * They are held in memory, and work on the thread that calls. Needs the feature "static-embeddings".
 *
 * `parameters_json` is a JSON object of
 * - "folder" (a string, required)
 * - "model" (a string): The model that it serves; if null, it is called like the folder.
 *
 * `result` becomes an EmbedderInfo.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
 * Threads: any; operations that write wait for other writes. Errors: HAN_NOT_FOUND for a file that is missing;
 * HAN_INVALID_ARGUMENT for a folder that has no such model; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_load_embedder(const han_t *handle,
                             const char *parameters_json,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * The files of these ids. Of two config dirs that hold the same path, the one whose file is still on the disk is meant.
 *
 * `parameters_json` is a JSON object of
 * - "ids" (an array, each a string, required)
 *
 * `result` becomes an array, each a SessionFile or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_files_get(const han_t *handle,
                         const char *parameters_json,
                         han_buf_t *result,
                         han_error_t **error);

/**
 * The files of each session: the main file first, then by path.
 *
 * `parameters_json` is a JSON object of
 * - "sessionIds" (an array, each a string, required)
 *
 * `result` becomes an array, each an array, each a SessionFile or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_files_by_session(const han_t *handle,
                                const char *parameters_json,
                                han_buf_t *result,
                                han_error_t **error);

/**
 * The calls of these tool use ids, each with its result. An id that only a result names is unknown. With "includeText",
 * every record is read as well, which costs more than all the rest.
 *
 * `parameters_json` is a JSON object of
 * - "ids" (an array, each a string, required)
 * - "includeText" (true or false): Also "input" and "output", which are read from the stored records.
 *
 * `result` becomes an array, each a ToolCall or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_tool_calls_get(const han_t *handle,
                              const char *parameters_json,
                              han_buf_t *result,
                              han_error_t **error);

/**
 * The list of each session as it was written last; null also if none was ever written.
 *
 * `parameters_json` is a JSON object of
 * - "sessionIds" (an array, each a string, required)
 *
 * `result` becomes an array, each a TodoList or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_todos_get(const han_t *handle,
                         const char *parameters_json,
                         han_buf_t *result,
                         han_error_t **error);

/**
 * The tasks of each session, by their ids.
 *
 * `parameters_json` is a JSON object of
 * - "sessionIds" (an array, each a string, required)
 *
 * `result` becomes an array, each an array, each a NativeTask or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_tasks_get(const han_t *handle,
                         const char *parameters_json,
                         han_buf_t *result,
                         han_error_t **error);

/**
 * Every change that each session and its agents made, in the order in which they were made.
 *
 * `parameters_json` is a JSON object of
 * - "sessionIds" (an array, each a string, required)
 *
 * `result` becomes an array, each an array, each a FileChange or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_file_changes_get(const han_t *handle,
                                const char *parameters_json,
                                han_buf_t *result,
                                han_error_t **error);

/**
 * Every hook that was run for each session and its agents, in the order of the records that report it.
 *
 * `parameters_json` is a JSON object of
 * - "sessionIds" (an array, each a string, required)
 *
 * `result` becomes an array, each an array, each a HookExecution or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_hook_executions_get(const han_t *handle,
                                   const char *parameters_json,
                                   han_buf_t *result,
                                   han_error_t **error);

/**
 * The summaries of each session, in the order in which they were written. One that names the last message that it sums up
 * is a summary of each session that has this message, in whichever file it is.
 *
 * `parameters_json` is a JSON object of
 * - "sessionIds" (an array, each a string, required)
 *
 * `result` becomes an array, each an array, each a SessionSummary or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_summaries_get(const han_t *handle,
                             const char *parameters_json,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * What each session and its agents spent: tokens and cost, in total and by model, and what the agent program itself says
 * about it.
 *
 * `parameters_json` is a JSON object of
 * - "sessionIds" (an array, each a string, required)
 *
 * `result` becomes an array, each a SessionUsage or null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_usage_by_session(const han_t *handle,
                                const char *parameters_json,
                                han_buf_t *result,
                                han_error_t **error);

/**
 * What was done on some days: sessions, messages, tokens, cost, changed lines, tools, hooks, agents; by model, by project,
 * and the first and last sessions by cost and by messages. Read from sums: the time it takes depends on the days, not on
 * the messages.
 *
 * `parameters_json` is NULL for the defaults, or a JSON object of
 * - "since" (a string): From this day on: a date such as "2026-01-31", or an instant, which counts as the whole day that
 *   it lies in.
 * - "until" (a string): Up to and including this day: a date, or an instant, which counts as the day that the last moment
 *   before it lies in.
 * - "timeZone" (a string): Whose days and hours, as an IANA name; those of the database's own time zone by default.
 * - "projectId" (a string): Only this project.
 *
 * `result` becomes a Dashboard.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for a bad day or time zone, or an end before the beginning. An unknown
 * project is an empty answer; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_dashboard(const han_t *handle,
                         const char *parameters_json,
                         han_buf_t *result,
                         han_error_t **error);

/**
 * When something was done: by local day, and by hour of the clock.
 *
 * `parameters_json` is NULL for the defaults, or a JSON object of
 * - "since" (a string): From this day on: a date such as "2026-01-31", or an instant, which counts as the whole day that
 *   it lies in.
 * - "until" (a string): Up to and including this day: a date, or an instant, which counts as the day that the last moment
 *   before it lies in.
 * - "timeZone" (a string): Whose days and hours, as an IANA name; those of the database's own time zone by default.
 * - "projectId" (a string): Only this project.
 *
 * `result` becomes an Activity.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: Those of han_dashboard(); HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_activity(const han_t *handle,
                        const char *parameters_json,
                        han_buf_t *result,
                        han_error_t **error);

/**
 * The han_dashboard() of all projects from a day on, in the database's own time zone; of all time if null is passed.
 *
 * `parameters_json` is NULL for the defaults, or a JSON object of
 * - "since" (a string)
 *
 * `result` becomes a Dashboard.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: Those of han_dashboard(); HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_query_dashboard_aggregates(const han_t *handle,
                                          const char *parameters_json,
                                          han_buf_t *result,
                                          han_error_t **error);

/**
 * Answers one SQL statement that only reads: a "SELECT", a "WITH" or a "VALUES", or an "EXPLAIN" of one.
 *
 * It runs on connections of its own, sees one snapshot, and changes nothing: no other statements, pragmas or files. It
 * ends at its deadline, and the answer at the number of rows and bytes, which it says. Blocks; not held up by writes. A
 * database in memory is copied for it.
 *
 * `parameters_json` is a JSON object of
 * - "sql" (a string, required)
 * - "parameters" (SqlParameters)
 * - "deadlineMs" (an integer): How long it may take, from 1 ms to an hour; 5 s by default. "deadlineMs" in JSON.
 * - "maxRows" (an integer): How many rows the answer has at most, 1 to 1,000,000; 10,000 by default.
 * - "maxBytes" (an integer): About how many bytes of memory the rows take at most, 1 to 2^30; 64 MiB by default.
 *
 * `progress` is not called. `cancellation` is NULL, or a token that ends it early; it must live until the call returns.
 *
 * `result` becomes a SqlResult.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
 * Threads: any; operations that write wait for other writes. Errors: HAN_QUERY_SYNTAX with what SQLite says about the
 * statement; HAN_INVALID_ARGUMENT for a statement that does not only
 * read, for parameters that do not fit, for limits out of range, and when the deadline has passed; HAN_CANCELLED;
 * HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_query(const han_t *handle,
                     const char *parameters_json,
                     han_progress_callback_t progress,
                     void *user_data,
                     const han_cancellation_t *cancellation,
                     han_buf_t *result,
                     han_error_t **error);

/**
 * A whole session as a document: one to read (Markdown, HTML) or JSON. It is held in memory; see han_export_session_to()
 * and han_export_session_to_file() for large ones.
 *
 * `parameters_json` is a JSON object of
 * - "id" (a string, required)
 * - "format" ("markdown" or "json" or "html")
 * - "includeAgents" (true or false): The subagents' messages as well; true by default.
 * - "includeThinking" (true or false): What the model thought; true by default. Does not affect raw records.
 * - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
 * - "includeRaw" (true or false): In JSON, also each record as it was written.
 * - "maxTextBytes" (an integer): Cuts each text, tool input and tool result that is longer than this many bytes, and says
 *   so in its place; nothing is cut by default. At least 1. Does not affect raw records.
 *
 * `result` becomes the text of the document.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
 * Threads: any; operations that write wait for other writes. Errors: HAN_NOT_FOUND for an unknown session;
 * HAN_INVALID_ARGUMENT for options out of range; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_export_session(const han_t *handle,
                              const char *parameters_json,
                              han_buf_t *result,
                              han_error_t **error);

/**
 * As han_export_session(), written piece by piece in bounded memory, from one snapshot. Leaves a document that is
 * incomplete if it fails. "writer" is called on this thread and must not use this handle; it is flushed.
 *
 * `parameters_json` is a JSON object of
 * - "id" (a string, required)
 * - "format" ("markdown" or "json" or "html")
 * - "includeAgents" (true or false): The subagents' messages as well; true by default.
 * - "includeThinking" (true or false): What the model thought; true by default. Does not affect raw records.
 * - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
 * - "includeRaw" (true or false): In JSON, also each record as it was written.
 * - "maxTextBytes" (an integer): Cuts each text, tool input and tool result that is longer than this many bytes, and says
 *   so in its place; nothing is cut by default. At least 1. Does not affect raw records.
 *
 * `write` is called with `user_data` and the pieces of the document, one after the other.
 *
 * Blocking: until it is done, perhaps for minutes. Threads: any; operations that write wait for other writes. Errors: As
 * there; and those of "writer": HAN_IO, HAN_DISK_FULL; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_export_session_to(const han_t *handle,
                                 const char *parameters_json,
                                 han_write_callback_t write,
                                 void *user_data,
                                 han_error_t **error);

/**
 * As han_export_session(), written to a file that must not exist: it is there in full, for its owner only, or not at all.
 * Takes bounded memory.
 *
 * `parameters_json` is a JSON object of
 * - "id" (a string, required)
 * - "format" ("markdown" or "json" or "html", required)
 * - "targetPath" (a string, required)
 * - "includeAgents" (true or false): The subagents' messages as well; true by default.
 * - "includeThinking" (true or false): What the model thought; true by default. Does not affect raw records.
 * - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
 * - "includeRaw" (true or false): In JSON, also each record as it was written.
 * - "maxTextBytes" (an integer): Cuts each text, tool input and tool result that is longer than this many bytes, and says
 *   so in its place; nothing is cut by default. At least 1. Does not affect raw records.
 *
 * `result` becomes null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
 * Threads: any; operations that write wait for other writes. Errors: As there; HAN_INVALID_ARGUMENT for an existing
 * target, HAN_NOT_FOUND for a folder that is missing, HAN_PERMISSION,
 * HAN_DISK_FULL, HAN_IO; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_export_session_to_file(const han_t *handle,
                                      const char *parameters_json,
                                      han_buf_t *result,
                                      han_error_t **error);

/**
 * Lines that became no message, and notes on messages.
 *
 * `parameters_json` is NULL for the defaults, or a JSON object of
 * - "sessionId" (a string): Only this session's.
 * - "path" (a string): Only those of this file.
 * - "kinds" (an array, each "invalid_json" or "not_object" or "oversize_line" or "torn_tail" or "glued_records" or
 *   "text_truncated" or "spill_missing" or "spill_too_large"): Only these kinds.
 * - "notes" (true or false): Only notes, or only problems that are not notes.
 * - "includeSuperseded" (true or false): Also those of older generations of a file.
 * - "first" (an integer): How many items from the start, 1 to 10,000; 50 if neither "first" nor "last" is given.
 * - "after" (a string): Only items after this cursor.
 * - "last" (an integer): How many items from the end, 1 to 10,000. Not together with "first".
 * - "before" (a string): Only items before this cursor.
 *
 * `result` becomes a Page, each item a Problem.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: HAN_INVALID_ARGUMENT for a bad page or cursor; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_problems(const han_t *handle,
                        const char *parameters_json,
                        han_buf_t *result,
                        han_error_t **error);

/**
 * Writes a transcript back, byte for byte as it was last indexed. "source" is the path it was indexed from, absolute or
 * below its config dir; "<path>~<generation>" names an older generation. The target must not exist.
 *
 * `parameters_json` is a JSON object of
 * - "sourcePath" (a string, required)
 * - "targetPath" (a string, required)
 *
 * `result` becomes null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
 * Threads: any; operations that write wait for other writes. Errors: HAN_NOT_FOUND for an unknown source;
 * HAN_INVALID_ARGUMENT for an existing target; HAN_DISK_FULL, HAN_PERMISSION; HAN_INVALID_ARGUMENT for invalid parameters,
 * HAN_CLOSED.
 */
han_code_t han_restore(const han_t *handle,
                       const char *parameters_json,
                       han_buf_t *result,
                       han_error_t **error);

/**
 * What is in the database.
 *
 * `parameters_json` is NULL, or an empty JSON object.
 *
 * `result` becomes a Stats.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
 * not wait for writes. Errors: Only those of reading; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_stats(const han_t *handle,
                     const char *parameters_json,
                     han_buf_t *result,
                     han_error_t **error);

/**
 * Checks the database, its search index, its sums and the stored bytes, and fixes them with "fix".
 *
 * `parameters_json` is NULL for the defaults, or a JSON object of
 * - "fix" (true or false): Also fixes what can be fixed from the stored bytes.
 *
 * `result` becomes a DoctorReport.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
 * Threads: any; operations that write wait for other writes. Errors: HAN_LOCKED and those of writing, with "fix" only.
 * Damage is a finding, no error; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_doctor(const han_t *handle,
                      const char *parameters_json,
                      han_buf_t *result,
                      han_error_t **error);

/**
 * Removes sessions for good: their rows, bytes and search entries are overwritten, and no scan brings them back.
 *
 * `parameters_json` is a JSON object of
 * - "sessionId": One session, with its agents.
 * - "projectId": Every session of a project.
 * - "before": Every session whose last activity is before this instant.
 *
 * `result` becomes a ForgetReport.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is committed; up to
 * "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other. Errors: HAN_NOT_FOUND for an
 * unknown session or project; HAN_LOCKED and those of writing; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_forget(const han_t *handle,
                      const char *parameters_json,
                      han_buf_t *result,
                      han_error_t **error);

/**
 * Writes a consistent copy of the database, while it is in use. The target must not exist.
 *
 * `parameters_json` is a JSON object of
 * - "path" (a string, required)
 *
 * `result` becomes null.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
 * Threads: any; operations that write wait for other writes. Errors: HAN_INVALID_ARGUMENT for an existing target;
 * HAN_DISK_FULL, HAN_PERMISSION; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
 */
han_code_t han_backup(const han_t *handle,
                      const char *parameters_json,
                      han_buf_t *result,
                      han_error_t **error);

/**
 * Follows what is committed to the database, by this handle or any other, in this process or another, to be read with
 * han_subscription_next(). A handle that was opened with "readOnly" may do so, too.
 *
 * `options_json` is NULL for everything from now on, or a JSON object of
 * - "topics": an array of patterns; inside one * is exactly one segment between colons, ** at its end is the rest, and * alone
 *   is everything: "session:*", "session:*:changed", "tool:**". Every topic if left out or empty
 * - "since": the cursor of an item: the feed continues exactly after it; "0" is the beginning of what is kept
 * - "expand": true for one item a message, instead of one for all that a transaction did to a session under a topic
 *
 * The topics are session:added, session:updated, session:reindexed, session:message:added, session:todos:changed,
 * session:tasks:changed, session:files:changed, session:hooks:changed, tool:result:added, hook:result:added,
 * leader:acquired, leader:lost.
 *
 * Ownership: `*subscription` is the caller's, to be freed with han_subscription_free(); it is NULL on failure. Blocking:
 * for a short read. Threads: any; while a handle on disk has subscriptions, a thread of the library ("han-feed") checks
 * every 10 ms whether anybody else committed. Errors: HAN_INVALID_ARGUMENT (also for an invalid pattern or cursor),
 * HAN_CLOSED and those of reading.
 */
han_code_t han_subscribe(const han_t *handle,
                         const char *options_json,
                         han_subscription_t **subscription,
                         han_error_t **error);

/**
 * Waits for the next item of a subscription that was begun with han_subscribe().
 *
 * `timeout_ms` is how long, in milliseconds: 0 checks without waiting, a negative number waits for ever. The three outcomes are
 * - an item: HAN_OK, and `result` is a JSON object {"type": "change", "cursor", "topic", "time", "sessionId", "messageId",
 *   "count", "firstMessageId", "lastMessageId"} or {"type": "gap", "cursor", "from", "to"}
 * - nothing in that time: HAN_OK, and `result` is {NULL, 0}
 * - the end, after which there are no further items: HAN_CANCELLED after han_subscription_close(), HAN_CLOSED after han_close()
 *
 * Any other error ends nothing: the next call tries again from the same position. "messageId" is present with "expand" only,
 * "count", "firstMessageId" and "lastMessageId" without it only, and for topics of messages only.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: see above; the end wakes it at once.
 * Threads: any; several take turns and share the items, and one whose turn does not come in time gets nothing. Errors:
 * HAN_CANCELLED, HAN_CLOSED, HAN_INVALID_ARGUMENT (also for a subscription with a callback) and those of reading.
 */
han_code_t han_subscription_next(const han_subscription_t *subscription,
                                 int64_t timeout_ms,
                                 han_buf_t *result,
                                 han_error_t **error);

/**
 * Follows what is committed to the database, like han_subscribe(), and calls a callback with each item.
 *
 * `options_json` is as in han_subscribe(). `callback` is called with `user_data` on a thread of this subscription
 * ("han-listen"), one item after the other, from this call on, perhaps before it has returned; both must
 * stay valid until the subscription, or its handle, has been closed. A slow callback delays nobody but itself.
 *
 * Ownership: `*subscription` is the caller's, to be freed with han_subscription_free(); it is NULL on failure, and written
 * before the first call. Blocking: for a short read. Threads: any. Errors: HAN_INVALID_ARGUMENT (also for an invalid
 * pattern or cursor), HAN_CLOSED, HAN_IO where no thread can be started, and those of reading.
 */
han_code_t han_on_change(const han_t *handle,
                         const char *options_json,
                         han_change_callback_t callback,
                         void *user_data,
                         han_subscription_t **subscription,
                         han_error_t **error);

/**
 * Ends a subscription. Closing again is allowed.
 *
 * With han_subscribe() a han_subscription_next() that waits returns at once, with HAN_CANCELLED. With han_on_change() it
 * waits for a running call of the callback, and there is none after it has returned; called from within that callback it
 * does not wait, and there is none after that one.
 *
 * Ownership: the subscription stays the caller's, and still has to be freed. Blocking: see above. Threads: any, at any
 * time, also while others wait for an item; but a callback must not close the subscription of another one that closes its
 * own. Errors: HAN_INVALID_ARGUMENT for NULL.
 */
han_code_t han_subscription_close(const han_subscription_t *subscription,
                                  han_error_t **error);

/**
 * Closes a subscription, if it is open, and frees it. NULL is ignored.
 *
 * Ownership: takes the subscription; it must not be used again, and no other thread may be using it: close it, let the
 * threads that wait for an item return, then free it. The handle may be freed before. Blocking: like
 * han_subscription_close(); it may be called from within the callback, too.
 */
void han_subscription_free(han_subscription_t *subscription);

/**
 * Stores vectors of messages under the name of the model that they come from; those of one call in one transaction.
 *
 * `parameters_json` is a JSON object of "model" (required) and "items" (required), an array of at most 10000 objects of "messageId"
 * (required), "chunk" (distinguishes the vectors of one message; 0), "field" (the field of the searchable text that it represents, as in
 * han_search(); all of them), "start" and "end" (its piece in UTF-16 code units of the text of the field, or of all fields joined
 * by line ends; the whole) and "textHash" (what han_vectors_pending() returned for the text; that of the text that the message has
 * now). `vectors` are the numbers of the first item, then those of the second, and so on: `number_count` in all. They are stored
 * as they are in memory. `result` becomes a JSON object {"messages", "vectors", "unknown": an array of the message ids that
 * do not exist, whose vectors are not stored}.
 *
 * Earlier vectors of this model are removed from the named messages; those of other models and other messages stay. The first call
 * fixes how many dimensions the model has. Where several config dirs have a message of this id, all those with the embedded text
 * get the vector. An empty list notes which messages need no further check, so that han_vectors_pending() is fast again.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(); `vectors` is borrowed for the duration of the call.
 * Blocking: until they are committed; up to "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each
 * other. Errors: HAN_INVALID_ARGUMENT also for vectors of other dimensions than the model's, that are not finite or have no
 * direction, in which case nothing is stored; HAN_LOCKED, HAN_NOT_LEADER, HAN_DISK_FULL, HAN_READ_ONLY, HAN_CLOSED.
 */
han_code_t han_index_vectors(const han_t *handle,
                             const char *parameters_json,
                             const float *vectors,
                             size_t number_count,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * Searches messages by the distance of their vectors to one.
 *
 * `parameters_json` is a JSON object of "model" (the only one with vectors), "vector" (an array of numbers, where `vector` is NULL),
 * and "fields", "sessionId", "projectId", "agentId", "since", "until", "includeReplays", "includeSuperseded", "first" (1 to
 * 1000; 20) and "after" as in han_search(). `vector` is NULL, or `dimensions` numbers. `result` becomes a page of hits as in
 * han_search(), the nearest first.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(); `vector` is borrowed for the duration of the call.
 * Blocking: for the query. Threads: any; reads do not wait for writes. Errors: HAN_INVALID_ARGUMENT also for a vector of other
 * dimensions than the model's, that is not finite or has no direction; HAN_NOT_FOUND for a model without vectors; HAN_CLOSED and
 * those of reading.
 */
han_code_t han_search_vectors(const han_t *handle,
                              const char *parameters_json,
                              const float *vector,
                              size_t dimensions,
                              han_buf_t *result,
                              han_error_t **error);

/**
 * Registers a function that embeds texts for a model, in place of an earlier one: han_vectors_embed_pending() calls it, and
 * han_search() in the modes "vector" and "hybrid" for a query without a vector.
 *
 * `model` is the name under which the vectors are kept, `dimensions` how many numbers each has, 1 to 8192. `callback` is called with
 * `user_data`; both must stay valid until han_free() has returned.
 *
 * Does not block. Threads: any. Errors: HAN_INVALID_ARGUMENT.
 */
han_code_t han_register_embedder(const han_t *handle,
                                 const char *model,
                                 size_t dimensions,
                                 han_embed_callback_t callback,
                                 void *user_data,
                                 han_error_t **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* HAN_H */

/*
 * The shapes of JSON objects. What may be null is marked with a question mark.
 *
 * Page: {"items", "hasNextPage", "hasPreviousPage", "startCursor"?, "endCursor"?, "totalCount"?}. Cursors are
 * opaque and stay valid while the database lives.
 *
 * Activity: When something was done. What has no time is left out.
 * - "timeZone" (a string): The time zone of the days, as an IANA name.
 * - "since"? (a string): The requested first day, such as "2026-01-31"; "null" if there is no beginning.
 * - "until"? (a string): The requested last day; "null" if there is no end.
 * - "days" (an array, each a DayActivity): Days on which something was done, the earliest first.
 * - "hours" (an array, each a HourActivity): The 24 hours of the clock, summed up over those days.
 *
 * AgentSelection: Whose messages to list, besides the main file's.
 * - "none": The session's main file only.
 * - "all": The main file and every agent, merged by (effective time, path, line).
 *
 * AnalyticsFilter: What to look at. The days are whole days of the requested time zone.
 * - "since" (a string): From this day on: a date such as "2026-01-31", or an instant, which counts as the whole day that
 *   it lies in.
 * - "until" (a string): Up to and including this day: a date, or an instant, which counts as the day that the last moment
 *   before it lies in.
 * - "timeZone" (a string): Whose days and hours, as an IANA name; those of the database's own time zone by default.
 * - "projectId" (a string): Only this project.
 *
 * Block: A content block of a message.
 *
 * Block, one kind: Words of a person, of the model, or of the agent program.
 * - "type" ("text")
 * - "text" (a string): The text, cut as requested.
 * - "bytes" (an integer): How many bytes the whole text has, in UTF-8.
 * - "isTruncated" (true or false): Whether the text was cut.
 *
 * Block, one kind: Thoughts of the model.
 * - "type" ("thinking")
 * - "text" (a string): The text, cut as requested.
 * - "bytes" (an integer): How many bytes the whole text has, in UTF-8.
 * - "isTruncated" (true or false): Whether the text was cut.
 *
 * Block, one kind: A tool call.
 * - "type" ("toolCall")
 * - "toolUseId"? (a string): The id by which its result names it.
 * - "name"? (a string): The tool's name.
 * - "summary" (a string): What the call is about, in one line: the most informative part of the input, such as a command
 *   or a path, else the input itself. It is cut as the input is.
 * - "input" (a string): The input as JSON, as the record has it, cut as requested; empty if the record has none.
 * - "bytes" (an integer): How many bytes the whole input has.
 * - "isTruncated" (true or false): Whether the input was cut.
 *
 * Block, one kind: The result of a call.
 * - "type" ("toolResult")
 * - "toolUseId"? (a string): The id of the call.
 * - "isError" (true or false): Whether the tool failed.
 * - "text" (a string): The output, its texts joined by line ends, with "[image]" for an image and without control
 *   sequences, cut as requested.
 * - "bytes" (an integer): How many bytes the whole text has, in UTF-8.
 * - "isTruncated" (true or false): Whether the text was cut.
 * - "spill"? (a string): The file in the session's tool-results/ that has the whole output, if the record has only a part
 *   of it.
 *
 * Block, one kind: An image.
 * - "type" ("image")
 * - "toolUseId"? (a string): The call in whose result it is; "null" for an image of the message itself.
 * - "mediaType"? (a string): Its media type, such as image/png; "null" if the record does not say it.
 * - "bytes" (an integer): How many bytes the image has; 0 if the record does not have its data.
 *
 * Block, one kind: Anything else: a block of another type, or the text of a record that carries no API message.
 * - "type" ("other")
 * - "kind" (a string): The type of the content block, such as "document", or "unknown" if it has none. Where the record
 *   carries no API message, the type of the record.
 * - "text" (a string): The text, cut as requested; empty if there is none.
 * - "bytes" (an integer): How many bytes the whole text has, in UTF-8. Of a record that carries no API message at most 1
 *   MiB are looked at.
 * - "isTruncated" (true or false): Whether the text was cut.
 *
 * BlockOptions: How much han_messages_blocks() returns of each text.
 * - "maxBytes" (an integer): Each text is cut after this many bytes, at the end of a character; 1 to 2^30, 65,536 by
 *   default.
 *
 * Change: One item of the change feed. Distinguished by the field "type": "change" or "gap".
 *
 * Change, one kind: Something was committed.
 * - "count"? (an integer): How many messages, if items are not expanded and the topic is one of messages.
 * - "cursor" (a string): The place of the item in the feed: a subscription with it as "since" starts exactly after it.
 * - "firstMessageId"? (MessageId): The first of these messages; "null" if all of them are gone, copies or superseded by
 *   now.
 * - "lastMessageId"? (MessageId): The last of them.
 * - "messageId"? (MessageId): The message, if items are expanded and the topic is one of messages.
 * - "sessionId"? (a string): The session that it happened to; null for "leader:...".
 * - "time" (Timestamp): When it was committed.
 * - "topic" (a string): What happened, such as "session:message:added".
 * - "type" ("change")
 *
 * Change, one kind: Changes after the subscriber's position are no longer kept; what comes next is after them.
 * - "cursor" (a string): The cursor after the gap.
 * - "from" (a string): The cursor that the subscriber had reached: the gap begins after it.
 * - "to" (a string): The cursor of the last change that is no longer kept.
 * - "type" ("gap")
 *
 * CoordinatorIssue: Something that is wrong with who writes.
 * - "code" (a string): The code of the error that writes fail with: HAN_WRITER_STALLED.
 * - "message" (a string): What happened, and what to do.
 *
 * CoordinatorStatus: Who writes the database.
 * - "isCoordinator" (true or false): Whether this handle leads.
 * - "coordinatorRunning" (true or false): Whether any handle leads, in this process or another.
 * - "epoch" (an integer): Raised with every change of the writer; 0 before the first write.
 * - "pid"? (an integer): The process that leads.
 * - "heartbeat"? (Timestamp): When the leader last showed a sign of life, by its own clock.
 * - "version"? (a string): The version of the library that leads.
 * - "issues" (an array, each a CoordinatorIssue): What is wrong; empty if nothing is.
 *
 * Dashboard: What was done on some days. Copies written by a resume, a fork or a compaction count nowhere; each API
 * message counts once, in the session and at the time of its first line. What has no time counts only if no day bounds the
 * query.
 * - "timeZone" (a string): The time zone of the days, as an IANA name.
 * - "since"? (a string): The requested first day, such as "2026-01-31"; "null" if there is no beginning.
 * - "until"? (a string): The requested last day; "null" if there is no end.
 * - "sessions" (an integer): Sessions with a user or assistant line.
 * - "messages" (an integer): Messages of every record type, those of agents included.
 * - "prompts" (an integer): Prompts that a person typed.
 * - "assistantLines" (an integer): Assistant lines; one API message may have several.
 * - "apiMessages" (an integer): API messages: answers that were paid for.
 * - "iterations" (an integer): Requests within them, whose own tokens leave them out: advice, compactions, attempts that
 *   were refused after they had begun to answer.
 * - "webSearches" (an integer): Web searches that the API made.
 * - "tokens" (a TokenUsage): The tokens of all of these.
 * - "cost" (a number): What all of it cost, in US dollars, as far as prices are known: tokens at the rates that the
 *   answers name, and web searches. What no answer shows is not in it; see "reported".
 * - "unpricedApiMessages" (an integer): API messages whose price is not known: they are not in the cost.
 * - "unpricedIterations" (an integer): Requests within API messages whose price is not known.
 * - "unpricedModels" (an array, each a UnpricedModel): What these are, by model and rate, the most tokens first.
 * - "reported"? (a ReportedCosts): What the agent program itself says about these sessions; "null" if it says nothing, and
 *   if days bound the query, since it says nothing of days.
 * - "prices" (a PriceList): Where the prices are from.
 * - "linesAdded" (an integer): Lines that successful tool calls added to files.
 * - "linesRemoved" (an integer): Lines that they removed.
 * - "toolCalls" (an integer): Tool calls.
 * - "toolErrors" (an integer): Tool results that are errors.
 * - "tools" (an array, each a ToolActivity): The ten tools called most.
 * - "hooks" (an integer): Hook executions.
 * - "hookErrors" (an integer): Those of them that failed.
 * - "compactions" (an integer): Compactions of a context.
 * - "subagents" (an integer): Agents that began, one for each agent file that is not a mere copy.
 * - "models" (an array, each a ModelActivity): Models that answered, the costliest first.
 * - "projects" (an array, each a ProjectActivity): Projects, the costliest first.
 * - "topSessionsByCost" (an array, each a SessionActivity): The ten sessions that cost most in these days.
 * - "bottomSessionsByCost" (an array, each a SessionActivity): The ten that cost least, of those that asked a model and
 *   whose models all have a price.
 * - "topSessionsByMessages" (an array, each a SessionActivity): The ten with the most messages in these days.
 * - "bottomSessionsByMessages" (an array, each a SessionActivity): The ten with the fewest.
 *
 * DayActivity: What was done on one day.
 * - "date" (a string): The local day, such as "2026-01-31".
 * - "sessions" (an integer): Sessions with a user or assistant line on it.
 * - "messages" (an integer): Messages.
 * - "prompts" (an integer): Prompts.
 * - "toolCalls" (an integer): Tool calls.
 * - "linesAdded" (an integer): Lines added to files.
 * - "linesRemoved" (an integer): Lines removed from files.
 * - "apiMessages" (an integer): API messages.
 * - "tokens" (a TokenUsage): Their tokens.
 * - "cost" (a number): What all of it cost, in US dollars, as far as prices are known.
 * - "unpricedApiMessages" (an integer): API messages whose price is not known: they are not in the cost.
 *
 * DoctorIssue: One finding of "doctor".
 * - "code" (a string): What kind of finding, such as "search_index_damaged".
 * - "message" (a string): What was found, and what to do.
 * - "path"? (a string): The file it is about, if any.
 * - "isFixed" (true or false): Whether this call fixed it.
 *
 * DoctorOptions: What han_doctor() does.
 * - "fix" (true or false): Also fixes what can be fixed from the stored bytes.
 *
 * DoctorReport: What "doctor" found.
 * - "isHealthy" (true or false): Whether nothing is wrong, or everything wrong was fixed.
 * - "filesChecked" (an integer): Files whose stored bytes were checked.
 * - "issues" (an array, each a DoctorIssue): The findings.
 * - "warnings" (an array, each a DoctorWarning): What makes the database slower than it could be, for example how SQLite
 *   was built. A database with warnings is healthy.
 *
 * DoctorWarning: What "doctor" advises against, though nothing is wrong with the database.
 * - "code" (a string): What kind of warning, such as "shared_page_cache".
 * - "message" (a string): What was found, and what to do.
 *
 * Document: a string. A document that other languages get as text, not as JSON.
 *
 * EmbedOptions: How much to embed; see han_vectors_embed_pending().
 * - "limit" (an integer): How many messages at most, 1 or more; if null, all.
 *
 * EmbedProgress: How far embedding has come.
 * - "messages" (an integer): Messages that were embedded.
 * - "vectors" (an integer): Vectors that were stored for them.
 *
 * EmbedReport: What embedding did.
 * - "messages" (an integer): Messages that were embedded.
 * - "vectors" (an integer): Vectors that were stored for them.
 * - "hasMore" (true or false): Whether messages are left that need vectors, because of the limit.
 *
 * EmbedderInfo: An embedder that was loaded.
 * - "model" (a string): The model that it serves.
 * - "dimensions" (an integer): How many numbers each of its vectors has.
 *
 * ExportFormat: The format of an exported session.
 * - "markdown": Markdown to read and to paste.
 * - "json": One JSON object; see "SessionExport".
 * - "html": One HTML page that needs no other file and runs no script.
 *
 * ExportOptions: What is exported of a session.
 * - "includeAgents" (true or false): The subagents' messages as well; true by default.
 * - "includeThinking" (true or false): What the model thought; true by default. Does not affect raw records.
 * - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
 * - "includeRaw" (true or false): In JSON, also each record as it was written.
 * - "maxTextBytes" (an integer): Cuts each text, tool input and tool result that is longer than this many bytes, and says
 *   so in its place; nothing is cut by default. At least 1. Does not affect raw records.
 *
 * FileChange: A change to a file that a tool made.
 * - "sessionId" (a string): The session.
 * - "agentId"? (a string): The agent that made it.
 * - "messageId" (MessageId): The message that reports it.
 * - "timestamp"? (Timestamp): When it was made.
 * - "path" (a string): The path of the changed file, as the tool reported it.
 * - "action" (a string): "create", "update" or "delete".
 * - "linesAdded" (an integer): Lines that are new.
 * - "linesRemoved" (an integer): Lines that are gone.
 * - "tool" (a string): The tool's name.
 *
 * ForgetReport: What "forget" removed.
 * - "sessions" (an integer): Sessions removed.
 * - "files" (an integer): Their files.
 * - "messages" (an integer): Their messages.
 *
 * ForgetTarget: What is removed: one of these.
 *
 * ForgetTarget, one kind: One session, with its agents.
 * - "sessionId" (a string)
 *
 * ForgetTarget, one kind: Every session of a project.
 * - "projectId" (a string)
 *
 * ForgetTarget, one kind: Every session whose last activity is before this instant.
 * - "before" (Timestamp)
 *
 * HookExecution: A hook that was run.
 * - "sessionId" (a string): The session.
 * - "agentId"? (a string): The agent that it was run for.
 * - "messageId" (MessageId): The message that reports it.
 * - "timestamp"? (Timestamp): When it was run.
 * - "event" (a string): The event that it was run at, such as "PreToolUse" or "Stop".
 * - "name"? (a string): The hook's name, such as "PreToolUse:Bash".
 * - "command"? (a string): The command that was run.
 * - "durationMs"? (an integer): How long it took.
 * - "exitCode"? (an integer): How its command ended.
 * - "isError" (true or false): Whether it failed, or blocked what it was run at.
 *
 * HourActivity: What was done in one hour of the clock, on whichever day. An hour that daylight saving repeats has both of
 * its turns.
 * - "hour" (an integer): The local hour, 0 to 23.
 * - "messages" (an integer): Messages.
 * - "prompts" (an integer): Prompts.
 * - "toolCalls" (an integer): Tool calls.
 * - "linesAdded" (an integer): Lines added to files.
 * - "linesRemoved" (an integer): Lines removed from files.
 * - "apiMessages" (an integer): API messages.
 * - "tokens" (a TokenUsage): Their tokens.
 * - "cost" (a number): What all of it cost, in US dollars, as far as prices are known.
 * - "unpricedApiMessages" (an integer): API messages whose price is not known: they are not in the cost.
 *
 * ImageBlock: An image, without its data.
 * - "toolUseId"? (a string): The call in whose result it is; "null" for an image of the message itself.
 * - "mediaType"? (a string): Its media type, such as image/png; "null" if the record does not say it.
 * - "bytes" (an integer): How many bytes the image has; 0 if the record does not have its data.
 *
 * IndexResult: What indexing one file did.
 * - "sessionId" (a string): The session of the file.
 * - "messagesIndexed" (an integer): Messages that this call inserted; 0 if nothing was new.
 * - "totalMessages" (an integer): Messages of the session's main file, without replays and the request log.
 * - "isNewSession" (true or false): Whether the session was unknown before.
 * - "problems" (an integer): Lines read by this call that became no message.
 * - "notes" (an integer): Notes on messages read by this call.
 *
 * IndexVectorsReport: What indexing vectors did.
 * - "messages" (an integer): Messages that have vectors of this call.
 * - "vectors" (an integer): Vectors that were stored.
 * - "unknown" (an array, each a string): Message ids that are unknown, each once, in the order of the items; their vectors
 *   were not stored.
 *
 * LoadEmbedderOptions: How to load an embedder.
 * - "model" (a string): The model that it serves; if null, it is called like the folder.
 *
 * MatchRange: A match inside a snippet, in UTF-16 code units: snippet.slice(start, end) in JavaScript.
 * - "start" (an integer): The first code unit of the match.
 * - "end" (an integer): The code unit after the match.
 *
 * MatchedBy: By what a message was found.
 * - "text": Its words.
 * - "vector": Its vector.
 * - "both": Both.
 *
 * Message: One record of a transcript: a line, or a part of a line on which records are glued together.
 * - "id" (MessageId): The identity, the same in every database.
 * - "sessionId" (a string): The session of the file that the line is in.
 * - "recordSessionId"? (a string): The session id that the record itself names, if it differs (resumed and forked files).
 * - "uuid"? (a string): The record's "uuid"; not an identity, since resumed files repeat it.
 * - "parentUuid"? (a string): The record's "parentUuid".
 * - "type" (a string): The record's "type", such as "user" or "assistant"; known or not.
 * - "subtype"? (a string): The second level of the type: of "system", "progress" and "attachment" records.
 * - "role"? (a string): "user" or "assistant", if the record carries an API message.
 * - "agentId"? (a string): The agent that wrote it, for lines of subagents.
 * - "toolName"? (a string): The tool that is called, or whose result this is.
 * - "toolUseId"? (a string): The id of that tool call.
 * - "model"? (a string): The model that answered.
 * - "apiMessageId"? (a string): The API's message id, shared by the lines of one streamed answer.
 * - "preview" (a string): A short plain text of what the record says, at most 128 characters.
 * - "timestamp"? (Timestamp): The record's own time.
 * - "effectiveTimestamp"? (Timestamp): Its own time, else that of the last earlier line that has one.
 * - "path" (a string): The path of the file below its config dir.
 * - "lineNumber" (an integer): The line, counted from 1, blank ones included.
 * - "part" (an integer): 0, or the position of a record glued after the first one of its line.
 * - "isSidechain" (true or false): Whether the record is marked as a sidechain.
 * - "isMeta" (true or false): Whether the record was put in by the agent program, not typed.
 * - "isError" (true or false): Whether it is a failed tool result or an API error.
 * - "isPrompt" (true or false): Whether it is a prompt that a person typed.
 * - "isRewound" (true or false): Whether it is a prompt that was taken back: a later one continues from before it.
 * - "replayOf"? (MessageId): The original, if this is a copy written by a resume, a fork or a compaction.
 * - "isSuperseded" (true or false): Whether it belongs to an older generation of its file.
 * - "isProvisional" (true or false): Whether its line has no end yet and may still grow.
 * - "tokens"? (a TokenUsage): The tokens that this very line states; not to be summed, see "Session.tokens".
 *
 * MessageBlocks: What a message says, block by block.
 * - "turn" ("prompt" or "answer" or "event"): What the message is in a conversation.
 * - "isBookkeeping" (true or false): Whether it is bookkeeping of the agent program, such as progress, snapshots and
 *   titles, which a reader of the conversation does not need.
 * - "blocks" (an array, each a Block): The content blocks, in the order of the record; images within a tool's result
 *   follow it. What the agent program put around the text of a prompt is left out. A record that carries no API message
 *   has one block "other" for each of its texts, or for its preview.
 * - "hasMoreBlocks" (true or false): Whether the record has more content blocks than the first 10,000, which are read.
 *
 * MessageId: a string. The identity of a message, the same in every database and language: <16 hex digits>:<line>:<part>,
 * followed by "~<generation>" if it belongs to a superseded generation.
 *
 * MessageQuery: Which messages to list: those of one session, in the order of the file.
 * - "sessionId" (a string): The session. Required.
 * - "first" (an integer): How many items from the start, 1 to 10,000; 50 if neither "first" nor "last" is given.
 * - "after" (a string): Only items after this cursor.
 * - "last" (an integer): How many items from the end, 1 to 10,000. Not together with "first".
 * - "before" (a string): Only items before this cursor.
 * - "agentId" (a string): Only this agent's file.
 * - "agents" ("none" or "all"): "all" merges the main file and every agent.
 * - "types" (an array, each a string): Only messages of these record types, as "Message.type" has them; if left out or
 *   empty, every one but the request log: what the agent program noted of its requests to the API ("api-request",
 *   "api-request-blob", "api-request-shape", and of "attachment" the subtype "prompt_snapshot").
 * - "role" ("user" or "assistant"): Only messages of this role.
 * - "tool" (a string): Only calls of this tool, and results of such calls.
 * - "since" (Timestamp): Only messages whose effective time is at or after this instant.
 * - "until" (Timestamp): Only messages whose effective time is before this instant.
 * - "onlyErrors" (true or false): Only failed tool results and API errors.
 * - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
 * - "includeSuperseded" (true or false): Also older generations of the file, after the current one.
 * - "withTotal" (true or false): Also count the whole list, whatever the page: "totalCount".
 *
 * MessageRole: Who speaks in a message.
 * - "user": A person, or a tool that answers.
 * - "assistant": The model.
 *
 * MessageTimestamps: When the messages of a session were written.
 * - "sessionId" (a string): The session.
 * - "count" (an integer): How many messages its main file has, copies and the request log left out.
 * - "first"? (Timestamp): The earliest time in its main file. Copies count: what a resume or a fork continues started when
 *   the copied session did.
 * - "last"? (Timestamp): The latest time in its main file. Neither is one of the request log.
 *
 * ModelActivity: What one model did.
 * - "model"? (a string): Its name; "null" for answers that name no model.
 * - "apiMessages" (an integer): API messages of it.
 * - "iterations" (an integer): Requests of it within API messages, whose own tokens leave them out: advice, compactions,
 *   attempts that were refused after they had begun to answer.
 * - "webSearches" (an integer): Web searches that the API made for it.
 * - "tokens" (a TokenUsage): The tokens of all of these.
 * - "cost"? (a number): What they cost, in US dollars; "null" if no price is known.
 * - "rates" (an array, each a ModelRate): The same by the rate at which they were charged, the usual one first.
 *
 * ModelRate: What one model did at one rate.
 * - "rate" (a string): "standard", or what sets the price apart: the mode ("fast"), the place of inference ("us"), the
 *   service tier ("batch"), "refused" for what was declined before any output and is free; several are words of one text.
 * - "apiMessages" (an integer): API messages.
 * - "iterations" (an integer): Requests within API messages, whose own tokens leave them out.
 * - "webSearches" (an integer): Web searches.
 * - "tokens" (a TokenUsage): The tokens of all of these.
 * - "cost"? (a number): What they cost, in US dollars; "null" if no price is known.
 *
 * NativeTask: A task of a session, as it is after everything that happened to it.
 * - "sessionId" (a string): The session.
 * - "id" (a string): The task's id, unique within its session.
 * - "subject"? (a string): What it is, in short.
 * - "description"? (a string): What it is, in full.
 * - "activeForm"? (a string): What it is called while it is being done.
 * - "status"? (a string): As the agent program names it, such as "pending", "in_progress" or "completed".
 * - "owner"? (a string): Who does it.
 * - "blockedBy" (an array, each a string): The ids of the tasks that have to be done before.
 * - "createdAt"? (Timestamp): When it was created.
 * - "updatedAt"? (Timestamp): When it was last changed.
 *
 * OpenOptions: How to open a database; see "open".
 * - "dataDir" (a string): The folder of the database and its lock; if null, HAN_DATA_DIR, else ~/.han.
 * - "dbPath" (a string): The database itself; if null, "han.db" in the data folder.
 * - "configDirs" (an array, each a string): The folders whose projects/ are scanned; if null, those of "CLAUDE_CONFIG_DIR"
 *   (a comma list), else ~/.claude and ~/.config/claude, and those of the sessions that the desktop application runs. An
 *   empty list means none.
 * - "readOnly" (true or false): Opens an existing database for reading only: nothing is created, migrated or written.
 * - "inMemory" (true or false): Keeps the database in memory, for as long as the handle lives.
 * - "lockTimeoutMs" (an integer): How long a write waits for another process; 5 s by default. "lockTimeoutMs" in JSON.
 * - "heartbeatIntervalMs" (an integer): The time between two heartbeats of an idle coordinator, and of a call that writes
 *   for long; 5 s by default. "heartbeatIntervalMs" in JSON.
 * - "staleAfterMs" (an integer): How long a coordinator may go without a heartbeat before another one takes over, at least
 *   twice the interval; 30 s by default. The same for every handle of a database. "staleAfterMs" in JSON.
 * - "exclude" (an array, each a string): Globs of paths, below a config dir, that are not indexed.
 * - "timeZone" (a string): The time zone of the database's local days, as an IANA name; if null, the one it has, which is
 *   the system's at its creation. If it differs from the one it has, the sums of its days are computed again; with
 *   "readOnly" it is ignored.
 * - "priceFile" (a string): A list of prices, as JSON with the field names of the public LiteLLM list, that replace the
 *   published ones of the same models; if null, HAN_PRICE_FILE.
 * - "watch" (a WatchOptions): How the watcher watches.
 *
 * OtherBlock: A block without a type of its own here.
 * - "kind" (a string): The type of the content block, such as "document", or "unknown" if it has none. Where the record
 *   carries no API message, the type of the record.
 * - "text" (a string): The text, cut as requested; empty if there is none.
 * - "bytes" (an integer): How many bytes the whole text has, in UTF-8. Of a record that carries no API message at most 1
 *   MiB are looked at.
 * - "isTruncated" (true or false): Whether the text was cut.
 *
 * PendingChunk: A piece of a message's text, to be embedded.
 * - "chunk" (an integer): Its number, from 0.
 * - "field" ("user" or "assistant" or "thinking" or "toolInput" or "toolOutput" or "title" or "other"): The field that it
 *   is a piece of.
 * - "start" (an integer): Where it begins in the text of the field, in UTF-16 code units.
 * - "end" (an integer): Where it ends there.
 * - "text" (a string): The piece itself.
 *
 * PendingMessage: A message that has text, and no vector of it.
 * - "messageId" (a string): The message.
 * - "textHash" (a string): Identifies its text; to be passed back with the vectors.
 * - "chunks" (an array, each a PendingChunk): Its text in pieces of up to 2,000 characters, at most 64 of them: the rest
 *   is not embedded.
 *
 * PendingQuery: Which messages need vectors.
 * - "model" (a string): The model, which need not have vectors yet. Required.
 * - "first" (an integer): How many messages, 1 to 1,000; 50 by default.
 * - "after" (a string): Only messages after this cursor.
 *
 * PriceList: Where prices are from.
 * - "source" (a string): What the prices that come with the library are.
 * - "date"? (a string): The day as of which they are those, such as "2026-01-31".
 * - "ownFile"? (a string): The file whose prices replace those of the same models.
 *
 * Problem: A line that became no message, or a note on one that did.
 * - "id" (MessageId): The place: the id that the line's message has or would have.
 * - "kind" ("invalid_json" or "not_object" or "oversize_line" or "torn_tail" or "glued_records" or "text_truncated" or
 *   "spill_missing" or "spill_too_large"): What it is.
 * - "isNote" (true or false): Whether it annotates a message (a note), rather than representing a line.
 * - "sessionId" (a string): The session of the file.
 * - "path" (a string): The file's absolute path.
 * - "lineNumber" (an integer): The line, counted from 1, blank ones included.
 * - "part" (an integer): 0, or the position of the record on its line.
 * - "offset" (an integer): Where the line starts in the file, in bytes.
 * - "length" (an integer): How long the line is, in bytes, without its end.
 * - "detail" (a string): What is wrong, in words.
 *
 * ProblemFilter: Which problems to list, in the order of (path, line, part).
 * - "sessionId" (a string): Only this session's.
 * - "path" (a string): Only those of this file.
 * - "kinds" (an array, each "invalid_json" or "not_object" or "oversize_line" or "torn_tail" or "glued_records" or
 *   "text_truncated" or "spill_missing" or "spill_too_large"): Only these kinds.
 * - "notes" (true or false): Only notes, or only problems that are not notes.
 * - "includeSuperseded" (true or false): Also those of older generations of a file.
 * - "first" (an integer): How many items from the start, 1 to 10,000; 50 if neither "first" nor "last" is given.
 * - "after" (a string): Only items after this cursor.
 * - "last" (an integer): How many items from the end, 1 to 10,000. Not together with "first".
 * - "before" (a string): Only items before this cursor.
 *
 * ProblemKind: What is wrong with a line, or worth a note.
 * - "invalid_json": The line is not JSON.
 * - "not_object": The line is JSON, but not an object.
 * - "oversize_line": The line is longer than 64 MiB.
 * - "torn_tail": The file ends inside a line that is not yet a JSON object.
 * - "glued_records": A note: records are glued together on the line; each was taken.
 * - "text_truncated": A note: the text was cut at the limit of what is searchable.
 * - "spill_missing": A note: the spilled tool result is not there.
 * - "spill_too_large": A note: the spilled tool result is larger than 64 MiB.
 *
 * ProjectActivity: What was done in one project.
 * - "projectId" (a string): The id of the project.
 * - "projectPath"? (a string): Its true path, from the records.
 * - "repositoryPath"? (a string): The path of its repository.
 * - "sessions" (an integer): Sessions with a user or assistant line.
 * - "messages" (an integer): Messages.
 * - "prompts" (an integer): Prompts.
 * - "toolCalls" (an integer): Tool calls.
 * - "linesAdded" (an integer): Lines added to files.
 * - "linesRemoved" (an integer): Lines removed from files.
 * - "apiMessages" (an integer): API messages.
 * - "tokens" (a TokenUsage): Their tokens.
 * - "cost" (a number): What all of it cost, in US dollars, as far as prices are known.
 * - "unpricedApiMessages" (an integer): API messages whose price is not known: they are not in the cost.
 *
 * RederiveReport: What a re-derivation did.
 * - "files" (an integer): Files derived again.
 * - "messages" (an integer): Their messages.
 *
 * RemoveVectorsReport: What removing a model removed.
 * - "vectors" (an integer): Vectors that were removed.
 *
 * ReportedCost: What the agent program itself says that a session cost, as of the last time it said so, compared with the
 * sum of its answers. It alone knows of requests that no line of a transcript shows. What a fork took over from its
 * original is taken off.
 * - "cost" (a number): What it says, in US dollars.
 * - "difference" (a number): How much more that is than the cost of the answers; less than 0 if it is less.
 * - "byModel" (an array, each a ReportedModel): By model, the greatest difference first.
 * - "reportedAt"? (Timestamp): When it said so: the time of the record before.
 *
 * ReportedCosts: What the agent program itself says about all the sessions in which it says something, compared with the
 * sum of their answers.
 * - "sessions" (an integer): In how many sessions it says something.
 * - "cost" (a number): What it says that they cost, in US dollars.
 * - "difference" (a number): How much more that is than the cost of the answers in these sessions.
 * - "byModel" (an array, each a ReportedModel): By model, the greatest difference first.
 *
 * ReportedModel: The part of one model in what the agent program says.
 * - "model" (a string): The model that was requested; another one may have answered.
 * - "cost" (a number): What the agent program says that it cost, in US dollars.
 * - "answersCost" (a number): What the answers of this model cost.
 * - "difference" (a number): The first minus the second.
 * - "tokens" (a TokenUsage): The tokens that the agent program counted.
 * - "webSearches" (an integer): The web searches that it counted.
 *
 * ScanError: A file that a scan could not read.
 * - "path" (a string): The file or folder.
 * - "code" (a string): A HAN_... code.
 * - "message" (a string): What happened, and what to do.
 *
 * ScanOptions: What han_scan() scans.
 * - "paths" (an array, each a string): Files and folders; if null, every config dir of the handle. A file is indexed as
 *   itself, a folder that has a "projects" folder as a config dir, any other folder recursively.
 *
 * ScanProgress: How far a scan is.
 * - "filesDone" (an integer): Files finished.
 * - "filesTotal" (an integer): Files that have something new.
 * - "bytesDone" (an integer): Bytes committed.
 * - "bytesTotal" (an integer): Bytes to read.
 * - "messagesIndexed" (an integer): Messages inserted.
 * - "path"? (a string): The file that was committed last.
 *
 * ScanReport: What a scan did.
 * - "files" (an integer): Transcripts found.
 * - "filesChanged" (an integer): Those of them that had something new.
 * - "lines" (an integer): Non-blank lines read.
 * - "bytes" (an integer): Bytes read.
 * - "messagesIndexed" (an integer): Messages inserted.
 * - "problems" (an integer): Lines that became no message.
 * - "notes" (an integer): Notes on messages.
 * - "errors" (an array, each a ScanError): Files that could not be read; the scan continued without them.
 * - "durationMs" (an integer): How long it took, in milliseconds.
 *
 * SearchField: A kind of searchable text.
 * - "user": Prompts and queued prompts.
 * - "assistant": What the assistant wrote.
 * - "thinking": What it thought.
 * - "toolInput": The input of its tool calls.
 * - "toolOutput": Their results, spilled ones included.
 * - "title": Session titles and summaries of a session.
 * - "other": System lines, compaction summaries, attachments, the texts of unknown records.
 *
 * SearchHit: One message that matches.
 * - "message" (a Message): The message.
 * - "projectId" (a string): The project of its session.
 * - "sessionTitle"? (a string): The title of its session.
 * - "field" ("user" or "assistant" or "thinking" or "toolInput" or "toolOutput" or "title" or "other"): The field that the
 *   snippet was cut from: the one with the most matches.
 * - "snippet" (a string): A piece of the text around the matches, with "…" where it was cut.
 * - "matches" (an array, each a MatchRange): Where the matches are in the snippet.
 * - "score" (a number): Greater is better: the BM25 score, comparable within one query only; in the mode "vector", 1 -
 *   "distance"; in the mode "hybrid" the sum of 1 / (60 + rank).
 * - "matchedBy" ("text" or "vector" or "both"): By what the message was found.
 * - "textRank"? (an integer): Its place among the matches of the text, from 1; in the mode "hybrid" only.
 * - "vectorRank"? (an integer): Its place among the nearest vectors, from 1; in the mode "hybrid" only.
 * - "distance"? (a number): The cosine distance of its nearest vector from the query's, 0 to 2; "null" if the message was
 *   not found by it.
 * - "chunk"? (an integer): Which of the message's vectors that is; "null" as above.
 * - "isPartial" (true or false): True if the query matched more than 20,000 messages and only the newest of them were
 *   ranked.
 *
 * SearchMode: By what messages are searched.
 * - "text": By their words.
 * - "vector": By the nearness of their vectors to that of the query.
 * - "hybrid": By both: the best 200 of each, joined by reciprocal rank fusion, 1 / (60 + rank) summed over the two ranks.
 *
 * SearchOrder: How hits are ordered.
 * - "relevance": The best match first (BM25).
 * - "newest": The latest first.
 *
 * SearchQuery: What to search for.
 * - "query" (a string): Words are ANDed, "quotes" are phrases, the last word and words with "*" match as prefixes.
 *   Required; in the modes "vector" and "hybrid" it is also what is embedded if there is no "vector".
 * - "mode" ("text" or "vector" or "hybrid"): "text" by default.
 * - "model" (a string): Whose vectors are searched, in the modes "vector" and "hybrid"; by default the only model that an
 *   embedder is registered for, else the only one with vectors.
 * - "vector" (an array of numbers): The vector of the query, in the modes "vector" and "hybrid". Without one, an embedder
 *   of the model has to be registered.
 * - "fields" (an array, each "user" or "assistant" or "thinking" or "toolInput" or "toolOutput" or "title" or "other"):
 *   Only these fields; every one if left out or empty. A vector belongs to the field that it was stored with; one without
 *   represents the whole text and belongs to every field.
 * - "sessionId" (a string): Only this session.
 * - "projectId" (a string): Only this project.
 * - "agentId" (a string): Only this agent's messages.
 * - "since" (Timestamp): Only messages at or after this instant.
 * - "until" (Timestamp): Only messages before this instant.
 * - "order" ("relevance" or "newest"): "relevance" by default; "newest" in the mode "text" only.
 * - "syntax" ("plain" or "fts5"): "plain" by default.
 * - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
 * - "includeSuperseded" (true or false): Also older generations of a file.
 * - "first" (an integer): How many hits, 1 to 1,000; 20 by default.
 * - "after" (a string): Only hits after this cursor.
 *
 * SearchSyntax: How the query is read.
 * - "plain": Words and "phrases"; any input is safe.
 * - "fts5": An SQLite FTS5 expression over the columns user assistant thinking tool_input tool_output title other.
 *
 * Session: A session: its main file, the files of its agents, and what was derived from them.
 * - "id" (a string): The session id: the stem of the main file.
 * - "projectId" (a string): The id of its project: the folder's name below projects/, an opaque key.
 * - "projectPath"? (a string): The project's true path, from the records; never decoded from the folder's name.
 * - "repositoryPath"? (a string): The path of the repository; worktrees are folded into theirs.
 * - "title"? (a string): The title by precedence: custom, agent name, generated, summary, first prompt.
 * - "startedAt"? (Timestamp): When its first record was written.
 * - "endedAt"? (Timestamp): When its last record was written.
 * - "model"? (a string): The model of its last answer.
 * - "gitBranch"? (a string): The git branch of its last record.
 * - "version"? (a string): The version of the agent program that wrote its last record.
 * - "cwd"? (a string): The working directory of its first record.
 * - "messageCount" (an integer): Messages of the main file, of every record type but the request log, without replays.
 * - "promptCount" (an integer): Real prompts among them.
 * - "assistantCount" (an integer): Assistant lines among them.
 * - "copiedCount" (an integer): Records of the main file that are copies of another session's, which a fork or a resume
 *   wrote: they are in no other count, and listed with "includeReplays".
 * - "forkedFrom"? (a string): The session that the last of these was copied from.
 * - "agentCount" (an integer): Files of subagents.
 * - "tokens" (a TokenUsage): Tokens spent in it and its agents, each API message counted once.
 * - "cost" (a number): What it and its agents cost, in US dollars, as far as prices are known; see "SessionUsage.cost".
 * - "unpriced" (an array, each a UnpricedModel): What has no known price, the most tokens first: it is not in the cost.
 * - "isMissing" (true or false): Whether every file of it has gone from the disk.
 *
 * SessionActivity: What was done in one session, within the requested days.
 * - "sessionId" (a string): The session.
 * - "projectId" (a string): The id of its project.
 * - "title"? (a string): Its title.
 * - "startedAt"? (Timestamp): When it began.
 * - "endedAt"? (Timestamp): When its last message was written.
 * - "messages" (an integer): Messages, those of its agents included.
 * - "prompts" (an integer): Prompts.
 * - "apiMessages" (an integer): API messages.
 * - "tokens" (a TokenUsage): Their tokens.
 * - "cost" (a number): What all of it cost, in US dollars, as far as prices are known.
 * - "unpricedApiMessages" (an integer): API messages whose price is not known: they are not in the cost.
 *
 * SessionFile: A file of a session: a transcript, or a spilled tool result. The counts are those of its content as it is
 * now; what an older generation of it had is left out.
 * - "id" (a string): The identity: 16 hex digits, with which the ids of the file's messages start, too.
 * - "path" (a string): The path below the config dir.
 * - "configDir"? (a string): The config dir; "null" for a file outside any, whose "path" is absolute.
 * - "kind" ("main" or "agent" or "events" or "spill"): What it is to its session.
 * - "sessionId" (a string): Its session.
 * - "projectId" (a string): The project whose folder it is in.
 * - "agentId"? (a string): The agent that writes it.
 * - "agentType"? (a string): The kind of that agent, as its session named it.
 * - "agentDescription"? (a string): What that agent was asked to do, in short.
 * - "workflow"? (a string): The workflow that the agent belongs to.
 * - "isMissing" (true or false): Whether it has gone from the disk.
 * - "size" (an integer): Its size in bytes, when it was last checked.
 * - "modifiedAt"? (Timestamp): When it was changed, as of then.
 * - "indexedBytes" (an integer): How many bytes of it are indexed.
 * - "generation" (an integer): 1, and one more for each time that it was cut, rewritten or replaced.
 * - "lineCount" (an integer): Lines that are not blank.
 * - "messageCount" (an integer): Messages, copies and the request log left out.
 * - "replayCount" (an integer): Messages that are copies written by a resume, a fork or a compaction.
 * - "problemCount" (an integer): Lines that became no message.
 * - "firstMessageAt"? (Timestamp): The earliest time in it, copies included.
 * - "lastMessageAt"? (Timestamp): The latest time in it, copies included.
 *
 * SessionFileKind: What a file is to its session.
 * - "main": The session's own transcript.
 * - "agent": The transcript of a subagent.
 * - "events": Events that han itself wrote beside the transcript.
 * - "spill": A tool result that was written to a file of its own.
 *
 * SessionFind: Which sessions to find by the start of their ids.
 * - "prefix" (a string): What their ids start with. Required; every id starts with an empty one.
 * - "limit" (an integer): How many sessions at most, 1 to 1,000; 10 by default.
 *
 * SessionOrder: How sessions are ordered. Those that are equal are in the descending order of their ids.
 * - "recent": The last active first; sessions without a time come last.
 * - "longest": The one with the most messages in its main file first: how long it was left open says little.
 * - "mostTokens": The one that spent the most tokens of every kind, its agents' included, first.
 * - "costliest": The one that cost the most, by the prices of the handle, first; what has no price costs nothing. Each
 *   page computes the costs of all sessions again: it takes longer than the other orders.
 *
 * SessionQuery: Which sessions to list, and in which order.
 * - "first" (an integer): How many items from the start, 1 to 10,000; 50 if neither "first" nor "last" is given.
 * - "after" (a string): Only items after this cursor.
 * - "last" (an integer): How many items from the end, 1 to 10,000. Not together with "first".
 * - "before" (a string): Only items before this cursor.
 * - "order" ("recent" or "longest" or "mostTokens" or "costliest"): "recent" by default. A cursor belongs to its order.
 * - "projectId" (a string): Only sessions of this project.
 * - "repositoryPath" (a string): Only sessions of this repository, as "Session.repositoryPath" has it.
 * - "gitBranch" (a string): Only sessions whose "Session.gitBranch" is this one.
 * - "model" (a string): Only sessions whose "Session.model" is this one.
 * - "status" ("active" or "ended"): Only sessions that are active, or only others. Evaluated again for each page.
 * - "activeMinutes" (an integer): How long after its last record a session still counts as active, in minutes, 1 to
 *   525,600; 10 by default.
 * - "hasAgents" (true or false): Only sessions with subagents, or only those without.
 * - "since" (Timestamp): Only sessions whose last record is at or after this instant.
 * - "until" (Timestamp): Only sessions whose first record is before this instant. With "since": those that were active in
 *   between.
 * - "includeEmpty" (true or false): Also sessions without a user or assistant line.
 * - "withTotal" (true or false): Also count the whole list, whatever the page: "totalCount".
 *
 * SessionStatus: Whether a session is active, as far as its files show.
 * - "active": Its last record was written within the last "activeMinutes".
 * - "ended": It was written before, or has no time.
 *
 * SessionSummary: A summary of a session.
 * - "sessionId" (a string): The session that is summed up.
 * - "messageId" (MessageId): The message that has the summary; of another session if that one continues this one.
 * - "timestamp"? (Timestamp): When it was written.
 * - "kind" (a string): "summary" (a title-like line), "compaction" (what replaced the history) or "away" (what happened
 *   meanwhile).
 * - "leafUuid"? (a string): The last message that is summed up, as its "uuid"; of a "summary" only.
 * - "text" (a string): The summary.
 *
 * SessionUsage: What a session and its agents spent, each API message counted once.
 * - "sessionId" (a string): The session.
 * - "apiMessages" (an integer): How many API messages were counted.
 * - "iterations" (an integer): Requests within them, whose own tokens leave them out.
 * - "webSearches" (an integer): Web searches that the API made.
 * - "tokens" (a TokenUsage): The tokens of all of these.
 * - "cost" (a number): What all of it cost, in US dollars, as far as prices are known: tokens at the rates that the
 *   answers name, and web searches. What no answer shows is not in it; see "reported".
 * - "unpriced" (an array, each a UnpricedModel): What has no known price, the most tokens first.
 * - "byModel" (an array, each a ModelActivity): The same by model, the costliest first.
 * - "reported"? (a ReportedCost): What the agent program itself says; "null" if it says nothing.
 *
 * SqlBlob: Bytes, in hexadecimal digits.
 * - "hex" (a string): Two digits per byte.
 *
 * SqlColumn: A column of an "SqlResult".
 * - "name" (a string): The name: that of "AS", else SQLite's.
 * - "type"? (a string): The type that the table's column was declared with, such as "INTEGER"; empty for an expression.
 *
 * SqlOptions: The bounds of an ad-hoc query; see han_query().
 * - "deadlineMs" (an integer): How long it may take, from 1 ms to an hour; 5 s by default. "deadlineMs" in JSON.
 * - "maxRows" (an integer): How many rows the answer has at most, 1 to 1,000,000; 10,000 by default.
 * - "maxBytes" (an integer): About how many bytes of memory the rows take at most, 1 to 2^30; 64 MiB by default.
 *
 * SqlParameters: an array, each anything or an object, each value anything. The values of a statement's parameters: a list
 * for "?", an object for ":name", "@name" and "$name" (written with or without that first character).  "null", numbers and
 * strings are bound as they are, "true" and "false" as 1 and 0. {"hex": "00ff"} is a blob. Any other list or object is
 * bound as its JSON text, so that "json_each(?1)" spreads it.
 *
 * SqlResult: What a statement returned.  Values are JSON: integers keep all of their 64 bits (a reader that knows doubles
 * only, such as JavaScript, rounds beyond 2^53; select such a column as text), infinite numbers are the strings "Infinity"
 * and "-Infinity", a blob is {"hex": "00ff"}, and bytes of a text that are not UTF-8 become U+FFFD.
 * - "columns" (an array, each a SqlColumn): The columns, in the order of the values.
 * - "rows" (an array, each an array, each SqlValue): The rows, each with one value per column.
 * - "isTruncated" (true or false): Whether there were more rows than were requested, or than fit.
 *
 * SqlValue: null or a number or a string or a SqlBlob. A value of an ad-hoc query: "null", a number, a text, or the bytes
 * of a blob. JavaScript rounds integers beyond 2^53: select such a column as text.
 *
 * Stats: What is in the database.
 * - "path" (a string): The database's path; ":memory:" in memory.
 * - "schemaVersion" (an integer): Its schema number.
 * - "databaseBytes" (an integer): Bytes of the database file.
 * - "walBytes" (an integer): Bytes of its write-ahead log.
 * - "transcriptBytes" (an integer): Bytes of the transcripts that it holds.
 * - "rawBytes" (an integer): Bytes of their compressed copies within the database.
 * - "projects" (an integer): Projects.
 * - "sessions" (an integer): Sessions.
 * - "files" (an integer): Transcripts.
 * - "filesMissing" (an integer): Those of them that have gone from the disk.
 * - "lines" (an integer): Non-blank lines.
 * - "messages" (an integer): Messages, replays included, superseded generations and the request log not.
 * - "requestLog" (an integer): Lines of the request log: what the agent program noted of its requests to the API. They are
 *   kept, and counted nowhere else.
 * - "replays" (an integer): Copies written by a resume, a fork or a compaction.
 * - "problems" (an integer): Lines that became no message.
 * - "notes" (an integer): Notes on messages.
 * - "tokens" (a TokenUsage): Tokens spent, each API message counted once.
 *
 * SubscribeOptions: What to subscribe to, and from where on; see "subscribe".
 * - "topics" (an array, each a string): Patterns of topics; every topic if empty. Inside a pattern "*" is exactly one
 *   segment between colons, "**" at its end is the rest, and "*" alone is everything: "session:*", "session:*:changed",
 *   "tool:**".
 * - "since" (a string): The cursor of an item: the subscription starts exactly after it. "0" is the beginning of what is
 *   kept. If null, it starts after the newest change that is committed at the time of the call. A cursor that is ahead of
 *   the database, whose last commits a power failure has undone, counts as that of its newest change.
 * - "expand" (true or false): One item for each message, instead of one for all that a transaction did to a session under
 *   a topic.
 *
 * TestMessage: A message for a test. It needs at least a "text", a "thinking" or a "tool"; everything else may be left
 * out.
 * - "role" ("user" or "assistant"): Who speaks; by default the assistant if there is a "thinking" or a "tool", else the
 *   user.
 * - "text" (a string): What is said.
 * - "thinking" (a string): What the assistant thinks before.
 * - "tool" (a TestTool): The tool that the assistant calls, and what came of it.
 * - "at" (Timestamp): When; by default one second after the message before, the first one on 2026-01-01 at 10:00 UTC.
 * - "model" (a string): The model of the assistant; "claude-sonnet-4-5" by default.
 * - "inputTokens" (an integer): The tokens that the assistant read; with "outputTokens", 0 each by default.
 * - "outputTokens" (an integer): The tokens that the assistant wrote.
 *
 * TestSession: A session for a test; see han_testing_session(). Everything may be left out.
 * - "id" (a string): Its id, of letters, digits, "-", "_" and "."; "test-session-1", "test-session-2" and so on by
 *   default. An id that was used before continues that session.
 * - "project" (a string): The absolute path of the folder that the session ran in; /code/app by default.
 * - "messages" (an array, each a TestMessage): What was said, in order.
 *
 * TestSessionReport: What han_testing_session() made.
 * - "sessionId" (a string): The session.
 * - "projectId" (a string): Its project.
 * - "messageIds" (an array, each MessageId): The message of each entry of "messages", in their order.
 * - "toolCalls" (an array, each a TestToolCall): The tool calls, in their order.
 * - "messagesIndexed" (an integer): Messages that this call inserted: one for each entry, and one for each output of a
 *   tool.
 *
 * TestTool: A tool call for a test.
 * - "name" (a string): Its name, such as "Bash". Required.
 * - "input" (anything): The input, an object; "{}" by default.
 * - "output" (a string): What the tool answered, which is a message of its own; if left out, the call has no result.
 * - "isError" (true or false): Whether it failed.
 *
 * TestToolCall: A tool call that han_testing_session() made.
 * - "toolUseId" (a string): Its id.
 * - "messageId" (MessageId): The message that calls.
 * - "resultId"? (MessageId): The message with the result; "null" for a call without output.
 *
 * TextBlock: A text, or the start of it.
 * - "text" (a string): The text, cut as requested.
 * - "bytes" (an integer): How many bytes the whole text has, in UTF-8.
 * - "isTruncated" (true or false): Whether the text was cut.
 *
 * Timestamp: a string. An instant, ISO 8601 in UTC: "2026-01-31T08:15:00.250Z". As an input also a date (its midnight in
 * UTC) or a time without an offset (UTC).
 *
 * Todo: One item of a todo list.
 * - "content"? (a string): What is to be done.
 * - "status"? (a string): As the agent program names it, such as "pending", "in_progress" or "completed".
 * - "activeForm"? (a string): What it is called while it is being done.
 *
 * TodoList: A session's todo list, as it was written last, by itself or an agent.
 * - "sessionId" (a string): The session.
 * - "messageId" (MessageId): The message that wrote the list.
 * - "updatedAt"? (Timestamp): When it was written.
 * - "items" (an array, each a Todo): What is to be done, in the order of the list.
 *
 * TokenUsage: Tokens of one API message, or a sum of them. Cache writes of 5 minutes and 1 hour are apart; both are part
 * of "cacheCreationTokens".
 * - "inputTokens" (an integer): Uncached input tokens.
 * - "outputTokens" (an integer): Output tokens, thinking included.
 * - "cacheReadTokens" (an integer): Tokens read from the cache.
 * - "cacheCreationTokens" (an integer): Tokens written to the cache, of both lifetimes.
 * - "cacheCreation5mTokens" (an integer): Those of them that live five minutes.
 * - "cacheCreation1hTokens" (an integer): Those of them that live one hour.
 *
 * ToolActivity: How often a tool was called.
 * - "name" (a string): Its name.
 * - "calls" (an integer): Calls of it.
 *
 * ToolCall: A tool call, with its result.
 * - "id" (a string): The id of the call, by which its result names it.
 * - "name" (a string): The tool's name.
 * - "sessionId" (a string): The session that called it, itself or through an agent.
 * - "agentId"? (a string): The agent that called it.
 * - "messageId" (MessageId): The message that calls it.
 * - "timestamp"? (Timestamp): When it was called.
 * - "input"? (a string): The input, as JSON text; "null" if it was not asked for, or if the record has none.
 * - "result"? (a ToolResult): The result; "null" while there is none.
 *
 * ToolCallBlock: A tool call.
 * - "toolUseId"? (a string): The id by which its result names it.
 * - "name"? (a string): The tool's name.
 * - "summary" (a string): What the call is about, in one line: the most informative part of the input, such as a command
 *   or a path, else the input itself. It is cut as the input is.
 * - "input" (a string): The input as JSON, as the record has it, cut as requested; empty if the record has none.
 * - "bytes" (an integer): How many bytes the whole input has.
 * - "isTruncated" (true or false): Whether the input was cut.
 *
 * ToolCallOptions: How much of each tool call is returned.
 * - "includeText" (true or false): Also "input" and "output", which are read from the stored records.
 *
 * ToolResult: The result of a call.
 * - "messageId" (MessageId): The message that contains it.
 * - "timestamp"? (Timestamp): When it arrived.
 * - "isError" (true or false): Whether the tool failed.
 * - "spill"? (a string): The file in the session's tool-results/ that has the whole output, if the record has only a part
 *   of it.
 * - "output"? (a string): The output as the record has it, its texts joined by line ends, with "[image]" for an image;
 *   "null" if it was not asked for.
 *
 * ToolResultBlock: The result of a call.
 * - "toolUseId"? (a string): The id of the call.
 * - "isError" (true or false): Whether the tool failed.
 * - "text" (a string): The output, its texts joined by line ends, with "[image]" for an image and without control
 *   sequences, cut as requested.
 * - "bytes" (an integer): How many bytes the whole text has, in UTF-8.
 * - "isTruncated" (true or false): Whether the text was cut.
 * - "spill"? (a string): The file in the session's tool-results/ that has the whole output, if the record has only a part
 *   of it.
 *
 * Turn: What a message is in a conversation.
 * - "prompt": A prompt that a person typed.
 * - "answer": A part of the model's answer: words, thoughts or tool calls.
 * - "event": Anything else: a tool's result, or a text of the agent program.
 *
 * UnpricedModel: What has no known price: it is in no cost.
 * - "model"? (a string): The model, spelled as the transcripts do; "null" for answers that name no model.
 * - "rate"? (a string): The rate of it that has no price, such as "priority"; "null" if the model has none at all.
 * - "apiMessages" (an integer): API messages of it.
 * - "iterations" (an integer): Requests of it within API messages, whose own tokens leave them out.
 * - "webSearches" (an integer): Web searches.
 * - "tokens" (a TokenUsage): The tokens of all of these.
 *
 * VectorModel: What is stored of one model.
 * - "name" (a string): Its name.
 * - "dimensions" (an integer): How many numbers each of its vectors has.
 * - "messages" (an integer): Messages that have vectors of it.
 * - "vectors" (an integer): Its vectors.
 * - "stale" (an integer): Those of them whose messages have another text by now.
 *
 * VectorPlace: What a vector represents.
 * - "messageId" (a string): The message. Required.
 * - "chunk" (an integer): Distinguishes the vectors of one message; 0 by default.
 * - "field" ("user" or "assistant" or "thinking" or "toolInput" or "toolOutput" or "title" or "other"): The field of the
 *   searchable text that it represents; all of them by default.
 * - "start" (an integer): Where its piece begins, in UTF-16 code units of the text of "field", or of all fields joined by
 *   line ends; from the beginning by default.
 * - "end" (an integer): Where its piece ends; at the end of the text by default.
 * - "textHash" (a string): What "vectors.pending" returned for the text that was embedded: if the message has another text
 *   by now, the vector is stale at once. By default the vector is that of the text that the message has now.
 *
 * VectorQuery: Which vectors to search for.
 * - "vector" (an array of numbers): The vector of the query. Required.
 * - "model" (a string): Whose vectors are searched; the only model with vectors by default.
 * - "fields" (an array, each "user" or "assistant" or "thinking" or "toolInput" or "toolOutput" or "title" or "other"):
 *   Only vectors of these fields; every one if left out or empty. A vector without a field is of every field.
 * - "sessionId" (a string): Only this session.
 * - "projectId" (a string): Only this project.
 * - "agentId" (a string): Only this agent's messages.
 * - "since" (Timestamp): Only messages at or after this instant.
 * - "until" (Timestamp): Only messages before this instant.
 * - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
 * - "includeSuperseded" (true or false): Also older generations of a file.
 * - "first" (an integer): How many hits, 1 to 1,000; 20 by default.
 * - "after" (a string): Only hits after this cursor.
 *
 * Versions: The versions of what is in this library: for bug reports.
 * - "library" (a string): The version of han-native, such as "0.1.0".
 * - "sqlite" (a string): The version of SQLite, such as "3.51.0".
 * - "schema" (an integer): The number of the newest database schema that this version knows, and writes.
 *
 * WatchMode: How changes of transcripts are noticed.
 * - "native": The operating system reports them as they happen.
 * - "poll": Every file is checked periodically.
 *
 * WatchOptions: How "watcher" watches.
 * - "mode" ("native" or "poll"): If null, HAN_WATCH_MODE ("native" or "poll"), else native.
 * - "scanIntervalMs" (an integer): The time between two full scans; 30 s by default. "scanIntervalMs" in JSON.
 * - "pollIntervalMs" (an integer): The time between two looks at what is not watched natively; 5 s by default.
 *   "pollIntervalMs" in JSON.
 * - "nativeRetryMs" (an integer): The time between two attempts to watch natively while that fails; 60 s by default.
 *   "nativeRetryMs" in JSON.
 *
 * WatcherStatus: What the watcher does.
 * - "running" (true or false): Whether it watches.
 * - "mode" ("native" or "poll"): How it watches, watched last, or would watch.
 * - "reason"? (a string): Why it cannot write at the moment, polls, polls in part, or stopped by itself; "null" if nothing
 *   is wrong.
 * - "paths" (an array, each a string): The config dirs.
 */
