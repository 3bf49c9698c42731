"""Runs one script of operations in Rust, C, Python, Node and Bun, and compares what they print.

    python3 tests/parity/run.py

Every operation of the table has at least one case that succeeds in every language, its refusals, and its answer on a closed handle.
The transcripts are generated. What differs between two runs by its nature (when something happened and how long it took, in
which process, the size of a log that the system flushes when it likes) is left out; everything else has to be equal to the letter.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import live
import vectors

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
UNSTABLE = {"durationMs", "walBytes", "databaseBytes", "time", "heartbeat", "pid"}
DOCUMENTS = ["markdown", "html", "json"]
BUN = ROOT / "tests/node/node_modules/@oven/bun-linux-x64/bin/bun"


def build():
    """Like `cargo test --workspace`, so that nothing is built twice."""
    subprocess.run(["cargo", "test", "--quiet", "--workspace", "--no-run"], cwd=ROOT, check=True)


def runners():
    library = TARGET / "c-library/test/prefix/lib"
    python_env = {
        "HAN_LIBRARY": str(library / "libhan.so"),
        "PYTHONPATH": str(ROOT / "bindings/python/src"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    node_script = str(ROOT / "tests/node/parity.mjs")
    found = {
        "rust": ([str(TARGET / "debug/parity")], {}),
        "c": ([str(TARGET / "c-library/test/bin/parity")], {"LD_LIBRARY_PATH": str(library)}),
        "python": ([sys.executable, str(ROOT / "tests/python/parity.py")], python_env),
        "node": (["node", node_script], {}),
    }
    if BUN.exists():
        found["bun"] = ([str(BUN), node_script], {})
    return found


def steps(source, work):
    """The steps, in two rounds: the ids of the second are results of the first."""
    listed = [
        {"op": "scan"},
        {"op": "scan", "args": {"paths": [str(work / "nowhere")]}},
        {"op": "indexSessionFile", "args": {"path": str(source)}},
        {"op": "indexSessionFile", "args": {"path": str(work / "missing.jsonl")}},
        {"op": "indexSessionFile", "args": {"path": str(work)}},
        {"op": "sessions.list", "args": {"first": 5}},
        {"op": "sessions.list", "args": {"last": 3, "includeEmpty": True}},
        {"op": "sessions.list", "args": {"first": 0}},
        {"op": "sessions.list", "args": {"after": "nonsense"}},
        {"op": "sessions.get", "args": {"ids": [source.stem, "unknown", source.stem]}},
        {"op": "messages.list", "args": {"sessionId": source.stem, "first": 7}},
        {"op": "messages.list", "args": {"sessionId": source.stem, "last": 4, "agents": "all"}},
        {"op": "messages.list", "args": {"sessionId": source.stem, "includeReplays": True, "includeSuperseded": True}},
        {"op": "messages.list", "args": {}},
        {"op": "messages.countBatch", "args": {"sessionIds": [source.stem, "unknown"]}},
        {"op": "search", "args": {"query": "error", "first": 5}},
        {"op": "search", "args": {"query": "\"the error\" -or *", "order": "newest", "fields": ["toolOutput", "user"]}},
        {"op": "search", "args": {"query": "(", "syntax": "fts5"}},
        {"op": "search", "args": {"query": "test", "since": "2025-01-01", "until": "2030-01-01T00:00:00Z"}},
        {"op": "search", "args": {"query": "test", "since": "never"}},
        {"op": "search", "args": {"query": "test", "bogus": 1}},
        {"op": "sessions.list", "args": {"order": "costliest", "withTotal": True, "first": 4}},
        {"op": "sessions.list", "args": {"order": "mostTokens", "hasAgents": True, "since": "2020-01-01", "last": 2}},
        {"op": "sessions.list", "args": {"status": "active", "activeMinutes": 0}},
        {"op": "sessions.list", "args": {"status": "asleep"}},
        {"op": "messages.list", "args": {"sessionId": source.stem, "types": ["assistant"], "first": 3, "withTotal": True}},
        {"op": "messages.list", "args": {"sessionId": source.stem, "role": "user", "tool": "Bash", "agents": "all"}},
        {"op": "problems"},
        {"op": "problems", "args": {"kinds": ["invalid_json"], "first": 3}},
        {"op": "stats"},
        {"op": "doctor"},
        {"op": "restore", "args": {"sourcePath": "nowhere.jsonl", "targetPath": str(work / "never.jsonl")}},
    ]
    return listed


def message_ids(lines):
    return [item["id"] for item in json.loads(lines[10])["ok"]["items"]] + ["0000000000000000:1:0", "nonsense"]


def later_steps(first_lines, source, work):
    messages = json.loads(first_lines[10])["ok"]
    ids = [item["id"] for item in messages["items"]] + ["0000000000000000:1:0", "nonsense"]
    session = json.loads(first_lines[5])["ok"]["items"][-1]
    answers = [json.loads(line).get("ok") for line in first_lines]
    items = [item for answer in answers if isinstance(answer, dict) for item in answer.get("items", [])]
    calls = [item["toolUseId"] for item in items if item.get("toolUseId")] + ["nonsense"]
    files = sorted({item["id"].split(":")[0] for item in messages["items"]}) + ["nonsense"]
    sessions = [item["id"] for item in json.loads(first_lines[6])["ok"]["items"]] + [source.stem, "unknown", source.stem]
    of_sessions = ["messages.timestampsBatch", "files.bySession", "todos.get", "tasks.get", "fileChanges.get"]
    of_sessions += ["hookExecutions.get", "summaries.get", "usage.bySession"]
    return [
        *({"op": name, "args": {"sessionIds": sessions}} for name in of_sessions),
        {"op": "todos.get", "args": {"sessionIds": []}},
        {"op": "files.get", "args": {"ids": files}},
        {"op": "toolCalls.get", "args": {"ids": calls}},
        {"op": "toolCalls.get", "args": {"ids": calls, "includeText": True}},
        {"op": "toolCalls.get", "args": {"ids": calls, "bogus": True}},
        *analytic_steps(session),
        *document_steps(session, work),
        *vectors.table_steps(ids, work / "model"),
        *leading_steps(work),
        {"op": "messages.get", "args": {"ids": ids}},
        {"op": "messages.blocks", "args": {"ids": ids}},
        {"op": "messages.blocks", "args": {"ids": ids, "maxBytes": 7}},
        {"op": "messages.blocks", "args": {"ids": ids, "maxBytes": 0}},
        {"op": "sessions.find", "args": {"prefix": session["id"][:4]}},
        {"op": "sessions.find", "args": {"prefix": "", "limit": 2}},
        {"op": "sessions.find", "args": {"prefix": "", "limit": 0}},
        {"op": "messages.raw", "args": {"ids": ids}},
        {"op": "messages.rawBytes", "args": {"ids": ids}},
        {"op": "messages.list", "args": {"sessionId": source.stem, "first": 3, "after": messages["endCursor"]}},
        {"op": "messages.list", "args": {"sessionId": source.stem, "last": 3, "before": messages["endCursor"]}},
        {"op": "restore", "args": {"sourcePath": str(source), "targetPath": str(work / "restored.jsonl")}},
        {"op": "restore", "args": {"sourcePath": str(source), "targetPath": str(work / "restored.jsonl")}},
        {"op": "forget", "args": {"sessionId": session["id"]}},
        {"op": "forget", "args": {"sessionId": session["id"]}},
        {"op": "forget", "args": {"before": "2000-01-01"}},
        {"op": "scan"},
        {"op": "sessions.get", "args": {"ids": [session["id"]]}},
        {"op": "rederive"},
        {"op": "doctor", "args": {"fix": True}},
        {"op": "backup", "args": {"path": str(work / "copy.db")}},
        {"op": "backup", "args": {"path": str(work / "copy.db")}},
        {"op": "stats"},
    ]


def leading_steps(work):
    return [
        {"op": "versions"},
        {"op": "coordinator.tryAcquire"},
        {"op": "coordinator.isCoordinator"},
        {"op": "coordinator.status"},
        {"op": "watcher.addPath", "args": {"configDir": str(work / "config")}},
        {"op": "watcher.start"},
        {"op": "watcher.status"},
        {"op": "watcher.stop"},
        {"op": "watcher.removePath", "args": {"configDir": str(work / "nowhere")}},
        {"op": "watcher.addPath", "args": {"configDir": str(work / "model")}},
        {"op": "watcher.removePath", "args": {"configDir": str(work / "model")}},
        {"op": "coordinator.release"},
    ]


def testing_steps():
    """Steps that work in memory only."""
    messages = [
        {"role": "user", "text": "why does the build fail?"},
        {"role": "assistant", "text": "let me look", "tool": {"name": "Bash", "input": {"command": "make"}, "output": "linker error"}},
    ]
    return [
        {"op": "testing.session", "args": {"id": "first", "messages": messages}},
        {"op": "search", "args": {"query": "linker"}},
        {"op": "testing.session", "args": {"messages": [{"role": "nobody"}]}},
        {"op": "sessions.find", "args": {"prefix": "fir"}},
        {"op": "messages.countBatch", "args": {"sessionIds": ["first"]}},
    ]


def refusal_steps(operations):
    """Parameters that every operation refuses alike: a field that it does not have, parameters of a wrong type, parameters that are missing."""
    steps = []
    for operation in operations:
        name = operation["name"]
        shape = operation["parameters"]
        required = shape.get("required", [])
        steps.append({"op": name, "args": {**{key: "x" for key in required}, "noSuchField": 1}})
        steps += [{"op": name, "args": {**{other: "x" for other in required}, key: {"wrong": [1]}}} for key in shape.get("properties", {}) if key != "parameters"]
        steps += [{"op": name, "args": {other: "x" for other in required if other != key}} for key in required]
    return steps


def closed_steps(operations, steps, lines):
    """Every operation once more, with parameters that it accepted, on a closed handle."""
    taken = {step["op"]: step for step, line in zip(steps, lines) if "ok" in json.loads(line)}
    missing = [operation["name"] for operation in operations if operation["name"] not in taken]
    if missing:
        sys.exit(f"parity: no case of {', '.join(missing)} succeeds in every language; add one to tests/parity/")
    return [{"op": "close"}, *(taken[operation["name"]] for operation in operations)]


def analytic_steps(session):
    return [
        {"op": "dashboard"},
        {"op": "dashboard", "args": {"projectId": session["projectId"], "timeZone": "America/St_Johns"}},
        {"op": "dashboard", "args": {"since": "2099-01-01"}},
        {"op": "dashboard", "args": {"since": "soon"}},
        {"op": "dashboard", "args": {"timeZone": "Mars/Olympus"}},
        {"op": "activity"},
        {"op": "activity", "args": {"projectId": session["projectId"], "until": "2099-01-01"}},
        {"op": "activity", "args": {"bogus": 1}},
        {"op": "queryDashboardAggregates"},
        {"op": "queryDashboardAggregates", "args": {"since": "2020-02-30"}},
    ]


def document_steps(session, work):
    counts = "SELECT type, count(*) AS count, total(output_tokens) FROM v_messages GROUP BY type ORDER BY type"
    of_session = "SELECT id, time, preview, length(text) FROM v_messages WHERE session_id = :session ORDER BY path, line_number"
    values = "SELECT ?1, ?2, ?3, ?4, ?5, ?6, typeof(?6), 9007199254740991, x'00ff', 1e400, 0.1"
    documents = [
        {"id": session["id"], "format": name, "targetPath": str(work / f"document.{name}"), "includeReplays": True}
        for name in DOCUMENTS
    ]
    given = [None, True, "面包\u0000", 1.5, [1, {"a": None}], {"hex": "00FF"}]
    return [
        {"op": "query", "args": {"sql": counts}},
        {"op": "query", "args": {"sql": of_session, "parameters": {"session": session["id"]}, "maxRows": 5}},
        {"op": "query", "args": {"sql": values, "parameters": given}},
        {"op": "query", "args": {"sql": "SELECT ?", "parameters": []}},
        {"op": "query", "args": {"sql": "SELEKT 1"}},
        {"op": "query", "args": {"sql": "DELETE FROM messages"}},
        {"op": "query", "args": {"sql": "SELECT 1", "maxRows": 0}},
        {"op": "exportSession", "args": {"id": session["id"], "format": "markdown"}},
        {"op": "exportSession", "args": {"id": session["id"], "format": "html", "includeThinking": False}},
        {"op": "exportSession", "args": {"id": session["id"], "format": "json", "maxTextBytes": 40}},
        {"op": "exportSession", "args": {"id": session["id"], "format": "pdf"}},
        {"op": "exportSession", "args": {"id": "unknown", "format": "json"}},
        {"op": "exportSessionTo", "args": {"id": session["id"], "format": "json"}},
        {"op": "exportSessionTo", "args": {"id": "unknown"}},
        *({"op": "exportSessionToFile", "args": document} for document in documents),
        {"op": "exportSessionToFile", "args": documents[0]},
        {"op": "exportSessionToFile", "args": {"id": "unknown", "format": "json", "targetPath": str(work / "never.json")}},
        {"op": "exportSessionToFile", "args": {**documents[0], "targetPath": str(work / "nowhere" / "page")}},
    ]


def stable(value):
    if isinstance(value, dict):
        return {name: stable(item) for name, item in value.items() if name not in UNSTABLE}
    if isinstance(value, list):
        return [stable(item) for item in value]
    return value


def difference(one, other, where="answer"):
    """The first place at which two results differ, and what is there."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        found = (difference(one[name], other[name], f"{where}.{name}") for name in one if one[name] != other[name])
        return next(found)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        found = (difference(a, b, f"{where}[{i}]") for i, (a, b) in enumerate(zip(one, other)) if a != b)
        return next(found)
    return where, one, other


