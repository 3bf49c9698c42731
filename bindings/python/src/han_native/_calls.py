"""The ways to call an operation on a handle, and what may be raised inside callbacks."""

from __future__ import annotations

import ctypes
import errno
import json
from types import TracebackType
from typing import Any, Callable, List, Mapping, Optional, Type

from ._library import (
    Buffer,
    Cancellation,
    HanError,
    ProgressCallback,
    WriteCallback,
    call,
    decode,
    encode,
    library,
)


class Raised:
    """Runs callbacks of the library, which must not throw; the first exception is raised after the call."""

    def __init__(self) -> None:
        self._error: Optional[BaseException] = None

    def run(self, function: Callable[..., Any], *arguments: Any) -> bool:
        """Returns whether the function was called and returned."""
        if self._error is not None:
            return False
        try:
            function(*arguments)
            return True
        except BaseException as error:  # pylint: disable=broad-except
            self._error = error
            return False

    def __enter__(self) -> Raised:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if self._error is not None and (kind is None or issubclass(kind, HanError)):
            raise self._error from None


class Calls:
    """A handle of the library, and the ways to call operations on it: what the generated methods use.

    It is freed with this object, so that `sessions = Han().sessions` keeps working.
    """

    def __init__(self, handle: ctypes.c_void_p, *kept: Any) -> None:
        self.handle = handle
        # Callbacks that the library calls until the handle is freed.
        self.kept: List[Any] = list(kept)

    def __del__(self) -> None:
        library.han_free(self.handle)

    def call(self, operation: str, leading: Mapping[str, Any], options: Any, form: str = "json") -> Any:
        """Calls an operation that returns its result in one piece."""
        result = Buffer()
        parameters = encode(leading, options)
        call(library.han_call, self.handle, operation.encode(), parameters, ctypes.byref(result))
        return decode(result, form)

    def long(
        self,
        operation: str,
        leading: Mapping[str, Any],
        options: Any,
        on_progress: Optional[Callable[[Any], Any]],
        cancellation: Optional[Cancellation],
    ) -> Any:
        """Calls an operation that reports progress, or can be cancelled."""
        result = Buffer()
        parameters = encode(leading, options)
        with Raised() as raised:
            callback = ProgressCallback()
            if on_progress is not None:
                report = on_progress
                callback = ProgressCallback(lambda progress, _: _ignore(raised.run(report, json.loads(progress))))
            token = cancellation.token if cancellation else None
            arguments = operation.encode(), parameters, callback, None, token, ctypes.byref(result)
            call(library.han_call_long, self.handle, *arguments)
        return decode(result, "json")

    def stream(
        self, operation: str, leading: Mapping[str, Any], options: Any, write: Callable[[bytes], Any]
    ) -> None:
        """Calls an operation that writes its result piece by piece."""
        parameters = encode(leading, options)
        with Raised() as raised:

            def take(data: Any, length: int, _: Any) -> int:
                return 0 if raised.run(write, ctypes.string_at(data, length)) else errno.EIO

            call(library.han_call_stream, self.handle, operation.encode(), parameters, WriteCallback(take), None)


def _ignore(_: Any) -> None:
    """Callbacks without a result return None."""
