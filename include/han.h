/*
 * han.h: the C library of han-native.
 *
 * Indexes the transcripts of coding-agent sessions into one small, searchable SQLite database, inside your process.
 *
 * Generated from the sources of han-ffi; do not edit.
 *
 * Errors. A function that can fail returns a han_code_t, HAN_OK on success. Its last parameter `error` is NULL, or where
 * the error goes: on failure `*error` becomes a han_error_t with the code and a text for people, to be freed with
 * han_error_free(); on success it becomes NULL. What was in `*error` before is overwritten, not freed. A NULL where
 * something is needed, a text that is no UTF-8, and an unknown key of a JSON object are HAN_INVALID_ARGUMENT, and the
 * message names them.
 *
 * Texts. Every `const char *` that goes in is a NUL-terminated string of UTF-8, borrowed for the time of the call. A
 * parameter named `..._json` is the text of one JSON object; where it may be left out, NULL means {}. A key with null
 * counts as left out.
 *
 * Results. A `han_buf_t *` is filled with bytes that the caller owns and frees with han_buf_free(); it need not be
 * initialised, and is {NULL, 0} on failure. JSON results are UTF-8 without line breaks. Their fields are the same as
 * those of the command `han --json`: what is missing is null, times are ISO 8601 strings in UTC, numbers are integers
 * unless said otherwise. Later versions may add fields. On failure every result is empty, never half filled.
 *
 * Memory. What has a `_free` function is freed with that and nothing else. Every `_free` ignores NULL.
 *
 * Threads. A `const han_t *` may be used from several threads at once; its writes wait for each other, its reads do not
 * wait for writes (but in memory, where all share one connection). han_free() needs the handle for itself alone. Every
 * function blocks until it is done, and no thread of the library outlives the call that started it, but for those of
 * han_coordinator_try_acquire(), han_watcher_start(), han_subscribe() and han_on_change(), which end with what they are for, at
 * the latest in han_close().
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
 * The number of the binary interface, the same as behind "libhan.so.": raised by every change that breaks a program which
 * was compiled before. A program that loads the library at run time compares it with han_abi_version().
 */
#define HAN_ABI_VERSION 0

/**
 * How many bytes an embedder may write of what went wrong, the NUL included.
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
   * A directory stands where a file is meant.
   */
  HAN_IS_DIRECTORY = 2,
  /**
   * The operating system refused access.
   */
  HAN_PERMISSION = 3,
  /**
   * A file or folder of ours is open to others; the message says how to mend it.
   */
  HAN_INSECURE_PERMISSIONS = 4,
  /**
   * The file is a database of another program, or no database.
   */
  HAN_FOREIGN_DATABASE = 5,
  /**
   * The database was written by a newer version.
   */
  HAN_SCHEMA_TOO_NEW = 6,
  /**
   * The database needs a migration that a reader may not do.
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
   * The database lies on a network file system.
   */
  HAN_NETWORK_FILESYSTEM = 11,
  /**
   * Another process holds the write lock.
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
   * An argument is NULL, no UTF-8, no JSON, of the wrong form or out of its range.
   */
  HAN_INVALID_ARGUMENT = 18,
  /**
   * A raw FTS5 query does not parse.
   */
  HAN_QUERY_SYNTAX = 19,
  /**
   * Any other failure of input or output.
   */
  HAN_IO = 20,
  /**
   * A defect of this library, caught before it could harm the caller. The handle can still be used and freed.
   */
  HAN_PANIC = 21,
  /**
   * An embedder failed; the message has what it says.
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
 * An error: its code and a text for people. Made by the functions that take a `han_error_t **`, freed with
 * han_error_free().
 */
typedef struct han_error_t han_error_t;

/**
 * A place in the feed of changes that moves on. Begun with han_subscribe() or han_on_change(), ended with
 * han_subscription_close() or with its handle, freed with han_subscription_free(), before or after the handle.
 *
 * It is no queue: what is told is read from the database when it is asked for. So a slow reader costs nobody anything; one
 * that falls behind what is kept (24 hours and 100,000 changes) is told of one gap and goes on behind that.
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
 * `data` holds `len` bytes, and one NUL behind them that `len` does not count, so that a JSON result can be read as a string.
 * `data` is NULL where there is no result. Freed with han_buf_free(), never with free().
 */
typedef struct {
  /**
   * The first byte, or NULL.
   */
  const char *data;
  /**
   * How many bytes, without the NUL behind them.
   */
  size_t len;
} han_buf_t;

/**
 * Hears what a handle does; see han_open().
 *
 * `message` is one line of UTF-8, and valid during the call only. `user_data` is what han_open() was given. Called on any
 * thread that works for the handle, and on several at once: the function must be thread-safe and return soon. It must not
 * call a function on that handle, nor throw an exception, nor longjmp out.
 */
typedef void (*han_log_callback_t)(han_log_level_t level, const char *message, void *user_data);

/**
 * Hears how far a scan is; see han_scan().
 *
 * `progress_json` is a JSON object {"filesDone", "filesTotal", "bytesDone", "bytesTotal", "messagesIndexed", "path"}, valid
 * during the call only. `user_data` is what han_scan() was given. Called on the thread that called han_scan(). It
 * must not call a function on the scanning handle, nor throw an exception, nor longjmp out; it may cancel the scan with
 * han_cancellation_cancel().
 */
typedef void (*han_progress_callback_t)(const char *progress_json, void *user_data);

/**
 * Hears what was committed; see han_on_change().
 *
 * `change_json` is an item as in han_subscription_next(), and `error` is NULL; or `change_json` is NULL and `error` is
 * what ended the subscription. Both are valid during the call only: the error is not the callback's to free. `user_data`
 * is what han_on_change() was given.
 *
 * Called on one thread of the library, one call at a time. It may take its time, and call any function on the handle and
 * on the subscription, han_subscription_free() included, but for han_free(). It must not throw an exception, nor longjmp
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
 * han_register_embedder() was given. Returns true when all are written. Otherwise it returns false, and may write what went
 * wrong to `message`, a string of at most HAN_EMBED_MESSAGE_SIZE bytes with its NUL.
 *
 * Called on the threads that call han_embed_pending(), han_search() and the like, on several at once where several do: it must
 * be thread-safe. It must not call a function on the handle, nor throw an exception, nor longjmp out.
 */
