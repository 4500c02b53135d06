"""Reads candidate sentences: sentence and context in, mentions of events out. By rules; an encoder may take over."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from schemas.event import Assertion, Kind, Novelty, Phase, judge
from services.nlp import foreign, modality, phases
from services.nlp.genre import Genre
from services.nlp.kinds import triggers
from services.nlp.novelty import Timing, novelty_of, placed_in_the_past
from services.nlp.text import Section, Sentence, Span
from services.nlp.trigger import Setting, Trigger

ENCODER = "encoder"
"""What `set_by` says where the encoder decided."""
HAPPENED = (Assertion.ASSERTED, Assertion.ALLEGED)
"""What is told to have happened, whoever says so."""
FAINT = "faint"
"""What it says of an event that only weak readings of several sentences together tell: see `services.nlp.faint`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may tell an event, and what a reader may know of its surroundings."""

    sentence: Sentence
    previous: Sentence | None
    timing: Timing
    genre: Genre
    told_old: bool
    dated: bool
    setting: Setting
    next: Sentence | None = None
    after_news: bool = False
    """Whether the sentence before tells of a day of this week."""
    scanned: bool = True
    heading: Sentence | None = None
    """The title, of the sentence that follows it."""
    """Whether its language has lexicons, so that a rule could have spoken."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One event as one sentence tells it. Offsets count from the beginning of the sentence.

    `spans` holds what a reader tagged beyond the trigger (place, actor, time ...); where a field is missing, the
    resolving rules look for it in the sentence themselves.
    """

    sentence: Sentence
    kind: Kind
    phase: Phase | None
    assertion: Assertion
    novelty: Novelty
    trigger: Span
    rules: dict[str, str]
    confidence: dict[str, float]
    spans: dict[str, tuple[Span, ...]] = field(default_factory=dict)


def is_news(mention: Mention) -> bool:
    """Whether a mention by itself would ring."""
    return judge(
        mention.kind, mention.phase, mention.assertion, mention.novelty, is_faint(mention)
    ).alert_worthy


def is_faint(mention: Mention) -> bool:
    """Whether it is only one of several weak readings."""
    return mention.rules.get("kind") == FAINT


class SentenceReader(Protocol):
    """What reads candidates. Pure; one call a report, so that an encoder can read them in one batch."""

    version: str
    languages: frozenset[str]
    """Languages that it reads beyond those that have lexicons."""
    wide: bool
    """Whether it finds events in sentences without a trigger too."""

    def read(self, candidates: Sequence[Candidate]) -> list[tuple[Mention, ...]]:
        """The mentions of each candidate, in the same order."""


class RuleReader:
    """The reader without a model."""

    version = "rules-1"
    languages: frozenset[str] = frozenset()
    wide = False

    def read(self, candidates: Sequence[Candidate]) -> list[tuple[Mention, ...]]:
        return [
            tuple(m for t in triggers(c.sentence, c.setting) if (m := mention_at(c, t))) for c in candidates
        ]


def novelty_at(candidate: Candidate, trigger: Trigger, phase: Phase | None) -> tuple[Novelty, str]:
    """What the rules say of whether an event is news, and the rule that decided."""
    sentence, genre = candidate.sentence, candidate.genre
    certain = (
        trigger.strength >= 0.65
        and modality.by_a_party(sentence)
        and genre.mute in ("sport", "culture", "business", "drill")
    )
    if genre.mute and not certain:
        return Novelty.BACKGROUND, genre.mute
    tested = (
        genre.weights["drill"]
        and not sentence.any("cas", "act.hit")
        and trigger.kind in (Kind.SHELLING, Kind.AIR_STRIKE)
    )
    if tested:
        return Novelty.BACKGROUND, "test"
    if genre.accident and _may_be_mishap(sentence, trigger):
        return Novelty.BACKGROUND, "accident"
    if genre.crime and trigger.kind in (Kind.ATTACK_ON_CIVILIANS, Kind.ABDUCTION, Kind.GROUND_CLASH):
        return Novelty.BACKGROUND, "crime"
    if sentence.any("cue.drill") and not sentence.any("cas.kill") and "real" not in sentence.plain:
        return Novelty.BACKGROUND, "drill"
    novelty, why = novelty_of(
        sentence, trigger, candidate.timing, candidate.told_old, candidate.dated, candidate.after_news
    )
    lead = phase and sentence.index < 2 and sentence.section is not Section.CAPTION
    if (
        lead
        and why in ("history", "pluperfect", "old_day", "nearest_day")
        and not any(w.kind == "year" or age > 60 for age, w in candidate.timing.ages)
    ):
        return Novelty.NEW, "lead"
    if novelty is not Novelty.BACKGROUND and placed_in_the_past(candidate.next, candidate.dated):
        return Novelty.BACKGROUND, "placed_in_the_past"
    return novelty, why


def _may_be_mishap(sentence: Sentence, trigger: Trigger) -> bool:
    """Whether nobody need have done it: rounds that struck something were fired, whatever burned afterwards."""
    if trigger.kind not in _MISHAPS or trigger.rule not in ("blast", "weapon_and_act", "named", ENCODER):
        return False
    if trigger.kind in (Kind.SHELLING, Kind.AIR_STRIKE) and (
        _FIRED.search(sentence.plain) or _RAID.match(sentence.plain, trigger.start)
    ):
        return False
    return not sentence.any("who.armed") and not modality.by_a_party(sentence)


_FIRED = re.compile(r"\b(?:fired|launched|lobbed|rained) (?:on|at|into|by|from|across|over|down)\b")
_RAID = re.compile(r"air ?(?:raid|strike)s?\b")
_MISHAPS = (Kind.EXPLOSION, Kind.SHELLING, Kind.AIR_STRIKE, Kind.CHEMICAL_ATTACK)


def mention_at(candidate: Candidate, trigger: Trigger) -> Mention | None:
    """What the rules say of an event that these words tell; None for a ceasefire of which they name no phase."""
    sentence = candidate.sentence
    phase: Phase | None = None
    if trigger.kind is Kind.CEASEFIRE:
        found = (
            phases.phase_of(sentence.plain, trigger.start)
            if sentence.latin
            else foreign.phase_of(sentence.plain)
        )
        if found is None:
            return None
        phase, assertion = found
        rule = "phase"
        if phase is Phase.DECLARED and candidate.previous and phases.both_agreed(candidate.previous.plain):
            phase = Phase.AGREED
        denied, denial = modality.assertion_of(sentence, trigger)
        if (
            denied is Assertion.DENIED
            and phase in (Phase.AGREED, Phase.DECLARED, Phase.VIOLATED)
            and denial in ("denial", "nothing_happened")
        ):
            assertion, rule = denied, denial
    else:
        assertion, rule = modality.assertion_of(sentence, trigger)
    if modality.taken_back(sentence, trigger, candidate.next) and assertion is not Assertion.HYPOTHETICAL:
        assertion, rule = Assertion.DENIED, "taken_back"
    novelty, why = novelty_at(candidate, trigger, phase)
    return Mention(
        sentence, trigger.kind, phase, assertion, novelty, Span(trigger.start, trigger.end),
        {"kind": trigger.rule, "assertion": rule, "novelty": why}, {"kind": round(trigger.strength, 3)},
    )  # fmt: skip
