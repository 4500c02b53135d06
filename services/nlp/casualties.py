"""The tolls of one mention: its sentence and those beside it in, bands with their offsets in the report out."""

import re
from collections.abc import Sequence
from dataclasses import replace

from schemas.event import CasualtyBand, Kind
from services.nlp import foreign_tolls, number_words, timewords
from services.nlp.numbers import NUMBER, Amount, first_number, value_of
from services.nlp.read import ENCODER, Mention
from services.nlp.text import Section, Sentence, Span
from services.nlp.tolls import RAISED, Toll, tolls

NO_TOLL = (Kind.CEASEFIRE, Kind.EVACUATION_WARNING)
"""Kinds that kill nobody by themselves."""


class Casualties:
    """Knows the sentences of one report."""

    def __init__(self, titles: Sequence[Sentence], body: Sequence[Sentence], language: str) -> None:
        self._titles, self._body, self._language = titles, body, language
        self._counted: dict[int, list[Toll]] = {}

    def of_title(self) -> list[Toll]:
        """What the title counts, whatever it tells."""
        return [toll for title in self._titles for toll in self._single(title)]

    def of(self, mention: Mention) -> tuple[Toll, ...]:
        """The tolls of the sentence, and of those after it as long as they tell of the same event and of no other.

        Where the sentence only says what did it ("The bombardment came from ..."), the one before counted.
        """
        if mention.kind in NO_TOLL:
            return ()
        kept = self._of_event(mention, self._single(mention.sentence))
        if mention.sentence.section is Section.TITLE:
            return (*kept, *self._only_read(mention, {t.field for t in kept}))
        at = mention.sentence.index
        if not kept and at and not self._body[at - 1].any("event", "weapon"):
            kept = self._single(self._body[at - 1])
        for other in self._body[at + 1 : at + 4]:
            if _tells_another(other) or (mention.sentence.is_item and other.is_item):
                break
            kept = _with_later(_with_rival(kept, other), self._single(other))
        return (*kept, *self._only_read(mention, {t.field for t in kept}))

    def _of_event(self, mention: Mention, found: list[Toll]) -> list[Toll]:
        """The sentence's tolls, those first that the encoder counts to this event."""
        return sorted(
            found, key=lambda t: not any(Span(t.start, t.end).overlaps(s) for s in _read(mention, t.field))
        )

    def _only_read(self, mention: Mention, have: set[str]) -> list[Toll]:
        """What only the encoder saw, where it is sure; nothing where a sum over many incidents is told."""
        if any(t.band.cumulative for t in self._placed(mention.sentence)):
            return []
        return [
            toll
            for name in _COUNTED
            if name not in have and mention.confidence.get(name, 0) >= _SURE
            for span in _read(mention, name)[:1]
            if (toll := from_span(mention.sentence, span, name, self._language))
        ]

    def _single(self, sentence: Sentence) -> list[Toll]:
        return [t for t in self._placed(sentence) if not t.band.cumulative]

    def _placed(self, sentence: Sentence) -> list[Toll]:
        """What a sentence counts; kept, since each mention asks for those around it."""
        if id(sentence) not in self._counted:
            self._counted[id(sentence)] = self._count(sentence)
        return self._counted[id(sentence)]

    def _count(self, sentence: Sentence) -> list[Toll]:
        base = sentence.start
        found = foreign_tolls.tolls(sentence.plain, self._language)
        if sentence.latin:
            have = {t.field for t in found}
            found += [t for t in tolls(sentence.plain, sentence.text) if t.field not in have]
        title = sentence.section is Section.TITLE
        return [replace(t, start=t.start + base, end=t.end + base, in_title=title) for t in found]


_OPEN = re.compile(r"\b(?:at least|more than|over|au moins|al menos|en az|más de|plus de)\b")


def _read(mention: Mention, field: str) -> list[Span]:
    """Where the encoder saw a toll of the mention; offsets in the report."""
    base = mention.sentence.start
    return [Span(base + s.start, base + s.end) for s in mention.spans.get(field, ())]


_SURE = 0.8
_COUNTED = ("killed", "injured")
_WITH_AGE = re.compile(r"([^\W\d_]),? (?:aged )?\d{1,3}(?: years? old)?,?$")
_ONE = re.compile(r"^(?:an?|one|the|his|her|un|une|una|bir) ?(?=\w)")


