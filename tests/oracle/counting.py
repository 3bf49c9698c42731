"""What counts, once, and where: copies, API messages, prices, days."""

import collections
import datetime
import fractions
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
    """Something that counts: a message with its counts, or an API message with its tokens, or a request within one."""

    def __init__(self, record, counts, tools=()):
        self.session = record.source.session
        self.project = record.source.project
        self.time = record.time
        self.counts = counts
        self.tokens = None
        self.tools = tools

    def spend(self, model, rate, tokens, requests, searches=0):
        self.model = model
        self.rate = rate
        self.tokens = tokens
        self.requests = requests
        self.counts["webSearches"] = searches
        return self

    @property
    def rate_name(self):
        speed, geo, tier, is_refused = self.rate
        words = [word for word in (speed, geo, tier, "refused" if is_refused else None) if word]
        return " ".join(words) or "standard"


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
    find_beginnings(records)
    for copies in by_uuid.values():
        original = min(copies, key=lambda record: record.age)
        for record in copies:
            record.is_replay = record is not original


def find_beginnings(records):
    """When each file wrote the first record that no other file has."""
    sources_of = collections.defaultdict(set)
    for record in records:
        sources_of[record.identity].add(record.source)
    for record in records:
        time = record.own_time
        is_own = record.uuid or record.source.kind != "events"
        if is_own and time is not None and len(sources_of[record.identity]) == 1:
            record.source.own_since = min(record.source.own_since, time)


def api_messages(records):
    """Each API message once: the tokens of its best line, at the time and in the session of its first one."""
    lines = collections.defaultdict(list)
    for record in records:
        if record.usage is None or record.source.kind == "events":
            continue
        uuid = record.spoken.get("uuid") or record.uuid
        lines[record.message.get("id") or (uuid and "uuid:" + uuid) or record.place].append(record)
    found = []
    for copies in lines.values():
        best, first = best_line(copies), min(copies, key=lambda record: (record.is_replay, record.age))
        bill = best.bill
        own = Event(first, {"apiMessages": 1})
        found.append(own.spend(best.model, bill.rate, best.usage, bill.requests, bill.searches))
        for model, speed, tokens in bill.others:
            other = Event(first, {"iterations": 1})
            found.append(other.spend(model or best.model, (speed, bill.geo, bill.tier, False), tokens, [tokens]))
    return found


def best_line(copies):
    ordered = sorted(copies, key=lambda record: record.place)
    weight = lambda record: (
        not record.has_carried_usage,
        not record.fields.get("isSidechain"),
        record.usage["outputTokens"],
        sum(record.usage[name] for name in TOKENS[:4]),
        record.bill.weight,
    )
    return max(ordered, key=weight)


# Other spellings of models, each with the name that the list has.
SPELLINGS = {
    "openrouter/anthropic/claude-4.5-sonnet": "claude-sonnet-4-5",
    "claude-4-1-opus-thinking": "claude-opus-4-1",
}


class Prices:
    """List prices, as whole picodollars per token."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            prices = json.load(file)
        self.models = prices["prices"]
        self.search = round(prices["web_search_cost_per_request"] * 1e12)

    def entry(self, model, day):
        plain = SPELLINGS.get(model) or re.sub(r"-\d{8}$", "", re.sub(r"\[.*", "", model or ""))
        entries = self.models.get(plain)
        if isinstance(entries, list):
            holds = [entry for entry in entries if day is None or entry.get("effective_from", "") <= day.isoformat()]
            return holds[-1]
        return entries

    def cost(self, event, day):
        """Picodollars; None if there is no price."""
        speed, geo, tier, is_refused = event.rate
        searches = event.counts["webSearches"]
        entry = self.entry(event.model, day)
        if is_refused and (entry is not None or searches == 0):
            return searches * self.search
        if entry is None:
            return None
        factors = entry.get("provider_specific_entry", {})
        if (speed and speed not in factors) or (tier and tier not in factors):
            return None
        if geo and geo not in factors and "us" in factors:
            return None
        factor = fractions.Fraction(1)
        for name in (speed, tier, geo):
            factor *= fractions.Fraction(str(factors.get(name, 1)))
        total = 0
        for tokens in event.requests:
            prompt = tokens["inputTokens"] + tokens["cacheReadTokens"] + tokens["cacheCreationTokens"]
            suffixes = ["_above_200k_tokens"] * (prompt > 200_000) + ["_above_100k_tokens"] * (prompt > 100_000) + [""]

            def rate(name):
                return next(round(entry[name + suffix] * 1e12) for suffix in suffixes if name + suffix in entry)

            total += (
                tokens["inputTokens"] * rate("input_cost_per_token")
                + tokens["outputTokens"] * rate("output_cost_per_token")
                + tokens["cacheReadTokens"] * rate("cache_read_input_token_cost")
                + tokens["cacheCreation5mTokens"] * rate("cache_creation_input_token_cost")
                + tokens["cacheCreation1hTokens"] * rate("cache_creation_input_token_cost_above_1hr")
            )
        cost = total * factor
        assert cost.denominator == 1, "a price of whole picodollars"
        return int(cost) + searches * self.search


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
        self.unpriced = collections.Counter()
        for event, day in dated:
            self.counts.update(event.counts)
            if event.tokens is None:
                continue
            for name in TOKENS:
                self.tokens[name] += event.tokens[name]
            cost = prices.cost(event, day)
            if cost is None:
                self.unpriced.update(event.counts)
            else:
                self.picodollars += cost

    @property
    def total(self):
        return sum(self.tokens[name] for name in TOKENS[:4])

    @property
    def is_whole(self):
        return not self.unpriced["apiMessages"] and not self.unpriced["iterations"]

    @property
    def cost(self):
        """None if nothing in it has a price."""
        return self.picodollars / 1e12 if self.is_whole or self.picodollars else None

    @property
    def charged(self):
        counts = {name: self.counts[name] for name in ("apiMessages", "iterations", "webSearches")}
        return counts | {"tokens": self.tokens}

    def shown(self, *names):
        shown = {name: self.counts[name] for name in names}
        shown.update(apiMessages=self.counts["apiMessages"], tokens=self.tokens)
        shown.update(cost=self.picodollars / 1e12, unpricedApiMessages=self.unpriced["apiMessages"])
        return shown
