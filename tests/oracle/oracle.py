"""Answers questions about transcripts from the raw files alone.

    python3 oracle.py CONFIG_DIR PRICES QUESTIONS

PRICES is the list of prices, QUESTIONS a JSON list of {"timeZone", "since"?, "until"?, "projectId"?} with dates. Prints a JSON
list with {"dashboard", "activity"} for each. Titles, paths and times of sessions are not answered.
"""

import collections
import datetime
import json
import sys

from counting import Prices, Sum, events, local
from transcripts import read_sources

SHOWN = 10


def answer(sources, all_events, prices, question):
    zone = question["timeZone"]
    since, until = (read_date(question.get(name)) for name in ("since", "until"))
    project = question.get("projectId")
    is_bounded = since is not None or until is not None

    def is_in(day):
        if day is None:
            return not is_bounded
        return (since is None or since <= day) and (until is None or day <= until)

    dated = [(event, local(event.time, zone)[0]) for event in all_events]
    dated = [(event, day) for event, day in dated if is_in(day) and project in (None, event.project)]
    shared = {"timeZone": zone, "since": question.get("since"), "until": question.get("until")}
    agents = 0
    for source in sources:
        times = [record.time for record in source.records if record.time is not None]
        first = local(min(times), zone)[0] if times else None
        is_own = any(not record.is_replay for record in source.records)
        agents += source.kind == "agent" and is_own and is_in(first) and project in (None, source.project)
    return {
        "dashboard": shared | dashboard(sources, dated, prices, agents),
        "activity": shared | activity(dated, prices, zone),
    }


def read_date(text):
    return datetime.date.fromisoformat(text) if text else None


def grouped(dated, key, prices):
    groups = collections.defaultdict(list)
    for event, day in dated:
        groups[key(event)].append((event, day))
    return {name: Sum(group, prices) for name, group in groups.items()}


def dashboard(sources, dated, prices, agents):
    total = Sum(dated, prices)
    by_session = grouped(dated, lambda event: event.session, prices)
    sessions = {name: each for name, each in by_session.items() if each.counts["talk"]}
    shown = total.shown(
        "messages", "prompts", "assistantLines", "linesAdded", "linesRemoved", "toolCalls", "toolErrors", "hooks",
        "hookErrors", "compactions",
    )
    models = {name: each for name, each in grouped(dated, lambda event: event.model, prices).items()
              if each.counts["apiMessages"]}
    costliest = sorted(models, key=lambda name: (-models[name].picodollars, -models[name].total, name or ""))
    unpriced = [name for name in models if models[name].unpriced]
    unpriced.sort(key=lambda name: (-models[name].total, name or ""))
    tools = collections.Counter(tool for event, _ in dated for tool in event.tools)
    by_cost = lambda name: (sessions[name].picodollars, sessions[name].counts["messages"], sessions[name].total)
    by_messages = lambda name: (sessions[name].counts["messages"], sessions[name].picodollars, sessions[name].total)
    priced = [name for name, each in sessions.items() if each.counts["apiMessages"] and not each.unpriced]
    homes = {source.session: None for source in sources}
    for session in homes:
        own = [source for source in sources if source.session == session]
        homes[session] = min(own, key=lambda source: (source.kind != "main", source.project, source.path)).project

    def ends(names, key, is_top):
        sign = -1 if is_top else 1
        ordered = sorted(names, key=lambda name: (tuple(sign * part for part in key(name)), name))
        return [
            {"sessionId": name, "projectId": homes[name]} | sessions[name].shown("messages", "prompts")
            for name in ordered[:SHOWN]
        ]

    return shown | {
        "sessions": len(sessions),
        "subagents": agents,
        "unpricedModels": [
            {"model": name, "apiMessages": models[name].counts["apiMessages"], "tokens": models[name].tokens}
            for name in unpriced
        ],
        "tools": [
            {"name": name, "calls": calls}
            for name, calls in sorted(tools.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
        ],
        "models": [
            {
                "model": name,
                "apiMessages": models[name].counts["apiMessages"],
                "tokens": models[name].tokens,
                "cost": None if models[name].unpriced else models[name].picodollars / 1e12,
            }
            for name in costliest
        ],
        "projects": projects(dated, prices),
        "topSessionsByCost": ends(sessions, by_cost, True),
        "bottomSessionsByCost": ends(priced, by_cost, False),
        "topSessionsByMessages": ends(sessions, by_messages, True),
        "bottomSessionsByMessages": ends(sessions, by_messages, False),
    }


def projects(dated, prices):
    sums = grouped(dated, lambda event: event.project, prices)
    ordered = sorted(sums, key=lambda name: (-sums[name].picodollars, -sums[name].counts["messages"], name))
    names = ("messages", "prompts", "toolCalls", "linesAdded", "linesRemoved")
    return [
        {"projectId": name, "sessions": talking([pair for pair in dated if pair[0].project == name])}
        | sums[name].shown(*names)
        for name in ordered
    ]


def talking(dated):
    return len({event.session for event, _ in dated if event.counts.get("talk")})


def activity(dated, prices, zone):
    timed = [(event, day) for event, day in dated if day is not None]
    names = ("messages", "prompts", "toolCalls", "linesAdded", "linesRemoved")
    days = []
    for date in sorted({day for _, day in timed}):
        own = [(event, day) for event, day in timed if day == date]
        days.append({"date": date.isoformat(), "sessions": talking(own)} | Sum(own, prices).shown(*names))
    hours = []
    for hour in range(24):
        own = [(event, day) for event, day in timed if local(event.time, zone)[1] == hour]
        hours.append({"hour": hour} | Sum(own, prices).shown(*names))
    return {"days": days, "hours": hours}


def main():
    config_dir, prices, questions = sys.argv[1:]
    prices = Prices(prices)
    sources = read_sources(config_dir)
    all_events = events(sources)
    print(json.dumps([answer(sources, all_events, prices, question) for question in json.loads(questions)]))


if __name__ == "__main__":
    main()
