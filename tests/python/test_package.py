"""What the Python package adds to the operations: the wheel, errors, iterators, callbacks. Prints one line of numbers."""

import array
import gc
import importlib.metadata
import json
import os
import pathlib
import pickle
import subprocess
import sys
import typing
import unittest
import weakref

import han_native
from han_native import Cancellation, Han, HanError, items
from parity_vectors import embed
from support import SESSION, Case, record, run_tests


class Wheel(unittest.TestCase):
    def setUp(self):
        self.distribution = importlib.metadata.distribution("han-native")

    def test_it_has_the_package_the_library_and_the_licence_and_nothing_else(self):
        names = {str(file) for file in self.distribution.files if "__pycache__" not in str(file)}
        modules = ["__init__.py", "_calls.py", "_handle.py", "_library.py", "_operations.py", "py.typed", "libhan.so"]
        package = {f"han_native/{name}" for name in modules}
        self.assertEqual({name for name in names if ".dist-info/" not in name}, package)
        [licence] = [file for file in self.distribution.files if file.name == "LICENSE"]
        self.assertIn("MIT License", licence.read_text())
        self.assertFalse(licence.locate().is_symlink())

    def test_it_is_for_every_version_of_python_on_this_system(self):
        self.assertIn("Tag: py3-none-linux_x86_64\n", self.distribution.read_text("WHEEL"))
        self.assertEqual(self.distribution.metadata["Requires-Python"], ">=3.8")
        self.assertEqual(self.distribution.version, han_native.__version__)

    def test_the_library_inside_is_used(self):
        library = pathlib.Path(han_native.__file__).with_name("libhan.so")
        mapped = pathlib.Path("/proc/self/maps").read_text().splitlines()
        self.assertTrue(any(line.endswith(str(library.resolve())) for line in mapped))


class Names(Case):
    def test_a_star_imports_what_a_program_needs(self):
        imported = {}
        exec("from han_native import *", imported)
        for name in ["Han", "HanError", "Subscription", "Cancellation", "items", "versions", "Session", "SearchHitPage"]:
            self.assertIn(name, imported)
        for name in ["os", "json", "ctypes", "Any", "Path"]:
            self.assertNotIn(name, imported)

    def test_shapes_have_the_fields_of_the_json(self):
        opened = self.open()
        opened.scan()
        module = vars(han_native._operations)
        for name in han_native._operations.__all__:
            if isinstance(module[name], type):
                typing.get_type_hints(module[name], module)
        [session] = opened.sessions.list()["items"]
        self.assertEqual(set(session), set(typing.get_type_hints(han_native.Session, module)))
        page = opened.messages.list({"sessionId": SESSION})
        self.assertEqual(set(page), set(typing.get_type_hints(han_native.MessagePage, module)))
        self.assertEqual(set(page["items"][0]), set(typing.get_type_hints(han_native.Message, module)))
        self.assertEqual(set(opened.stats()), set(typing.get_type_hints(han_native.Stats, module)))

    def test_what_is_no_operation_is_not_there(self):
        opened = self.open()
        for owner, name in [(opened, "unheard_of"), (opened, "sessions_list"), (opened.sessions, "unheard_of")]:
            self.assertFalse(hasattr(owner, name), name)
        self.fails("HAN_INVALID_ARGUMENT", opened._calls.call, "sessions.unheardOf", {}, None)
        with self.assertRaises(TypeError):
            opened.messages.get(["a"], {"bogus": 1})