typedef bool (*han_embed_callback_t)(const char *const *texts,
                                     size_t text_count,
                                     float *vectors,
                                     char *message,
                                     void *user_data);

/**
 * Takes a piece of a document; see han_export_session_to().
 *
 * `bytes` are `len` bytes, valid during the call only; a character may begin in one piece and end in the next. `user_data` is
 * what han_export_session_to() was given. Gives 0, or what went wrong as an errno, such as ENOSPC, which ends the export.
 * Called on the thread that called han_export_session_to(). It must not call a function on that handle, nor throw an
 * exception, nor longjmp out.
 */
typedef int32_t (*han_write_callback_t)(const char *bytes, size_t len, void *user_data);

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
 * What happened, to what, and what to do, in one line of UTF-8. The empty string for NULL.
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
 * Ownership: takes the bytes, not the struct, which is the caller's. Does not block.
 */
void han_buf_free(han_buf_t *buffer);

/**
 * Opens a database; creates it, or migrates it, where it is missing or old (never with "readOnly").
 *
 * `options_json` is NULL for the defaults, or a JSON object of
 * - "dataDir": the folder of the database and its lock; the environment's HAN_DATA_DIR, else ~/.han
 * - "dbPath": the database itself; han.db in that folder
 * - "configDirs": an array of folders whose projects/ are scanned; [] means none; those of the environment's
 *   CLAUDE_CONFIG_DIR (a comma list), else ~/.claude and ~/.config/claude
 * - "readOnly": true to open an existing database without writing to it
 * - "inMemory": true to keep the database in memory, for as long as the handle lives
 * - "lockTimeoutMs": how long a write waits for another process; 5000
 * - "heartbeatIntervalMs": between two signs of life of an idle coordinator; 5000
 * - "staleAfterMs": how long a coordinator may show none before another one takes over, at least twice the interval, the same
 *   for every handle of a database; 30000
 * - "exclude": an array of globs of paths, below a config dir, that are not indexed
 * - "timeZone": the IANA name of the time zone of local days; the one the database has, which is the system's at its creation
 * - "priceFile": a JSON list of prices, with the field names of the public LiteLLM list, that stand in the place of the
 *   published ones of the same models; that of the environment's HAN_PRICE_FILE
 * - "watch": how the watcher watches, an object of "mode" ("native" or "poll"; that of the environment's HAN_WATCH_MODE, else
 *   native) and, in milliseconds, "scanIntervalMs" (between two full scans; 30000), "pollIntervalMs" (between two looks
 *   at what is not watched natively; 5000), "nativeRetryMs" (between two tries to watch natively while that fails; 60000)
 *
 * `log` is NULL, or told what the library does, with `log_user_data`; both must stay valid until han_free() returned.
 *
 * Ownership: `*handle` is the caller's, to be freed with han_free(); it is NULL on failure. `*error` is as everywhere.
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
 * Closes the database. It stops leading and watching, and its subscriptions end. Every later call on the handle that needs
 * the database returns HAN_CLOSED; closing again is fine. A database in memory is gone.
 *
 * Ownership: the handle stays the caller's, and still has to be freed. Blocking: until the calls that run on other threads
 * have returned, and the callbacks of han_on_change(): none is called afterwards. Called from within one it does not wait
 * for that one. Threads: any; but not from within two callbacks at once. Errors: HAN_INVALID_ARGUMENT for NULL.
 */
han_code_t han_close(const han_t *handle,
                     han_error_t **error);

/**
 * Closes the database, if it is open, and frees the handle. NULL is ignored.
 *
 * Ownership: takes the handle; it must not be used again, and no other thread may be using it. Buffers, errors and
 * subscriptions that it gave stay valid. Blocking: while the database is closed.
 */
void han_free(han_t *handle);

/**
 * Makes a token that is not cancelled. Never NULL.
 *
 * Ownership: the caller's, to be freed with han_cancellation_free(). Does not block; safe from any thread.
 */
han_cancellation_t *han_cancellation_new(void);

/**
 * Ends, with HAN_CANCELLED, what runs under this token. It stays cancelled.
 *
 * Ownership: the token stays the caller's. Does not block, nor wait for the end of what it cancels. Threads: any, at any time.
 * Errors: HAN_INVALID_ARGUMENT for NULL.
 */
han_code_t han_cancellation_cancel(const han_cancellation_t *cancellation,
                                   han_error_t **error);

/**
 * Frees a token. NULL is ignored.
 *
 * Ownership: takes the token; the operation that it was given to must have returned. Does not block.
 */
void han_cancellation_free(han_cancellation_t *cancellation);

/**
 * Indexes what is new in one session file, an unterminated last line included.
 *
 * `path` is the file. `result` becomes a JSON object {"sessionId", "messagesIndexed", "totalMessages", "isNewSession",
 * "problems", "notes"}.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until the file is indexed; up to
 * "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other.
 * Errors: HAN_INVALID_ARGUMENT (also for a file that is no transcript), HAN_NOT_FOUND, HAN_IS_DIRECTORY, HAN_PERMISSION,
 * HAN_LOCKED, HAN_NOT_LEADER, HAN_DISK_FULL, HAN_READ_ONLY, HAN_CLOSED.
 */
han_code_t han_index_session_file(const han_t *handle,
                                  const char *path,
                                  han_buf_t *result,
                                  han_error_t **error);

/**
 * Indexes what is new in every transcript, the newest file first. Files that cannot be read are listed in the report.
 *
 * `options_json` is NULL for every config dir of the handle, or a JSON object {"paths": [...]}: a file is indexed as itself,
 * a folder that has a projects folder as a config dir, any other folder with all below it. `progress` is NULL, or called
 * with `user_data` at the start, then after commits, at most every 50 ms, and at the end. `cancellation` is NULL, or a token that ends the scan early: what
 * is committed stays, and the next scan goes on from there.
 * `result` becomes a JSON object {"files", "filesChanged", "lines", "bytes", "messagesIndexed", "problems", "notes", "errors":
 * [{"path", "code", "message"}], "durationMs"}.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(); `cancellation` stays the caller's and must live until
 * the call returns. Blocking: until all is indexed; up to "lockTimeoutMs" for another process that writes. Threads: any;
 * writes wait for each other.
 * Errors: HAN_CANCELLED, HAN_LOCKED, HAN_NOT_LEADER, HAN_DISK_FULL, HAN_READ_ONLY, HAN_CLOSED, HAN_INVALID_ARGUMENT;
 * HAN_NOT_FOUND for a path that was named and does not exist.
 */
