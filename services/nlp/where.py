"""Where an event happened: the places found around its sentence in, the one that is the event's out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from schemas.event import Kind
from services.nlp import told_patterns as patterns
from services.nlp.beside import is_told_by
from services.nlp.elsewhere import is_its_state, mediates
from services.nlp.fitting import best_of, lies_by_it, set_aside
from services.nlp.last_resort import by_its_people, by_the_title
from services.nlp.located import TOO_WIDE, Located
from services.nlp.placed import Placed, found_at, is_one, is_wide, told_at
from services.nlp.read import Mention
from services.nlp.text import Sentence, Span
from services.nlp.told import Told
from services.nlp.toponyms import Found

_IN_COUNTRY = re.compile(
    r"\b(?:in|across|inside|into|over|near|of|northern|southern|eastern|western|central)(?: the)?(?: \w+)? $"
    r"|(?:^|\s)(?:في|شمالي?|جنوبي?|شرقي?|غربي?|وسط|داخل)\s$|(?:^|\s)(?:в|у|на)\s$"
)
_BELONGS = re.compile(
    r",?(?: (?:[a-z']+ ){0,7}(?:of|in|near|from|outside|at|off)(?: the| [a-z]+'s)?"
    r"(?: (?:city|town|village|port|district))?"
    r"(?: of)? |(?: |, )|, [a-z' ]{3,40}, )"
)
"""Between a name told and what holds it: ", a village on the road west of", " base north of ", ", "."""
_BESIDE, _CLOSE = 60, 25
_GOES_ON = re.compile(r"(?:The|It|They|This|Its|Their|He|She|His|Her) ")
_ELSE = re.compile(
    r"\b(?:last|earlier|previous(?:ly)?|another|also|separate(?:ly)?|meanwhile|elsewhere|other|ago|since|similar|second)\b"
)
"""Words of a sentence that tells of something else than the one before it."""


_Anchor = tuple[Found, Sentence]


def place_of(
    mention: Mention,
    around: Sequence[Sentence],
    located: Located,
    seen: Mapping[int, Sequence[Span]] = MappingProxyType({}),
) -> Placed | None:
    """The event's place: in its own sentence, else in those around it, nearest first; the most specific that is named.

    `around` lists other sentences in the order in which to look; `seen` tells, by a sentence's `id`, where the encoder
    saw places in it. A name that the gazetteer lacks is kept as told, with
    what holds it.
    """
    anchor = _anchor(mention, around, located)
    read = mention.spans.get("place", ())
    holder = None if anchor and set_aside(*anchor) else anchor
    for sentence in (mention.sentence, *around):
        own = sentence is mention.sentence
        spans = read if own else seen.get(id(sentence), ())
        told = located.told(sentence, spans)
        beside = holder if holder and holder[1] is sentence else None
        name = _nearest(told, mention.trigger.start if own else 0, beside, spans)
        if name and located.atlas and not (anchor and is_one(name, anchor[0])):
            placed = told_at(name, sentence, holder, located.atlas, told)
            if placed:
                return placed
        if beside:
            break
    if anchor and anchor[0].entry:
        return _in_detail(mention, around, located, anchor, seen) or _found_by(anchor, located)
    people = by_its_people(mention.sentence, around, located)
    if anchor:
        return people or found_at(*anchor)
    return by_the_title(around, located) or people


def _found_by(anchor: _Anchor, located: Located) -> Placed:
    """The place found, and by which other one its sentence tells it."""
    found, sentence = anchor
    placed = found_at(found, sentence)
    holder = next((p for p in located.inside(sentence) if p.entry and lies_by_it(p, [found], sentence)), None)
    return replace(placed, by=holder.name) if holder and not placed.by else placed


def _in_detail(
    mention: Mention,
    around: Sequence[Sentence],
    located: Located,
    anchor: _Anchor,
    seen: Mapping[int, Sequence[Span]],
) -> Placed | None:
    """The village that the next sentence names, where the event's own names a district: "The car was hit in Sinuni"."""
    own = mention.sentence
    if located.atlas is None or anchor[1] is not own or not is_wide(*anchor):
        return None
    after = next((s for s in around if s.section is own.section and s.index == own.index + 1), None)
    if after is None or not _GOES_ON.match(after.text) or _ELSE.search(after.plain):
        return None
    name = _nearest(located.told(after, seen.get(id(after), ())), 0, None, ())
    return told_at(name, after, anchor, located.atlas) if name else None


