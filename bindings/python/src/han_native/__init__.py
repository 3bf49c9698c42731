"""han-native: coding-agent sessions, indexed into one searchable SQLite database inside your process.

    from han_native import Han

    with Han() as han:
        han.scan()
        for hit in han.search({"query": "login form"})["items"]:
            print(hit["message"]["sessionId"], hit["snippet"])

Options and results are dicts with the names of the JSON of every other language. Every failure raises HanError, whose code is
a string such as "HAN_NOT_FOUND".
"""

from . import _operations
from ._handle import Embed, Han, Subscription, items
from ._library import Cancellation, HanError, operations, version
from ._operations import *  # noqa: F401,F403  the shapes, and the operations that need no handle

__version__ = version()
__all__ = ["Cancellation", "Embed", "Han", "HanError", "Subscription", "items", "operations", "version"]
__all__ += _operations.__all__