han_code_t han_scan(const han_t *handle,
                    const char *options_json,
                    han_progress_callback_t progress,
                    void *user_data,
                    const han_cancellation_t *cancellation,
                    han_buf_t *result,
                    han_error_t **error);

/**
 * Derives anew, from the stored bytes, what older rules derived; does nothing where there is none.
 *
 * `result` becomes a JSON object {"files", "messages"}.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until all is derived; up to
 * "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other.
 * Errors: HAN_LOCKED, HAN_NOT_LEADER, HAN_DISK_FULL, HAN_READ_ONLY, HAN_CLOSED, HAN_INVALID_ARGUMENT.
 */
han_code_t han_rederive(const han_t *handle,
                        han_buf_t *result,
                        han_error_t **error);

/**
 * Has this handle lead now, if nobody else does, and else as soon as the leader releases it, dies or stops: then it takes
 * over by itself, and subscriptions are told "leader:acquired". It leads, or wants to, until han_coordinator_release() or
 * han_close(); acquiring again changes nothing.
 *
 * `leads` becomes whether the handle leads now; false is no error. While a handle leads, no other may write the database:
 * its writes return HAN_NOT_LEADER. Without a leader each call that writes takes a lock for itself.
 *
 * Blocking: for at most half a second. Threads: any; a thread of the library ("han-lead") gives signs of life meanwhile.
 * Errors: HAN_ALREADY_LEADER_IN_PROCESS where another handle of this process leads, HAN_INVALID_ARGUMENT, HAN_READ_ONLY,
 * HAN_DISK_FULL, HAN_CLOSED.
 */
han_code_t han_coordinator_try_acquire(const han_t *handle,
                                       bool *leads,
                                       han_error_t **error);

/**
 * Stops leading, and wanting to.
 *
 * `led` is NULL, or becomes whether the handle led until now.
 *
 * Blocking: until the lock is released. Threads: any. Errors: HAN_INVALID_ARGUMENT, and those of writing; the lock is
 * released anyway. A closed handle leads no more, which is no error.
 */
han_code_t han_coordinator_release(const han_t *handle,
                                   bool *led,
                                   han_error_t **error);

/**
 * Whether this handle leads.
 *
 * Blocking: for a short read. Threads: any. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_coordinator_is_coordinator(const han_t *handle,
                                          bool *leads,
                                          han_error_t **error);

/**
 * Who writes the database.
 *
 * `result` becomes a JSON object {"isCoordinator": whether this handle leads, "coordinatorRunning": whether any leads,
 * "epoch": raised with every change of the writer, "pid", "heartbeat", "version": of the one that leads, "issues":
 * [{"code", "message"}]}. A leader that has stopped inside a transaction is an issue, once that was noticed by a handle
 * that wants to lead.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for a short read. Threads: any.
 * Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_coordinator_status(const han_t *handle,
                                  han_buf_t *result,
                                  han_error_t **error);

/**
 * Begins to index transcripts as they are written, on threads of the library, until han_watcher_stop() or han_close().
 * Starting again changes nothing.
 *
 * A last line without an end is left until it has its end, or until two full scans found it the same. Files that cannot be
 * read are told to the log. Where nothing can be written for a while, as on a full disk, it tries again by itself, and
 * loses nothing; its status says why.
 *
 * Where another process begins to lead it stops, and its status says so: at once where this handle has led until then, else when
 * it has something to write. It goes on by itself once this handle leads, or when it is started again.
 *
 * Blocking: until the watches stand and everything that is there is indexed. Threads: any. Errors: HAN_NOT_LEADER where
 * another process leads, HAN_LOCKED, HAN_READ_ONLY, HAN_DISK_FULL, HAN_CLOSED; HAN_CANCELLED where it was stopped
 * meanwhile; HAN_INVALID_ARGUMENT, also for a bad HAN_WATCH_MODE of the environment and an interval of 0. Then it does not run,
 * or, where it had only stopped for another leader, waits as before.
 */
han_code_t han_watcher_start(const han_t *handle,
                             han_error_t **error);

/**
 * Ends the watching; nothing is indexed by it afterwards. Stopping what does not run changes nothing, also on a closed
 * handle.
 *
 * Blocking: until its thread has ended, which may be waiting for another process that writes, up to "lockTimeoutMs".
 * Threads: any. Errors: HAN_INVALID_ARGUMENT for NULL.
 */
han_code_t han_watcher_stop(const han_t *handle,
                            han_error_t **error);

/**
 * Adds a config dir to those of the handle: for the watcher, running or not, and for scans.
 *
 * `config_dir` need not exist yet. One that is there already, perhaps by another name, counts once.
 *
 * Does not block. Threads: any. Errors: HAN_INVALID_ARGUMENT (also for what is no directory), HAN_CLOSED.
 */
han_code_t han_watcher_add_path(const han_t *handle,
                                const char *config_dir,
                                han_error_t **error);

/**
 * Takes a config dir away from those of the handle. What was indexed of it stays.
 *
 * Does not block. Threads: any. Errors: HAN_NOT_FOUND for one that the handle does not have, HAN_INVALID_ARGUMENT,
 * HAN_CLOSED.
 */
han_code_t han_watcher_remove_path(const han_t *handle,
                                   const char *config_dir,
                                   han_error_t **error);

/**
 * Whether it watches, and how.
 *
 * `result` becomes a JSON object {"running", "mode": "native" or "poll", "reason": why it cannot write at the moment, polls,
 * polls in part, or stopped by itself, "paths": the config dirs}. It is told of a closed handle, too.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Does not block. Threads: any. Errors:
 * HAN_INVALID_ARGUMENT for NULL.
 */
han_code_t han_watcher_status(const han_t *handle,
                              han_buf_t *result,
                              han_error_t **error);

