"""The places of a report by sentence: those that the gazetteer knows, and the names told beside them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.nlp.placed import Atlas
from services.nlp.text import Section, Sentence, Span
from services.nlp.told import Told, names_told
from services.nlp.toponyms import Found

TOO_WIDE = 60.0
"""The radius in km from which on a place is no town's neighbourhood."""


@dataclass(frozen=True, slots=True)
class Located:
    """The places of a report: by part, offsets into title or text."""

    title: Sequence[Found]
    body: Sequence[Found]
    atlas: Atlas | None = None
    """Without it no name is told that the gazetteer does not resolve."""

    def inside(self, sentence: Sentence) -> list[Found]:
        """The places found in a sentence, without those that are but a part of a longer name told there."""
        here = self._named(sentence)
        if not here:
            return []
        longer = [t for t in self.told(sentence, ()) if any(_overlap(t, found, sentence) for found in here)]
        return [p for p in here if not p.dateline and not any(_overlap(t, p, sentence) for t in longer)]

    def _named(self, sentence: Sentence) -> list[Found]:
        pool = self.title if sentence.section is Section.TITLE else self.body
        return [p for p in pool if sentence.start <= p.start < sentence.end]

    def told(self, sentence: Sentence, read: Sequence[Span]) -> list[Told]:
        """The names of places in a sentence that are none of those found."""
        atlas = self.atlas
        if atlas is None or sentence.section is Section.CAPTION:
            return []
        names = names_told(sentence, read, lambda start, end: atlas.is_word(sentence.text, start, end))
        here = self._named(sentence)
        names = [_without_holder(told, here, sentence) for told in names]
        return [t for t in names if not _is_found(t, [f for f in here if _overlap(t, f, sentence)], sentence)]


_OF = re.compile(r",? (?:de|du|da|do|del|of) (?:la |l'|los )?$")


def _without_holder(told: Told, here: Sequence[Found], sentence: Sentence) -> Told:
    """Without the place found that holds it: "La Cecilia de Teorama"."""
    for found in here:
        start, end = found.start - sentence.start, found.end - sentence.start
        joint = (
            _OF.search(sentence.plain[told.start : start]) if told.start < start and end == told.end else None
        )
        if joint and joint.start():
            name = sentence.text[told.start : told.start + joint.start()]
            return replace(told, end=told.start + len(name), name=name)
    return told


def _is_found(told: Told, found: Sequence[Found], sentence: Sentence) -> bool:
    """Whether what is told is a place found: not where a village is called after several ("Nova Zambézia"), or after a
    province."""
    if not found or told.whole or any(place.entry is None for place in found):  # "Iraq's Diyala"
        return bool(found)
    start, end = found[0].start - sentence.start, found[-1].end - sentence.start
    if start < told.start or end > told.start + len(told.bare):
        return True
    entry = found[0].entry
    after_province = entry is not None and entry.radius_km > TOO_WIDE and end - start < len(told.bare)
    return len(found) == 1 and not after_province


def _overlap(told: Told, found: Found, sentence: Sentence) -> bool:
    return found.start - sentence.start < told.end and told.start < found.end - sentence.start
