"""The class Han: the operations, and what is written by hand: opening, closing, following, vectors."""

from __future__ import annotations

import ctypes
import errno
import json
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Union

from ._library import (
    EMBED_MESSAGE_SIZE,
    Buffer,
    Cancellation,
    ChangeCallback,
    EmbedCallback,
    HanError,
    LogCallback,
    ProgressCallback,
    WriteCallback,
    call,
    decode,
    encode,
    error_of,
    library,
)
from ._operations import Change, IndexVectorsReport, OpenOptions, Operations, SearchHitPage, SubscribeOptions, VectorQuery


class Subscription:
    """Changes as they are committed: an iterator that waits for the next one, and ends when it or its Han is closed."""

    def __init__(self, subscription: ctypes.c_void_p) -> None:
        self._subscription = subscription

    def next(self, timeout: Optional[float] = None) -> Optional[Change]:
        """The next change, or None if there is none within `timeout` seconds; raises StopIteration at the end."""
        item = Buffer()
        milliseconds = -1 if timeout is None else max(0, round(timeout * 1000))
        try:
            call(library.han_subscription_next, self._subscription, milliseconds, ctypes.byref(item))
        except HanError as error:
            if error.code in ("HAN_CANCELLED", "HAN_CLOSED"):
                raise StopIteration from None
            raise
        taken = item.take()
        return None if taken is None else json.loads(taken)

    def __iter__(self) -> Iterator[Change]:
        return self

    def __next__(self) -> Change:
        # In slices, since the interpreter learns of Ctrl-C between calls only.
        while (change := self.next(0.25)) is None:
            pass
        return change

    def close(self) -> None:
        """Ends it, from any thread; closing again is fine. No callback is called afterwards, but for one that closes it."""
        call(library.han_subscription_close, self._subscription)

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __del__(self) -> None:
        library.han_subscription_free(self._subscription)


class _Raised:
    """Runs callbacks of the library, which no exception may leave; the first one is raised when the call has returned."""

    def __init__(self) -> None:
        self._error: Optional[BaseException] = None

    def run(self, function: Callable[..., Any], *arguments: Any) -> bool:
        """Whether it was called and returned."""
        try:
            if self._error is not None:
                return False
            function(*arguments)
            return True
        except BaseException as error:  # pylint: disable=broad-except
            self._error = error
            return False

    def __enter__(self) -> _Raised:
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        if self._error is not None and (kind is None or issubclass(kind, HanError)):
            raise self._error from None


class _Calls:
    """A handle of the library, and the ways to call operations on it."""

    def __init__(self, pointer: ctypes.c_void_p) -> None:
        self.pointer = pointer

    def _call(self, operation: str, leading: Mapping[str, Any], options: Any, form: str = "json") -> Any:
        result = Buffer()
        parameters = encode(leading, options)
        call(library.han_call, self.pointer, operation.encode(), parameters, ctypes.byref(result))
        return decode(result, form)

    def _long(
        self,
        operation: str,
        leading: Mapping[str, Any],
        options: Any,
        on_progress: Optional[Callable[[Any], Any]],
        cancellation: Optional[Cancellation],
    ) -> Any:
        result = Buffer()
        parameters = encode(leading, options)
        token = cancellation._token if cancellation else None  # pylint: disable=protected-access
        with _Raised() as raised:

            def report(progress_json: bytes, _: Any) -> None:
                raised.run(lambda: on_progress(json.loads(progress_json)))

            callback = ProgressCallback(report) if on_progress else ProgressCallback()
            call(
                library.han_call_long,
                self.pointer,
                operation.encode(),
                parameters,
                callback,
                None,
                token,
                ctypes.byref(result),
            )
        return decode(result, "json")

    def _stream(self, operation: str, leading: Mapping[str, Any], options: Any, write: Callable[[bytes], Any]) -> None:
        parameters = encode(leading, options)
        with _Raised() as raised:

            def take(data: Any, length: int, _: Any) -> int:
                return 0 if raised.run(write, ctypes.string_at(data, length)) else errno.EIO

            call(library.han_call_stream, self.pointer, operation.encode(), parameters, WriteCallback(take), None)