/**
 * Follows what is committed to the database, by this handle or any other, in this process or another, to be asked with
 * han_subscription_next(). A handle that was opened with "readOnly" may, too.
 *
 * `options_json` is NULL for everything from now on, or a JSON object of
 * - "topics": an array of patterns; inside one * is exactly one segment between colons, ** at its end is the rest, and * alone
 *   is everything: "session:*", "session:*:changed", "tool:**". Every topic where left out or empty
 * - "since": the cursor of an item: what comes goes on exactly behind it; "0" is the beginning of what is kept
 * - "expand": true for one item a message, instead of one for all that a transaction did to a session under a topic
 *
 * The topics are session:added, session:updated, session:reindexed, session:message:added, session:todos:changed,
 * session:tasks:changed, session:files:changed, session:hooks:changed, tool:result:added, hook:result:added,
 * leader:acquired, leader:lost.
 *
 * Ownership: `*subscription` is the caller's, to be freed with han_subscription_free(); it is NULL on failure. Blocking:
 * for a short read. Threads: any; while a handle on disk has subscriptions, a thread of the library ("han-feed") looks
 * every 10 ms whether anybody else committed. Errors: HAN_INVALID_ARGUMENT (also for a pattern or a cursor that is none),
 * HAN_CLOSED and those of reading.
 */
han_code_t han_subscribe(const han_t *handle,
                         const char *options_json,
                         han_subscription_t **subscription,
                         han_error_t **error);

/**
 * Waits for the next item of a subscription that was begun with han_subscribe().
 *
 * `timeout_ms` is how long, in milliseconds: 0 looks without waiting, a negative number waits for ever. Its three outcomes are
 * - an item: HAN_OK, and `result` is a JSON object {"type": "change", "cursor", "topic", "time", "sessionId", "messageId",
 *   "count", "firstMessageId", "lastMessageId"} or {"type": "gap", "cursor", "from", "to"}
 * - nothing in that time: HAN_OK, and `result` is {NULL, 0}
 * - the end, after which nothing comes any more: HAN_CANCELLED after han_subscription_close(), HAN_CLOSED after han_close()
 *
 * Any other error ends nothing: the next call tries again where this one stood. "messageId" is told with "expand" only,
 * "count", "firstMessageId" and "lastMessageId" without it only, and of topics of messages only.
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
 * Follows what is committed to the database, as han_subscribe(), and has a callback called with each item.
 *
 * `options_json` is as in han_subscribe(). `callback` is called with `user_data` on a thread of this subscription
 * ("han-listen"), one item after the other, from the moment of this call on, perhaps before it has returned; both must
 * stay valid until the subscription was closed, or its handle. A slow callback delays nobody but itself.
 *
 * Ownership: `*subscription` is the caller's, to be freed with han_subscription_free(); it is NULL on failure, and written
 * before the first call. Blocking: for a short read. Threads: any. Errors: HAN_INVALID_ARGUMENT (also for a pattern or a
 * cursor that is none), HAN_CLOSED, HAN_IO where no thread can be started, and those of reading.
 */
han_code_t han_on_change(const han_t *handle,
                         const char *options_json,
                         han_change_callback_t callback,
                         void *user_data,
                         han_subscription_t **subscription,
                         han_error_t **error);

/**
 * Ends a subscription. Closing again is fine.
 *
 * With han_subscribe() a han_subscription_next() that waits returns at once, with HAN_CANCELLED. With han_on_change() it
 * waits for a call of the callback that runs, and there is none after it has returned; called from within that callback it
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
 * threads that wait for an item return, then free it. The handle may be freed before. Blocking: as
 * han_subscription_close(); it may be called from within the callback, too.
 */
void han_subscription_free(han_subscription_t *subscription);