class Handles(Case):
    def test_a_handle_is_closed_at_the_end_of_its_block(self):
        with Han(self.options) as opened:
            self.assertEqual(opened.scan()["messagesIndexed"], 3)
        self.fails("HAN_CLOSED", opened.stats)
        with self.assertRaises(ZeroDivisionError):
            with Han(self.options) as opened:
                1 / 0
        self.fails("HAN_CLOSED", opened.stats)

    def test_operations_outlive_their_handle(self):
        sessions = Han(self.options).sessions
        gc.collect()
        self.assertEqual(sessions.list()["items"], [])

    def test_a_handle_that_nobody_holds_is_freed(self):
        opened = Han(self.options)
        # A circle: the callback holds what calls it.
        opened.on_change(lambda change: opened.stats())
        opened.register_embedder("letters", 26, lambda texts: (opened, embed(texts))[1])
        held = weakref.ref(opened)
        calls = weakref.ref(opened._calls)
        del opened
        gc.collect()
        self.assertEqual((held(), calls()), (None, None))

    def test_options_may_be_paths(self):
        opened = Han({"dbPath": self.root / "path.db", "configDirs": (self.config,)})
        self.addCleanup(opened.close)
        self.assertEqual(opened.scan({"paths": {self.transcript}})["messagesIndexed"], 3)
        self.assertTrue((self.root / "path.db").exists())


class Errors(Case):
    def test_a_refused_option_is_named(self):
        opened = self.open()
        self.assertIn("unheardOf", self.fails("HAN_INVALID_ARGUMENT", opened.sessions.list, {"unheardOf": 1}))
        self.assertIn("first", self.fails("HAN_INVALID_ARGUMENT", opened.sessions.list, {"first": "many"}))
        self.assertIn("includeText", self.fails("HAN_INVALID_ARGUMENT", opened.tool_calls.get, [], {"includeText": 3}))
        self.assertIn("sessionId", self.fails("HAN_INVALID_ARGUMENT", opened.messages.list, {}))
        self.assertIn("query", self.fails("HAN_INVALID_ARGUMENT", opened.search, {}))
        self.assertIn("ids", self.fails("HAN_INVALID_ARGUMENT", opened.messages.get, "abc"))
        self.assertIn("ids", self.fails("HAN_INVALID_ARGUMENT", opened.messages.get, None))
        self.assertIn("path", self.fails("HAN_INVALID_ARGUMENT", opened.backup, 3))

    def test_a_leading_parameter_is_passed_once(self):
        opened = self.open()
        self.assertIn("`ids`", self.fails("HAN_INVALID_ARGUMENT", opened.tool_calls.get, ["a"], {"ids": ["b"]}))
        self.assertIn("`sql`", self.fails("HAN_INVALID_ARGUMENT", opened.query, "SELECT 1", None, {"sql": "SELECT 2"}))

    def test_what_is_no_json_is_refused(self):
        opened = self.open()
        circle = []
        circle.append(circle)
        for options in [[], "first", 1, {"first": object()}, {"first": float("nan")}, {"first": b"1"}, {"paths": circle}]:
            self.fails("HAN_INVALID_ARGUMENT", opened.sessions.list, options)
        for function in [Han, opened.subscribe, opened.search_vectors]:
            self.fails("HAN_INVALID_ARGUMENT", function, ["dbPath"])

    def test_an_error_has_the_code_of_every_language(self):
        with self.assertRaises(HanError) as caught:
            self.open().index_session_file("/nowhere/a.jsonl")
        self.assertEqual(caught.exception.code, "HAN_NOT_FOUND")
        # As processes pass it to each other.
        copied = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual((copied.code, str(copied)), ("HAN_NOT_FOUND", str(caught.exception)))

    def test_another_library_may_be_named(self):
        own = pathlib.Path(han_native.__file__).with_name("libhan.so")
        program = [sys.executable, "-c", "import han_native; print(han_native.version())"]
        for library, code in [(own, 0), (self.root / "none.so", 1)]:
            environment = {**os.environ, "HAN_LIBRARY": str(library)}
            run = subprocess.run(program, capture_output=True, text=True, env=environment, check=False)
            self.assertEqual(run.returncode, code, run.stderr)
        self.assertIn("HAN_LIBRARY", run.stderr)


