"""han-native from Python, through ctypes: one file, to be copied and changed freely.

    with Han({"configDirs": ["/home/ada/.claude"]}) as han:
        han.scan()
        for hit in han.search({"query": "tomatoes"})["items"]:
            print(hit["snippet"])
        han.watcher_start()
        for change in han.subscribe({"topics": ["session:**"]}):
            print(change["topic"], change["sessionId"])

Options and results are the JSON of the C library as dicts and lists; see han.h. Every failure raises HanError with the
code as a string. The library is looked for in $HAN_LIBRARY, then as libhan.so.0.
"""

import ctypes
import errno
import json
import os

_ABI_VERSION = 0


class HanError(Exception):
    """What went wrong: `code` is a string such as "HAN_NOT_FOUND", the text is for people."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class _Buffer(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("len", ctypes.c_size_t)]

    def take(self):
        """The bytes, or None; frees the buffer."""
        try:
            return None if self.data is None else ctypes.string_at(self.data, self.len)
        finally:
            _library.han_buf_free(ctypes.byref(self))


_LogCallback = ctypes.CFUNCTYPE(None, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_void_p)
_ProgressCallback = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_void_p)
_ChangeCallback = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p)

_WriteCallback = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)

_EmbedCallback = ctypes.CFUNCTYPE(
    ctypes.c_bool,
    ctypes.POINTER(ctypes.c_char_p),
    ctypes.c_size_t,
    ctypes.POINTER(ctypes.c_float),
    ctypes.POINTER(ctypes.c_char),
    ctypes.c_void_p,
)
_EMBED_MESSAGE_SIZE = 1024

_pointer = ctypes.c_void_p
_out = ctypes.POINTER(ctypes.c_void_p)
_text = ctypes.c_char_p
_texts = ctypes.POINTER(ctypes.c_char_p)
_result = ctypes.POINTER(_Buffer)
_size = ctypes.c_size_t
_numbers = ctypes.POINTER(ctypes.c_float)
_flag = ctypes.POINTER(ctypes.c_bool)

# Name: (result, arguments). ctypes takes any number as a 32-bit int where this is left out.
_SIGNATURES = {
    "han_abi_version": (ctypes.c_uint32, []),
    "han_version": (_text, []),
    "han_code_name": (_text, [ctypes.c_uint32]),
    "han_error_code": (ctypes.c_uint32, [_pointer]),
    "han_error_message": (_text, [_pointer]),
    "han_error_free": (None, [_pointer]),
    "han_buf_free": (None, [_result]),
    "han_open": (ctypes.c_uint32, [_text, _LogCallback, _pointer, _out, _out]),
    "han_close": (ctypes.c_uint32, [_pointer, _out]),
    "han_free": (None, [_pointer]),
    "han_cancellation_new": (_pointer, []),
    "han_cancellation_cancel": (ctypes.c_uint32, [_pointer, _out]),
    "han_cancellation_free": (None, [_pointer]),
    "han_index_session_file": (ctypes.c_uint32, [_pointer, _text, _result, _out]),
    "han_scan": (ctypes.c_uint32, [_pointer, _text, _ProgressCallback, _pointer, _pointer, _result, _out]),
    "han_rederive": (ctypes.c_uint32, [_pointer, _result, _out]),
    "han_coordinator_try_acquire": (ctypes.c_uint32, [_pointer, _flag, _out]),
    "han_coordinator_release": (ctypes.c_uint32, [_pointer, _flag, _out]),
    "han_coordinator_is_coordinator": (ctypes.c_uint32, [_pointer, _flag, _out]),
    "han_coordinator_status": (ctypes.c_uint32, [_pointer, _result, _out]),
    "han_watcher_start": (ctypes.c_uint32, [_pointer, _out]),
    "han_watcher_stop": (ctypes.c_uint32, [_pointer, _out]),
    "han_watcher_add_path": (ctypes.c_uint32, [_pointer, _text, _out]),
    "han_watcher_remove_path": (ctypes.c_uint32, [_pointer, _text, _out]),
    "han_watcher_status": (ctypes.c_uint32, [_pointer, _result, _out]),
    "han_subscribe": (ctypes.c_uint32, [_pointer, _text, _out, _out]),
    "han_subscription_next": (ctypes.c_uint32, [_pointer, ctypes.c_int64, _result, _out]),
    "han_on_change": (ctypes.c_uint32, [_pointer, _text, _ChangeCallback, _pointer, _out, _out]),
    "han_subscription_close": (ctypes.c_uint32, [_pointer, _out]),
    "han_subscription_free": (None, [_pointer]),
    "han_sessions_list": (ctypes.c_uint32, [_pointer, _text, _result, _out]),
    "han_sessions_get": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_messages_list": (ctypes.c_uint32, [_pointer, _text, _result, _out]),
    "han_messages_get": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_messages_raw": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_messages_raw_bytes": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_messages_count_batch": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_search": (ctypes.c_uint32, [_pointer, _text, _result, _out]),
    "han_index_vectors": (ctypes.c_uint32, [_pointer, _text, _numbers, _size, _result, _out]),
    "han_search_vectors": (ctypes.c_uint32, [_pointer, _text, _numbers, _size, _result, _out]),
    "han_vectors_models": (ctypes.c_uint32, [_pointer, _result, _out]),
    "han_vectors_pending": (ctypes.c_uint32, [_pointer, _text, _result, _out]),
    "han_vectors_remove": (ctypes.c_uint32, [_pointer, _text, _result, _out]),
    "han_register_embedder": (ctypes.c_uint32, [_pointer, _text, _size, _EmbedCallback, _pointer, _out]),
    "han_load_embedder": (ctypes.c_uint32, [_pointer, _text, _text, _result, _out]),
    "han_embed_pending": (
        ctypes.c_uint32,
        [_pointer, _text, _text, _ProgressCallback, _pointer, _pointer, _result, _out],
    ),
    "han_problems": (ctypes.c_uint32, [_pointer, _text, _result, _out]),
    "han_messages_timestamps_batch": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_files_get": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_files_by_session": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_tool_calls_get": (ctypes.c_uint32, [_pointer, _texts, _size, _text, _result, _out]),
    "han_todos_get": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_tasks_get": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_file_changes_get": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_hook_executions_get": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_summaries_get": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_usage_by_session": (ctypes.c_uint32, [_pointer, _texts, _size, _result, _out]),
    "han_dashboard": (ctypes.c_uint32, [_pointer, _text, _result, _out]),
    "han_activity": (ctypes.c_uint32, [_pointer, _text, _result, _out]),
    "han_query_dashboard_aggregates": (ctypes.c_uint32, [_pointer, _text, _result, _out]),
    "han_query": (ctypes.c_uint32, [_pointer, _text, _text, _text, _pointer, _result, _out]),
    "han_export_session": (ctypes.c_uint32, [_pointer, _text, _text, _text, _result, _out]),
    "han_export_session_to": (ctypes.c_uint32, [_pointer, _text, _text, _text, _WriteCallback, _pointer, _out]),
    "han_export_session_to_file": (ctypes.c_uint32, [_pointer, _text, _text, _text, _text, _out]),
    "han_restore": (ctypes.c_uint32, [_pointer, _text, _text, _out]),
    "han_stats": (ctypes.c_uint32, [_pointer, _result, _out]),
    "han_doctor": (ctypes.c_uint32, [_pointer, _text, _result, _out]),
    "han_forget": (ctypes.c_uint32, [_pointer, _text, _result, _out]),
    "han_backup": (ctypes.c_uint32, [_pointer, _text, _out]),
}


def _load():
    library = ctypes.CDLL(os.environ.get("HAN_LIBRARY", "libhan.so.0"))
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    if library.han_abi_version() != _ABI_VERSION:
        raise ImportError(f"libhan has binary interface {library.han_abi_version()}, this module needs {_ABI_VERSION}")
    return library


_library = _load()


def _error(error):
    return HanError(
        _library.han_code_name(_library.han_error_code(error)).decode(), _library.han_error_message(error).decode()
    )


def _call(function, *arguments):
    error = ctypes.c_void_p()
    if function(*arguments, ctypes.byref(error)) != 0:
        try:
            raise _error(error)
        finally:
            _library.han_error_free(error)


def _encode(options):
    return None if options is None else json.dumps(options).encode()


def _path(path):
    # A path that is no UTF-8 is refused by the library, with a message that says so.
    return os.fsencode(path)


def _strings(values):
    return (ctypes.c_char_p * len(values))(*(value.encode() for value in values)), len(values)


def version():
    """The version of the library."""
    return _library.han_version().decode()


class Cancellation:
    """Ends a scan early, from another thread or from its progress callback."""

    def __init__(self):
        self._token = _library.han_cancellation_new()

    def cancel(self):
        _call(_library.han_cancellation_cancel, self._token)

    def __del__(self):
        _library.han_cancellation_free(self._token)


class Subscription:
    """Changes as they are committed: an iterator that waits for the next one, and ends when it or its Han is closed."""

    def __init__(self, subscription):
        self._subscription = subscription

    def next(self, timeout=None):
        """The next change, or None where there is none within `timeout` seconds; raises StopIteration at the end."""
        item = _Buffer()
        milliseconds = -1 if timeout is None else max(0, round(timeout * 1000))
        try:
            _call(_library.han_subscription_next, self._subscription, milliseconds, ctypes.byref(item))
        except HanError as error:
            if error.code in ("HAN_CANCELLED", "HAN_CLOSED"):
                raise StopIteration from None
            raise
        taken = item.take()
        return None if taken is None else json.loads(taken)

    def __iter__(self):
        return self

    def __next__(self):
        # In slices, since the interpreter hears of Ctrl-C between calls only.
        while (change := self.next(0.25)) is None:
            pass
        return change

    def close(self):
        """Ends it, from any thread; closing again is fine. No callback is called afterwards, but for one that closes it."""
        _call(_library.han_subscription_close, self._subscription)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        _library.han_subscription_free(self._subscription)


class Han:
    """A database of sessions. Every method blocks, without holding the interpreter lock; any thread may call."""

    def __init__(self, options=None, log=None):
        """`log` is called with a level (1 warning, 2 info, 3 debug) and a text, from any thread."""
        self._handle = None
        self._listening = []
        self._embedders = []
        # Kept, since the library calls it until the handle is freed.
        self._log = _LogCallback(lambda level, text, _: log(level, text.decode())) if log else _LogCallback()
        handle = ctypes.c_void_p()
        _call(_library.han_open, _encode(options), self._log, None, ctypes.byref(handle))
        self._handle = handle

    def close(self):
        """Closes the database; closing again is fine."""
        _call(_library.han_close, self._handle)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        if self._handle:
            _library.han_free(self._handle)

    def _json(self, function, *arguments):
        result = _Buffer()
        _call(function, self._handle, *arguments, ctypes.byref(result))
        return json.loads(result.take())

    def index_session_file(self, path):
        return self._json(_library.han_index_session_file, _path(path))

    def scan(self, options=None, on_progress=None, cancellation=None):
        raised = []

        def progress(progress_json, _):
            # ctypes prints and drops an exception of a callback; this one is raised when the scan has returned.
            try:
                if not raised:
                    on_progress(json.loads(progress_json))
            except BaseException as error:  # pylint: disable=broad-except
                raised.append(error)

        callback = _ProgressCallback(progress) if on_progress else _ProgressCallback()
        token = cancellation._token if cancellation else None
        report = self._json(_library.han_scan, _encode(options), callback, None, token)
        if raised:
            raise raised[0]
        return report

    def rederive(self):
        return self._json(_library.han_rederive)

    def _flag(self, function):
        answer = ctypes.c_bool()
        _call(function, self._handle, ctypes.byref(answer))
        return answer.value

    def coordinator_try_acquire(self):
        """Whether this handle leads now; if not, it takes over as soon as nobody else does."""
        return self._flag(_library.han_coordinator_try_acquire)

    def coordinator_release(self):
        """Whether this handle led until now."""
        return self._flag(_library.han_coordinator_release)

    def coordinator_is_coordinator(self):
        return self._flag(_library.han_coordinator_is_coordinator)

    def coordinator_status(self):
        return self._json(_library.han_coordinator_status)

    def watcher_start(self):
        _call(_library.han_watcher_start, self._handle)

    def watcher_stop(self):
        _call(_library.han_watcher_stop, self._handle)

    def watcher_add_path(self, config_dir):
        _call(_library.han_watcher_add_path, self._handle, _path(config_dir))

    def watcher_remove_path(self, config_dir):
        _call(_library.han_watcher_remove_path, self._handle, _path(config_dir))

    def watcher_status(self):
        return self._json(_library.han_watcher_status)

    def subscribe(self, options=None):
        """A Subscription, to be iterated over."""
        subscription = ctypes.c_void_p()
        _call(_library.han_subscribe, self._handle, _encode(options), ctypes.byref(subscription))
        return Subscription(subscription)

    def on_change(self, callback, options=None):
        """Has `callback` called with each change, on a thread of its own, until the Subscription or this Han is closed. Its
        exceptions go to sys.unraisablehook; where reading fails, it is called with a HanError and no more.
        """

        def hear(change_json, error, _):
            if change_json is None:
                callback(_error(error))
            else:
                callback(json.loads(change_json))

        function = _ChangeCallback(hear)
        subscription = ctypes.c_void_p()
        _call(_library.han_on_change, self._handle, _encode(options), function, None, ctypes.byref(subscription))
        listening = Subscription(subscription)
        # Both kept until the handle is freed, which ends their thread.
        self._listening.append((listening, function))
        return listening

    def sessions_list(self, query=None):
        return self._json(_library.han_sessions_list, _encode(query))

    def sessions_get(self, ids):
        return self._json(_library.han_sessions_get, *_strings(ids))

    def messages_list(self, query):
        return self._json(_library.han_messages_list, _encode(query))

    def messages_get(self, ids):
        return self._json(_library.han_messages_get, *_strings(ids))

    def messages_raw(self, ids):
        return self._json(_library.han_messages_raw, *_strings(ids))

    def messages_raw_bytes(self, ids):
        buffers = (_Buffer * len(ids))()
        _call(_library.han_messages_raw_bytes, self._handle, *_strings(ids), buffers)
        return [buffer.take() for buffer in buffers]

    def messages_count_batch(self, session_ids):
        return self._json(_library.han_messages_count_batch, *_strings(session_ids))

    def messages_timestamps_batch(self, session_ids):
        return self._json(_library.han_messages_timestamps_batch, *_strings(session_ids))

    def search(self, query):
        return self._json(_library.han_search, _encode(query))

    def index_vectors(self, model, items):
        """Stores vectors: each item is a dict with "messageId", and "vector", any sequence of floats."""
        places = [{name: value for name, value in item.items() if name != "vector"} for item in items]
        numbers = [number for item in items for number in item["vector"]]
        if any(len(item["vector"]) != len(items[0]["vector"]) for item in items):
            raise ValueError("the vectors of a call have to be of one length")
        encoded = _encode({"model": model, "items": places})
        return self._json(_library.han_index_vectors, encoded, (ctypes.c_float * len(numbers))(*numbers), len(numbers))

    def search_vectors(self, query):
        """A page of hits; "vector" is any sequence of floats."""
        rest = {name: value for name, value in query.items() if name != "vector"}
        vector = query["vector"]
        return self._json(_library.han_search_vectors, _encode(rest), (ctypes.c_float * len(vector))(*vector), len(vector))

    def vectors_models(self):
        return self._json(_library.han_vectors_models)

    def vectors_pending(self, query):
        return self._json(_library.han_vectors_pending, _encode(query))

    def vectors_remove(self, model):
        return self._json(_library.han_vectors_remove, model.encode())

    def register_embedder(self, model, dimensions, embed):
        """`embed` turns a list of texts into a list of vectors, from any thread."""

        def call(texts, count, vectors, message, _):
            try:
                made = embed([texts[at].decode() for at in range(count)])
                if len(made) != count or any(len(vector) != dimensions for vector in made):
                    raise ValueError(f"it has to give {count} vectors of {dimensions} numbers")
                for at, number in enumerate(number for vector in made for number in vector):
                    vectors[at] = number
                return True
            except Exception as error:  # pylint: disable=broad-except
                told = str(error).encode()[: _EMBED_MESSAGE_SIZE - 1]
                ctypes.memmove(message, told + b"\0", len(told) + 1)
                return False

        callback = _EmbedCallback(call)
        _call(_library.han_register_embedder, self._handle, model.encode(), dimensions, callback, None)
        # Kept, since the library calls it until the handle is freed.
        self._embedders.append(callback)

    def load_embedder(self, folder, model=None):
        """Static embeddings in the format of model2vec, from a local folder."""
        name = None if model is None else model.encode()
        return self._json(_library.han_load_embedder, _path(folder), name)

    def embed_pending(self, model, options=None, on_progress=None, cancellation=None):
        raised = []

        def progress(progress_json, _):
            # As in scan().
            try:
                if not raised:
                    on_progress(json.loads(progress_json))
            except BaseException as error:  # pylint: disable=broad-except
                raised.append(error)

        callback = _ProgressCallback(progress) if on_progress else _ProgressCallback()
        token = cancellation._token if cancellation else None
        encoded = _encode(options)
        report = self._json(_library.han_embed_pending, model.encode(), encoded, callback, None, token)
        if raised:
            raise raised[0]
        return report

    def problems(self, query=None):
        return self._json(_library.han_problems, _encode(query))

    def files_get(self, ids):
        return self._json(_library.han_files_get, *_strings(ids))

    def files_by_session(self, session_ids):
        return self._json(_library.han_files_by_session, *_strings(session_ids))

    def tool_calls_get(self, ids, options=None):
        return self._json(_library.han_tool_calls_get, *_strings(ids), _encode(options))

    def todos_get(self, session_ids):
        return self._json(_library.han_todos_get, *_strings(session_ids))

    def tasks_get(self, session_ids):
        return self._json(_library.han_tasks_get, *_strings(session_ids))

    def file_changes_get(self, session_ids):
        return self._json(_library.han_file_changes_get, *_strings(session_ids))

    def hook_executions_get(self, session_ids):
        return self._json(_library.han_hook_executions_get, *_strings(session_ids))

    def summaries_get(self, session_ids):
        return self._json(_library.han_summaries_get, *_strings(session_ids))

    def usage_by_session(self, session_ids):
        return self._json(_library.han_usage_by_session, *_strings(session_ids))

    def dashboard(self, filter=None):
        return self._json(_library.han_dashboard, _encode(filter))

    def activity(self, filter=None):
        return self._json(_library.han_activity, _encode(filter))

    def query_dashboard_aggregates(self, since=None):
        return self._json(_library.han_query_dashboard_aggregates, None if since is None else since.encode())

    def query(self, sql, parameters=None, options=None, cancellation=None):
        token = cancellation._token if cancellation else None
        return self._json(_library.han_query, sql.encode(), _encode(parameters), _encode(options), token)

    def export_session(self, session_id, format="markdown", options=None):
        """The document, as a string."""
        result = _Buffer()
        arguments = session_id.encode(), format.encode(), _encode(options)
        _call(_library.han_export_session, self._handle, *arguments, ctypes.byref(result))
        return result.take().decode()

    def export_session_to(self, session_id, write, format="markdown", options=None):
        """Calls `write` with the bytes of the document, piece by piece."""
        raised = []

        def take(data, length, _):
            try:
                write(ctypes.string_at(data, length))
                return 0
            except BaseException as error:  # pylint: disable=broad-except
                raised.append(error)
                return errno.EIO

        arguments = session_id.encode(), format.encode(), _encode(options), _WriteCallback(take), None
        try:
            _call(_library.han_export_session_to, self._handle, *arguments)
        except HanError:
            if raised:
                raise raised[0] from None
            raise

    def export_session_to_file(self, session_id, format, target_path, options=None):
        arguments = session_id.encode(), format.encode(), _encode(options), _path(target_path)
        _call(_library.han_export_session_to_file, self._handle, *arguments)

    def restore(self, source_path, target_path):
        _call(_library.han_restore, self._handle, _path(source_path), _path(target_path))

    def stats(self):
        return self._json(_library.han_stats)

    def doctor(self, options=None):
        return self._json(_library.han_doctor, _encode(options))

    def forget(self, target):
        return self._json(_library.han_forget, _encode(target))

    def backup(self, target_path):
        _call(_library.han_backup, self._handle, _path(target_path))