def from_span(sentence: Sentence, span: Span, field: str, language: str) -> Toll | None:
    """The toll that a span of the report names ("two soldiers", "a child"); None where it counts nobody."""
    start = span.start - sentence.start
    words = sentence.plain[start : span.end - sentence.start]
    counted = _WITH_AGE.sub(r"\1", words)
    amount = first_number(counted) if language == "en" else _in_words(counted, language)
    if amount is None and counted != words:
        amount = Amount(1, 1)
    if amount is None and _ONE.match(words) and not re.search(r"s\b", words):
        amount = Amount(1, 1)
    if amount is None:
        return None
    open_end = _OPEN.search(_hedge(sentence, start, words))
    top = None if open_end else amount.max
    best = amount.min if amount.min == amount.max and not open_end else None
    band = CasualtyBand(min=amount.min, best=best, max=top)
    return Toll(field, band, span.start, span.end, sentence.section is Section.TITLE, ENCODER)


def _in_words(words: str, language: str) -> Amount | None:
    """The number that the words of another language begin with."""
    value = number_words.first_number(words, language)
    return Amount(value, value) if value is not None else None


def _hedge(sentence: Sentence, start: int, words: str) -> str:
    return sentence.plain[max(0, start - 14) : start] + words


_RIVAL = re.compile(
    r"\b(?:says?|said|insists?|insisted|counts?|counted|claims?|claimed|spoke|speaks|puts?|lists?|has|names?)\b"
    rf"(?: [\w']+){{0,8}}? (?:(?P<n>{NUMBER})(?= (?:names|dead|deaths|victims|bodies|killed)\b)"
    rf"|(?:there (?:were|are)|it was|at|of) (?P<bare>{NUMBER})(?=[.;,]|$))"
)
_FAR_APART = 10
"""Counts further apart than this many times do not tell of one event."""


def _with_rival(kept: list[Toll], sentence: Sentence) -> list[Toll]:
    """Where another source counts the dead otherwise ("the list has 19 names"), the toll spans both counts."""
    killed = next((t for t in kept if t.field == "killed" and t.band.best), None)
    match = _RIVAL.search(sentence.plain) if killed else None
    other = value_of(match["n"] or match["bare"]) if match else None
    if killed is None or other is None or other.max != other.min or killed.band.max is None:
        return kept
    if not 0 < other.min <= _FAR_APART * killed.band.min or killed.band.min > _FAR_APART * other.min:
        return kept
    low, high = min(killed.band.min, other.min), max(killed.band.max, other.min)
    band = killed.band.model_copy(update={"min": low, "max": high, "best": None if low < high else low})
    return [replace(t, band=band) if t is killed else t for t in kept]


def _with_later(kept: list[Toll], later: list[Toll]) -> list[Toll]:
    """What later sentences add: a field not told yet, or "others" to one told with its number."""
    raised = {t.field: t for t in later if t.rule == RAISED}
    kept = [raised[t.field] if t.field in raised and _below(t, raised[t.field]) else t for t in kept]
    have = {t.field: t for t in kept}
    added = {t.field: t for t in reversed(later) if t.field in have and _others(t, have[t.field])}
    summed = [replace(t, band=_sum(t.band, added[t.field].band)) if have[t.field] is t and t.field in added else t
              for t in kept]  # fmt: skip
    return summed + [t for t in later if t.field not in have]


def _below(toll: Toll, raised: Toll) -> bool:
    return toll.band.min < raised.band.min


def _others(toll: Toll, before: Toll) -> bool:
    who = toll.band.who or ""
    exact = toll.band.best is not None and before.band.best is not None
    return exact and bool(re.search(r"\b(?:others|more)\b", who))


def _sum(a: CasualtyBand, b: CasualtyBand) -> CasualtyBand:
    both = (a.min + b.min, (a.best or 0) + (b.best or 0))
    top = a.max + b.max if a.max is not None and b.max is not None else None
    return a.model_copy(update={"min": both[0], "best": both[1], "max": top})


def _tells_another(sentence: Sentence) -> bool:
    """Whether a sentence turns to something else: an older day, history, or an event of its own with its place."""
    strong = [h for h in sentence.having("event") if not h.has("event.ceasefire_weak")]
    old = sentence.any("cue.past") and any(
        w.kind in ("month", "year", "ago") for w in timewords.days(sentence.plain)
    )
    return bool(old) or (
        len(strong) > 0 and any(w.kind in ("weekday", "date", "ago") for w in timewords.days(sentence.plain))
    )
