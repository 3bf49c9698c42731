"""The script of the operations that last: leading, watching and following, while files are written, moved and removed.

Each step that changes a file is followed by one that collects what it caused, up to a known last event: so every language
sees the same commits, and a surplus item is found in the next collection.
"""

import json

BAKERY = "1f0c8a54-6f5e-4c7b-9a3d-0d6f1b2c3a01"
MILL = "2f0c8a54-6f5e-4c7b-9a3d-0d6f1b2c3a02"
SHOP = "3f0c8a54-6f5e-4c7b-9a3d-0d6f1b2c3a03"


def places(work):
    """The folders of the script, which have to be there when it starts: two config dirs, and one where files are prepared."""
    return {"home": work / "live/home", "annexe": work / "live/annexe", "ready": work / "live/ready"}


def make_places(work):
    found = places(work)
    for folder in ["home/projects/-code-bakery", "home/projects/-code-mill", "annexe/projects/-code-shop", "ready"]:
        (work / "live" / folder).mkdir(parents=True)
    (found["annexe"] / f"projects/-code-shop/{SHOP}.jsonl").write_text(prompt(SHOP, 1, "sell the bread"), encoding="utf-8")


def options(work):
    return {
        "dataDir": str(work / "live/data"),
        "configDirs": [str(places(work)["home"])],
        "timeZone": "Europe/Berlin",
    }


def line(session, number, record):
    shared = {
        "uuid": f"{number:08x}-0000-4000-8000-0000000000{session[:2]}",
        "sessionId": session,
        "timestamp": f"2026-04-01T09:{number // 60:02}:{number % 60:02}.000Z",
        "cwd": "/code/bakery",
        "version": "2.1.0",
    }
    return json.dumps({**record, **shared}, ensure_ascii=False) + "\n"


def prompt(session, number, words):
    return line(session, number, {"type": "user", "message": {"role": "user", "content": words}})


def tool_call(session, number, tool, arguments):
    content = [{"type": "tool_use", "id": f"toolu_{number}", "name": tool, "input": arguments}]
    message = {"id": f"msg_{number}", "role": "assistant", "model": "claude-test-1", "content": content}
    return line(session, number, {"type": "assistant", "message": message})


def tool_result(session, number, call, text):
    content = [{"type": "tool_result", "tool_use_id": f"toolu_{call}", "content": text}]
    return line(session, number, {"type": "user", "message": {"role": "user", "content": content}})


