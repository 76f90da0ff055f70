#!/usr/bin/env python3
"""Counts the summary again, from the tables of an export and without a line of the service's own code.

    summary.py PERIOD.zip SUMMARY.json WHOLE.zip

PERIOD.zip is `GET /v1/export?format=csv` and SUMMARY.json `GET /v1/summary` for the same `from` and `to`;
WHOLE.zip is the export without them, for what lies before the period. Exits with 1 and says what differs.
"""

import csv
import hashlib
import io
import json
import sys
import zipfile
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MICROSECOND = timedelta(microseconds=1)
MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
TREATMENTS = ["ice", "heat", "topical", "medication"]


def micros(text):
    return (datetime.fromisoformat(text) - EPOCH) // MICROSECOND


def tables(path):
    """Every file of the zip as rows, after its manifest has been checked."""
    with zipfile.ZipFile(path) as archive:
        texts = {name: archive.read(name) for name in archive.namelist()}
    rows = {name: list(csv.DictReader(io.StringIO(text.decode(), newline=""))) for name, text in texts.items()}
    for listed in rows["manifest.csv"]:
        name = listed["file"]
        assert hashlib.sha256(texts[name]).hexdigest() == listed["sha256"], name
        assert len(rows[name]) == int(listed["rows"]), name
    assert len(rows["manifest.csv"]) == len(texts) - 1
    return rows