/**
 * A page of sessions, the last active first where nothing else is asked for.
 *
 * `query_json` is NULL for the first 50, or a JSON object of "first" and "after", or "last" and "before" (a page, 1 to
 * 10000 items), "order" ("recent", "longest", "mostTokens" or "costliest"), "projectId", "repositoryPath", "gitBranch",
 * "model", "status" ("active" or "ended"), "activeMinutes" (how long a session counts as active; 10), "hasAgents", "since"
 * and "until" (ISO 8601: at work in between), "includeEmpty" (also sessions without a user or assistant line), "withTotal"
 * (to count the whole list). `result` becomes a JSON object {"items", "hasNextPage", "hasPreviousPage", "startCursor",
 * "endCursor", "totalCount"}; an item is a session {"id", "projectId", "projectPath", "repositoryPath", "title",
 * "startedAt", "endedAt", "model", "gitBranch", "version", "cwd", "messageCount", "promptCount", "assistantCount",
 * "agentCount", "tokens", "isMissing"}.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_sessions_list(const han_t *handle,
                             const char *query_json,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * The sessions of these ids.
 *
 * `ids` is an array of `id_count` strings, at most 10000. `result` becomes a JSON array of as many elements in the same order:
 * a session as in han_sessions_list(), or null for an unknown id.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_sessions_get(const han_t *handle,
                            const char *const *ids,
                            size_t id_count,
                            han_buf_t *result,
                            han_error_t **error);

/**
 * A page of a session's messages, in the order of the file.
 *
 * `query_json` is a JSON object of "sessionId" (required), "first" and "after", or "last" and "before" (a page, 1 to 10000
 * items; the first 50), "agentId" (only this agent), "agents": "all" (the main file and every agent, merged by time),
 * "types" (an array of record types), "role" ("user" or "assistant"), "tool" (calls of it and their results), "since" and
 * "until" (ISO 8601), "onlyErrors", "includeReplays", "includeSuperseded", "withTotal" (to count the whole list). `result`
 * becomes a JSON object {"items", "hasNextPage", "hasPreviousPage", "startCursor", "endCursor", "totalCount"}; an item is
 * a message {"id", "sessionId", "recordSessionId", "uuid", "parentUuid", "type", "subtype", "role", "agentId", "toolName",
 * "toolUseId", "model", "apiMessageId", "preview", "timestamp", "effectiveTimestamp", "path", "lineNumber", "part",
 * "isSidechain", "isMeta", "isError", "isPrompt", "replayOf", "isSuperseded", "isProvisional", "tokens"}. An unknown
 * session is an empty page.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_messages_list(const han_t *handle,
                             const char *query_json,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * The messages of these ids.
 *
 * `ids` is an array of `id_count` strings, at most 10000. `result` becomes a JSON array of as many elements in the same order:
 * a message as in han_messages_list(), or null for an unknown id.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_messages_get(const han_t *handle,
                            const char *const *ids,
                            size_t id_count,
                            han_buf_t *result,
                            han_error_t **error);

/**
 * The records of these messages as text, with invalid UTF-8 replaced by U+FFFD.
 *
 * `ids` is an array of `id_count` strings, at most 10000. `result` becomes a JSON array of as many elements in the same order:
 * the record as a string, or null for an unknown id. See han_messages_raw_bytes() for the bytes themselves.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_messages_raw(const han_t *handle,
                            const char *const *ids,
                            size_t id_count,
                            han_buf_t *result,
                            han_error_t **error);

/**
 * The records of these messages, byte for byte.
 *
 * `ids` is an array of `id_count` strings, at most 10000. `buffers` is an array of as many elements, which need not be
 * initialised: each becomes the bytes of its record, which may hold anything, NULs too; or {NULL, 0} for an unknown id.
 *
 * Ownership: each of `buffers` is the caller's, to be freed with han_buf_free(); all are {NULL, 0} on failure. Blocking: for
 * the query. Threads: any; reads do not wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_messages_raw_bytes(const han_t *handle,
                                  const char *const *ids,
                                  size_t id_count,
                                  han_buf_t *buffers,
                                  han_error_t **error);

/**
 * How many messages han_messages_list() would give for each session.
 *
 * `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON object from each id to its
 * count, 0 for an unknown one.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_messages_count_batch(const han_t *handle,
                                    const char *const *session_ids,
                                    size_t session_id_count,
                                    han_buf_t *result,
                                    han_error_t **error);

/**
 * When the messages of each session were written.
 *
 * `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
 * elements in the same order: {"sessionId", "count", "first", "last"} of its main file, or null for an unknown id.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_messages_timestamps_batch(const han_t *handle,
                                         const char *const *session_ids,
                                         size_t session_id_count,
                                         han_buf_t *result,
                                         han_error_t **error);

/**
 * Searches the messages by their words, by the nearness of their vectors, or by both.
 *
 * `query_json` is a JSON object of "query" (required: words are ANDed, "quotes" are phrases, the last word and words with *
 * match as prefixes; any text is safe), "mode" ("text", "vector", or "hybrid" for both, the best 200 of each joined by
 * reciprocal rank fusion; text), "model" (whose vectors; the only one) and "vector" (an array of numbers; without one the query is
 * embedded by what han_register_embedder() was given) for the last two modes, "fields" (an array of "user", "assistant", "thinking", "toolInput", "toolOutput",
 * "title", "other"), "sessionId", "projectId", "agentId", "since" and "until" (ISO 8601), "order" ("relevance" or "newest"),
 * "syntax" ("plain", or "fts5" for an SQLite FTS5 expression), "includeReplays", "includeSuperseded", "first" (1 to 1000; 20)
 * and "after". `result` becomes a JSON object {"items", "hasNextPage", "hasPreviousPage", "startCursor", "endCursor",
 * "totalCount": null}; an item is a hit {"message", "projectId", "sessionTitle", "field", "snippet", "matches": [{"start",
 * "end"}], "score", "matchedBy" ("text", "vector" or "both"), "textRank", "vectorRank", "distance", "chunk", "isPartial"} with
 * the matches in UTF-16 code units of the snippet. Whatever the mode, filters apply before anything is ranked, and each message is
 * found once, by its nearest vector.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading; HAN_QUERY_SYNTAX with "fts5" only;
 * HAN_NOT_FOUND for a model without vectors, HAN_EMBEDDER.
 */
han_code_t han_search(const han_t *handle,
                      const char *query_json,
                      han_buf_t *result,
                      han_error_t **error);

/**
 * Lines that became no message, and notes on messages, in the order of path and line.
 *
 * `filter_json` is NULL for the first 50, or a JSON object of "sessionId", "path", "kinds" (an array of "invalid_json",
 * "not_object", "oversize_line", "torn_tail", "glued_records", "text_truncated", "spill_missing", "spill_too_large"), "notes"
 * (true for notes only, false for none), "includeSuperseded", "first" and "after", or "last" and "before". `result` becomes a
 * JSON object {"items", "hasNextPage", "hasPreviousPage", "startCursor", "endCursor", "totalCount": null}; an item is {"id",
 * "kind", "isNote", "sessionId", "path", "lineNumber", "part", "offset", "length", "detail"}.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_problems(const han_t *handle,
                        const char *filter_json,
                        han_buf_t *result,
                        han_error_t **error);

/**
 * Stores vectors of messages under the name of the model that they come from; all of a call in one transaction.
 *
 * `items_json` is a JSON object of "model" (required) and "items" (required), an array of at most 10000 objects of "messageId"
 * (required), "chunk" (tells the vectors of one message apart; 0), "field" (that of the searchable text that it stands for, as in
 * han_search(); all of them), "start" and "end" (its piece in UTF-16 code units of the text of the field, or of all fields joined
 * by line ends; the whole) and "textHash" (what han_vectors_pending() gave for the text; that of the text that the message has
 * now). `vectors` are the numbers of the first item, then those of the second, and so on: `number_count` in all. They are stored
 * as they lie in memory. `result` becomes a JSON object {"messages", "vectors", "unknown": an array of the message ids that
 * do not exist, whose vectors are not stored}.
 *
 * Whatever vectors of this model a named message had before goes; those of other models and other messages stay. The first call
 * fixes how many dimensions the model has. Where several config dirs have a message of this id, all those with the embedded text
 * get the vector. An empty list notes which messages need no look any more, so that han_vectors_pending() is quick again.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(); `vectors` is borrowed for the time of the call.
 * Blocking: until they are committed; up to "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each
 * other. Errors: HAN_INVALID_ARGUMENT also for vectors of other dimensions than the model's, that are not finite or have no
 * direction, then nothing is stored; HAN_LOCKED, HAN_NOT_LEADER, HAN_DISK_FULL, HAN_READ_ONLY, HAN_CLOSED.
 */
