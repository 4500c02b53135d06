"""Whose word an event rests on: the sentence that tells it and those around it in, its claimants out.

The sentence's own source comes first; where it names none, that of the next sentence, the one before, the title. An
account of the reporter's own ("I watched", "told us") looks no further.
"""

import re
from collections.abc import Sequence

from services.nlp.attribution import is_speaker, told_by
from services.nlp.draft import Claimant
from services.nlp.text import Section, Sentence, Span

_EMPTY = re.compile(
    r"(?:he|she|it|they|we|i|who|which|them|him|her|il|elle|ils|elles|on|t-il|t-elle|él|ella|ellos|он|она|они|вони|він|вона"
    r"|هو|هي|הוא|היא|הם|.|(?:a|an|the|its) (?:statement|communiqu[eé]|release|post|report))$",
    re.IGNORECASE,
)
"""What names no source by itself: a pronoun, a letter, a paper."""
_LABELS = (
    re.compile(r"(?:\s[-–—]\s|:\s)(?P<who>[^:.,]{2,40})$"),
    re.compile(r"^(?P<who>[^:.,]{2,40}):\s"),
)
"""Who stands after or before a title's colon or dash."""
_LEAD = 3
"""Sentences of the story that say whose word its title is."""
_OWN = re.compile(
    r"\b(?:I|we|our (?:reporter|correspondent|station|newspaper|observers|own)|told us"
    r"|this (?:reporter|newspaper|station))\b"
)


def claimants_in(
    sentence: Sentence, at: int, body: Sequence[Sentence], titles: Sequence[Sentence], language: str
) -> tuple[Claimant, ...]:
    """Who says what a sentence tells at an offset. `body` holds the report's sentences by their index."""
    named = _nearest(_named(sentence, language), at)
    if named or _OWN.search(sentence.text):
        return tuple(_claimant(sentence, a) for a in named)
    beside: Sequence[Sentence] = [*titles, *body[:_LEAD]]
    if sentence.section is Section.BODY:
        near = (sentence.index + 1, sentence.index - 1)
        beside = [*(body[k] for k in near if 0 <= k < len(body)), *titles]
    for other in beside:
        if found := _named(other, language):
            return (_claimant(other, found[0]),)
    return ()


def _named(sentence: Sentence, language: str) -> list[Span]:
    """The sources of a sentence that are more than a pronoun or a paper."""
    spans = [Span(a, b) for a, b in told_by(sentence.text, language)]
    if not spans and sentence.section is Section.TITLE:
        spans = _label(sentence.text)
    return [span for span in spans if not _EMPTY.match(sentence.text[span.start : span.end])]


def _label(title: str) -> list[Span]:
    """The speaker that a title puts before a colon, or after one or a dash ("Mayor: ...", "... - police"); no place."""
    found = (label.search(title) for label in _LABELS)
    return [Span(*match.span("who")) for match in found if match and is_speaker(match["who"])][:1]


def _nearest(found: Sequence[Span], at: int) -> Sequence[Span]:
    """The last before the trigger; the first after it where none stands before."""
    return [span for span in found if span.start < at][-1:] or found[:1]


def _claimant(sentence: Sentence, said: Span) -> Claimant:
    text, base = sentence.text[said.start : said.end], sentence.start
    return Claimant(said.start + base, said.end + base, text, sentence.section is Section.TITLE)
