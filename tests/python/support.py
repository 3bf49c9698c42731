"""What the tests share: a folder with one transcript, and the line of numbers at the end."""

import json
import pathlib
import sys
import tempfile
import unittest

from han_native import Han, HanError

SESSION = "7d2f41c8-93ab-4e05-b1c6-5a0e8d7f3c22"


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


def run_tests(name):
    """Runs the tests of the file that calls this, and exits."""
    outcome = unittest.main(exit=False, verbosity=0).result
    bad = len(outcome.failures) + len(outcome.errors)
    print(f"{name}: {outcome.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
