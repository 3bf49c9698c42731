"""Answers questions about transcripts from the raw files alone.

    python3 oracle.py CONFIG_DIR PRICES QUESTIONS

PRICES is the list of prices, QUESTIONS a JSON list of {"timeZone", "since"?, "until"?, "projectId"?} with dates. Prints a JSON
list with {"dashboard", "activity"} for each. Titles, paths and times of sessions are not answered.
"""

import collections
import datetime
import json
import re
import sys

from counting import SPELLINGS, TOKENS, Prices, Sum, events, local
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
        "dashboard": shared
        | dashboard(sources, dated, prices, agents)
        | {"reported": None if is_bounded else reported(sources, dated, prices, project)},
        "activity": shared | activity(dated, prices, zone),
    }


def read_date(text):
    return datetime.date.fromisoformat(text) if text else None


def grouped(dated, key, prices):
    groups = collections.defaultdict(list)
    for event, day in dated:
        groups[key(event)].append((event, day))
    return {name: Sum(group, prices) for name, group in groups.items()}


def spent(dated):
    return [(event, day) for event, day in dated if event.tokens is not None]


def models(dated, prices):
    """Models by their cost, with their rates, and what has no price."""
    by_model = grouped(spent(dated), lambda event: event.model, prices)
    by_rate = grouped(spent(dated), lambda event: (event.model, event.rate_name), prices)
    costliest = sorted(by_model, key=lambda name: (-by_model[name].picodollars, -by_model[name].total, name or ""))
    shown = []
    for name in costliest:
        rates = sorted((rate for model, rate in by_rate if model == name), key=lambda rate: (rate != "standard", rate))
        rates = [(rate, by_rate[name, rate]) for rate in rates]
        costs = [each.cost for _, each in rates if each.cost is not None]
        shown.append(
            {"model": name, "cost": by_model[name].picodollars / 1e12 if costs else None}
            | by_model[name].charged
            | {"rates": [{"rate": rate, "cost": each.cost} | each.charged for rate, each in rates]}
        )
    lacking = collections.defaultdict(list)
    for event, day in spent(dated):
        if not by_rate[event.model, event.rate_name].is_whole:
            is_known = prices.entry(event.model, None) is not None
            lacking[event.model, event.rate_name if is_known else None].append((event, day))
    lacking = {key: Sum(group, prices) for key, group in lacking.items()}
    order = sorted(lacking, key=lambda key: (-lacking[key].total, key[0] or "", key[1] or ""))
    unpriced = [{"model": model, "rate": rate} | lacking[model, rate].charged for model, rate in order]
    return shown, unpriced


def reported(sources, dated, prices, project):
    """What the agent program last reported for each session, in total."""
    states = [record for source in sources for record in source.records if record.cost_state and not record.is_replay]
    homes = session_homes(sources)
    last = {}
    for record in sorted(states, key=lambda record: (record.time is not None, record.time or 0, *record.place)):
        if project in (None, homes[record.source.session]):
            last[record.source.session] = record.cost_state
    if not last:
        return None
    said, names = {}, {}
    for _, by_model in last.values():
        for model, part in by_model.items():
            plain = plain_name(model)
            names[plain] = min(names.get(plain, model), model)
            known = said.setdefault(plain, {"cost": 0, "webSearches": 0, "tokens": collections.Counter()})
            known["cost"] += part["cost"]
            known["webSearches"] += part["webSearches"]
            known["tokens"].update(part["tokens"])
    answers = collections.Counter()
    for event, day in spent(dated):
        if event.session in last and event.model is not None:
            answers[event.model] += prices.cost(event, day) or 0
    answered = collections.Counter()
    for model in sorted(answers):
        if answers[model]:
            names.setdefault(plain_name(model), model)
            answered[plain_name(model)] += answers[model]
    rows = []
    for plain in said.keys() | answered.keys():
        part = said.get(plain, {"cost": 0, "webSearches": 0, "tokens": collections.Counter()})
        rows.append((part["cost"] - answered[plain], names[plain], part, answered[plain]))
    whole = sum(total for total, _ in last.values())
    return {
        "sessions": len(last),
        "cost": whole / 1e12,
        "difference": (whole - sum(answers.values())) / 1e12,
        "byModel": [
            {
                "model": name,
                "cost": part["cost"] / 1e12,
                "answersCost": own / 1e12,
                "difference": difference / 1e12,
                "webSearches": part["webSearches"],
                "tokens": {kind: part["tokens"][kind] for kind in TOKENS},
            }
            for difference, name, part, own in sorted(rows, key=lambda row: (-row[0], row[1]))
        ],
    }


def plain_name(model):
    return SPELLINGS.get(model) or re.sub(r"-\d{8}$", "", re.sub(r"\[.*", "", model))


def session_homes(sources):
    homes = {}
    for session in {source.session for source in sources}:
        own = [source for source in sources if source.session == session]
        homes[session] = min(own, key=lambda source: (source.kind != "main", source.project, source.path)).project
    return homes


def dashboard(sources, dated, prices, agents):
    total = Sum(dated, prices)
    by_session = grouped(dated, lambda event: event.session, prices)
    sessions = {name: each for name, each in by_session.items() if each.counts["talk"]}
    shown = total.shown(
        "messages", "prompts", "assistantLines", "linesAdded", "linesRemoved", "toolCalls", "toolErrors", "hooks",
        "hookErrors", "compactions",
    )
    shown_models, unpriced = models(dated, prices)
    tools = collections.Counter(tool for event, _ in dated for tool in event.tools)
    by_cost = lambda name: (sessions[name].picodollars, sessions[name].counts["messages"], sessions[name].total)
    by_messages = lambda name: (sessions[name].counts["messages"], sessions[name].picodollars, sessions[name].total)
    priced = [name for name, each in sessions.items() if each.counts["apiMessages"] and each.is_whole]
    homes = session_homes(sources)

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
        "iterations": total.counts["iterations"],
        "webSearches": total.counts["webSearches"],
        "unpricedIterations": total.unpriced["iterations"],
        "unpricedModels": unpriced,
        "tools": [
            {"name": name, "calls": calls}
            for name, calls in sorted(tools.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
        ],
        "models": shown_models,
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