han_code_t han_index_vectors(const han_t *handle,
                             const char *items_json,
                             const float *vectors,
                             size_t number_count,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * Searches messages by the nearness of their vectors to one.
 *
 * `query_json` is a JSON object of "model" (the only one with vectors), "vector" (an array of numbers, where `vector` is NULL),
 * and "fields", "sessionId", "projectId", "agentId", "since", "until", "includeReplays", "includeSuperseded", "first" (1 to
 * 1000; 20) and "after" as in han_search(). `vector` is NULL, or `dimensions` numbers. `result` becomes a page of hits as in
 * han_search(), the nearest first.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(); `vector` is borrowed for the time of the call.
 * Blocking: for the query. Threads: any; reads do not wait for writes. Errors: HAN_INVALID_ARGUMENT also for a vector of other
 * dimensions than the model's, that is not finite or has no direction; HAN_NOT_FOUND for a model without vectors; HAN_CLOSED and
 * those of reading.
 */
han_code_t han_search_vectors(const han_t *handle,
                              const char *query_json,
                              const float *vector,
                              size_t dimensions,
                              han_buf_t *result,
                              han_error_t **error);

/**
 * Every model that has vectors, by name.
 *
 * `result` becomes a JSON array of {"name", "dimensions", "messages", "vectors", "stale"}: how many messages have vectors of it,
 * how many vectors there are, and how many of these are of a text that has changed since.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_vectors_models(const han_t *handle,
                              han_buf_t *result,
                              han_error_t **error);

/**
 * A page of messages that have text and no vector of it, those whose text has changed first.
 *
 * `query_json` is a JSON object of "model" (required; one that has no vectors yet, too), "first" (1 to 1000; 50) and "after".
 * `result` becomes a page as in han_search(); an item is {"messageId", "textHash", "chunks": [{"chunk", "field", "start",
 * "end", "text"}]}: its text in pieces of up to 2000 characters, at most 64 of them. What han_index_vectors() takes for each of
 * them has the same names.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_vectors_pending(const han_t *handle,
                               const char *query_json,
                               han_buf_t *result,
                               han_error_t **error);

/**
 * Removes a model with all of its vectors. An embedder stays registered.
 *
 * `model` is its name. `result` becomes a JSON object {"vectors"}: how many there were.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until they are removed; up to "lockTimeoutMs"
 * for another process that writes. Threads: any; writes wait for each other. Errors: HAN_NOT_FOUND for a model without vectors,
 * HAN_INVALID_ARGUMENT, HAN_LOCKED, HAN_NOT_LEADER, HAN_DISK_FULL, HAN_READ_ONLY, HAN_CLOSED.
 */
han_code_t han_vectors_remove(const han_t *handle,
                              const char *model,
                              han_buf_t *result,
                              han_error_t **error);

/**
 * Has a function embed texts for a model, in the place of one that did so before: han_embed_pending() calls it, and
 * han_search() in the modes "vector" and "hybrid" for a query without a vector.
 *
 * `model` is the name under which the vectors are kept, `dimensions` how many numbers each has, 1 to 8192. `callback` is called with
 * `user_data`; both must stay valid until han_free() returned.
 *
 * Does not block. Threads: any. Errors: HAN_INVALID_ARGUMENT.
 */
han_code_t han_register_embedder(const han_t *handle,
                                 const char *model,
                                 size_t dimensions,
                                 han_embed_callback_t callback,
                                 void *user_data,
                                 han_error_t **error);

/**
 * Loads static embeddings in the format of model2vec (tokenizer.json, model.safetensors, config.json) from a local folder, and has
 * them serve as an embedder, as han_register_embedder() does with a function. Nothing is downloaded.
 *
 * `model` is the name under which the vectors are kept; NULL for that of the folder. `result` becomes a JSON object {"model",
 * "dimensions"}.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(); the embeddings are held in memory until han_free().
 * Blocking: until they are read. Threads: any. Errors: HAN_NOT_FOUND for a file that is missing, HAN_INVALID_ARGUMENT for a folder
 * that has no such model, HAN_PERMISSION, HAN_IO.
 */
han_code_t han_load_embedder(const han_t *handle,
                             const char *folder,
                             const char *model,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * Embeds what is pending for a model, with the embedder that is registered for it. Nothing is locked while it works, and what is
 * done is committed every 64 messages. Where nothing is pending, nothing is written.
 *
 * `model` is its name. `options_json` is NULL, or a JSON object of "limit" (how many messages at most; all). `progress` is NULL,
 * or called with `user_data` after each commit; its JSON object is {"messages", "vectors"}. `cancellation` is NULL, or a token
 * that ends it between two calls of the embedder. `result` becomes a JSON object {"messages", "vectors", "hasMore"}.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(); `cancellation` stays the caller's and must live until
 * the call returns. Blocking: until all is embedded. Threads: any. Errors: HAN_NOT_FOUND where no embedder is registered for
 * the model; HAN_EMBEDDER with what it says; HAN_CANCELLED; those of han_index_vectors(). What is committed stays.
 */
han_code_t han_embed_pending(const han_t *handle,
                             const char *model,
                             const char *options_json,
                             han_progress_callback_t progress,
                             void *user_data,
                             const han_cancellation_t *cancellation,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * The files of these ids: transcripts, and tool results that were written to files of their own.
 *
 * `ids` is an array of `id_count` strings, at most 10000. `result` becomes a JSON array of as many elements in the same
 * order: a file {"id", "path", "configDir", "kind" ("main", "agent", "events" or "spill"), "sessionId", "projectId",
 * "agentId", "agentType", "agentDescription", "workflow", "isMissing", "size", "modifiedAt", "indexedBytes", "generation",
 * "lineCount", "messageCount", "replayCount", "problemCount", "firstMessageAt", "lastMessageAt"}, or null for an unknown
 * id.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_files_get(const han_t *handle,
                         const char *const *ids,
                         size_t id_count,
                         han_buf_t *result,
                         han_error_t **error);

/**
 * The files of each session: the main file first, then by path.
 *
 * `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
 * elements in the same order: an array of files as in han_files_get(), or null for an unknown id.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_files_by_session(const han_t *handle,
                                const char *const *session_ids,
                                size_t session_id_count,
                                han_buf_t *result,
                                han_error_t **error);

/**
 * The calls of these tool use ids, each with its result.
 *
 * `ids` is an array of `id_count` strings, at most 10000. `options_json` is NULL, or a JSON object {"includeText": true}
 * for "input" and "output", too, which costs more than all the rest. `result` becomes a JSON array of as many elements in
 * the same order: a call {"id", "name", "sessionId", "agentId", "messageId", "timestamp", "input" (JSON text), "result":
 * {"messageId", "timestamp", "isError", "spill", "output"}}, where "result" is null while there is none, or null for an
 * unknown id.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_tool_calls_get(const han_t *handle,
                              const char *const *ids,
                              size_t id_count,
                              const char *options_json,
                              han_buf_t *result,
                              han_error_t **error);

/**
 * The todo list of each session, as it was written last.
 *
 * `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
 * elements in the same order: a list {"sessionId", "messageId", "updatedAt", "items": [{"content", "status",
 * "activeForm"}]}, or null for an unknown id and where none was ever written.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_todos_get(const han_t *handle,
                         const char *const *session_ids,
                         size_t session_id_count,
                         han_buf_t *result,
                         han_error_t **error);

/**
 * The tasks of each session, by their ids, as they are after everything that happened to them.
 *
 * `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
 * elements in the same order: an array of tasks {"sessionId", "id", "subject", "description", "activeForm", "status",
 * "owner", "blockedBy", "createdAt", "updatedAt"}, or null for an unknown id.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_tasks_get(const han_t *handle,
                         const char *const *session_ids,
                         size_t session_id_count,
                         han_buf_t *result,
                         han_error_t **error);

/**
 * Every change to a file that each session and its agents made, in the order in which they were made.
 *
 * `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
 * elements in the same order: an array of changes {"sessionId", "agentId", "messageId", "timestamp", "path", "action"
 * ("create", "update" or "delete"), "linesAdded", "linesRemoved", "tool"}, or null for an unknown id.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_file_changes_get(const han_t *handle,
                                const char *const *session_ids,
                                size_t session_id_count,
                                han_buf_t *result,
                                han_error_t **error);

/**
 * Every hook that was run for each session and its agents, in the order of the records that tell of it.
 *
 * `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
 * elements in the same order: an array of executions {"sessionId", "agentId", "messageId", "timestamp", "event", "name",
 * "command", "durationMs", "exitCode", "isError"}, or null for an unknown id.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_hook_executions_get(const han_t *handle,
                                   const char *const *session_ids,
                                   size_t session_id_count,
                                   han_buf_t *result,
                                   han_error_t **error);

/**
 * The summaries of each session, in the order in which they were written.
 *
 * `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
 * elements in the same order: an array of summaries {"sessionId", "messageId", "timestamp", "kind" ("summary",
 * "compaction" or "away"), "leafUuid", "text"}, or null for an unknown id.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_summaries_get(const han_t *handle,
                             const char *const *session_ids,
                             size_t session_id_count,
                             han_buf_t *result,
                             han_error_t **error);

/**
 * The tokens that each session and its agents spent, each API message counted once.
 *
 * `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
 * elements in the same order: the sums {"sessionId", "apiMessages", "tokens", "byModel": [{"model", "apiMessages",
 * "tokens"}]}, or null for an unknown id; "tokens" is as in a session of han_sessions_list().
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_usage_by_session(const han_t *handle,
                                const char *const *session_ids,
                                size_t session_id_count,
                                han_buf_t *result,
                                han_error_t **error);

/**
 * What was done in some days. The time it takes depends on the days, not on the messages.
 *
 * `filter_json` is NULL for all time, or a JSON object of "since" and "until" (days such as "2026-01-31", both included,
 * or instants), "timeZone" (an IANA name; that of the database), "projectId". `result` becomes a JSON object {"timeZone",
 * "since", "until", "sessions", "messages", "prompts", "assistantLines", "apiMessages", "tokens", "cost" (US dollars, a
 * fraction), "unpricedApiMessages", "unpricedModels", "prices": {"source", "date", "ownFile"}, "linesAdded",
 * "linesRemoved", "toolCalls", "toolErrors", "tools": [{"name", "calls"}], "hooks", "hookErrors", "compactions",
 * "subagents", "models", "projects", "topSessionsByCost", "bottomSessionsByCost", "topSessionsByMessages",
 * "bottomSessionsByMessages"}.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_dashboard(const han_t *handle,
                         const char *filter_json,
                         han_buf_t *result,
                         han_error_t **error);

/**
 * When something was done: by local day, and by hour of the clock.
 *
 * `filter_json` is as in han_dashboard(). `result` becomes a JSON object {"timeZone", "since", "until", "days": [{"date",
 * "sessions", "messages", "prompts", "toolCalls", "linesAdded", "linesRemoved", "apiMessages", "tokens", "cost",
 * "unpricedApiMessages"}], "hours": the same for each of the 24 hours, with "hour" and without "sessions"}.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_activity(const han_t *handle,
                        const char *filter_json,
                        han_buf_t *result,
                        han_error_t **error);

/**
 * The dashboard of all projects from a day on, in the time zone of the database.
 *
 * `since` is the day, or NULL for all time. `result` becomes a JSON object as in han_dashboard().
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_query_dashboard_aggregates(const han_t *handle,
                                          const char *since,
                                          han_buf_t *result,
                                          han_error_t **error);

/**
 * Answers one SQL statement that only reads: a SELECT, a WITH or a VALUES, or an EXPLAIN of one.
 *
 * It sees one snapshot and changes nothing. The views v_sessions, v_messages, v_usage, v_tool_calls, v_file_changes,
 * v_files, v_projects, v_todos, v_tasks, v_hooks, v_summaries, v_problems and v_days keep their names and columns; the
 * tables below them do not.
 *
 * `parameters_json` is NULL for none, a JSON array for ?, or a JSON object for :name, @name and $name: null, numbers and
 * strings stand for themselves, true and false for 1 and 0, {"hex": "00ff"} is a blob, any other array or object its JSON
 * text. `options_json` is NULL, or a JSON object of "deadlineMs" (1 to 3600000; 5000), "maxRows" (1 to 1000000; 10000),
 * "maxBytes" (of the rows in memory, 1 to 2^30; 64 MiB). `cancellation` is NULL, or a token that ends the statement early.
 * `result` becomes a JSON object {"columns": [{"name", "type"}], "rows": an array of arrays, "isTruncated"}: integers of
 * up to 64 bits, fractions, strings ("Infinity" and "-Infinity" also stand for numbers), null, and {"hex": "00ff"} for a
 * blob.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(); `cancellation` stays the caller's and must live
 * until the call returns. Blocking: until the deadline. Threads: any; reads do not wait for writes, and a database in
 * memory is copied. Errors: HAN_QUERY_SYNTAX with what SQLite says; HAN_INVALID_ARGUMENT also for a statement that does
 * not only read, for parameters that do not fit, and when the deadline has passed; HAN_CANCELLED, HAN_CLOSED and those of
 * reading.
 */
han_code_t han_query(const han_t *handle,
                     const char *sql,
                     const char *parameters_json,
                     const char *options_json,
                     const han_cancellation_t *cancellation,
                     han_buf_t *result,
                     han_error_t **error);

/**
 * A whole session as a document. It is held in memory; see han_export_session_to() and han_export_session_to_file() for large
 * ones.
 *
 * `format` is "markdown", "json" or "html". `options_json` is NULL, or a JSON object of "includeAgents" (true),
 * "includeThinking" (true), "includeReplays" (false), "includeRaw" (false; each record as it was written, in JSON),
 * "maxTextBytes" (cuts longer texts, and says so). `result` becomes the document itself: UTF-8, with line breaks, and no
 * JSON unless the format is.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until the session is written. Threads:
 * any; reads do not wait for writes. Errors: HAN_NOT_FOUND for an unknown session, HAN_INVALID_ARGUMENT, HAN_CLOSED and
 * those of reading.
 */
han_code_t han_export_session(const han_t *handle,
                              const char *id,
                              const char *format,
                              const char *options_json,
                              han_buf_t *result,
                              han_error_t **error);

/**
 * As han_export_session(), piece by piece, in bounded memory, of one snapshot.
 *
 * `callback` is called with each piece in its order, and `user_data`; where this function fails, the document is not whole.
 *
 * Blocking: until the session is written. Threads: any; reads do not wait for writes. Errors: those of han_export_session(),
 * and what the callback gave: HAN_DISK_FULL, HAN_PERMISSION, HAN_IO and the like.
 */
han_code_t han_export_session_to(const han_t *handle,
                                 const char *id,
                                 const char *format,
                                 const char *options_json,
                                 han_write_callback_t callback,
                                 void *user_data,
                                 han_error_t **error);

/**
 * As han_export_session(), to a new file, in bounded memory: it stands there whole, for its owner only, or not at all.
 *
 * `target_path` must not exist.
 *
 * Blocking: until the file is written. Threads: any; reads do not wait for writes. Errors: those of han_export_session();
 * HAN_INVALID_ARGUMENT also for an existing target, HAN_NOT_FOUND also for a folder that is missing, HAN_DISK_FULL,
 * HAN_PERMISSION, HAN_IO.
 */
han_code_t han_export_session_to_file(const han_t *handle,
                                      const char *id,
                                      const char *format,
                                      const char *options_json,
                                      const char *target_path,
                                      han_error_t **error);

/**
 * Writes a transcript back, byte for byte as it was last indexed.
 *
 * `source_path` is the path it was indexed from, absolute or below its config dir; "path~generation" names an older
 * generation. `target_path` must not exist.
 *
 * Blocking: until the file is written. Threads: any; does not wait for writes of the database.
 * Errors: HAN_NOT_FOUND for an unknown source, HAN_INVALID_ARGUMENT (also for an existing target), HAN_DISK_FULL,
 * HAN_PERMISSION, HAN_CLOSED.
 */
han_code_t han_restore(const han_t *handle,
                       const char *source_path,
                       const char *target_path,
                       han_error_t **error);

/**
 * What is in the database.
 *
 * `result` becomes a JSON object {"path", "schemaVersion", "databaseBytes", "walBytes", "transcriptBytes", "rawBytes",
 * "projects", "sessions", "files", "filesMissing", "lines", "messages", "replays", "problems", "notes", "tokens"}.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
 * wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
 */
han_code_t han_stats(const han_t *handle,
                     han_buf_t *result,
                     han_error_t **error);

/**
 * Checks the database, its search index, its sums and the stored bytes, and mends them where asked to.
 *
 * `options_json` is NULL to check only, or a JSON object {"fix": true} to mend what can be mended. `result` becomes a JSON
 * object {"isHealthy", "filesChecked", "issues": [{"code", "message", "path", "isFixed"}]}. Damage is a finding, no error.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until all is checked, which reads the whole
 * database. Threads: any. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading; HAN_LOCKED, HAN_NOT_LEADER,
 * HAN_DISK_FULL, HAN_READ_ONLY with "fix" only.
 */
han_code_t han_doctor(const han_t *handle,
                      const char *options_json,
                      han_buf_t *result,
                      han_error_t **error);

/**
 * Removes sessions for good: their rows, bytes and search entries are overwritten, and no scan brings them back.
 *
 * `target_json` is a JSON object of exactly one of "sessionId", "projectId", "before" (ISO 8601: every session whose last
 * activity is before it). `result` becomes a JSON object {"sessions", "files", "messages"}: what was removed.
 *
 * Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until all is overwritten; up to
 * "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other.
 * Errors: HAN_INVALID_ARGUMENT, HAN_NOT_FOUND for an unknown session or project, HAN_LOCKED, HAN_NOT_LEADER, HAN_DISK_FULL,
 * HAN_READ_ONLY, HAN_CLOSED.
 */
han_code_t han_forget(const han_t *handle,
                      const char *target_json,
                      han_buf_t *result,
                      han_error_t **error);

/**
 * Writes a consistent copy of the database, while it is in use.
 *
 * `target_path` must not exist.
 *
 * Blocking: until the copy is written. Threads: any.
 * Errors: HAN_INVALID_ARGUMENT (also for an existing target), HAN_DISK_FULL, HAN_PERMISSION, HAN_CLOSED.
 */
han_code_t han_backup(const han_t *handle,
                      const char *target_path,
                      han_error_t **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* HAN_H */
