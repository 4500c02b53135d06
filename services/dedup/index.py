"""One partition's memory, as dedup reads it: an event or names in, cards and incidents out. See `memory`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from schemas.event import ConflictEvent
from schemas.incident import Incident
from services.common.store import Command, Reply, Store
from services.dedup.filing import looked_up, looked_up_everywhere
from services.dedup.gist import gist_from, gist_of, may_be_one
from services.dedup.lanes import Lane
from services.dedup.memory import KEPT, micros
from services.dedup.slots import Slots

MAX_FIELDS = 1000
"""Fields of one command: Redis' scripts pass only so many arguments."""

Cards = list[tuple[str, Slots]]
"""Incidents by id, and the slots that they are matched by, in the order of the ids."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known before an event is decided, all of one moment."""

    incident_id: str | None
    """The incident that the event made already."""
    is_outdated: bool
    """A newer revision of its report is known."""
    alike: Cards
    """What may be one with it."""
    opposite: Cards
    """For a claim the denials that may deny it; for a denial what it may deny."""
    truces: Cards
    """For an attack: the truces of its theatre that had not ended by their terms when it began."""


class Index:
    """One partition's memory, for one decision. Raises what the store raises."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._versions: dict[str, str] = {}

    async def survey(self, event: ConflictEvent, slots: Slots) -> Survey:
        """All that a decision asks for, in two reads."""
        opposite = slots.model_copy(update={"denied": not slots.denied})
        is_attack = slots.lane is Lane.VIOLENCE and not slots.denied
        since = micros(slots.when.start)
        questions: list[list[Command]] = [
            [("HGET", "seen", event.id), ("ZMSCORE", "revisions", event.report.id)],
            looked_up(slots),
            # denials are few, and looked through whole
            looked_up(opposite) if slots.denied else looked_up_everywhere(opposite),
            [("ZRANGEBYSCORE", f"truces:{slots.theatre}", since, "+inf")] if is_attack else [],
        ]
        (seen, [newest]), alike, others, truces = await self._ask(questions)
        names = [_near(slots, alike), _near(opposite, others), [name for found in truces for name in found]]
        cards = await self._cards({name for group in names for name in group})
        same, other, standing = ([(name, cards[name]) for name in group if name in cards] for group in names)
        outdated = newest is not None and int(float(newest)) > micros(event.report.fetched_at)
        return Survey(seen, outdated, _live(slots, same), _live(opposite, other), standing)

    async def _ask(self, questions: Sequence[Sequence[Command]]) -> list[list[Reply]]:
        """The replies to each list of commands, all in one read."""
        replies = iter(await self._store.read([command for asked in questions for command in asked]))
        return [[next(replies) for _ in asked] for asked in questions]

    async def near(self, slots: Slots) -> Cards:
        """The cards of the same bucket that may be one with `slots`."""
        names = _near(slots, await self._store.read(looked_up(slots)))
        cards = await self._cards(names)
        return _live(slots, [(name, cards[name]) for name in names if name in cards])

    async def _cards(self, names: Iterable[str]) -> dict[str, Slots]:
        """The cards of those that are matched still; their versions are noted for when they are read."""
        wanted = sorted(names)
        if not wanted:
            return {}
        batches = [wanted[at : at + MAX_FIELDS] for at in range(0, len(wanted), MAX_FIELDS)]
        commands: list[Command] = [("HMGET", "cards", *batch) for batch in batches]
        replies = await self._store.read(commands + [("ZMSCORE", "versions", *batch) for batch in batches])
        found = [value for values in replies[: len(batches)] for value in values]
        versions = [value for values in replies[len(batches) :] for value in values]
        self._versions |= {n: v for n, v in zip(wanted, versions, strict=True) if v is not None}
        return {name: _card(text) for name, text in zip(wanted, found, strict=True) if text}

    async def every_card(self) -> Cards:
        """All cards: for a reader, never for a decision."""
        [flat] = await self._store.read([("HGETALL", "cards")])
        return sorted(zip(flat[::2], map(_card, flat[1::2]), strict=True))

    async def incidents(self, ids: Iterable[str]) -> list[Incident]:
        """The highest versions, in the order of `ids`; those that are not known are left out."""
        wanted = list(ids)
        unknown = [name for name in wanted if name not in self._versions]
        if unknown:
            [versions] = await self._store.read([("ZMSCORE", "versions", *unknown)])
            self._versions |= {n: v for n, v in zip(unknown, versions, strict=True) if v is not None}
        names = [f"{name}@{int(float(self._versions[name]))}" for name in wanted if name in self._versions]
        if not names:
            return []
        [documents] = await self._store.read([("HMGET", "docs", *names)])
        return [Incident.from_bytes(document.encode()) for document in documents if document]

    async def standing(self, ids: Iterable[str]) -> list[Incident]:
        """The same, where an incident was merged into another that one; each once."""
        found = {incident.id: incident for incident in await self.incidents(ids)}
        while pointers := {name: i.merged_into for name, i in found.items() if i.merged_into}:
            found = {name: incident for name, incident in found.items() if name not in pointers}
            found |= {i.id: i for i in await self.incidents(sorted(set(pointers.values())))}
        return list(found.values())

    async def timers(self, moment: datetime, lapsing: datetime) -> tuple[list[str], list[str]]:
        """Truces of which a term falls due up to `moment`, the earliest first; and those told last before `lapsing`."""
        due, told = await self._store.read(
            [
                ("ZRANGEBYSCORE", "due", "-inf", micros(moment)),
                ("ZRANGEBYSCORE", "told", "-inf", micros(lapsing)),
            ]
        )
        return list(due), list(told)

    async def told_by(self, report_id: str) -> list[str]:
        """The incidents that a report was ever evidence of, sorted."""
        [flat] = await self._store.read([("HGETALL", f"report:{report_id}")])
        return sorted(set(flat[1::2]))


def _near(slots: Slots, replies: Sequence[Reply]) -> list[str]:
    """Of what was found on the shelves: those that where and when do not forbid, sorted."""
    ours = gist_of(slots)
    filed = {member for members in replies for member in members}
    told = (member.split(" ") for member in filed)
    return sorted({name for name, gist in told if may_be_one(ours, gist_from(gist))})


def _live(slots: Slots, cards: Cards) -> Cards:
    """Those that are matched still when the report in hand was fetched; a truce has a rule of its own."""
    return [
        (name, card)
        for name, card in cards
        if card.lane is Lane.TRUCE or slots.fetched_at - card.fetched_at <= KEPT
    ]


@lru_cache(maxsize=8192)
def _card(text: str) -> Slots:
    """Read a card; those of a busy town are asked for again and again."""
    return Slots.from_bytes(text.encode())
