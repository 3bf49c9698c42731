"""Runs a script of operations through the Python package and prints one line of JSON per step, to be compared with what other
languages print for the same script.

    python3 parity.py script.json

The script is {"open": {options}, "steps": [{"op": name, "args": {...}}]} with the names of the table of operations; "args" has all
parameters. A line is {"ok": result} or {"error": {"code": "HAN_..."}}, with sorted keys and numbers as JavaScript writes them. Bytes
are written in base64; an operation without a result returns null.
"""

import base64
import json
import re
import sys
from decimal import Decimal

import han_native
from han_native import Han, HanError
from parity_live import LIVE_OPERATIONS
from parity_vectors import VECTOR_OPERATIONS

OPERATIONS = {operation["name"]: operation for operation in han_native.operations()["operations"]}

# Operations that are not in the table, or hand-written in the package. Each takes the handle and the step's arguments.
BY_HAND = {
    "close": lambda han, args: han.close(**args),
    **LIVE_OPERATIONS,
    **VECTOR_OPERATIONS,
}


def snake_case(name):
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def method(han, name):
    """The method of an operation: `messages.rawBytes` is `han.messages.raw_bytes`."""
    found = han_native if OPERATIONS[name]["kind"] == "static" else han
    for part in name.split("."):
        found = getattr(found, snake_case(part))
    return found


def call(han, name, args):
    """Calls an operation of the table: its leading parameters first, and the rest as one dict."""
    operation = OPERATIONS[name]
    rest = dict(args)
    # One that is missing or null is None, which the library refuses if the operation needs it.
    given = {snake_case(leading): rest.pop(leading, None) for leading in operation["leading"]}
    if operation["kind"] == "stream":
        pieces = []
        method(han, name)(**given, write=pieces.append, **({"options": rest} if rest else {}))
        return b"".join(pieces).decode()
    if rest and not takes_options(name):
        raise HanError("HAN_INVALID_ARGUMENT", f"{name} has no parameter {next(iter(rest))}")
    result = method(han, name)(**given, **({"options": rest} if takes_options(name) else {}))
    return encoded(result) if operation["form"] == "bytes" else result


def takes_options(name):
    parameters = OPERATIONS[name]["parameters"]
    return "properties" not in parameters or len(parameters["properties"]) > len(OPERATIONS[name]["leading"])


def encoded(records):
    return [None if record is None else base64.b64encode(record).decode() for record in records]


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


def run(han, name, args):
    by_hand = BY_HAND.get(name)
    return by_hand(han, args) if by_hand else call(han, name, args)


def main(path):
    sys.stdout.reconfigure(encoding="utf-8")
    with open(path, encoding="utf-8") as file:
        script = json.load(file)
    with Han(script["open"]) as han:
        for step in script["steps"]:
            try:
                print_line({"ok": run(han, step["op"], step.get("args", {}))})
            except HanError as error:
                print_line({"error": {"code": error.code}})


if __name__ == "__main__":
    main(sys.argv[1])
