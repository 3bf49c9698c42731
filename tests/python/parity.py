"""Runs a script of operations through the C library and prints one line of JSON a step, to be compared with what other
languages print for the same script.

    python3 parity.py script.json

The script is {"open": {options}, "steps": [{"op": name, "args": {...}}]} with the names of the JavaScript interface. A line is
{"ok": result} or {"error": {"code": "HAN_..."}}, with sorted keys and numbers as JavaScript writes them. Bytes are written in
hex; an operation without a result gives null.
"""

import json
import sys
from decimal import Decimal

from han import Han, HanError
from parity_live import LIVE_OPERATIONS
from parity_vectors import VECTOR_OPERATIONS


def hex_of(records):
    return [None if record is None else record.hex() for record in records]


# Each takes the handle and the step's arguments; what is not an argument of its own is the query or options as a whole.
OPERATIONS = {
    "indexSessionFile": lambda han, args: han.index_session_file(**args),
    "scan": lambda han, args: han.scan(args),
    "rederive": lambda han, args: han.rederive(**args),
    "sessions.list": lambda han, args: han.sessions_list(args),
    "sessions.get": lambda han, args: han.sessions_get(**args),
    "messages.list": lambda han, args: han.messages_list(args),
    "messages.get": lambda han, args: han.messages_get(**args),
    "messages.raw": lambda han, args: han.messages_raw(**args),
    "messages.rawBytes": lambda han, args: hex_of(han.messages_raw_bytes(**args)),
    "messages.countBatch": lambda han, args: han.messages_count_batch(args["sessionIds"]),
    "messages.timestampsBatch": lambda han, args: han.messages_timestamps_batch(args["sessionIds"]),
    "files.get": lambda han, args: han.files_get(**args),
    "files.bySession": lambda han, args: han.files_by_session(args["sessionIds"]),
    "toolCalls.get": lambda han, args: han.tool_calls_get(**args),
    "todos.get": lambda han, args: han.todos_get(args["sessionIds"]),
    "tasks.get": lambda han, args: han.tasks_get(args["sessionIds"]),
    "fileChanges.get": lambda han, args: han.file_changes_get(args["sessionIds"]),
    "hookExecutions.get": lambda han, args: han.hook_executions_get(args["sessionIds"]),
    "summaries.get": lambda han, args: han.summaries_get(args["sessionIds"]),
    "usage.bySession": lambda han, args: han.usage_by_session(args["sessionIds"]),
    "dashboard": lambda han, args: han.dashboard(args),
    "activity": lambda han, args: han.activity(args),
    "queryDashboardAggregates": lambda han, args: han.query_dashboard_aggregates(**args),
    "query": lambda han, args: han.query(**args),
    "exportSession": lambda han, args: han.export_session(args["id"], args["format"], args.get("options")),
    "exportSessionToFile": lambda han, args: han.export_session_to_file(
        args["id"], args["format"], args["targetPath"], args.get("options")
    ),
    "search": lambda han, args: han.search(args),
    "problems": lambda han, args: han.problems(args),
    "restore": lambda han, args: han.restore(args["sourcePath"], args["targetPath"]),
    "stats": lambda han, args: han.stats(**args),
    "doctor": lambda han, args: han.doctor(args),
    "forget": lambda han, args: han.forget(args),
    "backup": lambda han, args: han.backup(args["path"]),
    "close": lambda han, args: han.close(**args),
    **LIVE_OPERATIONS,
    **VECTOR_OPERATIONS,
}


def number(value):
    exact = Decimal(repr(value))
    if value == 0:
        return "0"
    if 1e-6 <= abs(value) < 1e21:
        text = format(exact, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits = "".join(map(str, exact.as_tuple().digits)).rstrip("0") or "0"
    exponent = exact.adjusted()
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{'-' if value < 0 else ''}{digits[0]}{fraction}e{exponent:+d}"


def encode(value):
    if isinstance(value, dict):
        return "{" + ",".join(f"{encode(key)}:{encode(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(encode, value)) + "]"
    return number(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def print_line(value):
    print(encode(value))


def main(path):
    sys.stdout.reconfigure(encoding="utf-8")
    with open(path, encoding="utf-8") as file:
        script = json.load(file)
    with Han(script["open"]) as han:
        for step in script["steps"]:
            try:
                print_line({"ok": OPERATIONS[step["op"]](han, step.get("args", {}))})
            except HanError as error:
                print_line({"error": {"code": error.code}})


if __name__ == "__main__":
    main(sys.argv[1])
