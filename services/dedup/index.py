"""What dedup must remember, as a projection of its own incidents: records in, commands out; and the reads.

    docs       "incident@version" -> the record         versions   incident -> its highest version
    cards      incident -> the slots it is matched by   near:...   incidents by theatre, lane, area and time
    seen       event -> the incident that it made       report:... event -> incident, of one report
    gists      incident -> place and time of its card in a few numbers
    revisions  report -> when its newest revision was fetched, in microseconds of Unix time

A membership in `near:` may be stale: the card decides. A worker that wakes late cannot set an incident back, since
readers ask for the highest version.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from schemas.base import UndecodableError
from schemas.event import ConflictEvent
from schemas.incident import ChangeType, Incident, Status
from services.common.logging import get_logger
from services.common.store import Command, Store
from services.dedup.filing import filed_under, looked_up
from services.dedup.gist import gist_from, gist_of, may_be_one
from services.dedup.slots import Slots, slots_of_incident

log = get_logger(__name__)

MEMORY = "dedup-1"
"""The projection's name. Raise it when a card or a set changes its form: a new name is read anew from the topic."""

MAX_FIELDS = 1000
"""Fields of one command: Redis' scripts pass only so many arguments."""

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
    return [*_state(incident, value), *_memory(incident)]


def _state(incident: Incident, value: bytes) -> list[Command]:
    document = f"{incident.id}@{incident.version}"
    commands: list[Command] = [
        ("HSET", "docs", document, value.decode()),
        ("ZADD", "versions", "GT", incident.version, incident.id),
        ("HDEL", "docs", f"{incident.id}@{incident.version - 1}"),
    ]
    if incident.status is Status.RETRACTED or incident.merged_into:
        return [*commands, *_forgotten(incident.id)]
    card = slots_of_incident(incident)
    commands.append(("HSET", "cards", incident.id, card.to_bytes().decode()))
    commands.append(("HSET", "gists", incident.id, str(gist_of(card))))
    return commands + [("ZADD", shelf, score, incident.id) for shelf, score in filed_under(card)]


def _forgotten(incident_id: str) -> list[Command]:
    """Nothing more is merged into it."""
    return [("HDEL", "cards", incident_id), ("HDEL", "gists", incident_id)]


def _memory(incident: Incident) -> list[Command]:
    """Which events and revisions of reports are known: all that the record tells, so that a rebuild knows them."""
    seen = {e.event_id: incident.id for e in incident.evidence}
    counted_only = incident.evidence_count > len(incident.evidence)
    if counted_only and incident.change.event_id and incident.change.type not in NEIGHBOUR_CHANGES:
        seen[incident.change.event_id] = incident.id
    commands: list[Command] = [("HSET", "seen", event, name) for event, name in seen.items()]
    revisions: list[str | int] = []
    for told in incident.evidence:
        commands.append(("HSET", f"report:{told.report.id}", told.event_id, incident.id))
        newest = max(told.report.fetched_at, told.withdrawn_at or told.report.fetched_at)
        revisions += [_micros(newest), told.report.id]
    if revisions:
        commands.append(("ZADD", "revisions", "GT", *revisions))
    return commands


def _micros(moment: datetime) -> int:
    return round((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an event before it is decided."""

    incident_id: str | None
    """The incident that it made already."""
    is_outdated: bool
    """A newer revision of its report is known."""


class Index:
    """One partition's memory, as `decide` reads it. Raises what the store raises."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def known(self, event: ConflictEvent) -> Known:
        """Whether the event was decided before, or is of a revision that no longer stands."""
        seen, [newest] = await self._store.read(
            [("HGET", "seen", event.id), ("ZMSCORE", "revisions", event.report.id)]
        )
        outdated = newest is not None and int(float(newest)) > _micros(event.report.fetched_at)
        return Known(seen, outdated)

    async def near(self, slots: Slots) -> list[tuple[str, Slots]]:
        """The cards of the same bucket that may be one with `slots`, in the order of incident ids."""
        replies = await self._store.read(looked_up(slots))
        filed = sorted({member for members in replies for member in members})
        ours = gist_of(slots)
        gists = zip(filed, await self._fields("gists", filed), strict=True)
        ids = [name for name, gist in gists if gist and may_be_one(ours, gist_from(gist))]
        cards = zip(ids, await self._fields("cards", ids), strict=True)
        found = [(name, Slots.from_bytes(card.encode())) for name, card in cards if card]
        return [(name, card) for name, card in found if card.bucket == slots.bucket]

    async def _fields(self, table: str, names: Sequence[str]) -> list[str | None]:
        """The values of a hash, in the order of `names`."""
        starts = range(0, len(names), MAX_FIELDS)
        batches = [("HMGET", table, *names[at : at + MAX_FIELDS]) for at in starts]
        return [value for values in await self._store.read(batches) for value in values] if batches else []

    async def incidents(self, ids: Iterable[str]) -> list[Incident]:
        """The highest versions, in the order of `ids`; those that are not known are left out."""
        wanted = list(ids)
        if not wanted:
            return []
        [versions] = await self._store.read([("ZMSCORE", "versions", *wanted)])
        names = _documents(wanted, versions)
        if not names:
            return []
        [documents] = await self._store.read([("HMGET", "docs", *names)])
        return [Incident.from_bytes(document.encode()) for document in documents if document]

    async def told_by(self, report_id: str) -> list[str]:
        """The incidents that a report was ever evidence of, sorted."""
        [flat] = await self._store.read([("HGETALL", f"report:{report_id}")])
        return sorted(set(flat[1::2]))


def _documents(ids: Sequence[str], versions: Sequence[str | None]) -> list[str]:
    pairs = zip(ids, versions, strict=True)
    return [f"{name}@{int(float(version))}" for name, version in pairs if version is not None]