def median(values):
    values = sorted(values)
    if not values:
        return None
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def median_minutes(lengths):
    found = median(lengths)
    return None if found is None else int(found // MINUTE)


def typed(text):
    """What was typed: without the apostrophe that keeps a spreadsheet from running it."""
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@\t\r\n＝＋－＠") and text[1:] else text


def left_out(members):
    return {name: value for name, value in members.items() if value is not None}


class Recount:
    def __init__(self, part, whole, summary):
        self.part, self.whole = part, whole
        about = {row["member"]: row["value"] for row in part["about.csv"]}
        self.zone = ZoneInfo(about["time_zone"])
        self.created = micros(about["account_created_at"])
        self.asked_from = about["from"] or None
        self.asked_to = about["to"] or None
        # The two were asked for one after the other: the moment is the summary's.
        self.until = micros(summary["period"]["to"])
        times = [micros(row["time"]) for row in part["timeline.csv"]]
        if self.asked_from:
            self.start = micros(self.asked_from)
        else:
            self.start = min(times, default=self.until)
        self.before_end = micros(self.asked_to) if self.asked_to else None
        self.until = max(self.until, self.start)
        self.scores = [
            (micros(row["at"]), int(row["score"]), row["episode_id"]) for row in part["pain_scores.csv"]
        ]

    def spans(self, rows):
        return [(micros(e["started_at"]), micros(e["ended_at"]) if e["ended_at"] else None) for e in rows]

    def part_of(self, span, start, until, end):
        """What of an episode lies in the period, or None."""
        first, last = span
        last = max(first, until if last is None else last)
        if end is not None and first >= end or not (first >= start or last > start):
            return None
        clipped = max(first, start)
        return clipped, max(clipped, min(last, until))

    def days(self, parts):
        touched = set()
        for first, last in parts:
            day = self.date(first)
            final = self.date(max(first, last - 1))
            while day <= final:
                touched.add(day)
                day += timedelta(days=1)
        return len(touched)

    def date(self, instant):
        return (EPOCH + instant * MICROSECOND).astimezone(self.zone).date()

    def numbers(self, start, until, end):
        spans = self.spans(self.whole["episodes.csv"])
        parts = [part for part in (self.part_of(span, start, until, end) for span in spans) if part]
        within = [span for span in spans if self.part_of(span, start, until, end)]
        began = [span for span in spans if span[0] >= start and (end is None or span[0] < end)]
        durations = [last - first for first, last in began if last is not None]
        starts = sorted(first for first, _ in began)
        return left_out({
            "count": len(began),
            "carried_over": len(within) - len(began),
            "open": sum(last is None or last > until for _, last in within),
            "days_affected": self.days(parts),
            "median_duration_minutes": median_minutes(durations),
            "longest_duration_minutes": max(durations, default=None) and max(durations) // MINUTE
            if durations else None,
            "median_interval_minutes": median_minutes([b - a for a, b in zip(starts, starts[1:])]),
        })

    def episodes(self):
        numbers = self.numbers(self.start, self.until, self.before_end)
        length = self.until - self.start
        begins = min([self.created, *(first for first, _ in self.spans(self.whole["episodes.csv"])[:1])])
        if self.asked_from and length and self.start - length >= begins:
            earlier = self.numbers(self.start - length, self.start, self.start)
            numbers["before"] = left_out({
                "count": earlier["count"],
                "days_affected": earlier["days_affected"],
                "median_duration_minutes": earlier.get("median_duration_minutes"),
                "count_change": numbers["count"] - earlier["count"],
                "days_affected_change": numbers["days_affected"] - earlier["days_affected"],
            })
        return numbers

    def within(self):
        """The episodes that were going on in the period."""
        return [
            episode
            for episode, span in zip(self.part["episodes.csv"], self.spans(self.part["episodes.csv"]))
            if self.part_of(span, self.start, self.until, self.before_end)
        ]

    def intensity(self, scores):
        return left_out({"scores": len(scores), "peak": max(scores, default=None), "median": median(scores)})

    def each_episode(self):
        flares = Counter(row["episode_id"] for row in self.part["flares.csv"])
        told = []
        for episode in self.within():
            first, last = self.spans([episode])[0]
            scores = [score for _, score, owner in self.scores if owner == episode["id"]]
            told.append(left_out({
                "id": episode["id"],
                "duration_minutes": None if last is None else (last - first) // MINUTE,
                "location": episode["location"],
                "flares": flares[episode["id"]],
                **self.intensity(scores),
            }))
        return told

    def uses(self, tables):
        """Every use as its time, its treatment, and the name of a medicine: to compare, and as written."""
        found = [(micros(row["started_at"]), row["modality"], "", "") for row in tables["applications.csv"]]
        for row in tables["measures.csv"]:
            if row["kind"] in TREATMENTS:
                name = typed(row["name"]).strip() if row["kind"] == "medication" else ""
                found.append((micros(row["started_at"]), row["kind"], name.lower(), name))
        return found

    def treatments(self):
        groups = defaultdict(list)
        for at, kind, name, written in self.uses(self.part):
            groups[kind, name].append((at, written))
        used = sorted(sorted(groups), key=lambda key: -len(groups[key]))[:20]
        return [
            self.response(kind, name, groups[kind, name])
            for kind, name in sorted(used, key=lambda key: (TREATMENTS.index(key[0]), key[1]))
        ]

    def response(self, kind, name, uses):
        scores = sorted((micros(row["at"]), row["id"], int(row["score"])) for row in self.whole["pain_scores.csv"])
        others = [at for at, *key, _ in self.uses(self.whole) if key != [kind, name]]
        soonest, latest = (60, 180) if kind == "medication" else (30, 60)
        changes, with_others = [], 0
        for start, _ in uses:
            before = [(at, score) for at, _, score in scores if at <= start]
            after = [(at, score) for at, _, score in scores if at >= start + soonest * MINUTE]
            if before and after and start - before[-1][0] <= 12 * HOUR and after[0][0] <= start + latest * MINUTE:
                changes.append(after[0][1] - before[-1][1])
                with_others += any(before[-1][0] <= at <= after[0][0] for at in others)
        told = {"treatment": kind, "uses": len(uses), "n": len(changes), "with_others": with_others}
        told["too_few"] = len(changes) < 3
        if uses[0][1]:
            told["name"] = uses[0][1]
        dropped = sum(change <= -2 for change in changes)
        if len(changes) >= 3:
            told["median_change"] = median(changes)
            told["dropped_by_two"] = dropped
        if len(changes) >= 10:
            told["share_dropped_by_two"] = int(dropped / len(changes) * 1000 + 0.5) / 1000
        return told

    def medicines(self):
        groups = {}
        for row in self.part["measures.csv"]:
            if row["kind"] not in ("medication", "topical"):
                continue
            group = groups.setdefault((row["kind"], typed(row["name"]).strip().lower()), {"uses": 0, "days": set()})
            group["uses"] += 1
            group["days"].add(self.date(micros(row["started_at"])))
            group["last_at"] = row["started_at"]
            group["kind"] = row["kind"]
        told = [{**group, "days": len(group["days"])} for group in groups.values()]
        return sorted(told, key=lambda one: (-micros(one["last_at"]), one["kind"], one["uses"]))[:100]

    def red_flags(self):
        answers = defaultdict(lambda: {"asked": 0, "present_at": [], "absent": 0})
        for row in self.part["check_ins.csv"]:
            for answer in filter(None, row["symptoms"].split(";")):
                code, present = answer.split("=")
                told = answers[code]
                told["asked"] += 1
                if present == "yes":
                    told["present_at"].append(row["at"])
                else:
                    told["absent"] += 1
                    told["last_absent_at"] = row["at"]
                # Of answers at the same time a yes counts as the latest.
                last = told.get("last_absent_at")
                yes = told["present_at"][-1] if told["present_at"] else None
                told["is_present"] = yes is not None and (last is None or micros(last) <= micros(yes))
        return dict(answers)

    def skin(self):
        rows = self.part["check_ins.csv"]
        return [{"at": row["at"], "skin": row["skin"]} for row in rows if row["skin"] not in ("", "normal")]

    def recurrence(self):
        begun, last_end = [], None
        known = [span for span in self.spans(self.whole["episodes.csv"]) if span[0] <= self.until]
        if self.before_end is not None:
            known = [span for span in known if span[0] < self.before_end]
        ended = lambda span: span[1] if span[1] is not None and span[1] <= self.until else span[0]
        for span in sorted((first, ended((first, last))) for first, last in known):
            if last_end is None or span[0] >= last_end + DAY:
                begun.append(span[0])
            last_end = span[1] if last_end is None else max(last_end, span[1])
        within = sum(self.until <= first + 365 * DAY for first in begun)
        return {"is_recurrent": len(begun) > 1, "within_a_year": within}

    def gaps(self):
        times = defaultdict(list)
        for row in self.part["timeline.csv"]:
            times[row["episode_id"]].append(micros(row["time"]))
        silences, scored = [], {owner for _, _, owner in self.scores}
        for episode in self.within():
            span = self.spans([episode])[0]
            last, end = self.part_of(span, self.start, self.until, self.before_end)
            inside = sorted(time for time in times[episode["id"]] if last < time < end)
            for time in [*inside, end]:
                if time - last > DAY:
                    silences.append((last, time, episode["id"]))
                last = time
        late = sum(
            micros(row["recorded_at"]) - micros(row["time"]) > DAY
            for row in self.part["timeline.csv"]
            if row["type"] != "episode" or row["id"] in {episode["id"] for episode in self.within()}
        )
        return {
            "silences": sorted(silences),
            "episodes_without_score": sum(episode["id"] not in scored for episode in self.within()),
            "applications_without_end": sum(not row["ended_at"] or row["end_recorded"] == "false" for row in self.part["applications.csv"]),
            "entered_late": late,
        }

    def records(self):
        names = ["flares", "applications", "pain_scores", "check_ins", "measures"]
        counts = {name: len(self.part[f"{name}.csv"]) for name in names}
        return {"episodes": len(self.within()), **counts}


def main():
    period, told, whole = sys.argv[1:]
    with open(told, encoding="utf-8") as file:
        told = json.load(file)
    own = Recount(tables(period), tables(whole), told)
    told["episodes"].get("before", {}).pop("from", None)
    gaps = dict(told["gaps"])
    gaps["silences"] = sorted(
        (micros(silence["from"]), micros(silence["to"]), silence["episode_id"]) for silence in gaps["silences"]
    )
    kept = ("id", "duration_minutes", "location", "flares", "scores", "peak", "median")
    answered = ("asked", "present_at", "absent", "last_absent_at", "is_present")
    compared = {
        "days of the period": (told["period"]["days"], own.days([(own.start, own.until)] if own.until > own.start else [])),
        "records": (told["records"], own.records()),
        "episodes": (told["episodes"], own.episodes()),
        "intensity": (told["intensity"], own.intensity([score for _, score, _ in own.scores])),
        "each episode": (
            [{name: one[name] for name in kept if name in one} for one in told["each_episode"]],
            own.each_episode(),
        ),
        "treatments": (told["treatments"], own.treatments()),
        "medicines": (
            sorted(
                ({name: one[name] for name in ("kind", "uses", "days", "last_at")} for one in told["medicines"]),
                key=lambda one: (-micros(one["last_at"]), one["kind"], one["uses"]),
            ),
            own.medicines(),
        ),
        "warning signs": (
            {one["code"]: {name: one[name] for name in answered if name in one} for one in told["red_flags"]},
            own.red_flags(),
        ),
        "skin": (told["skin_reports"], own.skin()),
        "recurrence": (told["recurrence"], own.recurrence()),
        "gaps": (gaps, own.gaps()),
    }
    differing = [name for name, (theirs, ours) in compared.items() if theirs != ours]
    for name in differing:
        theirs, ours = compared[name]
        print(f"{name} differ:\n  told    {theirs}\n  counted {ours}")
    sys.exit(1 if differing else 0)


main()