def write_script(name, path, script):
    """As JSON; for C a line for each step."""
    if name != "c":
        path.write_text(json.dumps(script), encoding="utf-8")
        return
    steps = [("open", script["open"]), *((step["op"], step.get("args")) for step in script["steps"])]
    path.write_text("".join(f"{op}\t{json.dumps(args)}\n" for op, args in steps), encoding="utf-8")


def run(name, runner, work, script):
    command, variables = runner
    path = work / "script.json"
    write_script(name, path, script)
    environment = {**os.environ, **variables}
    result = subprocess.run([*command, str(path)], capture_output=True, text=True, env=environment, check=False)
    if result.returncode != 0:
        sys.exit(f"{name} failed with {result.returncode}:\n{result.stderr}")
    return result.stdout.splitlines()


def run_live(name, runner, work):
    """The operations that last: in a folder of their own, and what a later process receives of them."""
    shutil.rmtree(work / "live", ignore_errors=True)
    live.make_places(work)
    asked = live.live_steps(work)
    lines = run(name, runner, work, {"open": live.options(work), "steps": asked})
    if len(lines) == len(asked):
        resumed = live.resumed_steps(asked, lines)
        lines += run(name, runner, work, {"open": live.options(work), "steps": resumed})
        asked += resumed
    return asked, lines


