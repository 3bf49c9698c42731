"""The parts of the format of transcripts that are not in known.txt: that list belongs to this project, and grows by `run.py VERSION --learn`."""

import json
import textwrap
from pathlib import Path

KNOWN = Path(__file__).with_name("known.txt")


def read_records(config):
    """Every record below a config dir, and how many lines are not records."""
    records, broken = [], 0
    for file in sorted((config / "projects").rglob("*.jsonl")):
        if file.name == "journal.jsonl":  # Of a workflow: no transcript.
            continue
        for line in file.read_bytes().split(b"\n"):
            try:
                record = json.loads(line) if line.strip() else None
            except ValueError:
                record, broken = None, broken + 1
            if isinstance(record, dict):
                records.append(record)
    return records, broken


def places(record):
    """The places of fields, and their names: the record, and the objects in it whose fields have a meaning."""
    kind = str(record.get("type"))
    yield kind, record
    if "subtype" in record:
        yield f"{kind}/{record['subtype']}", {}
    if kind == "queue-operation":
        yield f"{kind}/{record.get('operation')}", {}
    for holder in ("attachment", "data"):
        if isinstance(record.get(holder), dict):
            yield f"{kind}/{record[holder].get('type')}", record[holder]
    message = record.get("message")
    if kind not in ("user", "assistant") or not isinstance(message, dict):
        return
    yield f"{kind} message", message
    if isinstance(message.get("usage"), dict):
        yield "usage", message["usage"]
    for block in message.get("content") if isinstance(message.get("content"), list) else []:
        if isinstance(block, dict):
            yield f"block/{block.get('type')}", block


def read_known():
    known = {}
    for line in KNOWN.read_text().splitlines() if KNOWN.exists() else []:
        if line and not line.startswith("#"):
            place, _, fields = line.partition(":")
            known.setdefault(place, set()).update(fields.split())
    return known


def news(records, known):
    """Unknown fields by place."""
    found = {}
    for record in records:
        for place, fields in places(record):
            if place not in known or not known[place].issuperset(fields):
                found.setdefault(place, set()).update(set(fields) - known.get(place, set()))
    return found


def describe(found, known):
    for place, fields in sorted(found.items()):
        names = " ".join(sorted(fields))
        yield f"fields of {place}: {names}" if place in known else f"{place}" + (f", with {names}" if names else "")


def learn(found, known):
    lines = [line for line in KNOWN.read_text().splitlines() if line.startswith("#")] if KNOWN.exists() else []
    for place in sorted({*known, *found}):
        fields = " ".join(sorted(known.get(place, set()) | found.get(place, set())))
        start = f"{place}: "
        lines += textwrap.wrap(fields, 130, initial_indent=start, subsequent_indent=start, break_on_hyphens=False) or [start.rstrip()]
    KNOWN.write_text("\n".join(lines) + "\n")
