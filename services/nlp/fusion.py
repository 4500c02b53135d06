"""Rules and encoder together: candidates in, mentions with calibrated probabilities out; one batch a report."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from schemas.event import Assertion, Kind, Novelty, Phase
from services.nlp import phases
from services.nlp.encoder_decode import EventReading, Reading
from services.nlp.faint import faint_mentions
from services.nlp.numbers import first_number
from services.nlp.read import ENCODER, Candidate, Mention, RuleReader, is_news, mention_at, novelty_at
from services.nlp.scan import may_tell
from services.nlp.text import Section, Span
from services.nlp.trigger import Trigger
from services.nlp.trust import Answer, FieldTrust, Trust, trust, weighed

MAX_EVENTS = 3
"""Events of one sentence, like the rules' own bound."""
MODEL_LANGUAGES = frozenset({"tr", "fr", "es", "he", "pt"})
"""Languages that the encoder reads though no lexicon knows them."""

_NO_DOUBT = frozenset(
    {"sport", "culture", "business", "test_page", "game_or_fiction", "drill", "test", "accident", "crime",
     "foiled", "reprint", "chronology", "retrospect", "court", "told_before", "caption", "placed_in_the_past",
     "taken_back", "lead", "warning_given",
     "old_day", "step_back", "cumulative", "nothing_happened"}
)  # fmt: skip
"""Rules that saw more than the sentence, or words that leave no doubt: the encoder does not overrule them."""
_ALONE, _ALONE_LIVE, _VERY_LIVE = 0.85, 0.75, 0.9
"""From which probability an event stands that no rule knows; from the second on in a sentence as live as the third."""
_LOOSELY_LABELLED = frozenset({Kind.GROUND_CLASH})
"""Kinds that the training labels give to mere mentions of wars and offensives, and so the encoder too: here it must be
sure, and read where."""
_FOUGHT_OVER = frozenset({Kind.GROUND_CLASH, Kind.ATTACK_ON_CIVILIANS, Kind.TERRITORY_CHANGE})
_SUSPECT, _ALONE_SUSPECT = 2, 0.95
"""So many cues of a genre that borrows the words of war, and what is asked of the encoder in such a report."""
_HEADING = re.compile(r"(?:[^\s.!?:;,]+ ?){1,5}")
"""A few words without a stop."""
_RULED = 0.35
"""The same of one that a rule knows: it falls where the encoder finds nothing and the rule is often wrong."""
_UNSCANNED = 0.6
"""The same where the language has no lexicons, and so no rule can speak."""
_MAJORITY = 0.5
_NO_NEWS, _NEWS = 0.35, 0.85
"""Below the first an event that the rules take for news is none; from the second on one that they do not is news."""
_NO_NEWS_ALONE = 0.65
"""The first, where the language has no lexicons and the rules know nothing of it."""
_PHASE_ALONE = 0.7
"""From which probability a phase stands that no rule names."""
_LIVE_ALONE = 0.5
"""How live a sentence must be for an event that no rule knows to be news."""
_TELLS = frozenset({Assertion.ASSERTED, Assertion.ALLEGED, Novelty.NEW, Novelty.UPDATE})


_NAMED = 0.85
"""How often a rule about kinds must be right for a plain sentence to need no second reader."""
_DOUBT = re.compile(
    r"\b(?:by|no|not|never|nothing|nobody|none|neither|without|den(?:y|ied|ies)|false|fake|hoax|rumou?r\w*|claim\w*"
    r"|alleg\w*|reportedly|accus\w+|if|would|could|may|might|will|should|threat\w*|plan\w*|warn\w*|fear\w*|after"
    r"|since|anniversar\w+|years?|months?|weeks?|drill\w*|exercise\w*|failed|intercept\w+|foiled|thwart\w+)\b|n't\b"
)
"""Words that a rule may take wrongly, and "by", whose name only the encoder may know: with one no sentence is plain."""


class SentenceEncoder(Protocol):
    """What the fused reader asks of a model; `services.nlp.encoder.Encoder` is one."""

    version: str

    def read(self, pairs: Sequence[tuple[str | None, str]]) -> list[Reading]:
        """The readings of pairs (sentence before or None, sentence), in the same order."""


