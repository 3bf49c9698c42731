"""The C library through ctypes, on real files. HAN_LIBRARY names the library; prints one line of numbers."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import unittest

import han
import parity
from han import Cancellation, Han, HanError

SESSION = "7d2f41c8-93ab-4e05-b1c6-5a0e8d7f3c22"
HERE = pathlib.Path(__file__).parent


def record(number, text, **more):
    return {
        "type": "user",
        "uuid": f"0b000000-0000-4000-8000-{number:012}",
        "sessionId": SESSION,
        "cwd": "/home/ada/orchard",
        "timestamp": f"2026-02-01T08:{number // 60:02}:{number % 60:02}.000Z",
        "message": {"role": "user", "content": text},
        **more,
    }


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="han-python-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.config = self.root / "claude"
        self.project = self.config / "projects" / "-home-ada-orchard"
        self.project.mkdir(parents=True)
        self.transcript = self.project / f"{SESSION}.jsonl"
        lines = [record(0, "Which apple keeps longest?"), record(1, "林檎は冬まで持つ"), record(2, "prune in \ud800 March")]
        self.lines = [json.dumps(line).encode() for line in lines] + [b"not json"]
        self.transcript.write_bytes(b"\n".join(self.lines) + b"\n")
        self.options = {"dbPath": str(self.root / "han.db"), "configDirs": [str(self.config)]}

    def open(self, **more):
        opened = Han({**self.options, **more})
        self.addCleanup(opened.close)
        return opened

    def fails(self, code, function, *arguments):
        with self.assertRaises(HanError) as caught:
            function(*arguments)
        self.assertEqual(caught.exception.code, code, caught.exception)
        return str(caught.exception)


class Operations(Case):
    def test_a_session_is_indexed_listed_and_read(self):
        opened = self.open()
        report = opened.index_session_file(self.transcript)
        self.assertEqual(report["messagesIndexed"], 3)
        self.assertEqual(report["problems"], 1)
        [session] = opened.sessions_list()["items"]
        self.assertEqual((session["id"], session["projectPath"]), (SESSION, "/home/ada/orchard"))
        self.assertEqual(opened.sessions_get(["nobody", SESSION]), [None, session])
        page = opened.messages_list({"sessionId": SESSION, "first": 2})
        self.assertTrue(page["hasNextPage"])
        rest = opened.messages_list({"sessionId": SESSION, "after": page["endCursor"]})
        messages = page["items"] + rest["items"]
        self.assertEqual([message["lineNumber"] for message in messages], [1, 2, 3])
        ids = [message["id"] for message in messages] + ["ffffffffffffffff:1:0"]
        self.assertEqual(opened.messages_get(ids), messages + [None])
        self.assertEqual(opened.messages_raw_bytes(ids), self.lines[:3] + [None])
        self.assertEqual(opened.messages_raw(ids), [line.decode() for line in self.lines[:3]] + [None])
        self.assertEqual(opened.messages_count_batch([SESSION, "nobody"]), {SESSION: 3, "nobody": 0})
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

    def test_a_scan_tells_its_progress_and_is_cancelled(self):
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
        self.assertEqual(declared, set(han._SIGNATURES))
        self.assertIn(f'#define HAN_VERSION "{han.version()}"', header)

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
    outcome = unittest.main(exit=False, verbosity=0).result
    bad = len(outcome.failures) + len(outcome.errors)
    print(f"Python: {outcome.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
