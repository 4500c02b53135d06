"""What a report tells only faintly: weak readings of its sentences in, the one event that they add up to out.

A survivor's account or a funeral tells an attack without a word that a rule knows, and no sentence of it leaves the
encoder sure. Together they may: then the report tells an event, as an update that joins an incident and rings no bell
of its own (`told_faintly`).
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from schemas.event import Assertion, Kind, Novelty, Phase
from services.nlp import phases
from services.nlp.draft import Draft
from services.nlp.encoder_decode import EventReading, Reading
from services.nlp.read import ENCODER, FAINT, HAPPENED, Candidate, Mention, is_faint, is_news, novelty_at
from services.nlp.text import Section, Span
from services.nlp.trigger import Trigger

_LIVE = 0.35
"""How live a sentence must be to count."""
_LEAST = 0.15
"""The least probability of a kind that counts."""
_TOGETHER = 0.5
"""How probable the chosen kind must be over all sentences."""
_VIOLENT = 0.3
"""How probable any kind at all must be over all sentences."""
_PHASE = 0.4
_UNLIKE = 0.5
"""From which probability on a denial, a threat or the past is believed."""
_KINDS_OF_A_SENTENCE = 3
_LIST = 3
"""Items that tell something, from which on a report is a list."""
_SURE = 0.6
"""How sure the encoder must be of a sentence beside its title."""


def faint_mentions(candidate: Candidate, reading: Reading) -> tuple[Mention, ...]:
    """What a sentence may tell, each kind as probable as the encoder has it; none where it is hardly live."""
    if reading.live < _LIVE or candidate.genre.mute:
        return ()
    likely = [e for e in reading.events if e.probability >= _LEAST][:_KINDS_OF_A_SENTENCE]
    found = (_faint(candidate, event, reading.live) for event in likely)
    return tuple(mention for mention in found if mention)


def _faint(candidate: Candidate, event: EventReading, live: float) -> Mention | None:
    trigger = Trigger(event.kind, event.trigger.start, event.trigger.end, event.probability, ENCODER)
    phase = _phase(event)
    if event.kind is Kind.CEASEFIRE and (phase is None or phases.only_named(candidate.sentence.plain)):
        return None
    assertion = max(event.assertion, key=lambda a: event.assertion[a])
    happened = event.assertion[Assertion.ASSERTED] + event.assertion[Assertion.ALLEGED]
    if phase is None and happened < _UNLIKE:
        return None
    novelty, why = novelty_at(candidate, trigger, phase)
    if novelty is Novelty.BACKGROUND or event.novelty[Novelty.BACKGROUND] >= _UNLIKE:
        return None
    return Mention(
        candidate.sentence, event.kind, phase, assertion, Novelty.UPDATE,
        Span(trigger.start, trigger.end), {"kind": FAINT, "assertion": ENCODER, "novelty": why},
        {"kind": round(event.probability * live, 3)}, dict(event.spans),
    )  # fmt: skip


def _phase(event: EventReading) -> Phase | None:
    if event.kind is not Kind.CEASEFIRE:
        return None
    phase = max(event.phase, key=lambda p: event.phase[p])
    return phase if event.phase[phase] >= _PHASE else None


def plainly_told(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions of a report: those that are plain, and what the faint ones add up to where no plain one is news.

    A report that plainly denies, foils or only fears something tells nothing faintly, unless it is a list: what one
    item tells says nothing of the next.
    """
    plain, faint = ([m for m in mentions if is_faint(m) is weak] for weak in (False, True))
    if any(is_news(m) or m.assertion not in HAPPENED for m in plain):
        return plain + _items(plain, faint) + _borne_out(plain, faint)
    return plain + (_items(plain, faint) or _added_up(faint))


def _items(plain: Sequence[Mention], faint: Sequence[Mention]) -> list[Mention]:
    """The faint mentions of the items of a list, one an item, where no plain one tells it."""
    if len({id(m.sentence) for m in (*plain, *faint) if m.sentence.is_item}) < _LIST:
        return []
    told = {id(m.sentence) for m in plain}
    likely = [m for m in faint if m.sentence.is_item and m.confidence["kind"] >= _VIOLENT]
    return _one_a_sentence([m for m in likely if id(m.sentence) not in told])


def _one_a_sentence(mentions: Sequence[Mention], kind: Kind | None = None) -> list[Mention]:
    """The likeliest mention of each sentence, one of a kind before all others; in the order of the report."""
    first: dict[int, Mention] = {}
    for mention in sorted(mentions, key=lambda m: (m.kind is not kind, -m.confidence["kind"])):
        first.setdefault(id(mention.sentence), mention)
    return sorted(first.values(), key=lambda m: (m.sentence.section is not Section.TITLE, m.sentence.start))


def _borne_out(plain: Sequence[Mention], faint: Sequence[Mention]) -> list[Mention]:
    """The sentence that tells most surely what the title alone tells plainly: together they leave no doubt."""
    title = next((m for m in plain if is_news(m) and m.kind is not Kind.CEASEFIRE), None)
    if title is None or any(m.sentence.section is not Section.TITLE for m in plain):
        return []
    sure = [m for m in faint if m.sentence.section is Section.BODY and m.confidence["kind"] >= _SURE]
    best = max(sure, key=lambda m: m.confidence["kind"], default=None)
    if best is None or best.kind is Kind.CEASEFIRE:
        return []
    return [replace(best, kind=title.kind, novelty=title.novelty, rules={**best.rules, "kind": ENCODER})]


def _added_up(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions of the one event that faint mentions add up to, one a sentence, each with its kind; else none."""
    truce = [m for m in mentions if m.kind is Kind.CEASEFIRE]
    if any(m.confidence["kind"] >= _TOGETHER for m in truce):
        return [max(truce, key=lambda m: m.confidence["kind"])]
    attacks = [m for m in mentions if m.kind is not Kind.CEASEFIRE]
    if _any_of(attacks) < _VIOLENT:
        return []
    kind = _kind_of(attacks)
    return [replace(mention, kind=kind) for mention in _one_a_sentence(attacks, kind)]


def told_faintly(drafts: Sequence[Draft]) -> list[Draft]:
    """Of the drafts that faint mentions gave the one that tells most; of a list each that says where. None without."""
    placed = [d for d in drafts if d.placed]
    if any(d.mention.sentence.is_item for d in placed):
        return [d for d in placed if d.own_place]
    return sorted(placed, key=lambda d: (d.own_place, bool(d.tolls), d.own_time), reverse=True)[:1]


def _any_of(mentions: Sequence[Mention]) -> float:
    return 1 - math.prod(1 - m.confidence["kind"] for m in mentions)


def _kind_of(mentions: Sequence[Mention]) -> Kind:
    """The kind that the sentences most agree on; where none is likely, an attack of no told kind."""
    kinds = dict.fromkeys(m.kind for m in mentions)
    likely = {kind: _any_of([m for m in mentions if m.kind is kind]) for kind in kinds}
    best = max(likely, key=lambda kind: likely[kind])
    return best if likely[best] >= _TOGETHER else Kind.ATTACK_ON_CIVILIANS