class Iterators(Case):
    def test_items_walks_over_all_pages(self):
        opened = self.open()
        lines = [json.dumps(record(number, f"graft {number}")).encode() for number in range(3, 25)]
        self.transcript.write_bytes(self.transcript.read_bytes() + b"\n".join(lines) + b"\n")
        opened.scan()
        query = {"sessionId": SESSION, "first": 4}
        whole = opened.messages.list({"sessionId": SESSION, "first": 100})["items"]
        self.assertEqual(len(whole), 25)
        self.assertEqual(list(items(opened.messages.list, query)), whole)
        self.assertEqual(query, {"sessionId": SESSION, "first": 4})
        self.assertEqual([session["id"] for session in items(opened.sessions.list)], [SESSION])
        self.fails("HAN_INVALID_ARGUMENT", next, items(opened.messages.list, {"first": 0, "sessionId": SESSION}))

    def test_a_subscription_is_iterated_over_until_it_is_closed(self):
        opened = self.open()
        opened.scan()
        with opened.subscribe({"since": "0"}) as changes:
            heard = []
            for change in changes:
                heard.append(change["topic"])
                if change["topic"] == "session:updated":
                    changes.close()
        self.assertEqual(heard, ["session:added", "session:message:added", "session:updated"])
        with self.assertRaises(StopIteration):
            next(changes)

    def test_nothing_within_the_time_is_none(self):
        with self.open().subscribe() as changes:
            self.assertIsNone(changes.next(0.01))


class Callbacks(Case):
    def test_exceptions_are_raised_by_the_call(self):
        class Own(BaseException):
            pass

        def fail(_):
            raise Own

        opened = self.open()
        with self.assertRaises(Own):
            opened.scan(on_progress=fail)
        with self.assertRaises(Own):
            opened.export_session_to(SESSION, "json", fail)
        opened.register_embedder("letters", 26, embed)
        with self.assertRaises(Own):
            opened.vectors.embed_pending("letters", on_progress=fail)

    def test_a_scan_is_cancelled_from_its_progress(self):
        opened = self.open()
        token = Cancellation()
        self.fails("HAN_CANCELLED", opened.query, "SELECT 1", None, None, self.cancelled())
        opened.scan(on_progress=lambda progress: token.cancel())
        self.fails("HAN_CANCELLED", opened.scan, None, None, token)

    def cancelled(self):
        token = Cancellation()
        token.cancel()
        return token


class Values(Case):
    def test_bytes_are_bytes(self):
        opened = self.open()
        opened.scan()
        ids = [message["id"] for message in opened.messages.list({"sessionId": SESSION})["items"]]
        self.assertEqual(opened.messages.raw_bytes(iter(ids)), self.lines[:3])
        self.assertEqual(opened.messages.raw_bytes([]), [])

    def test_vectors_are_sequences_of_any_kind(self):
        opened = self.open()
        opened.scan()
        ids = [message["id"] for message in opened.messages.list({"sessionId": SESSION})["items"]]
        given = [{"messageId": ids[0], "vector": array.array("f", [1, 0])}, {"messageId": ids[1], "vector": range(2)}]
        self.assertEqual(opened.index_vectors("m", given)["vectors"], 2)
        near = array.array("d", [0, 2])
        hits = [
            opened.search_vectors({"vector": near})["items"],
            opened.search({"query": "", "mode": "vector", "vector": near})["items"],
        ]
        self.assertEqual([hit[0]["message"]["id"] for hit in hits], [ids[1]] * 2)
        for wrong in [[{}], [{"messageId": ids[0]}], [{"messageId": ids[0], "vector": "ab"}], "ab", None, [3]]:
            self.fails("HAN_INVALID_ARGUMENT", opened.index_vectors, "m", wrong)
        uneven = [{"messageId": ids[0], "vector": [1, 0]}, {"messageId": ids[1], "vector": [1]}]
        self.fails("HAN_INVALID_ARGUMENT", opened.index_vectors, "m", uneven)
        for wrong in [{}, {"vector": None}, {"vector": 3}, {"vector": ["a"]}]:
            self.fails("HAN_INVALID_ARGUMENT", opened.search_vectors, wrong)


if __name__ == "__main__":
    run_tests("Python, package")