class Han(Operations):
    """A database of sessions. Every method blocks, without holding the interpreter lock; any thread may call.

    with Han({"configDirs": ["/home/ada/.claude"]}) as han:
        han.scan()
        for hit in han.search({"query": "tomatoes"})["items"]:
            print(hit["snippet"])
    """

    def __init__(self, options: Optional[OpenOptions] = None, log: Optional[Callable[[int, str], Any]] = None) -> None:
        """Opens the database; creates it, or migrates it, if it is missing or old (never with "readOnly").

        `log` is called with a level (1 warning, 2 info, 3 debug) and a text, from any thread.
        """
        self._pointer: Optional[ctypes.c_void_p] = None
        self._listening: List[Any] = []
        self._embedders: List[Any] = []
        # Kept, since the library calls it until the handle is freed.
        self._log = LogCallback(lambda level, text, _: log(level, text.decode())) if log else LogCallback()
        pointer = ctypes.c_void_p()
        call(library.han_open, encode({}, options), self._log, None, ctypes.byref(pointer))
        self._pointer = pointer
        super().__init__(_Calls(pointer))

    def close(self) -> None:
        """Closes the database; closing again is fine."""
        call(library.han_close, self._pointer)

    def __enter__(self) -> Han:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __del__(self) -> None:
        if self._pointer:
            library.han_free(self._pointer)

    def subscribe(self, options: Optional[SubscribeOptions] = None) -> Subscription:
        """Follows what is committed to the database, from this call on; to be iterated over."""
        subscription = ctypes.c_void_p()
        call(library.han_subscribe, self._pointer, encode({}, options), ctypes.byref(subscription))
        return Subscription(subscription)

    def on_change(
        self, callback: Callable[[Union[Change, HanError]], Any], options: Optional[SubscribeOptions] = None
    ) -> Subscription:
        """Has `callback` called with each change, on a thread of its own, until the Subscription or this Han is closed.

        Its exceptions go to sys.unraisablehook; if reading fails, it is called with a HanError and no more.
        """

        def hear(change_json: Optional[bytes], error: Any, _: Any) -> None:
            callback(error_of(error) if change_json is None else json.loads(change_json))

        function = ChangeCallback(hear)
        subscription = ctypes.c_void_p()
        call(
            library.han_on_change, self._pointer, encode({}, options), function, None, ctypes.byref(subscription)
        )
        listening = Subscription(subscription)
        # Both kept until the handle is freed, which ends their thread.
        self._listening.append((listening, function))
        return listening

    def index_vectors(self, model: str, items: Sequence[Mapping[str, Any]]) -> IndexVectorsReport:
        """Stores vectors: each item is a dict with "messageId", and "vector", any sequence of floats."""
        places = [{name: value for name, value in item.items() if name != "vector"} for item in items]
        numbers = [number for item in items for number in item["vector"]]
        if any(len(item["vector"]) != len(items[0]["vector"]) for item in items):
            raise ValueError("the vectors of a call have to be of one length")
        parameters = encode({"model": model, "items": places})
        array = (ctypes.c_float * len(numbers))(*numbers)
        return self._numbers(library.han_index_vectors, parameters, array)

    def search_vectors(self, options: VectorQuery) -> SearchHitPage:
        """Searches messages by the nearness of their vectors to one; "vector" is any sequence of floats."""
        rest: Dict[str, Any] = {name: value for name, value in options.items() if name != "vector"}
        vector = options["vector"]
        return self._numbers(library.han_search_vectors, encode(rest), (ctypes.c_float * len(vector))(*vector))

    def _numbers(self, function: Any, parameters: bytes, numbers: Any) -> Any:
        result = Buffer()
        call(function, self._pointer, parameters, numbers, len(numbers), ctypes.byref(result))
        return decode(result, "json")

    def register_embedder(
        self, model: str, dimensions: int, embed: Callable[[List[str]], Sequence[Sequence[float]]]
    ) -> None:
        """Has a function embed texts for a model; `embed` turns a list of texts into a list of vectors, from any thread."""

        def embed_texts(texts: Any, count: int, vectors: Any, message: Any, _: Any) -> bool:
            try:
                made = embed([texts[at].decode() for at in range(count)])
                if len(made) != count or any(len(vector) != dimensions for vector in made):
                    raise ValueError(f"it has to return {count} vectors of {dimensions} numbers")
                for at, number in enumerate(number for vector in made for number in vector):
                    vectors[at] = number
                return True
            except Exception as error:  # pylint: disable=broad-except
                text = str(error).encode()[: EMBED_MESSAGE_SIZE - 1]
                ctypes.memmove(message, text + b"\0", len(text) + 1)
                return False

        callback = EmbedCallback(embed_texts)
        call(library.han_register_embedder, self._pointer, model.encode(), dimensions, callback, None)
        # Kept, since the library calls it until the handle is freed.
        self._embedders.append(callback)


def items(method: Callable[[Any], Any], options: Optional[Mapping[str, Any]] = None) -> Iterator[Any]:
    """Every item of a list, page after page: `items(han.sessions.list, {"projectId": "-home-ada-garden"})`."""
    asked = dict(options or {})
    while True:
        page = method(asked)
        yield from page["items"]
        if not page["hasNextPage"]:
            return
        asked["after"] = page["endCursor"]
