"""Filters as docs/subscriptions.md explains them, word by word and slowly: what the matcher is held against."""

import itertools
import math
import re
from collections.abc import Iterable

from schemas.alert import Severity
from schemas.event import Named, ReportRef
from schemas.incident import Incident, Status
from schemas.subscription import Conditions, Filters


def reference(filters: Filters, told: Incident, severity: Severity) -> bool:
    answers = list(given(filters, told, severity).values())
    if not filters.include_unplaced and told.place is None:
        return False
    if filters.sources_denied:
        heard = [r for r in reports(told) if not from_one_of(r, filters.sources_denied)]
        if filters.sources:
            heard = [r for r in heard if from_one_of(r, filters.sources)]
        answers.append(heard != [])
    refused = given(filters.negated, told, severity).values() if filters.negated else []
    return all(answers) and not any(refused)


def given(asked: Conditions, told: Incident, severity: Severity) -> dict[str, bool]:
    """For every condition that is given, whether it holds."""
    killed = told.killed.min if told.killed is not None else 0
    injured = told.injured.min if told.injured is not None else 0
    confirmed = {Status.RETRACTED: -1, Status.CORROBORATED: 1}
    place, answers = told.place, {}
    if asked.kinds:
        answers["kinds"] = told.kind in list(asked.kinds)
    if asked.phases:
        answers["phases"] = told.phase in list(asked.phases)
    if asked.countries:
        answers["countries"] = place is not None and place.country in list(asked.countries)
    if asked.theatres:
        answers["theatres"] = told.theatre in list(asked.theatres)
    if asked.min_killed > 0:
        answers["min_killed"] = killed >= asked.min_killed
    if asked.min_casualties > 0:
        answers["min_casualties"] = killed + injured >= asked.min_casualties
    if asked.min_status is not None:
        answers["min_status"] = confirmed.get(told.status, 0) >= confirmed.get(asked.min_status, 0)
    if asked.severities:
        answers["severities"] = severity in list(asked.severities)
    if asked.actors:
        answers["actors"] = goes_by(told.actor, asked.actors)
    if asked.targets:
        answers["targets"] = goes_by(told.target, asked.targets)
    if asked.weapons:
        answers["weapons"] = goes_by(told.weapon, asked.weapons)
    if asked.languages:
        answers["languages"] = any(r.language in asked.languages for r in reports(told))
    if asked.sources:
        answers["sources"] = any(from_one_of(r, asked.sources) for r in reports(told))
    where = None if place is None or place.lat is None or place.lon is None else (place.lat, place.lon)
    if asked.near is not None:
        centre = (asked.near.lat, asked.near.lon)
        answers["near"] = where is not None and chord_km(where, centre) <= asked.near.radius_km
    if asked.bbox is not None:
        answers["bbox"] = where is not None and in_box(where, asked.bbox)
    if asked.area is not None:
        answers["area"] = where is not None and in_ring(where, asked.area.coordinates[0])  # type: ignore[arg-type]
    return answers


def reports(told: Incident) -> list[ReportRef]:
    return [each.report for each in told.evidence if each.withdrawn_at is None]


def from_one_of(report: ReportRef, names: Iterable[str]) -> bool:
    wanted = [name.lower() for name in names]
    host = re.sub(r"^https://([^/]*).*$", r"\1", report.url or "")
    for name in wanted:
        if name in [str(each).lower() for each in (report.source, report.publisher, report.publisher_family)]:
            return True
        if "." in name and (host == name or host.endswith("." + name)):
            return True
    return False


def goes_by(named: Named | None, names: Iterable[str]) -> bool:
    texts = [named.text, named.name or ""] if named else []
    wanted = [re.findall(r"\w+", name.lower()) for name in names]
    return any(run in runs(re.findall(r"\w+", text.lower()), len(run)) for text in texts for run in wanted)


def runs(words: list[str], length: int) -> list[list[str]]:
    return [words[at : at + length] for at in range(len(words) - length + 1)]


def chord_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """By vectors from the earth's middle instead of the haversine formula."""
    a, b = (
        (
            math.cos(math.radians(lat)) * math.cos(math.radians(lon)),
            math.cos(math.radians(lat)) * math.sin(math.radians(lon)),
            math.sin(math.radians(lat)),
        )
        for lat, lon in (one, other)
    )
    cross = math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return 6371.0088 * math.atan2(cross, sum(x * y for x, y in zip(a, b, strict=True)))


def in_box(where: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    lat, lon = where
    wide = east - west if west <= east else east - west + 360
    return south <= lat <= north and (lon - west) % 360 <= wide


def in_ring(where: tuple[float, float], ring: tuple[tuple[float, float], ...]) -> bool:
    """By the sum of the angles under which the sides are seen: a full turn inside, none outside."""
    turn = 0.0
    lat, lon = where
    for (lon1, lat1), (lon2, lat2) in itertools.pairwise(ring):
        one, other = math.atan2(lat1 - lat, lon1 - lon), math.atan2(lat2 - lat, lon2 - lon)
        turn += (other - one + math.pi) % (2 * math.pi) - math.pi
    return abs(turn) > math.pi
