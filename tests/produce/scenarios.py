"""What is typed, and what the model answers. Every planted word is unique: only one place may contain it."""

import json

FOLDER = "{folder}"  # A placeholder for the folder that the program works in.
FRUIT = "fruit.txt"  # A file there, with the line "old fruit".


def says(word):
    return {"said": {"type": "text", "text": f"{word} is the answer."}, "words": {word: "assistant"}}


def thinks(word):
    thought = {"type": "thinking", "thinking": f"{word} is a thought.", "signature": "c2lnbmVk"}
    return {"said": thought, "words": {word: "thinking"}}


def calls(names, words=None, **given):
    """The first of several names of a tool that the program offers."""
    return {"names": names.split("|"), "input": given, "words": words or {}}


def prints(word):
    """A command whose text lacks the word that it prints."""
    return f"printf '{word[:3]}%s\\n' {word[3:]}"


CHANGED = {"linesAdded": 3, "linesRemoved": 1}  # By the calls of Edit and Write below.
TASKS = {"Fennel task": "completed", "Ginger task": "pending"}
TODOS = [{"content": "Juniper todo", "status": "completed"}, {"content": "Kale todo", "status": "in_progress"}]


def todos(first, second):
    listed = [{**todo, "status": status, "activeForm": "doing"} for todo, status in zip(TODOS, (first, second))]
    return calls("TodoWrite", todos=listed)


# The first word of a prompt, and the answers to it, one list of blocks per request.
SCRIPTS = {
    "Apricotprompt": [[thinks("Apricotthought"), says("Apricotanswer")]],
    "Bilberryprompt": [[says("Bilberryanswer")]],
    "Cherryprompt": [[says("Cherryanswer")]],
    "Damsonprompt": [[says("Damsonanswer")]],
    "Elderprompt": [
        [
            says("Elderanswer"),
            calls(
                "Bash",
                {"Elderinput": "toolInput", "Elderoutput": "toolOutput"},
                command=prints("Elderoutput"),
                description="Elderinput",
            ),
        ],
        [calls("Bash", {"Elderfailure": "toolOutput"}, command=f"{prints('Elderfailure')}; exit 3", description="fails")],
        [calls("Read", file_path=f"{FOLDER}/{FRUIT}")],
        [
            calls(
                "Edit",
                file_path=f"{FOLDER}/{FRUIT}",
                old_string="old fruit",
                new_string="new fruit\nof two lines",
            )
        ],
        [calls("Write", {"Elderwritten": "toolInput"}, file_path=f"{FOLDER}/written.txt", content="Elderwritten\n")],
        [says("Elderend")],
    ],
    "Figprompt": [
        [calls("Agent|Task", description="a helper", prompt="Figchild is asked", subagent_type="general-purpose")],
        [says("Figanswer")],
    ],
    "Figchild": [
        [calls("Bash", {"Figoutput": "toolOutput"}, command=prints("Figoutput"), description="of the helper")],
        [{**says("Figreport"), "words": {}}],  # Reported twice: by the helper, and as the result of the call.
    ],
    "Gingerprompt": [
        [calls("ToolSearch", query="select:TaskCreate,TaskUpdate", max_results=5)],
        [
            calls("TaskCreate", subject="Fennel task", description="one", activeForm="doing one"),
            calls("TaskCreate", subject="Ginger task", description="two", activeForm="doing two"),
        ],
        [calls("TaskUpdate", taskId="1", status="in_progress"), calls("TaskUpdate", taskId="2", addBlockedBy=["1"])],
        [calls("TaskUpdate", taskId="1", status="completed")],
        [says("Gingeranswer")],
    ],
    "Juniperprompt": [
        [calls("ToolSearch", query="select:TodoWrite", max_results=5)],
        [todos("pending", "pending")],
        [todos("completed", "in_progress")],
        [says("Juniperanswer")],
    ],
    "Hyssopprompt": [
        [calls("Bash", {"Hyssopoutput": "toolOutput"}, command=prints("Hyssopoutput"), description="is hooked")],
        [says("Hyssopanswer")],
    ],
    "Lemonprompt": [[says("Lemonanswer")]],
    "Mangoprompt": [[says("Mangoanswer")]],
    "Nutmegprompt": [[calls("Bash", command="sleep 3", description="takes a while")], [says("Nutmeganswer")]],
    "Oliveprompt": [[says("Oliveanswer")]],
    "Pearprompt": [[thinks("Pearthought"), says("Pearanswer")]],
}

HOOKED = ("SessionStart", "PostToolUse", "Stop")


def hooks(log):
    """Settings with one hook per event, which records that it ran."""
    command = lambda event: {"type": "command", "command": f"echo {event} >> '{log}'; echo hooked"}
    return json.dumps({"hooks": {event: [{"matcher": "*", "hooks": [command(event)]}] for event in HOOKED}})


def turn(prompt, session, **more):
    return {"prompt": prompt, "key": prompt.split()[0], "session": session, "how": "print", **more}


# A session that was there before is resumed; `fork_of` begins one with the history of another.
TURNS = [
    turn("Apricotprompt begins a session", "first"),
    turn("Bilberryprompt resumes it", "first"),
    turn("Cherryprompt forks it", "fork", fork_of="first"),
    turn("Damsonprompt resumes what was forked", "first"),
    turn("Elderprompt wants tools\n\nand has several lines", "tools"),
    turn("Figprompt wants a helper", "helper"),
    # The largest models of late versions are not offered these tools, and which of the two kinds exists depends on this setting.
    turn("Gingerprompt wants tasks", "tasks", model="claude-sonnet-4-5", environment={"CLAUDE_CODE_ENABLE_TASKS": "1"}),
    turn("Juniperprompt wants todos", "todos", model="claude-sonnet-4-5", environment={"CLAUDE_CODE_ENABLE_TASKS": "0"}),
    turn("Hyssopprompt is hooked", "hooks", is_hooked=True),
    turn("Lemonprompt comes before a compaction", "compacted"),
    turn("/compact", "compacted"),
    turn("Mangoprompt comes after it", "compacted"),
    turn("Nutmegprompt is worked on", "queue", how="queue", queued="Oliveprompt waits in a queue"),
    turn("Pearprompt is typed on a terminal", "screen", how="screen"),
]
