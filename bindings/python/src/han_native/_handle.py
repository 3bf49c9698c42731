"""The class Han: the operations, and the hand-written parts: opening, closing, following, vectors."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Type, Union

from ._calls import Calls
from ._library import (
    EMBED_MESSAGE_SIZE,
    Buffer,
    ChangeCallback,
    EmbedCallback,
    HanError,
    LogCallback,
    call,
    decode,
    encode,
    error_of,
    library,
    refuse,
)
from ._operations import Change, IndexVectorsReport, OpenOptions, Operations, SearchHitPage, SubscribeOptions, VectorQuery

Embed = Callable[[List[str]], Sequence[Sequence[float]]]


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
        change: Optional[Change] = None if taken is None else json.loads(taken)
        return change

    def __iter__(self) -> Iterator[Change]:
        return self

    def __next__(self) -> Change:
        # In slices, since the interpreter handles Ctrl-C only between calls.
        while (change := self.next(0.25)) is None:
            pass
        return change

    def close(self) -> None:
        """Ends it, from any thread; closing again is allowed. No callback is called afterwards, except one that closes it."""
        call(library.han_subscription_close, self._subscription)

    def __enter__(self) -> Subscription:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def __del__(self) -> None:
        library.han_subscription_free(self._subscription)


class Han(Operations):
    """A database of sessions. Every method blocks, without holding the interpreter lock; any thread may call.

    with Han({"configDirs": ["/home/ada/.claude"]}) as han:
        han.scan()
        for hit in han.search({"query": "login form"})["items"]:
            print(hit["snippet"])
    """

    def __init__(self, options: Optional[OpenOptions] = None, log: Optional[Callable[[int, str], Any]] = None) -> None:
        """Opens the database; creates it if it is missing, and migrates it if it is old (neither with "readOnly").

        `log` is called with a level (1 warning, 2 info, 3 debug) and a text, from any thread.
        """
        # Kept, since the library calls it until the handle is freed.
        heard = LogCallback(lambda level, text, _: log(level, text.decode())) if log else LogCallback()
        handle = ctypes.c_void_p()
        call(library.han_open, encode({}, options), heard, None, ctypes.byref(handle))
        super().__init__(Calls(handle, heard))

    def close(self) -> None:
        """Closes the database; closing again is allowed."""
        call(library.han_close, self._calls.handle)

    def __enter__(self) -> Han:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def subscribe(self, options: Optional[SubscribeOptions] = None) -> Subscription:
        """Follows what is committed to the database, from this call on; to be iterated over."""
        subscription = ctypes.c_void_p()
        call(library.han_subscribe, self._calls.handle, encode({}, options), ctypes.byref(subscription))
        return Subscription(subscription)

    def on_change(
        self, callback: Callable[[Union[Change, HanError]], Any], options: Optional[SubscribeOptions] = None
    ) -> Subscription:
        """Calls `callback` with each change, on a thread of its own, until the Subscription or this Han is closed.

        Its exceptions go to sys.unraisablehook; if reading fails, it is called with a HanError and no more.
        """

        def hear(change_json: Optional[bytes], error: Any, _: Any) -> None:
            callback(error_of(error) if change_json is None else json.loads(change_json))

        function = ChangeCallback(hear)
        subscription = ctypes.c_void_p()
        parameters = encode({}, options)
        call(library.han_on_change, self._calls.handle, parameters, function, None, ctypes.byref(subscription))
        listening = Subscription(subscription)
        # Both kept until the handle is freed, which ends their thread.
        self._calls.kept.append((listening, function))
        return listening

    def index_vectors(self, model: str, items: Sequence[Mapping[str, Any]]) -> IndexVectorsReport:
        """Stores vectors: each item is a dict like `VectorPlace`, and its "vector" any sequence of floats.

        Raises HanError: `HAN_INVALID_ARGUMENT` for a vector that is empty, of another length than the others of the
        model, or not made of finite numbers; `HAN_LOCKED` and those of writing. Then nothing is stored.
        """
        if isinstance(items, (str, bytes, Mapping)) or not isinstance(items, Iterable):
            raise refuse("items must be a list of dicts")
        parted = [_part(item) for item in items]
        lengths = {len(numbers) for _, numbers in parted}
        if len(lengths) > 1:
            raise refuse("the vectors of a call must have the same length")
        parameters = encode({"model": model, "items": [place for place, _ in parted]})
        numbers = [number for _, vector in parted for number in vector]
        report: IndexVectorsReport = self._vectors(library.han_index_vectors, parameters, numbers)
        return report

    def search_vectors(self, options: VectorQuery) -> SearchHitPage:
        """Searches messages by the distance of their vectors to one: `search` in the mode `vector`, without a text, and
        without calling embedders. The "vector" is any sequence of floats.

        Raises HanError: those of `search`.
        """
        rest, numbers = _part(options)
        page: SearchHitPage = self._vectors(library.han_search_vectors, encode(rest), numbers)
        return page

    def _vectors(self, function: Any, parameters: bytes, numbers: List[float]) -> Any:
        result = Buffer()
        array = (ctypes.c_float * len(numbers))(*numbers)
        call(function, self._calls.handle, parameters, array, len(numbers), ctypes.byref(result))
        return decode(result, "json")

    def register_embedder(self, model: str, dimensions: int, embed: Embed) -> None:
        """Registers an embedder for a model; `embed` turns a list of texts into a list of vectors, from any thread.

        An exception in it ends the operation that needed it with HAN_EMBEDDER.
        """

        def embed_texts(texts: Any, count: int, vectors: Any, message: Any, _: Any) -> bool:
            try:
                made = embed([texts[at].decode() for at in range(count)])
                if len(made) != count or any(len(vector) != dimensions for vector in made):
                    raise ValueError(f"it must return {count} vectors of {dimensions} numbers")
                for at, number in enumerate(number for vector in made for number in vector):
                    vectors[at] = number
                return True
            except BaseException as error:  # pylint: disable=broad-except
                text = (str(error) or type(error).__name__).encode(errors="replace")[: EMBED_MESSAGE_SIZE - 1]
                ctypes.memmove(message, text + b"\0", len(text) + 1)
                return False

        callback = EmbedCallback(embed_texts)
        call(library.han_register_embedder, self._calls.handle, model.encode(), dimensions, callback, None)
        # Kept, since the library calls it until the handle is freed.
        self._calls.kept.append(callback)


def _part(item: Any) -> Tuple[Dict[str, Any], List[float]]:
    """The members of a dict without its "vector", and the vector as floats, empty if it is missing, which is refused."""
    if not isinstance(item, Mapping):
        raise refuse(f"a dict with a vector is needed, not {type(item).__name__}")
    rest = dict(item)
    vector = rest.pop("vector", None)
    try:
        return rest, [float(number) for number in (() if vector is None else vector)]
    except (TypeError, ValueError, OverflowError) as error:
        raise refuse(f"vector is not a sequence of floats: {error}") from error


def items(method: Callable[[Any], Any], options: Optional[Mapping[str, Any]] = None) -> Iterator[Any]:
    """Every item of a list, page after page: `items(han.sessions.list, {"projectId": "-home-ada-garden"})`."""
    asked = dict(options or {})
    while True:
        page = method(asked)
        yield from page["items"]
        if not page["hasNextPage"]:
            return
        asked["after"] = page["endCursor"]
