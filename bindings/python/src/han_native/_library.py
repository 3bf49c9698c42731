"""The C library through ctypes: loading it, calling it, its errors and its buffers.

It is loaded from the package itself, or from the path in HAN_LIBRARY.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import pathlib
from collections.abc import Iterable, Mapping
from typing import Any, Callable, Dict, Optional

_ABI_VERSION = 0


class HanError(Exception):
    """What went wrong: `code` is a string such as "HAN_NOT_FOUND", the text is human-readable."""

    __module__ = "han_native"

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code

    def __str__(self) -> str:
        return str(self.args[1])


class Buffer(ctypes.Structure):
    """Bytes that the library allocated."""

    _fields_ = [("data", ctypes.c_void_p), ("len", ctypes.c_size_t)]

    def take(self) -> Optional[bytes]:
        """The bytes, or None; frees the buffer."""
        try:
            return None if self.data is None else ctypes.string_at(self.data, self.len)
        finally:
            library.han_buf_free(ctypes.byref(self))


LogCallback = ctypes.CFUNCTYPE(None, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_void_p)
ProgressCallback = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_void_p)
ChangeCallback = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p)
WriteCallback = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
EmbedCallback = ctypes.CFUNCTYPE(
    ctypes.c_bool,
    ctypes.POINTER(ctypes.c_char_p),
    ctypes.c_size_t,
    ctypes.POINTER(ctypes.c_float),
    ctypes.POINTER(ctypes.c_char),
    ctypes.c_void_p,
)
EMBED_MESSAGE_SIZE = 1024

_code = ctypes.c_uint32
_pointer = ctypes.c_void_p
_out = ctypes.POINTER(ctypes.c_void_p)
_text = ctypes.c_char_p
_result = ctypes.POINTER(Buffer)
_size = ctypes.c_size_t
_numbers = ctypes.POINTER(ctypes.c_float)

# Name: (result, arguments). Without this, ctypes passes any number as a 32-bit int.
_SIGNATURES = {
    "han_abi_version": (ctypes.c_uint32, []),
    "han_version": (_text, []),
    "han_operations": (_text, []),
    "han_code_name": (_text, [_code]),
    "han_error_code": (_code, [_pointer]),
    "han_error_message": (_text, [_pointer]),
    "han_error_free": (None, [_pointer]),
    "han_buf_free": (None, [_result]),
    "han_open": (_code, [_text, LogCallback, _pointer, _out, _out]),
    "han_close": (_code, [_pointer, _out]),
    "han_free": (None, [_pointer]),
    "han_cancellation_new": (_pointer, []),
    "han_cancellation_cancel": (_code, [_pointer, _out]),
    "han_cancellation_free": (None, [_pointer]),
    "han_call": (_code, [_pointer, _text, _text, _result, _out]),
    "han_call_long": (_code, [_pointer, _text, _text, ProgressCallback, _pointer, _pointer, _result, _out]),
    "han_call_static": (_code, [_text, _text, _result, _out]),
    "han_call_stream": (_code, [_pointer, _text, _text, WriteCallback, _pointer, _out]),
    "han_subscribe": (_code, [_pointer, _text, _out, _out]),
    "han_subscription_next": (_code, [_pointer, ctypes.c_int64, _result, _out]),
    "han_on_change": (_code, [_pointer, _text, ChangeCallback, _pointer, _out, _out]),
    "han_subscription_close": (_code, [_pointer, _out]),
    "han_subscription_free": (None, [_pointer]),
    "han_index_vectors": (_code, [_pointer, _text, _numbers, _size, _result, _out]),
    "han_search_vectors": (_code, [_pointer, _text, _numbers, _size, _result, _out]),
    "han_register_embedder": (_code, [_pointer, _text, _size, EmbedCallback, _pointer, _out]),
}


def _load() -> ctypes.CDLL:
    own = pathlib.Path(__file__).with_name("libhan.so")
    path = os.environ.get("HAN_LIBRARY") or str(own)
    try:
        loaded = ctypes.CDLL(path)
    except OSError as error:
        message = f"the C library of han-native cannot be loaded: {error}; set HAN_LIBRARY to another one"
        raise ImportError(message) from error
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(loaded, name)
        function.restype = result
        function.argtypes = arguments
    if loaded.han_abi_version() != _ABI_VERSION:
        raise ImportError(f"{path} has binary interface {loaded.han_abi_version()}, this package needs {_ABI_VERSION}")
    return loaded


library = _load()


def error_of(pointer: Any) -> HanError:
    """An error of the library, which stays the library's."""
    code = library.han_code_name(library.han_error_code(pointer))
    return HanError(code.decode(), library.han_error_message(pointer).decode())


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Calls a function of the library; raises its error."""
    error = ctypes.c_void_p()
    if function(*arguments, ctypes.byref(error)) != 0:
        try:
            raise error_of(error)
        finally:
            library.han_error_free(error)


def refuse(problem: str) -> HanError:
    """The error of an argument that is refused before the library sees it."""
    return HanError("HAN_INVALID_ARGUMENT", f"parameters are refused: {problem}")


def encode(leading: Any, options: Any = None) -> bytes:
    """Parameters as one JSON object."""
    if options is not None and not isinstance(options, Mapping):
        raise refuse(f"options must be a dict, not {type(options).__name__}")
    both: Dict[str, Any] = dict(options or {})
    for name, value in leading.items():
        if name in both:
            raise refuse(f"`{name}` is an argument of its own, not one of the options")
        both[name] = value
    try:
        return json.dumps(both, allow_nan=False, default=_plain).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise refuse(str(error)) from error


def _plain(value: Any) -> Any:
    """Types that json does not support: paths, arrays of numbers, other mappings and iterables."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def decode(result: Buffer, form: str) -> Any:
    """A result: a value, a document, or records of bytes."""
    taken = result.take() or b"null"
    if form == "text":
        return taken.decode()
    value = json.loads(taken)
    if form == "bytes":
        return [None if record is None else base64.b64decode(record) for record in value]
    return value


def call_static(operation: str, leading: Any, options: Any = None) -> Any:
    """Calls an operation that needs no handle."""
    result = Buffer()
    call(library.han_call_static, operation.encode(), encode(leading, options), ctypes.byref(result))
    return decode(result, "json")


def version() -> str:
    """The version of the library."""
    text: bytes = library.han_version()
    return text.decode()


def operations() -> Dict[str, Any]:
    """The operations of the library, with the JSON schemas of their parameters and results: "operations" and "$defs"."""
    listed: Dict[str, Any] = json.loads(library.han_operations())
    return listed


class Cancellation:
    """Ends an operation early, from another thread or from its progress callback."""

    def __init__(self) -> None:
        self.token = library.han_cancellation_new()

    def cancel(self) -> None:
        """Ends, with HAN_CANCELLED, what runs under this token. It stays cancelled."""
        call(library.han_cancellation_cancel, self.token)

    def __del__(self) -> None:
        library.han_cancellation_free(self.token)
