"""Indexes what the program wrote, through the command of this tree, and compares the answers with the truth."""

import collections
import json
import os
import subprocess
from pathlib import Path

from mock import SUMMARY

HAN = Path(__file__).resolve().parents[2] / "node/bin/han.js"
TOKENS = ("inputTokens", "outputTokens", "cacheReadTokens", "cacheCreationTokens", "cacheCreation5mTokens", "cacheCreation1hTokens")


class Judge:
    def __init__(self, folder, records):
        self.folder = folder
        self.truth = json.loads((folder / "truth.json").read_text())
        self.records = records
        self.wrong = []
        self.notes = []
        self.count = 0

    def han(self, *arguments):
        environment = {**os.environ, "HAN_DATA_DIR": str(self.folder / "data"), "CLAUDE_CONFIG_DIR": str(self.folder / "home/.claude")}
        done = subprocess.run(["node", str(HAN), *arguments, "--json"], env=environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"han {' '.join(arguments)}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def sql(self, query):
        return self.han("sql", query)["rows"]

    def compare(self, what, found, right):
        self.count += 1
        if found != right:
            self.wrong.append(f"{what}: {found}, but {right} is right")

    def judge(self):
        report = self.han("index")
        for name in ("problems", "notes", "errors"):
            self.compare(f"{name} of indexing", report[name] or 0, 0)
        self.usage = self.han("usage")
        self.prompts()
        self.words()
        self.tokens()
        self.hooks()
        self.changes()
        self.lists()
        compactions = sum(typed["isCommand"] for typed in self.truth["typed"])
        self.compare("compactions", self.usage["compactions"], compactions)
        calls = {tool["name"]: tool["calls"] for tool in self.usage["tools"]}
        self.compare("calls of tools", calls, self.truth["calls"])

    def prompts(self):
        """Each prompt is shown once as one, in the session in which it was typed, forked or not."""
        sessions = [session["id"] for session in self.han("sessions", "--limit", "500")["items"]]
        rows = [row for session in sessions for row in self.han("show", session, "--agents")["items"]]
        shown = [row for row in rows if row["isPrompt"] and not row["replayOf"]]
        written = "\n".join(json.dumps(record) for record in self.records)
        count = 0
        for one in self.truth["typed"]:
            word = one["prompt"].split()[0]
            if one["isCommand"]:
                continue
            if one["isQueued"] and word not in written:
                self.notes.append(f"no line holds the prompt {word}, which waited in a queue")
                continue
            count += 1
            found = [row["sessionId"] for row in shown if word in (row["preview"] or "")]
            self.compare(f"sessions that show the prompt {word}", found, [one["session"]])
            self.word(word, "user")
        self.compare("prompts", self.usage["prompts"], count)

    def words(self):
        for word, field in self.truth["words"].items():
            self.word(word, field)
        if any(typed["isCommand"] for typed in self.truth["typed"]):
            self.word(SUMMARY, "other")

    def word(self, word, field):
        hits = self.han("search", word, "--limit", "50")["items"]
        found = [hit["field"] for hit in hits]
        self.compare(f"fields of records that hold {word}", found, [field])

    def tokens(self):
        """By model, of all requests that the transcripts can know of."""
        stated = collections.defaultdict(list)
        for record in self.records:
            message = record.get("message")
            if record.get("type") == "assistant" and isinstance(message, dict) and message.get("usage"):
                stated[message.get("id")].append(message["usage"].get("output_tokens") or 0)
        right, unstated, cut = collections.defaultdict(lambda: [0] * 7), [], 0
        for request in self.truth["requests"]:
            outputs = stated.get(request["id"])
            if not outputs and not request["key"]:
                unstated.append(request["model"])
                continue
            usage = request["usage"]
            output = usage["output_tokens"]
            if outputs and max(outputs) < output:
                cut += 1
                output = max(outputs)
            split = usage["cache_creation"]
            numbers = [usage["input_tokens"], output, usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]]
            numbers += [split["ephemeral_5m_input_tokens"], split["ephemeral_1h_input_tokens"], 1]
            right[request["model"]] = [sum(pair) for pair in zip(right[request["model"]], numbers)]
        found = {one["model"]: [*(one["tokens"][name] for name in TOKENS), one["apiMessages"]] for one in self.usage["models"]}
        for model in sorted({*right, *found}):
            self.compare(f"tokens of {model} and their requests", found.get(model), right.get(model))
        if unstated:
            self.notes.append(f"no line states {len(unstated)} requests beside the conversation ({', '.join(sorted(set(unstated)))})")
        if cut:
            self.notes.append(f"the program wrote fewer output tokens than were spent, for {cut} requests")

    def hooks(self):
        """For the events of which this version writes anything."""
        text = "\n".join(json.dumps(record) for record in self.records)
        found = dict(self.sql("SELECT event, count(*) FROM v_hooks GROUP BY event"))
        for event, count in self.truth["hooks"].items():
            is_written = f'"hookEvent": "{event}"' in text or (event == "Stop" and '"stop_hook_summary"' in text)
            if is_written or event in found:
                self.compare(f"runs of the hook {event}", found.get(event, 0), count)
            else:
                self.notes.append(f"no line says that the hook {event} ran")

    def changes(self):
        for name, count in self.truth["changed"].items():
            self.compare(name, self.usage[name], count)

    def lists(self):
        tasks, todos = self.truth["tasks"], self.truth["todos"]
        if tasks:
            self.compare("tasks", dict(self.sql("SELECT subject, status FROM v_tasks")), tasks)
        if todos:
            found = [dict(zip(("content", "status"), row)) for row in self.sql("SELECT content, status FROM v_todos")]
            self.compare("todos", found, todos)
