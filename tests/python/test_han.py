"""The operations of the package on real files. Prints one line of numbers."""

import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import unittest

import han_native
import parity
from han_native import Cancellation, Han, _library
from support import SESSION, Case, record, run_tests

HERE = pathlib.Path(__file__).parent


class Operations(Case):
    def test_a_session_is_indexed_listed_and_read(self):
        opened = self.open()
        report = opened.index_session_file(self.transcript)
        self.assertEqual(report["messagesIndexed"], 3)
        self.assertEqual(report["problems"], 1)
        [session] = opened.sessions.list()["items"]
        self.assertEqual((session["id"], session["projectPath"]), (SESSION, "/home/ada/orchard"))
        self.assertEqual(opened.sessions.get(["nobody", SESSION]), [None, session])
        page = opened.messages.list({"sessionId": SESSION, "first": 2})
        self.assertTrue(page["hasNextPage"])
        rest = opened.messages.list({"sessionId": SESSION, "after": page["endCursor"]})
        messages = page["items"] + rest["items"]
        self.assertEqual([message["lineNumber"] for message in messages], [1, 2, 3])
        ids = [message["id"] for message in messages] + ["ffffffffffffffff:1:0"]
        self.assertEqual(opened.messages.get(ids), messages + [None])
        self.assertEqual(opened.messages.raw_bytes(ids), self.lines[:3] + [None])
        self.assertEqual(opened.messages.raw(ids), [line.decode() for line in self.lines[:3]] + [None])
        self.assertEqual(opened.messages.count_batch([SESSION, "nobody"]), {SESSION: 3, "nobody": 0})
        [problem] = opened.problems()["items"]
        self.assertEqual((problem["kind"], problem["lineNumber"]), ("invalid_json", 4))

    def test_text_is_found_in_any_script(self):
        opened = self.open()
        opened.scan()
        for query, line in [("apple longest", 1), ("林檎", 2), ("prune", 3)]:
            hits = opened.search({"query": query})["items"]
            self.assertEqual([hit["message"]["lineNumber"] for hit in hits], [line], query)
            units = hits[0]["snippet"].encode("utf-16-le")
            match = hits[0]["matches"][0]
            self.assertIn(units[2 * match["start"] : 2 * match["end"]].decode("utf-16-le").lower(), query)
        self.fails("HAN_QUERY_SYNTAX", opened.search, {"query": "AND (", "syntax": "fts5"})

    def test_a_scan_reports_its_progress_and_is_cancelled(self):
        opened = self.open()
        seen = []
        report = opened.scan(on_progress=seen.append)
        self.assertEqual((report["files"], report["messagesIndexed"], report["errors"]), (1, 3, []))
        self.assertEqual(seen[-1]["bytesDone"], seen[-1]["bytesTotal"])
        token = Cancellation()
        token.cancel()
        self.transcript.write_bytes(self.transcript.read_bytes() + json.dumps(record(3, "more")).encode() + b"\n")
        self.fails("HAN_CANCELLED", opened.scan, None, None, token)
        self.assertEqual(opened.scan()["messagesIndexed"], 1)

    def test_an_exception_of_the_progress_callback_is_raised(self):
        opened = self.open()
        with self.assertRaises(ZeroDivisionError):
            opened.scan(on_progress=lambda progress: 1 / 0)
        self.assertEqual(opened.stats()["messages"], 3)

    def test_a_lost_file_is_restored(self):
        opened = self.open()
        opened.scan()
        bytes_before = self.transcript.read_bytes()
        self.transcript.unlink()
        opened.restore(self.transcript, self.root / "again.jsonl")
        self.assertEqual((self.root / "again.jsonl").read_bytes(), bytes_before)

    def test_a_database_is_checked_copied_and_forgotten(self):
        opened = self.open()
        opened.scan()
        self.assertTrue(opened.doctor({"fix": True})["isHealthy"])
        self.assertEqual(opened.rederive(), {"files": 0, "messages": 0})
        opened.backup(self.root / "copy.db")
        self.assertEqual(opened.forget({"sessionId": SESSION}), {"sessions": 1, "files": 1, "messages": 3})
        self.assertEqual(opened.scan()["messagesIndexed"], 0)
        copy = Han({"dbPath": str(self.root / "copy.db"), "readOnly": True, "configDirs": []})
        self.assertEqual(copy.stats()["messages"], 3)
        copy.close()

    def test_sessions_are_looked_up_and_summed_up(self):
        opened = self.open()
        call = {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": "prune"}}
        answer = {"id": "msg_1", "role": "assistant", "content": [call], "usage": {"input_tokens": 3, "output_tokens": 2}}
        line = record(3, "", type="assistant", message=answer)
        self.transcript.write_bytes(self.transcript.read_bytes() + json.dumps(line).encode() + b"\n")
        opened.scan()
        asked = [SESSION, "nobody"]
        self.assertEqual(opened.messages.count_batch(asked), {SESSION: 4, "nobody": 0})
        [[file], unknown] = opened.files.by_session(asked)
        self.assertEqual((opened.files.get(["nothing", file["id"]]), unknown), ([None, file], None))
        [found] = opened.tool_calls.get(["toolu_1"], {"includeText": True})
        self.assertEqual((found["name"], json.loads(found["input"])), ("Bash", {"command": "prune"}))
        self.assertEqual(opened.todos.get(asked), [None, None])
        for empty in [opened.tasks, opened.file_changes, opened.hook_executions, opened.summaries]:
            self.assertEqual(empty.get(asked), [[], None], empty)
        [usage, unknown] = opened.usage.by_session(asked)
        self.assertEqual((usage["apiMessages"], usage["tokens"]["outputTokens"], unknown), (1, 2, None))
        self.assertEqual(opened.dashboard({"since": "2026-02-01"})["messages"], 4)
        self.assertEqual(opened.query_dashboard_aggregates("2026-03-01")["messages"], 0)
        [day] = opened.activity({"timeZone": "UTC"})["days"]
        self.assertEqual((day["date"], day["messages"]), ("2026-02-01", 4))

    def test_sql_is_answered_and_a_session_exported(self):
        opened = self.open()
        opened.scan()
        answer = opened.query("SELECT preview FROM v_messages WHERE line_number = :line", {"line": 2})
        self.assertEqual(answer["rows"], [["林檎は冬まで持つ"]])
        self.assertEqual(opened.query("SELECT ?", [1.5], {"maxRows": 1})["rows"], [[1.5]])
        self.fails("HAN_QUERY_SYNTAX", opened.query, "SELEKT 1")
        self.assertIn("林檎は冬まで持つ", opened.export_session(SESSION))
        exported = json.loads(opened.export_session(SESSION, "json", {"includeRaw": True}))
        self.assertEqual(exported["files"][0]["messages"][0]["raw"], self.lines[0].decode())
        self.fails("HAN_NOT_FOUND", opened.export_session, "nobody")
        self.fails("HAN_INVALID_ARGUMENT", opened.export_session, SESSION, "pdf")

    def test_a_session_is_exported_piece_by_piece(self):
        opened = self.open()
        opened.scan()
        for name in ["markdown", "html", "json"]:
            whole = opened.export_session(SESSION, name).encode()
            pieces = []
            opened.export_session_to(SESSION, name, pieces.append)
            self.assertEqual(b"".join(pieces), whole)
            target = self.root / name
            opened.export_session_to_file(SESSION, name, target)
            self.assertEqual(target.read_bytes(), whole)
            self.assertEqual(target.stat().st_mode & 0o777, 0o600)
            self.fails("HAN_INVALID_ARGUMENT", opened.export_session_to_file, SESSION, name, target)
        with self.assertRaises(ZeroDivisionError):
            opened.export_session_to(SESSION, None, lambda piece: 1 / 0)
        self.fails("HAN_NOT_FOUND", opened.export_session_to, "nobody", "html", pieces.append)
        self.fails("HAN_NOT_FOUND", opened.export_session_to_file, "nobody", "html", self.root / "page")
        self.assertFalse((self.root / "page").exists())

    def test_threads_share_a_handle(self):
        opened = self.open()
        results = []

        def reader():
            results.append(opened.stats()["messages"] in (0, 3))

        threads = [threading.Thread(target=reader) for _ in range(8)] + [threading.Thread(target=opened.scan)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [True] * 8)

    def test_the_log_is_heard(self):
        heard = []
        opened = Han(self.options, log=lambda level, text: heard.append((level, text)))
        opened.scan()
        opened.close()
        self.assertTrue(heard)
        self.assertTrue(all(level in (1, 2, 3) and text for level, text in heard))


class Refusals(Case):
    def test_errors_have_code_and_text(self):
        opened = self.open()
        self.assertIn("/nowhere/a.jsonl", self.fails("HAN_NOT_FOUND", opened.index_session_file, "/nowhere/a.jsonl"))
        self.fails("HAN_IS_DIRECTORY", opened.index_session_file, self.project)
        self.fails("HAN_INVALID_ARGUMENT", opened.index_session_file, os.fsdecode(b"/tmp/caf\xe9.jsonl"))
        self.assertIn("unheardOf", self.fails("HAN_INVALID_ARGUMENT", Han, {"unheardOf": 1}))
        self.fails("HAN_INVALID_ARGUMENT", opened.forget, {})
        self.fails("HAN_NOT_FOUND", opened.forget, {"projectId": "nobody"})

    def test_a_closed_handle_stays_closed(self):
        opened = self.open()
        opened.close()
        opened.close()
        self.fails("HAN_CLOSED", opened.stats)
        self.fails("HAN_CLOSED", opened.scan)


class Surface(Case):
    def test_every_function_of_the_header_is_bound(self):
        header = (HERE.parent.parent / "include" / "han.h").read_text()
        declared = set(re.findall(r"^[a-z].*?\b(han_\w+)\(", header, re.MULTILINE))
        # Operations also have functions of their own; here they are called by name.
        named = {f"han_{parity.snake_case(operation['name'].replace('.', '_'))}" for operation in parity.OPERATIONS.values()}
        self.assertLessEqual(named, declared)
        bound = set(_library._SIGNATURES)
        self.assertEqual(declared - bound, named - bound)
        self.assertIn(f'#define HAN_VERSION "{han_native.version()}"', header)

    def test_every_operation_has_a_method(self):
        opened = self.open()
        for name, operation in parity.OPERATIONS.items():
            if operation["kind"] == "static":
                self.assertTrue(callable(getattr(han_native, parity.snake_case(name))), name)
            else:
                self.assertTrue(callable(parity.method(opened, name)), name)
            self.assertTrue(parity.method(opened, name).__doc__, name)

    def test_the_parity_script_writes_numbers_as_javascript_does(self):
        for value in ["0", "1", "-2", "1.5", "-0.25", "0.000001", "1.5e-7", "-1e-7", "123456789012345680000", "1e+21", "1.25e+22"]:
            self.assertEqual(parity.encode(float(value)), value)
        self.assertEqual(parity.encode({"b": [None, True, 3], "a": "é\n"}), '{"a":"é\\n","b":[null,true,3]}')

    def test_the_parity_script_prints_what_the_library_says(self):
        script = self.root / "script.json"
        steps = [
            {"op": "indexSessionFile", "args": {"path": str(self.transcript)}},
            {"op": "messages.countBatch", "args": {"sessionIds": [SESSION]}},
            {"op": "sessions.get", "args": {"ids": ["nobody"]}},
            {"op": "backup", "args": {"path": str(self.root / "copy.db")}},
            {"op": "restore", "args": {"sourcePath": "unknown", "targetPath": str(self.root / "x")}},
            {"op": "scan", "args": {"unheardOf": 1}},
            {"op": "messages.rawBytes", "args": {"ids": ["ffffffffffffffff:1:0"]}},
        ]
        script.write_text(json.dumps({"open": self.options, "steps": steps}))
        run = subprocess.run(
            [sys.executable, HERE / "parity.py", script], capture_output=True, text=True, check=True, env=os.environ
        )
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual(lines[0]["ok"]["messagesIndexed"], 3)
        self.assertEqual(lines[1:4], [{"ok": {SESSION: 3}}, {"ok": [None]}, {"ok": None}])
        self.assertEqual(lines[4:6], [{"error": {"code": "HAN_NOT_FOUND"}}, {"error": {"code": "HAN_INVALID_ARGUMENT"}}])
        self.assertEqual(lines[6], {"ok": [None]})
        self.assertEqual(len(lines), len(steps))


if __name__ == "__main__":
    run_tests("Python")