class FusedReader:
    """Reads each candidate twice, by rules and by the encoder, and weighs both."""

    languages = MODEL_LANGUAGES
    wide = True

    def __init__(self, encoder: SentenceEncoder, figures: Trust | None = None) -> None:
        self._encoder = encoder
        self._rules = RuleReader()
        self._trust = figures or trust()
        self.version = f"{encoder.version}+{self._rules.version}"

    def read(self, candidates: Sequence[Candidate]) -> list[tuple[Mention, ...]]:
        """The mentions of each candidate, in the same order. Of a report that the rules silence no encoder is asked."""
        ruled = [self._rules.read([c])[0] if may_tell(c.sentence) else () for c in candidates]
        asked = [k for k, c in enumerate(candidates) if not c.genre.mute and not self._plain(c, ruled[k])]
        pairs = [pair(candidates[k], ruled[k]) for k in asked]
        readings = dict(zip(asked, self._encoder.read(pairs) if pairs else (), strict=True))
        return [
            self._fused(c, m, readings[k]) if k in readings else tuple(map(self._by_rules, m))
            for k, (c, m) in enumerate(zip(candidates, ruled, strict=True))
        ]

    def _plain(self, candidate: Candidate, ruled: Sequence[Mention]) -> bool:
        """Whether the rules leave so little doubt that the encoder need not be asked: cheap before dear."""
        sentence = candidate.sentence
        if len(ruled) != 1 or not sentence.latin or not sentence.any("cas", "act.hit"):
            return False
        if _DOUBT.search(sentence.plain):
            return False
        rules = ruled[0].rules
        named = (
            ruled[0].kind is not Kind.CEASEFIRE and self._trust.kind.precision.get(rules["kind"], 0) >= _NAMED
        )
        return named and rules["assertion"] == "told" and rules["novelty"] in ("recent_day", "live")

    def _by_rules(self, mention: Mention) -> Mention:
        """A mention as the rules have it, each field as probable as its rule is often right."""
        rules = mention.rules
        confidence = {"kind": self._trust.kind.precision.get(rules["kind"], mention.confidence["kind"])}
        for name, said, field in (
            ("assertion", mention.assertion, self._trust.assertion),
            ("novelty", mention.novelty, self._trust.novelty),
        ):
            counts = field.counts.get(f"{rules.get(name)} {said}", {})
            if counts:
                confidence[name] = round(counts.get(str(said), 0) / sum(counts.values()), 3)
        return replace(mention, confidence=confidence)

    def _fused(self, candidate: Candidate, ruled: Sequence[Mention], reading: Reading) -> tuple[Mention, ...]:
        reading = _beside_a_truce(candidate.sentence.text, reading)
        by_rule = {m.kind: m for m in ruled}
        live = reading.live >= _LIVE_ALONE
        by_model = {e.kind: e for e in reading.events}
        found = [
            mention
            for kind in dict.fromkeys((*by_rule, *by_model))
            if (
                mention := self._weighed(candidate, kind, by_rule.get(kind), by_model.get(kind), reading.live)
            )
            and (live or kind in by_rule or not is_news(mention))
        ]
        found.sort(key=lambda m: -m.confidence["kind"])
        told = tuple(_apart(found)[:MAX_EVENTS])
        return told if any(map(is_news, told)) else told + faint_mentions(candidate, reading)

    def _weighed(
        self, candidate: Candidate, kind: Kind, ruled: Mention | None, read: EventReading | None, live: float
    ) -> Mention | None:
        """One event of a sentence, where rules and encoder together find it probable enough."""
        rule = ruled.rules["kind"] if ruled else None
        probability = self._trust.kind_probability(kind, rule, read.probability if read else None)
        if ruled:
            told = (
                self._merged(ruled, read, probability)
                if read
                else replace(ruled, confidence={"kind": round(probability, 3)})
            )
            return told if probability >= _RULED else None
        if read is None or probability < _alone_from(candidate, read, live):
            return None
        alone = _told_by(candidate, read)
        no_news = _NO_NEWS if candidate.scanned else _NO_NEWS_ALONE
        return self._merged(alone, read, probability, no_news) if alone else None

    def _merged(
        self, told: Mention, read: EventReading, probability: float, no_news: float = _NO_NEWS
    ) -> Mention:
        rules, confidence = dict(told.rules), {"kind": round(probability, 3)}
        assertion = _decided(
            "assertion", told.assertion, self._trust.assertion, read.assertion, rules, confidence
        )
        novelty = _decided(
            "novelty", told.novelty, self._trust.novelty, read.novelty, rules, confidence, no_news
        )
        phase = told.phase
        if phase is not None:
            phase = _decided("phase", phase, self._trust.phase, read.phase, rules, confidence)
            assertion = _of_a_truce(phase, told, read)
        confidence |= {name: round(value, 3) for name, value in read.confidence.items()}
        return replace(
            told, phase=phase, assertion=assertion, novelty=novelty, rules=rules, confidence=confidence,
            spans=dict(read.spans),
        )  # fmt: skip


def _beside_a_truce(text: str, reading: Reading) -> Reading:
    """Without the fighting that a sentence about a truce names only because it is to stop, and counts nobody of."""
    truce = max((e.probability for e in reading.events if e.kind is Kind.CEASEFIRE), default=0.0)

    def counts(event: EventReading) -> bool:
        return any(first_number(text[s.start : s.end].lower()) for s in event.spans.get("killed", ()))

    kept = (e for e in reading.events if e.kind not in _FOUGHT_OVER or e.probability >= truce or counts(e))
    return replace(reading, events=tuple(kept))


