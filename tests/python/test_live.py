"""Leading, watching and following through the C library, with several processes. Prints one line of numbers."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import unittest

from han_native import Han, HanError
from support import SESSION, Case, record, run_tests

HERE = pathlib.Path(__file__).parent
# Seconds: long enough for any machine; the test fails if it is not.
PATIENCE = 60


class Live(Case):
    def append(self, *records):
        with self.transcript.open("ab") as file:
            file.write(b"".join(json.dumps(line).encode() + b"\n" for line in records))

    def next(self, subscription):
        change = subscription.next(PATIENCE)
        self.assertIsNotNone(change, "no change came in time")
        return change

    def start_leader(self):
        command = [sys.executable, str(HERE / "leader.py"), json.dumps(self.options)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process


class Coordinator(Live):
    def test_the_next_process_leads_when_the_leader_is_killed(self):
        leader = self.start_leader()
        self.assertEqual(leader.stdout.readline(), "leads\n")
        opened = self.open()
        changes = opened.subscribe({"topics": ["leader:**"]})
        self.assertFalse(opened.coordinator.try_acquire())
        status = opened.coordinator.status()
        self.assertEqual((status["isCoordinator"], status["coordinatorRunning"]), (False, True))
        self.assertEqual((status["pid"], status["issues"]), (leader.pid, []))
        self.fails("HAN_NOT_LEADER", opened.index_session_file, self.transcript)
        follower = self.start_leader()
        self.assertEqual(follower.stdout.readline(), "follows\n")
        follower.kill()
        follower.wait()

        leader.kill()
        self.assertEqual(self.next(changes)["topic"], "leader:acquired")
        self.assertTrue(opened.coordinator.is_coordinator())
        taken = opened.coordinator.status()
        self.assertEqual((taken["isCoordinator"], taken["pid"]), (True, os.getpid()))
        self.assertGreater(taken["epoch"], status["epoch"])
        self.assertEqual(opened.index_session_file(self.transcript)["messagesIndexed"], 3)
        self.assertTrue(opened.coordinator.release())
        self.assertFalse(opened.coordinator.release())

    def test_a_process_follows_until_the_leader_releases(self):
        opened = self.open()
        self.assertTrue(opened.coordinator.try_acquire())
        follower = self.start_leader()
        self.assertEqual(follower.stdout.readline(), "follows\n")
        self.assertTrue(opened.coordinator.release())
        self.assertEqual(follower.stdout.readline(), "leader:acquired\n")
        self.assertEqual(opened.coordinator.status()["pid"], follower.pid)

    def test_a_process_leads_once(self):
        opened, other = self.open(), self.open()
        self.assertTrue(opened.coordinator.try_acquire())
        self.fails("HAN_ALREADY_LEADER_IN_PROCESS", other.coordinator.try_acquire)


class Watcher(Live):
    def test_what_is_appended_is_reported(self):
        opened = self.open()
        opened.watcher.start()
        self.assertEqual(opened.stats()["messages"], 3)
        status = opened.watcher.status()
        self.assertEqual((status["running"], status["paths"]), (True, [str(self.config)]))
        changes = opened.subscribe({"topics": ["session:message:added"], "expand": True})
        for number in range(3, 8):
            self.append(record(number, f"graft {number}"))
            message = self.next(changes)["messageId"]
            [read] = opened.messages.get([message])
            self.assertEqual(read["preview"], f"graft {number}")
        opened.watcher.stop()
        self.assertFalse(opened.watcher.status()["running"])
        self.append(record(8, "not watched"))
        self.assertEqual(opened.scan()["messagesIndexed"], 1)

    def test_config_dirs_are_added_and_removed(self):
        opened = self.open(configDirs=[])
        changes = opened.subscribe({"topics": ["session:added"]})
        opened.watcher.start()
        opened.watcher.add_path(self.config)
        self.assertEqual(self.next(changes)["sessionId"], SESSION)
        self.assertEqual(opened.watcher.status()["paths"], [str(self.config)])
        opened.watcher.remove_path(self.config)
        self.assertEqual(opened.watcher.status()["paths"], [])
        self.fails("HAN_NOT_FOUND", opened.watcher.remove_path, self.config)
        self.fails("HAN_INVALID_ARGUMENT", opened.watcher.add_path, self.transcript)


class Fork(Live):
    @unittest.skipUnless(hasattr(os, "fork"), "there are no forks here")
    def test_a_fork_takes_nothing_away_from_its_process(self):
        opened = self.open(heartbeatIntervalMs=20)
        self.assertTrue(opened.coordinator.try_acquire())
        opened.watcher.start()
        listening = opened.on_change(lambda change: None)
        changes = opened.subscribe({"topics": ["session:message:added"]})
        child = os.fork()
        if child == 0:
            code = 1
            try:
                signal.alarm(PATIENCE)
                opened.stats()
            except HanError as error:
                for one in [listening, changes, opened]:
                    one.close()
                code = 0 if error.code == "HAN_CLOSED" else 2
            finally:
                os._exit(code)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertTrue(opened.coordinator.is_coordinator())
        self.append(record(3, "still watched"))
        self.assertEqual(self.next(changes)["count"], 1)
        self.assertEqual(opened.scan()["messagesIndexed"], 0)
        self.assertTrue(opened.coordinator.release())


class Following(Live):
    def at_hand(self, opened, **options):
        with opened.subscribe(options) as subscription:
            return list(iter(lambda: subscription.next(0), None))

    def test_changes_are_received_from_a_cursor_on(self):
        opened = self.open()
        opened.scan()
        told = self.at_hand(opened, since="0")
        self.assertEqual([change["topic"] for change in told], ["session:added", "session:message:added", "session:updated"])
        self.assertEqual({change["type"] for change in told}, {"change"})
        self.assertEqual(told[1]["count"], 3)
        for position, change in enumerate(told):
            self.assertEqual(self.at_hand(opened, since=change["cursor"]), told[position + 1 :])
        self.assertEqual(self.at_hand(opened), [])

        expanded = self.at_hand(opened, since="0", expand=True, topics=["session:message:*"])
        messages = opened.messages.list({"sessionId": SESSION})["items"]
        self.assertEqual([change["messageId"] for change in expanded], [message["id"] for message in messages])
        for position, change in enumerate(expanded):
            rest = self.at_hand(opened, since=change["cursor"], expand=True, topics=["session:message:*"])
            self.assertEqual(rest, expanded[position + 1 :])
        self.assertEqual(self.at_hand(opened, since="0", topics=["session:*"]), [told[0], told[2]])
        self.assertEqual(self.at_hand(opened, since="0", topics=["leader:*"]), [])
        self.fails("HAN_INVALID_ARGUMENT", opened.subscribe, {"topics": ["Session"]})
        self.fails("HAN_INVALID_ARGUMENT", opened.subscribe, {"since": "yesterday"})

    def test_an_iterator_ends_with_its_handle_and_when_it_is_closed(self):
        opened = self.open()
        for end in ["subscription", "handle"]:
            subscription = opened.subscribe()
            heard = []
            iterating = threading.Thread(target=lambda: heard.extend(subscription))
            iterating.start()
            (subscription if end == "subscription" else opened).close()
            iterating.join(PATIENCE)
            self.assertFalse(iterating.is_alive(), end)
            self.assertEqual(heard, [])
            self.assertEqual(list(subscription), [])

    def test_another_process_is_followed_by_a_reader(self):
        opened = self.open()
        opened.scan()
        reader = self.open(readOnly=True)
        changes = reader.subscribe({"topics": ["leader:acquired"]})
        leader = self.start_leader()
        self.assertEqual(leader.stdout.readline(), "leads\n")
        self.assertEqual(self.next(changes)["topic"], "leader:acquired")

    def test_a_callback_hears_of_changes(self):
        opened = self.open()
        heard = []
        is_complete = threading.Event()

        def hear(change):
            # The handle may be used from within.
            heard.append((change["topic"], opened.stats()["messages"]))
            if change["topic"] == "session:updated":
                is_complete.set()

        listening = opened.on_change(hear, {"topics": ["session:**"]})
        opened.scan()
        self.assertTrue(is_complete.wait(PATIENCE))
        listening.close()
        self.append(record(3, "after the end"))
        opened.scan()
        expected = [("session:added", 3), ("session:message:added", 3), ("session:updated", 3)]
        self.assertEqual(heard, expected)
        self.fails("HAN_INVALID_ARGUMENT", listening.next, 0)

    def test_a_callback_may_close_itself_and_its_handle(self):
        for end in ["subscription", "handle"]:
            opened = Han(self.options)
            opened.scan()
            heard = []
            is_started, is_closed = threading.Event(), threading.Event()

            def hear(change):
                is_started.wait(PATIENCE)
                heard.append(change)
                (listening if end == "subscription" else opened).close()
                is_closed.set()

            listening = opened.on_change(hear, {"since": "0"})
            is_started.set()
            self.assertTrue(is_closed.wait(PATIENCE), end)
            opened.close()
            self.assertEqual(len(heard), 1, end)

    def test_an_exception_of_the_callback_is_reported(self):
        opened = self.open()
        opened.scan()
        reported = []
        is_complete = threading.Event()

        def hear(change):
            if change["topic"] == "session:updated":
                is_complete.set()
            raise ZeroDivisionError(change["topic"])

        hook, sys.unraisablehook = sys.unraisablehook, lambda report: reported.append(report.exc_type)
        try:
            listening = opened.on_change(hear, {"since": "0"})
            self.assertTrue(is_complete.wait(PATIENCE))
            listening.close()
        finally:
            sys.unraisablehook = hook
        self.assertEqual(reported, [ZeroDivisionError] * 3)

    def test_a_closed_handle_is_followed_no_more(self):
        opened = self.open()
        opened.close()
        leading, watching = opened.coordinator, opened.watcher
        calls = [leading.try_acquire, leading.status, leading.release, watching.start, watching.status, watching.stop]
        for function in [opened.subscribe, *calls]:
            self.fails("HAN_CLOSED", function)
        with self.assertRaises(HanError):
            opened.on_change(print)


if __name__ == "__main__":
    run_tests("Python, live")
