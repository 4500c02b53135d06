"""The mentions of one event within a report merge: drafts of events in, one draft an event out."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from schemas.event import Assertion, Kind, Novelty, Phase, TimePrecision, TimeSpan
from services.common.spelling import Alike, alike
from services.nlp.draft import Draft, band_of, deaths_differ
from services.nlp.earth import flat_km
from services.nlp.effective import Effective
from services.nlp.placed import GAZETTEER, Placed
from services.nlp.read import ENCODER, HAPPENED
from services.nlp.settle import settled
from services.nlp.text import Section

_PLANS = (Phase.DECLARED, Phase.AGREED)


def merge(drafts: Sequence[Draft]) -> list[Draft]:
    """One draft an event, the main one first. A sentence that adds nothing joins the event it repeats."""
    merged: list[Draft] = []
    for draft in drafts:
        at = next((k for k in range(len(merged) - 1, -1, -1) if same(merged[k], draft)), None)
        if at is None:
            merged.append(draft)
        else:
            merged[at] = join(merged[at], draft)
    return settled(merged, join, compatible)


def same(a: Draft, b: Draft) -> bool:
    """Whether two drafts of one report tell one event."""
    if a.kind != b.kind:
        return False
    if (a.novelty is Novelty.BACKGROUND) != (b.novelty is Novelty.BACKGROUND):
        return False
    if a.kind is Kind.CEASEFIRE:
        return _same_truce(a, b)
    if _denied_and_unseen(a, b) or _denied_and_unseen(b, a):
        return False
    if Section.TITLE in (a.mention.sentence.section, b.mention.sentence.section):
        return compatible(a, b, loose=True) or _title_and_body(a, b)
    return compatible(a, b, loose=not (b.own_place and b.own_time))


def _denied_and_unseen(denied: Draft, told: Draft) -> bool:
    """Whether one says that nothing happened and the other tells it without a toll: the two are weighed apart."""
    unseen = told.assertion in HAPPENED and not told.tolls
    return (
        denied.assertion is Assertion.DENIED
        and unseen
        and denied.mention.rules.get("assertion") == "nothing_happened"
    )


def _title_and_body(a: Draft, b: Draft) -> bool:
    """Whether a title tells of the region ("a village in Sagaing") what the body tells of a place in that country."""
    if a.mention.sentence.section is b.mention.sentence.section:
        return False
    p, q = (d.placed.place if d.placed else None for d in (a, b))
    one_land = p is not None and q is not None and p.country == q.country
    when = not (a.own_time and b.own_time) or _meet(a.occurred, b.occurred)
    return one_land and when and _tolls_agree(a, b)


def _tolls_agree(a: Draft, b: Draft) -> bool:
    """Whether both give the same number of killed (or of injured)."""
    for name in ("killed", "injured"):
        x, y = band_of(a, name), band_of(b, name)
        if x and y:
            return x.min == y.min
    return False


def _same_truce(a: Draft, b: Draft) -> bool:
    if a.phase == b.phase:
        return not (a.effective.start and b.effective.start) or abs(
            a.effective.start - b.effective.start
        ) <= timedelta(minutes=1)
    if a.phase in _PLANS and b.phase in _PLANS:
        return not (a.effective.start and b.effective.start) or a.effective.start == b.effective.start
    return False


def compatible(a: Draft, b: Draft, loose: bool) -> bool:
    """Places that may be one, times that may be one, tolls that do not contradict."""
    if a.own_place and b.own_place and not _near(a.placed, b.placed):
        return False
    if a.own_time and b.own_time and not _meet(a.occurred, b.occurred):
        return False
    if not loose and a.own_place and b.own_place and deaths_differ(a, b):
        return False
    return not (a.own_time and b.own_time and a.own_place and b.own_place and deaths_differ(a, b))


def _near(a: Placed | None, b: Placed | None) -> bool:
    if a is None or b is None:
        return True
    p, q = a.place, b.place
    if p.country and q.country and p.country != q.country:
        return False
    if p.within and q.within and alike(p.name, q.name) is Alike.OTHER:
        return False
    if _told_by(a, b) or _told_by(b, a):
        return True
    if p.lat is None or p.lon is None or q.lat is None or q.lon is None:
        return True
    return flat_km(p.lat, p.lon, q.lat, q.lon) <= 4 + p.radius_km + q.radius_km


def _meet(a: TimeSpan | None, b: TimeSpan | None) -> bool:
    if a is None or b is None:
        return True
    slack = timedelta(minutes=30)
    return a.start - slack <= b.end and b.start - slack <= a.end


def join(a: Draft, b: Draft) -> Draft:
    """One draft of two tellings: the fuller telling leads, what it lacks comes from the other."""
    lead, other = (b, a) if _leads(b, a) else (a, b)
    own = {t.field for t in lead.tolls}
    earliest = min(
        (a.mention, b.mention), key=lambda m: (m.sentence.section is not Section.TITLE, m.sentence.start)
    )
    return replace(
        lead,
        placed=_finer(lead, other),
        own_place=lead.own_place or other.own_place,
        occurred=_closer(lead, other),
        time_at=lead.time_at or other.time_at,
        own_time=lead.own_time or other.own_time,
        effective=_effective(lead.effective, other.effective),
        tolls=lead.tolls + tuple(t for t in other.tolls if t.field not in own),
        actor=lead.actor or other.actor, target=lead.target or other.target, weapon=lead.weapon or other.weapon,
        claimants=tuple(dict.fromkeys(a.claimants + b.claimants)),
        assertion=_assertion(lead, other),
        novelty=Novelty.UPDATE if Novelty.UPDATE in (a.novelty, b.novelty) else lead.novelty,
        others=(*lead.others, *other.others, other.mention) if earliest else lead.others,
    )  # fmt: skip


def _leads(b: Draft, a: Draft) -> bool:
    """Body before title; a ceasefire declared by one side before one agreed; a happening before its denial."""
    if a.mention.sentence.section is Section.TITLE:
        return True
    if (
        a.kind is not Kind.CEASEFIRE
        and not a.tolls
        and b.own_place
        and _settlement(b)
        and not (a.own_place and _settlement(a))
    ):
        return True
    if a.kind is not Kind.CEASEFIRE and _general(a) and not _general(b):
        return True
    if a.kind is Kind.CEASEFIRE and a.phase is Phase.AGREED and b.phase is Phase.DECLARED:
        return not _BOTH.search(a.mention.sentence.plain)
    return (
        a.assertion is Assertion.DENIED
        and b.assertion in (Assertion.ASSERTED, Assertion.ALLEGED)
        and bool(b.tolls)
    )


_BOTH = re.compile(r"\b(?:both|two sides|all sides|between|bilateral|mutual|the parties)\b")


def _settlement(draft: Draft) -> bool:
    place = draft.placed.place if draft.placed else None
    return bool(place and place.lat is not None and (place.radius_km < 15 or place.within))


def _general(draft: Draft) -> bool:
    """A statement about many acts: "mounting more air raids"."""
    before = draft.mention.sentence.plain[: draft.mention.trigger.start]
    return not draft.tolls and bool(
        re.search(
            r"\b(?:more|daily|mounting|intense|increased|stepped up|months of|weeks of|days of|wave of"
            r"|escalat\w+|continued)\b[^.,;]{0,20}$",
            before,
        )
    )


def _finer(a: Draft, b: Draft) -> Placed | None:
    choices = [d.placed for d in sorted((a, b), key=lambda d: not d.own_place) if d.placed]
    precise = [p for p in choices if p.place.lat is not None]
    if precise and a.kind is Kind.CEASEFIRE and any(d.own_place for d in (a, b)):
        return precise[0]  # a truce covers an area: a town of another sentence is not finer
    if not precise:
        return choices[0] if choices else None
    by_another = [p for p in precise if any(_told_by(p, q) for q in precise if q is not p)]
    as_told = [p for p in precise if p.by and p.rule != GAZETTEER and all(_holds(q, p) for q in precise)]
    if by_another or as_told:
        return (by_another or as_told)[0]
    if all(alike(p.place.name, precise[0].place.name) is Alike.SAME for p in precise):
        return min(
            precise, key=lambda p: p.in_title
        )  # the body says whether the town or its district is meant
    return precise[0] if _spot_km(precise[0]) <= _SPOT_KM else min(precise, key=_spot_km)


def _spot_km(placed: Placed) -> float:
    """How finely a place is told: a village by its town as finely as a town."""
    return min(placed.place.radius_km, _SPOT_KM) if placed.place.within else placed.place.radius_km


def _holds(other: Placed, told: Placed) -> bool:
    """Whether a place is the one told, or holds it: a village is finer than its town, though its spot is not known."""
    p, q = told.place, other.place
    return p == q or q.radius_km > p.radius_km or _told_by(told, other)


def _told_by(told: Placed, other: Placed) -> bool:
    """Whether a place is told by the name of the other: "a village near Hajin", "20 km south of Hajin".

    Of two places of the gazetteer only where the title has the other: it tells by what holds the place of its story.
    """
    names = told.by is not None and alike(told.by, other.place.name) is Alike.SAME
    return names and (told.rule != GAZETTEER or other.in_title)


_SPOT_KM = 12.0
_FINENESS = {
    TimePrecision.MINUTE: 0,
    TimePrecision.PART_OF_DAY: 1,
    TimePrecision.DAY: 2,
    TimePrecision.MONTH: 3,
}


def _closer(a: Draft, b: Draft) -> TimeSpan | None:
    spans = [d.occurred for d in sorted((a, b), key=lambda d: not d.own_time) if d.occurred]
    return min(spans, key=lambda s: _FINENESS[s.precision]) if spans else None


def _effective(a: Effective, b: Effective) -> Effective:
    start: datetime | None = a.start or b.start
    return Effective(start, a.end or b.end, a.at if a.start else (0, 0))


def _assertion(lead: Draft, other: Draft) -> Assertion:
    if lead.kind is Kind.CEASEFIRE:
        return lead.assertion
    order = (
        Assertion.ASSERTED,
        Assertion.ALLEGED,
        Assertion.DENIED,
        Assertion.PLANNED,
        Assertion.THREATENED,
        Assertion.HYPOTHETICAL,
    )
    pair = {lead.assertion, other.assertion}
    for told, unsaid in ((lead, other), (other, lead)):
        faint = told.mention.rules.get("kind") == ENCODER and told.assertion in HAPPENED and not told.tolls
        if faint and unsaid.assertion not in HAPPENED and unsaid.mention.rules.get("kind") != ENCODER:
            return unsaid.assertion  # what no rule knows does not outweigh that the report denies or foils it
    if Assertion.ALLEGED in pair and Assertion.ASSERTED in pair:
        return lead.assertion
    return min(pair, key=order.index)