def pair(candidate: Candidate, ruled: Sequence[Mention]) -> tuple[str | None, str]:
    """What the encoder is shown of a candidate: the sentence before it only where no rule knows what it tells."""
    before = candidate.previous or (None if candidate.scanned else candidate.heading)
    return (before.text if before and not ruled else None), candidate.sentence.text


def _decided(
    name: str, said: Answer, field: FieldTrust, read: Mapping[Answer, float],
    rules: dict[str, str], confidence: dict[str, float], no_news: float = _NO_NEWS,
) -> Answer:  # fmt: skip
    """The answer to one question; notes who decided and how probable it is."""
    rule = rules.get(name, name)
    weights = weighed(field, rule, said, read)
    best = said if rule in _NO_DOUBT else _preferred(said, weights, no_news)
    rules[name] = rule if best is said else ENCODER
    confidence[name] = round(weights[best], 3)
    return best


def _preferred(said: Answer, weights: Mapping[Answer, float], no_news: float) -> Answer:
    """The most probable answer, on the rules' side of news and no news unless the weights clearly lie on the other."""
    told = sum(weight for answer, weight in weights.items() if answer in _TELLS)
    news = told >= (no_news if said in _TELLS else _NEWS)
    sided = [answer for answer in weights if (answer in _TELLS) == news]
    best = max(sided or list(weights), key=lambda answer: weights[answer])
    return (
        best
        if (said in _TELLS) != news or weights[best] >= _MAJORITY * sum(weights[a] for a in sided)
        else said
    )


_TOLD = {Phase.CALLED_FOR: Assertion.HYPOTHETICAL, Phase.PROPOSED: Assertion.PLANNED,
         Phase.DECLARED: Assertion.PLANNED, Phase.AGREED: Assertion.PLANNED}  # fmt: skip


_SAID = (Phase.CALLED_FOR, Phase.PROPOSED, Phase.REJECTED)
"""Phases that are words about a truce; that the truce itself is not there does not make them less said."""
_TAKEN = (Assertion.DENIED, Assertion.THREATENED, Assertion.HYPOTHETICAL)


def _of_a_truce(phase: Phase, told: Mention, read: EventReading) -> Assertion:
    """The assertion of a phase: the rules', its own where only the encoder read it, or a clear denial or doubt."""
    likely = max(read.assertion, key=lambda a: read.assertion[a])
    quiet = likely is Assertion.DENIED and phases.is_quiet(told.sentence.plain)
    if likely in _TAKEN and read.assertion[likely] >= _NEWS and phase not in _SAID and not quiet:
        return likely
    return told.assertion if phase is told.phase else _TOLD.get(phase, Assertion.ASSERTED)


def _told_by(candidate: Candidate, read: EventReading) -> Mention | None:
    """An event that only the encoder found, with what the rules say of its assertion and novelty."""
    trigger = Trigger(read.kind, read.trigger.start, read.trigger.end, read.probability, ENCODER)
    told = mention_at(candidate, trigger)
    if told:
        return told
    phase = max(read.phase, key=lambda p: read.phase[p])
    if read.phase[phase] < _PHASE_ALONE or phases.only_named(candidate.sentence.plain):
        return None
    novelty, why = novelty_at(candidate, trigger, phase)
    rules = {"kind": ENCODER, "assertion": ENCODER, "novelty": why, "phase": ENCODER}
    span = Span(trigger.start, trigger.end)
    return Mention(
        candidate.sentence, read.kind, phase, _TOLD.get(phase, Assertion.ASSERTED), novelty, span, rules, {}
    )


def _alone_from(candidate: Candidate, read: EventReading, live: float) -> float:
    """From which probability the encoder's word alone is enough; of a title, or a heading in the text, it never is."""
    if candidate.sentence.section is Section.TITLE or _HEADING.fullmatch(candidate.sentence.text):
        return math.inf
    if read.assertion[Assertion.DENIED] >= _MAJORITY:
        return _RULED
    if any(candidate.genre.weights[name] >= _SUSPECT for name in ("sport", "culture", "business")):
        return _ALONE_SUSPECT
    if not candidate.scanned:
        return _UNSCANNED
    if read.kind in _LOOSELY_LABELLED:
        return _ALONE if _names_a_place(candidate, read) else math.inf
    return _ALONE_LIVE if live >= _VERY_LIVE else _ALONE


def _names_a_place(candidate: Candidate, read: EventReading) -> bool:
    """Whether the sentence itself says by name where it was; "in the northwest" is a general statement."""
    text = candidate.sentence.text
    named = [text[s.start : s.end] for s in read.spans.get("place", ())]
    return any(not candidate.sentence.latin or name != name.lower() for name in named)


def _apart(found: Sequence[Mention]) -> list[Mention]:
    """Of two events told by the same words the more probable one; the list begins with the most probable."""
    kept: list[Mention] = []
    for mention in found:
        if not any(mention.trigger.overlaps(other.trigger) for other in kept):
            kept.append(mention)
    return kept
