"""The hand-written part of the operations that last: following changes, and the changes of files that are followed."""

import os
import queue
import time

# Seconds: long enough for any machine; the test fails if it is not.
PATIENCE = 60

# What a script holds between its steps: how to get the next item within a time, and how to end it.
_followed = {}


def _subscribe(han, name, options=None):
    subscription = han.subscribe(options)
    _followed[name] = subscription.next, subscription.close


def _listen(han, name, options=None):
    items = queue.SimpleQueue()
    subscription = han.on_change(items.put, options)
    _followed[name] = lambda timeout: items.get(timeout=timeout), subscription.close


def _unsubscribe(name):
    _, close = _followed.pop(name, (None, None))
    if close:
        close()
    return close is not None


def _collect(name, until):
    next_item, _ = _followed[name]
    deadline = time.monotonic() + PATIENCE
    items = []
    while not items or any(items[-1].get(field) != wanted for field, wanted in until.items()):
        item = next_item(max(0, deadline - time.monotonic()))
        if item is None:
            raise TimeoutError(f"{name}: {until} never came, only {items}")
        items.append(item)
    return items


def _append(path, text):
    # In one write, so that a watcher sees all of it or nothing.
    with open(path, "ab", buffering=0) as file:
        file.write(text.encode())


LIVE_OPERATIONS = {
    "subscribe": lambda han, args: _subscribe(han, **args),
    "onChange": lambda han, args: _listen(han, **args),
    "unsubscribe": lambda han, args: _unsubscribe(**args),
    "collect": lambda han, args: _collect(**args),
    "file.append": lambda han, args: _append(**args),
    "file.rename": lambda han, args: os.rename(args["from"], args["to"]),
    "file.remove": lambda han, args: os.remove(args["path"]),
}
