"""What counts, once, and where: copies, API messages, prices, days."""

import collections
import datetime
import json
import re
import zoneinfo

TOKENS = [
    "inputTokens",
    "outputTokens",
    "cacheReadTokens",
    "cacheCreationTokens",
    "cacheCreation5mTokens",
    "cacheCreation1hTokens",
]


class Event:
    """Something that counts: a message with its counts, or an API message with its tokens."""

    def __init__(self, record, counts, tokens=None, model=None, tools=()):
        self.session = record.source.session
        self.project = record.source.project
        self.time = record.time
        self.counts = counts
        self.tokens = tokens
        self.model = model
        self.tools = tools


def events(sources):
    records = [record for source in sources for record in source.records]
    mark_replays(records)
    found = [Event(record, record.counts, tools=record.tools) for record in records if not record.is_replay]
    return found + api_messages(records)


def mark_replays(records):
    by_uuid = collections.defaultdict(list)
    for record in records:
        if record.uuid:
            by_uuid[record.uuid].append(record)
    for copies in by_uuid.values():
        original = min(copies, key=lambda record: record.age)
        for record in copies:
            record.is_replay = record is not original


def api_messages(records):
    """Each API message once: the tokens of its best line, at the time and in the session of its first one."""
    lines = collections.defaultdict(list)
    for record in records:
        if record.usage is None or record.source.kind == "events":
            continue
        uuid = record.spoken.get("uuid") or record.uuid
        lines[record.message.get("id") or (uuid and "uuid:" + uuid) or record.place].append(record)
    return [
        Event(min(copies, key=lambda record: record.age), {"apiMessages": 1}, best.usage, best.model)
        for copies in lines.values()
        for best in [best_line(copies)]
    ]


def best_line(copies):
    ordered = sorted(copies, key=lambda record: record.place)
    weight = lambda record: (
        not record.has_carried_usage,
        not record.fields.get("isSidechain"),
        record.usage["outputTokens"],
        sum(record.usage[name] for name in TOKENS[:4]),
    )
    return max(ordered, key=weight)


class Prices:
    """List prices, as whole picodollars per token."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.models = json.load(file)["prices"]

    def entry(self, model, day):
        plain = re.sub(r"-\d{8}$", "", re.sub(r"\[.*", "", model or ""))
        entries = self.models.get(plain)
        if isinstance(entries, list):
            holds = [entry for entry in entries if day is None or entry.get("effective_from", "") <= day.isoformat()]
            return holds[-1]
        return entries

    def cost(self, event, day):
        """Picodollars; None where there is no price."""
        entry = self.entry(event.model, day)
        if entry is None:
            return None
        tokens = event.tokens
        prompt = tokens["inputTokens"] + tokens["cacheReadTokens"] + tokens["cacheCreationTokens"]
        suffixes = ["_above_200k_tokens"] * (prompt > 200_000) + ["_above_100k_tokens"] * (prompt > 100_000) + [""]

        def rate(name):
            return next(round(entry[name + suffix] * 1e12) for suffix in suffixes if name + suffix in entry)

        return (
            tokens["inputTokens"] * rate("input_cost_per_token")
            + tokens["outputTokens"] * rate("output_cost_per_token")
            + tokens["cacheReadTokens"] * rate("cache_read_input_token_cost")
            + tokens["cacheCreation5mTokens"] * rate("cache_creation_input_token_cost")
            + tokens["cacheCreation1hTokens"] * rate("cache_creation_input_token_cost_above_1hr")
        )


def local(time, zone):
    """The local date and hour of an instant."""
    if time is None:
        return None, None
    moment = datetime.datetime.fromtimestamp(time // 1000, datetime.timezone.utc)
    moment = moment.astimezone(zoneinfo.ZoneInfo(zone))
    return moment.date(), moment.hour


class Sum:
    """Counts, tokens and cost of some events."""

    def __init__(self, dated, prices):
        self.counts = collections.Counter()
        self.tokens = dict.fromkeys(TOKENS, 0)
        self.picodollars = 0
        self.unpriced = 0
        for event, day in dated:
            self.counts.update(event.counts)
            if event.tokens is None:
                continue
            for name in TOKENS:
                self.tokens[name] += event.tokens[name]
            cost = prices.cost(event, day)
            if cost is None:
                self.unpriced += 1
            else:
                self.picodollars += cost

    @property
    def total(self):
        return sum(self.tokens[name] for name in TOKENS[:4])

    def shown(self, *names):
        shown = {name: self.counts[name] for name in names}
        shown.update(apiMessages=self.counts["apiMessages"], tokens=self.tokens)
        shown.update(cost=self.picodollars / 1e12, unpricedApiMessages=self.unpriced)
        return shown
