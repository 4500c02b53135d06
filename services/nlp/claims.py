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
    r"|هو|هي|הוא|היא|הם|ele|ela|eles|elas|(?:the|an?|its|his|her|their|el|la|los|las|le|les|un|une|una|os?|as?|uma?)"
    r"|nobody|no one|none|nothing|no \w+|everyone|anyone|personne|nadie|ninguém|никто|ніхто|\W*\w?\W*"
    r"|(?:a|an|the|its) (?:statement|communiqu[eé]|release|post|report|note|message|channel)"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[\d:.,\s]+)(?:\s\d+)?)$",
    re.IGNORECASE,
)
"""What names no source by itself: a pronoun, an article, a letter, a paper, a date."""
_DATED = re.compile(
    r"^(?:[Oo]n|[Ll]ate|[Ee]arly) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: \w+)? (?=[Tt]he |[A-Z])"
)
_CAPITAL = r"[A-ZÀ-ÞĞİŞА-ЯЄІЇҐ][\w'’-]+"
_APPOSED = re.compile(
    rf",\s(?:(?:[Dd]r|[A-Z][a-z]{{1,4}})\.\s)?{_CAPITAL}(?:\s(?:al-|bin\s|de\s)?{_CAPITAL}){{1,3}}(?=[,.;”\"»]|$)"
)
"""The name of a source between commas after its office ("the mayor, Ada Obi,")."""
_OFFICES = re.compile(
    r"\b(?i:governor|mayor|head|chief|commander|minister|spokes\w+|director|president|envoy|commissioner|gouverneur|maire|administra\w+"
    r"|ministre|porte-parole|général|colonel|directeur|préfet|gobernador|alcalde\w*|ministr\w|portavoz|vocer[oa]|director\w*"
    r"|governador\w*|porta-voz|administrador\w*)\b|(?i:губернатор|глава|главы|голов|очільник|начальник|мер\b|мэр|министр|міністр"
    r"|речни|представител)"
)
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
    if named and sentence.section is Section.TITLE:
        return (
            _fuller(_claimant(sentence, named[0]), body, language),
            *(_claimant(sentence, a) for a in named[1:]),
        )
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


def _fuller(short: Claimant, body: Sequence[Sentence], language: str) -> Claimant:
    """A title's source as the story's first sentences name it, where they do with more words."""
    for sentence in body[:_LEAD]:
        for told in (_claimant(sentence, span) for span in _named(sentence, language)):
            if len(told.text) > len(short.text) and short.text.casefold() in told.text.casefold():
                return told
    return short


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
    """A source as the sentence describes it, with its name where that follows its office."""
    dated = _DATED.match(sentence.text[said.start : said.end])
    start = said.start + (dated.end() if dated else 0)
    apposed = (
        _APPOSED.match(sentence.text, said.end) if _OFFICES.search(sentence.text, start, said.end) else None
    )
    end = apposed.end() if apposed else said.end
    base = sentence.start
    return Claimant(start + base, end + base, sentence.text[start:end], sentence.section is Section.TITLE)
