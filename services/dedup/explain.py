"""Tells why an event became what it became: an event, its decision and what is known in, lines for a reader out."""

from collections.abc import Iterable

from schemas.event import ConflictEvent
from services.dedup.decide import Decision, Outcome
from services.dedup.index import Index
from services.dedup.match import Match, Verdict, compare
from services.dedup.slots import Slots, slots_of_event

MAX_SHOWN = 5
"""Incidents that an event was held against, the nearest first."""

_BECAME = {
    Outcome.NEW: "a new incident",
    Outcome.MERGED: "merged into",
    Outcome.DUPLICATE: "decided before:",
    Outcome.FILTERED: "makes nothing: background, a threat or a plan, or of an older revision",
    Outcome.WITHDRAWN: "withdrawn",
}


async def held_against(event: ConflictEvent, index: Index) -> list[str]:
    """The incidents known before the event was decided, each with the parts of its score."""
    ours = slots_of_event(event)
    cards = await index.every_card()
    matches = [compare(ours, name, card) for name, card in cards if card.bucket == ours.bucket]
    lines = [_line(match) for match in sorted(matches, key=_nearness)[:MAX_SHOWN]]
    return lines + _others(ours, cards)


def told(event: ConflictEvent, decision: Decision, against: Iterable[str]) -> list[str]:
    """One event: what it became, what it was held against, and what it did to others."""
    lines = [f"  {_what(event)}: {_BECAME[decision.outcome]} {decision.incident_id or ''}".rstrip()]
    if decision.outcome in (Outcome.NEW, Outcome.MERGED):
        lines += [f"    {line}" for line in against]
    others = [version for version in decision.versions if version.id != decision.incident_id]
    return lines + [f"    and {v.id} is {v.change.type.value}: {v.change.reason}" for v in others]


def _nearness(match: Match) -> tuple[bool, float, str]:
    return match.vetoed is not None, -match.score, match.incident_id


def _line(match: Match) -> str:
    verdict = "possibly related" if match.verdict is Verdict.RELATED else match.verdict.value
    return f"{match.incident_id}: {verdict.replace('_', '-')}, {match.explain()}"


def _others(ours: Slots, cards: list[tuple[str, Slots]]) -> list[str]:
    """Incidents that it is never held against."""
    found = [f"{name} ({card.bucket})" for name, card in cards if card.bucket != ours.bucket]
    if not found:
        return []
    more = f" and {len(found) - MAX_SHOWN} more" if len(found) > MAX_SHOWN else ""
    return [f"not held, as {ours.bucket}, against {', '.join(found[:MAX_SHOWN])}{more}"]


def _what(event: ConflictEvent) -> str:
    kind = f"{event.kind.value} {event.phase.value}" if event.phase else event.kind.value
    place = ", ".join(p for p in (event.place.name, event.place.country) if p) if event.place else "nowhere"
    when = f"{event.occurred.start:%Y-%m-%d %H:%M}" if event.occurred else "no time told"
    return f"{kind} ({event.assertion.value}), {place}, {when}"
