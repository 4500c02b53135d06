"""What dedup must remember, as a projection of its own incidents: one record in, commands out.

    docs       "incident@version" -> the record         versions   incident -> its highest version
    cards      incident -> the slots it is matched by   near:...   incidents by theatre, lane, area and time
    seen       event -> the incident that it made       report:... event -> incident, of one report
    revisions  report -> when its newest revision was fetched, in microseconds of Unix time (so are all times below)
    due        truce -> when its next term falls due
    truces:... truces that stand, of one theatre -> when they end by their terms
    told       truces that hold for longer than their record is kept -> when they were told last
    last       incident -> when it was last told; those that leave are found by it
    filed      incident -> what takes it from its shelves again; leaving: what forgets it altogether

A worker that wakes late cannot set an incident back, since readers ask for the highest version. What leaves depends on
times in the records alone: an incident of which no report was fetched for `KEPT` before the one in hand.
"""

import json
from datetime import UTC, datetime, timedelta

from schemas.base import UndecodableError
from schemas.event import Kind
from schemas.incident import ChangeType, Incident, Status
from services.common.logging import get_logger
from services.common.store import Command
from services.dedup.clock import needs_renewal, next_term, stands
from services.dedup.filing import filed_under
from services.dedup.gist import gist_of
from services.dedup.slots import Slots, slots_of_incident

log = get_logger(__name__)

MEMORY = "dedup-3"
"""The projection's name. Raise it when a card or a set changes its form: a new name is read anew from the topic."""

KEPT = timedelta(days=60)
"""How long after its newest report an incident is matched: twice as long as an event may be delivered again."""

MAX_LEAVE = 3
"""Incidents that may leave with one record: more than come, and no record waits long for it."""

NEIGHBOUR_CHANGES = frozenset({ChangeType.VIOLATION_REPORTED, ChangeType.CONTESTED})
"""Versions that an event of another incident causes: they do not mark it as seen."""


def reduce(key: str, value: bytes | None) -> list[Command]:
    """The commands of one record of `conflict.incident.v1`."""
    if value is None:
        return [*_forgotten(key), ("ZREM", "versions", key)]
    try:
        incident = Incident.from_bytes(value)
    except UndecodableError as error:
        # a foreign record must not stop the rebuild; it was no incident of ours
        log.warning("incident_record_ignored", key=key, problem=str(error))
        return []
    return [*_state(incident, value), *_memory(incident), *_leaving(incident)]


def _state(incident: Incident, value: bytes) -> list[Command]:
    commands: list[Command] = [
        ("HSET", "docs", _document(incident), value.decode()),
        ("ZADD", "versions", "GT", incident.version, incident.id),
        ("HDEL", "docs", f"{incident.id}@{incident.version - 1}"),
    ]
    if incident.status is Status.RETRACTED or incident.merged_into:
        return [*commands, *_forgotten(incident.id)]
    card = slots_of_incident(incident)
    commands.append(("HSET", "cards", incident.id, card.to_bytes().decode()))
    return [*commands, *_filed(incident.id, card), *_truce(incident)]


def _document(incident: Incident) -> str:
    return f"{incident.id}@{incident.version}"


def _filed(name: str, card: Slots) -> list[Command]:
    """From the shelves of the version before to its own."""
    member = f"{name} {gist_of(card)}"
    shelves = filed_under(card)
    undo = json.dumps([("ZREM", shelf, member) for shelf, _ in shelves], separators=(",", ":"))
    adds: list[Command] = [("ZADD", shelf, score, member) for shelf, score in shelves]
    return [("UNDO", "filed", name), *adds, ("HSET", "filed", name, undo)]


def _truce(incident: Incident) -> list[Command]:
    """Where the clock finds a truce, and an attack the truces that it breaks; nothing for other kinds."""
    if incident.kind is not Kind.CEASEFIRE:
        return []
    term, until, name = next_term(incident), incident.effective_until, incident.id
    end = micros(until) if until else "+inf"
    return [
        ("ZADD", "due", micros(term.at), name) if term else ("ZREM", "due", name),
        _kept(stands(incident), f"truces:{incident.theatre}", end, name),
        _kept(needs_renewal(incident), "told", micros(incident.newest_fetched_at), name),
    ]


def _kept(holds: bool, name: str, score: int | str, member: str) -> Command:
    return ("ZADD", name, score, member) if holds else ("ZREM", name, member)


def _forgotten(incident_id: str) -> list[Command]:
    """Nothing more is merged into it, and nothing falls due. `truces:` may name it still: the card decides."""
    gone: list[Command] = [("UNDO", "filed", incident_id), ("HDEL", "cards", incident_id)]
    return gone + [("ZREM", name, incident_id) for name in ("due", "told")]


def _memory(incident: Incident) -> list[Command]:
    """Which events and revisions of reports are known: all that the record tells, so that a rebuild knows them."""
    home = incident.merged_into or incident.id
    seen = {e.event_id: home for e in incident.evidence}
    counted_only = incident.evidence_count > len(incident.evidence)
    if counted_only and incident.change.event_id and incident.change.type not in NEIGHBOUR_CHANGES:
        seen[incident.change.event_id] = home
    pairs = (part for pair in seen.items() for part in pair)
    commands: list[Command] = [("HSET", "seen", *pairs)] if seen else []
    revisions: list[str | int] = []
    for told in incident.evidence:
        commands.append(("HSET", f"report:{told.report.id}", told.event_id, home))
        newest = max(told.report.fetched_at, told.withdrawn_at or told.report.fetched_at)
        revisions += [micros(newest), told.report.id]
    if revisions:
        commands.append(("ZADD", "revisions", "GT", *revisions))
    return commands


def _leaving(incident: Incident) -> list[Command]:
    """What forgets it when its time is over; and those whose time is over now leave."""
    name = incident.id
    by_report: dict[str, list[str]] = {}
    for told in incident.evidence:
        by_report.setdefault(told.report.id, []).append(told.event_id)
    commands: list[Command] = [
        *_forgotten(name),
        ("HDEL", "docs", _document(incident)),
        ("ZREM", "versions", name),
        ("ZREM", f"truces:{incident.theatre}", name),
        ("HDEL", "seen", *(e.event_id for e in incident.evidence)),
        ("ZREM", "revisions", *by_report),
        *(("HDEL", f"report:{report}", *events) for report, events in by_report.items()),
    ]
    return [
        ("HSET", "leaving", name, json.dumps(commands, separators=(",", ":"))),
        ("ZADD", "last", _last(incident), name),
        ("SWEEP", "last", micros(incident.newest_fetched_at - KEPT), MAX_LEAVE, "leaving"),
    ]


def _last(incident: Incident) -> int | str:
    """A truce stays until it ends."""
    if not stands(incident):
        return micros(incident.newest_fetched_at)
    until = incident.effective_until
    return micros(max(until, incident.newest_fetched_at)) if until else "+inf"


def micros(moment: datetime) -> int:
    """Microseconds of Unix time."""
    return round((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
