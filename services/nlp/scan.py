"""Finds the sentences that may tell an event: title and text in, all sentences with their hits out, or none at all.

Cheap before dear: one pass of the automaton over the whole text ends most reports, before a sentence is cut.
"""

from collections.abc import Iterable, Sequence

from services.nlp.clean import clean
from services.nlp.lexicon import Lexicon, lexicon_files
from services.nlp.sentences import MAX_SENTENCES, split
from services.nlp.text import Hit, Section, Sentence, Span, plain
from services.nlp.trigger import STATE_ACTOR

_ACTS = ("act", "cas")
_WHO = ("weapon", "who.armed", "who.army", "who.mob")
_BLASTS = ("act.bomb", "act.boom")
_ATTACKS = ("act.attack", "act.shoot")
_BURNED = "act.burn"


class Scanner:
    """All lexicons, compiled. Stateless over reports."""

    def __init__(self, wide: bool = False) -> None:
        """`wide`: for a reader that needs no trigger; then a report goes on from one word of war already."""
        self._gate = may_concern_with if wide else may_tell_with
        self._triggers = Lexicon.of_triggers()
        self._cues = Lexicon.read(*lexicon_files("cues"))
        self.size = self._triggers.size + self._cues.size

    def scan(self, title: str, text: str) -> list[Sentence]:
        """Every sentence of a report, with triggers and cues; empty where no sentence may tell an event."""
        if not self._starts(title) and not self._starts(text):
            return []
        sentences = self._split(title, text)
        return self._with_cues(title, text, sentences) if any(map(self.passes, sentences)) else []

    def passes(self, sentence: Sentence) -> bool:
        """Whether a sentence is worth a reader's look."""
        return bool(sentence.hits) and self._gate(sentence.families, sentence.plain)

    def sentences(self, title: str, text: str) -> list[Sentence]:
        """Every sentence of a report, with triggers and cues, whether or not one may tell an event."""
        return self._with_cues(title, text, self._split(title, text))

    def _split(self, title: str, text: str) -> list[Sentence]:
        cleaned = clean(text)
        heads = [Sentence(a, b, title[a:b], Section.TITLE, 0) for a, b in split(title)][:MAX_SENTENCES]
        body = [
            Sentence(a, b, cleaned.text[a:b], _section(a, b, cleaned.captions), k)
            for k, (a, b) in enumerate(split(cleaned.text))
        ][: max(0, MAX_SENTENCES - len(heads))]
        _number_lines(cleaned.text, body)
        self._mark(self._triggers, plain(title), heads)
        self._mark(self._triggers, plain(cleaned.text), body)
        return heads + body

    def _with_cues(self, title: str, text: str, sentences: list[Sentence]) -> list[Sentence]:
        heads = [s for s in sentences if s.section is Section.TITLE]
        self._mark(self._cues, plain(title), heads)
        self._mark(self._cues, plain(text), sentences[len(heads) :])
        return sentences

    @staticmethod
    def _mark(lexicon: Lexicon, page: str, sentences: Sequence[Sentence]) -> None:
        """Give the sentences of a plain text the hits of a lexicon, beside those that they have."""
        for sentence, hits in zip(
            sentences, lexicon.spread(page, ((s.start, s.end) for s in sentences)), strict=True
        ):
            sentence.hits = _both(sentence.hits, hits)

    def _starts(self, text: str) -> bool:
        """Whether a text as a whole has what a trigger is made of. True wherever one of its sentences has it."""
        page = plain(text)
        return self._gate(self._triggers.families_in(page), page)


def may_tell(sentence: Sentence) -> bool:
    """Whether a sentence has what a trigger is made of."""
    return bool(sentence.hits) and may_tell_with(sentence.families, sentence.plain)


def may_tell_with(families: frozenset[str] | set[str], text: str) -> bool:
    """Whether hits of these families, in this plain text, are what a trigger is made of."""
    if "event" in families:
        return True
    acts = not families.isdisjoint(_ACTS)
    if acts and not families.isdisjoint(_WHO):
        return True
    if acts and ("hostage" in text or STATE_ACTOR.search(text)):
        return True
    if _BURNED in families and "who" in families:
        return True
    return not families.isdisjoint(_BLASTS) or ("cas" in families and not families.isdisjoint(_ATTACKS))


_OF_WAR = (
    "event",
    "weapon",
    "cas",
    "who.armed",
    "act.attack",
    "act.shoot",
    "act.bomb",
    "act.boom",
    "act.fire",
    "mourn",
)


def may_concern_with(families: frozenset[str] | set[str], text: str) -> bool:
    """Whether hits of these families are at all of war: what an encoder may read an event in."""
    return not families.isdisjoint(_OF_WAR) or may_tell_with(families, text)


def _number_lines(text: str, sentences: Sequence[Sentence]) -> None:
    """Say of each sentence in which line it begins."""
    line = seen = 0
    for sentence in sentences:
        line, seen = line + text.count("\n", seen, sentence.start), sentence.start
        sentence.paragraph = line


def _section(start: int, end: int, captions: Sequence[Span]) -> Section:
    return Section.CAPTION if any(c.start < end and start < c.end for c in captions) else Section.BODY


def _both(hits: Iterable[Hit], cues: Iterable[Hit]) -> tuple[Hit, ...]:
    return tuple(sorted((*hits, *cues), key=lambda h: (h.start, -h.end)))