def _nearest(told: list[Told], at: int, anchor: _Anchor | None, read: Sequence[Span]) -> Told | None:
    """Of names told in a sentence, the one nearest to the event that says more than the place found there."""
    fitting = [t for t in told if anchor is None or _says_more(t, anchor, read)]
    return min(fitting, key=lambda t: (t.whole, not t.read, abs(t.start - at)), default=None)


def _says_more(told: Told, anchor: _Anchor, read: Sequence[Span]) -> bool:
    """Whether a name told lies in the place found in its sentence: beside it, or where the encoder saw a place and the
    place found is none that it saw."""
    found, sentence = anchor
    start, end = found.start - sentence.start, found.end - sentence.start
    if found.entry is None or found.entry.radius_km > TOO_WIDE:
        return True
    if told.end <= start:
        between = sentence.plain[told.end : start]
        held = _BELONGS.fullmatch(between) or patterns.belongs().fullmatch(between) or is_told_by(between)
        return start - told.end <= _BESIDE and bool(held)
    if sentence.plain[end : told.start] == "'s ":
        return True
    seen = any(Span(start, end).overlaps(span) for span in read)
    return (told.read and not seen) or (
        told.start - end <= _CLOSE and told.name != told.bare and not (told.whole and not is_wide(*anchor))
    )


def _anchor(mention: Mention, around: Sequence[Sentence], located: Located) -> _Anchor | None:
    """The place of the gazetteer that is the event's, or holds it: a town, else an area, else a country."""
    countries: list[_Anchor] = []
    wide: list[_Anchor] = []
    aside: list[_Anchor] = []
    truce = mention.kind is Kind.CEASEFIRE
    for sentence in (mention.sentence, *around):
        own = sentence is mention.sentence
        at = mention.trigger.start if own else 0
        here = located.inside(sentence)
        best = best_of(sentence, at, here, mention.spans.get("place", ()) if own else ())
        for place in (p for p in here if p.entry is None):
            start, end = place.start - sentence.start, place.end - sentence.start
            before, after = sentence.plain[max(0, start - 60) : start], sentence.plain[end : end + 40]
            if not is_its_state(after) and not mediates(before, after):
                countries.append((place, sentence))
        if best is None or best.entry is None:
            continue
        if set_aside(best, sentence) and not (own and sentence.is_item):
            aside.append((best, sentence))
            continue
        if best.entry.radius_km <= TOO_WIDE and not _elsewhere(best, wide, countries):
            return best, sentence
        wide.append((best, sentence))
        if own and truce:
            break  # it covers an area: a town of another sentence is not finer
    inside = next((c for c in countries if _inside_country(*c)), None)
    if wide or (aside and not (truce and inside)):
        return [*wide, *aside][0]
    return inside or (countries[0] if countries and not _is_joint(countries) else None)


def _is_joint(countries: Sequence[_Anchor]) -> bool:
    """Whether the first country is one of two that do something together: "Chad and Sudan agree"."""
    (first, sentence), *others = countries
    for second, where in others:
        if where is sentence and second.country != first.country:
            between = sentence.plain[first.end - sentence.start : second.start - sentence.start]
            return between in (" and ", ", ", " et ", " y ", " e ", " ve ", " и ", " و")
    return False


def _inside_country(place: Found, sentence: Sentence) -> bool:
    """Whether the words before a country's name speak of where, rather than of who."""
    start = place.start - sentence.start
    return bool(_IN_COUNTRY.search(sentence.plain[max(0, start - 40) : start]))


def _elsewhere(place: Found, wide: list[_Anchor], countries: list[_Anchor]) -> bool:
    """Whether a nearer sentence names another country."""
    named = {p.country for p, _ in wide}
    return bool(named) and place.country not in named