def live_steps(work):
    folders = places(work)
    home = folders["home"] / "projects"
    bakery, mill = home / f"-code-bakery/{BAKERY}.jsonl", home / f"-code-mill/{MILL}.jsonl"
    moved = home / f"-code-mill/{BAKERY}.jsonl"
    annexe, ready = str(folders["annexe"]), folders["ready"] / "next.jsonl"
    todos = [{"content": "knead", "status": "in_progress", "activeForm": "Kneading"}]

    def append(path, text):
        return {"op": "file.append", "args": {"path": str(path), "text": text}}

    def rename(source, target):
        return {"op": "file.rename", "args": {"from": str(source), "to": str(target)}}

    def collect(name, topic, session=None):
        return {"op": "collect", "args": {"name": name, "until": {"topic": topic, "sessionId": session}}}

    def follow(op, name, **following):
        return {"op": op, "args": {"name": name, "options": following}}

    updated = "session:updated"
    return [
        {"op": "coordinator.status"},
        {"op": "coordinator.isCoordinator"},
        {"op": "coordinator.release"},
        {"op": "watcher.status"},
        {"op": "watcher.stop"},
        follow("subscribe", "refused", topics=["Session"]),
        follow("subscribe", "refused", topics=["session:**:added"]),
        follow("subscribe", "refused", since="yesterday"),
        follow("subscribe", "refused", bogus=1),
        follow("onChange", "refused", topics=[""]),
        {"op": "unsubscribe", "args": {"name": "refused"}},
        follow("subscribe", "all"),
        follow("subscribe", "messages", topics=["*:message:**"], expand=True),
        follow("subscribe", "starred", topics=["*"]),
        follow("onChange", "heard", topics=["tool:**", "session:*:changed"]),
        # Leading.
        {"op": "coordinator.tryAcquire"},
        {"op": "coordinator.tryAcquire"},
        {"op": "coordinator.isCoordinator"},
        {"op": "coordinator.status"},
        collect("all", "leader:acquired"),
        # A file appears, in one piece, and grows.
        {"op": "watcher.start"},
        {"op": "watcher.start"},
        {"op": "watcher.status"},
        append(ready, prompt(BAKERY, 1, "bake a loaf") + prompt(BAKERY, 2, "and rolls") + "no json\n"),
        rename(ready, bakery),
        collect("all", updated, BAKERY),
        append(bakery, prompt(BAKERY, 3, "quickly, please: 面包")),
        collect("all", updated, BAKERY),
        append(bakery, tool_call(BAKERY, 4, "TodoWrite", {"todos": todos})),
        collect("all", updated, BAKERY),
        append(bakery, tool_result(BAKERY, 5, 4, "noted") + prompt(BAKERY, 6, "thank you")),
        collect("all", updated, BAKERY),
        # Before the file moves: a callback is called at once, a subscription is read on demand, and the ids are those of that time.
        collect("heard", "tool:result:added", BAKERY),
        append(ready, prompt(MILL, 7, "grind the wheat")),
        rename(ready, mill),
        collect("all", updated, MILL),
        {"op": "messages.list", "args": {"sessionId": BAKERY}},
        # Files move, disappear, and come back with other content.
        rename(bakery, moved),
        append(moved, prompt(BAKERY, 8, "from another place")),
        collect("all", updated, BAKERY),
        {"op": "file.remove", "args": {"path": str(mill)}},
        append(ready, prompt(MILL, 9, "grind the rye")),
        rename(ready, mill),
        collect("all", updated, MILL),
        {"op": "sessions.list"},
        # Config dirs come and go.
        {"op": "watcher.addPath", "args": {"configDir": annexe}},
        {"op": "watcher.addPath", "args": {"configDir": annexe}},
        collect("all", updated, SHOP),
        {"op": "watcher.status"},
        {"op": "watcher.addPath", "args": {"configDir": str(moved)}},
        {"op": "watcher.removePath", "args": {"configDir": annexe}},
        {"op": "watcher.removePath", "args": {"configDir": annexe}},
        {"op": "watcher.stop"},
        {"op": "watcher.status"},
        append(moved, prompt(BAKERY, 10, "nobody watches")),
        {"op": "indexSessionFile", "args": {"path": str(moved)}},
        collect("all", updated, BAKERY),
        # The others saw the same, each in its own way.
        collect("messages", "session:message:added", SHOP),
        collect("messages", "session:message:added", BAKERY),
        collect("starred", updated, SHOP),
        collect("starred", updated, BAKERY),
        {"op": "unsubscribe", "args": {"name": "messages"}},
        {"op": "unsubscribe", "args": {"name": "heard"}},
        # The end.
        {"op": "coordinator.release"},
        {"op": "coordinator.release"},
        {"op": "coordinator.status"},
        {"op": "coordinator.tryAcquire"},
        collect("all", "leader:acquired"),
        {"op": "close"},
        follow("subscribe", "refused"),
        follow("onChange", "refused"),
        {"op": "coordinator.tryAcquire"},
        {"op": "coordinator.isCoordinator"},
        {"op": "coordinator.status"},
        {"op": "watcher.start"},
        {"op": "watcher.addPath", "args": {"configDir": annexe}},
    ]


def resumed_steps(steps, lines):
    """What a later process receives, from the beginning and from after some of the items that were collected."""
    collected = [
        item
        for step, line in zip(steps, lines)
        if step["op"] == "collect" and step["args"]["name"] == "all"
        for item in json.loads(line)["ok"]
    ]
    last = {"cursor": collected[-1]["cursor"]}
    bulk = next(item for item in collected if item.get("count") == 2)
    asked = []
    for position, since in enumerate(["0", collected[2]["cursor"], bulk["cursor"], f"{bulk['cursor']}.0", collected[-2]["cursor"]]):
        for expand in [False, True]:
            name = f"{position}{expand}"
            asked += [
                {"op": "subscribe", "args": {"name": name, "options": {"since": since, "expand": expand}}},
                {"op": "collect", "args": {"name": name, "until": last}},
            ]
    return asked
