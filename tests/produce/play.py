"""Plays every turn against the mock, and writes down the truth. Started by run.py without a network: play.py VERSION FOLDER COMMAND..."""

import json
import os
import signal
import sys
import threading
import time
import uuid
from pathlib import Path

import scenarios
from mock import Mock
from program import TURN_SECONDS, Program, raise_loopback

SECONDS = 200


class Play:
    def __init__(self, version, folder, command):
        script = json.dumps(scenarios.SCRIPTS).replace(scenarios.FOLDER, str(folder / "work"))
        self.mock = Mock(json.loads(script))
        self.program = Program(command, version, folder, self.mock.address)
        self.hook_log = folder / "hooks.log"
        (self.program.work / scenarios.FRUIT).write_text("old fruit\n")
        self.sessions = {}
        self.typed = []
        self.not_played = []

    def arguments(self, turn):
        known = self.sessions.get(turn["session"])
        if known:
            arguments = ["--resume", known]
        elif "fork_of" in turn:
            arguments = ["--resume", self.sessions[turn["fork_of"]], "--fork-session"]
        else:
            self.sessions[turn["session"]] = str(uuid.uuid4())
            arguments = ["--session-id", self.sessions[turn["session"]]]
        if "model" in turn:
            arguments += ["--model", turn["model"]]
        if turn.get("is_hooked"):
            arguments += ["--settings", scenarios.hooks(self.hook_log)]
        return [*arguments, "--dangerously-skip-permissions"]

    def play(self, turn):
        arguments = self.arguments(turn)
        key, how, complaint = turn["key"], turn["how"], ""
        before = len(self.mock.requests)
        is_answered = lambda: self.mock.wait_for(key, TURN_SECONDS)
        if how == "print":
            told, complaint = self.program.print(turn["prompt"], arguments, turn.get("environment", {}))
            # A fork has an id that the program chose.
            self.sessions.setdefault(turn["session"], told.get("session_id"))
        elif how == "queue":
            is_taken = lambda: self.mock.wait_for(turn["queued"].split()[0], TURN_SECONDS)
            self.program.queue(turn["prompt"], turn["queued"], arguments, is_answered, is_taken)
        else:
            complaint = self.program.screen(turn["prompt"], arguments, is_answered)
        is_command = turn["prompt"].startswith("/")
        for prompt in [turn["prompt"], *([turn["queued"]] if "queued" in turn else [])]:
            is_played = len(self.mock.requests) > before if is_command else self.mock.answers(prompt.split()[0])
            if not is_played:
                self.not_played.append(f"{prompt.splitlines()[0]}: {' '.join(complaint.split())}")
            else:
                session = self.sessions[turn["session"]]
                is_queued = prompt == turn.get("queued")
                self.typed.append({"prompt": prompt, "session": session, "isCommand": is_command, "isQueued": is_queued})

    def truth(self):
        missing, calls = self.mock.not_offered, self.mock.calls
        ran = self.hook_log.read_text().split() if self.hook_log.exists() else []
        return {
            "typed": self.typed,
            "notPlayed": self.not_played,
            "notOffered": sorted(missing),
            "words": self.mock.planted,
            "requests": self.mock.requests,
            "calls": calls,
            "hooks": {event: ran.count(event) for event in scenarios.HOOKED},
            "changed": scenarios.CHANGED if {"Edit", "Write"} <= calls.keys() else {},
            "tasks": scenarios.TASKS if "TaskUpdate" in calls and not missing & {"TaskCreate", "TaskUpdate"} else None,
            "todos": scenarios.TODOS if "TodoWrite" in calls and "TodoWrite" not in missing else None,
        }


def end_with_parent():
    sys.stdin.read()
    os._exit(1)


def main():
    version, folder, command = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    # This process is the first of its namespace: whenever it ends, everything that it started is killed.
    threading.Thread(target=end_with_parent, daemon=True).start()
    signal.signal(signal.SIGALRM, lambda *_: os._exit(1))
    signal.alarm(SECONDS)
    raise_loopback()
    play = Play(version, folder, command)
    begun = time.monotonic()
    for turn in scenarios.TURNS:
        if time.monotonic() - begun > SECONDS - TURN_SECONDS:
            play.not_played.append(f"{turn['prompt'].splitlines()[0]}: there was no time left")
        else:
            play.play(turn)
    (folder / "truth.json").write_text(json.dumps(play.truth(), indent=1))
    os._exit(0)


main()