def main():
    build()
    operations = json.loads((ROOT / "han-ffi/src/operations.json").read_text(encoding="utf-8"))["operations"]
    outputs, files, asked_of = {}, {}, {}
    with tempfile.TemporaryDirectory() as folder:
        # One place for all, emptied in between: paths are part of the answers.
        work = Path(folder)
        config = work / "config"
        sample = work / "sample"
        subprocess.run([str(TARGET / "debug/parity"), "--generate", str(sample)], check=True)
        main_files = [path for path in sample.glob("projects/*/*.jsonl") if not path.name.startswith("agent-")]
        first = max(main_files, key=lambda path: path.stat().st_size)
        with first.open("ab") as file:
            file.write(b'{"type":"user"\n[1]\n{"type":"summary","summary":"glued"}{"type":"summary","summary":"on"}\n{"type":"torn')
        # Old files: one that is read at the moment of its last change is checked again.
        for index, path in enumerate(sorted(path for path in sample.rglob("*") if path.is_file())):
            os.utime(path, (1_700_000_000 + index, 1_700_000_000 + index))
        source = config / first.relative_to(sample)
        vectors.write_model(work / "model")
        for name, runner in runners().items():
            shutil.rmtree(config, ignore_errors=True)
            shutil.copytree(sample, config, copy_function=shutil.copy2)
            for leftover in ["restored.jsonl", "copy.db", "script.json", *(f"document.{name}" for name in DOCUMENTS)]:
                (work / leftover).unlink(missing_ok=True)
            shutil.rmtree(work / "data", ignore_errors=True)
            options = {"dataDir": str(work / "data"), "configDirs": [str(config)], "timeZone": "Europe/Berlin"}
            opening = steps(source, work)
            lines = run(name, runner, work, {"open": options, "steps": opening})
            closing = [*later_steps(lines, source, work), *refusal_steps(operations)]
            lines += run(name, runner, work, {"open": options, "steps": closing})
            testing = testing_steps()
            lines += run(name, runner, work, {"open": {"inMemory": True, "configDirs": [], "timeZone": "UTC"}, "steps": testing})
            shared = [*opening, *closing, *testing]
            last = closed_steps(operations, shared, lines)
            lines += run(name, runner, work, {"open": options, "steps": last})
            shared += last
            by_hand = []
            # C has no JSON to separate vectors from items.
            if name != "c":
                by_hand = vectors.vector_steps(message_ids(lines), source.stem, work / "model")
                lines += run(name, runner, work, {"open": options, "steps": by_hand})
                following, reported = run_live(name, runner, work)
                by_hand += following
                lines += reported
            asked = [*shared, *by_hand]
            outputs[name] = [stable(json.loads(line)) for line in lines]
            asked_of[name] = asked
            files[name] = [(work / f"document.{kind}").read_bytes() for kind in DOCUMENTS]
            if len(lines) != len(asked):
                sys.exit(f"{name}: {len(lines)} answers to {len(asked)} questions")
    reference = outputs["rust"]
    failed = 0
    for name, answers in outputs.items():
        for question, expected, answer in zip(asked_of[name], reference, answers):
            if expected != answer:
                failed += 1
                print(f"{name} differs from rust in {json.dumps(question)[:200]}:")
                where, one, other = difference(expected, answer)
                print(f"  at {where}: rust {json.dumps(one)[:300]}, {name} {json.dumps(other)[:300]}")
    for name, documents in files.items():
        if documents != files["rust"]:
            failed += 1
            print(f"{name} exports other files than rust")
    answered = sum("ok" in answer for answer in reference)
    print(f"parity: {len(reference)} calls ({answered} answers, {len(reference) - answered} errors) in {', '.join(outputs)}")
    print(f"{sum(map(len, outputs.values())) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
