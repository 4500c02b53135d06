"""Where an event happened: the places found around its sentence in, the one that is the event's out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.event import Place
from services.nlp import seats
from services.nlp.read import Mention
from services.nlp.text import Section, Sentence, Span, plain
from services.nlp.toponyms import Found

_AT = re.compile(
    r"\b(?:in|near|at|on|outside|around|over|off|hit|struck|bombed|shelled|inside|into|across|of"
    r"|from|against|took|captured|seized|entered|retook|capturing|town of|city of|village of|"
    r"south of|north of|east of|west of|north west of|north east of|south east of|south west of"
    r"|between|towards?|to|for|outskirts of|edge of)(?: the)?(?: [a-z]+){0,3} ?$"
)
_SPEAKER = re.compile(
    r"^(?:'s)?(?: [a-z]+){0,3} (?:said|says|told|denied|announced|reported|claimed|claims|blamed"
    r"|accused|called|confirmed|wrote|asked|added)\b"
)
_OFFICE = re.compile(
    r"\b(?:ministry|minister|embassy|ambassador|officials?|government|office|spokesman|command"
    r"|talks|negotiators?|delegates?|envoys?|agency|newspaper|paper|daily|weekly|diplomats?|signed"
    r"|agreed|met|meeting|hospital) (?:in|at) (?:the )?$"
)
_FROM_WHERE = re.compile(
    r"\b(?:from|road to|way to|route to|back to|told \w+ in|arrived (?:in|at)|fled to|flown to"
    r"|taken to|born in|visit(?:ed|ing)? to|based in|base in) (?:the )?$"
)
_AT_ARABIC = re.compile(
    r"(?:^|\s)(?:[وف]?(?:في|على|استهدف\w*|قرب|داخل)|[وف]?[بلك]?(?:ال)?(?:مدينة|بلدة|قرية|بلدات|قرى|مدينتي|بلدتي|قريتي|ناحية|مخيم|حي"
    r"|أحياء|محيط|أطراف))\s(?:\S+\s)?$"
)
_REGION_ARABIC = re.compile(
    r"(?:^|\s)[وف]?[بلك]?(?:ال)?(?:ريف|ريفي|محافظة|شمالي?|جنوبي?|شرقي?|غربي?|منطقة|قضاء|ولاية|إقليم)\s$"
)
_DIRECTION = re.compile(
    r"(?:^|\s)(?:من |ب|و)?(?:اتجاه|أجواء)(?:\s\S+){0,3}\s$|\b(?:from the direction of|airspace (?:over|of)|flying over"
    r"|from over)(?: the)?(?: \w+)? $"
)
_COUNTRYSIDE = re.compile(r"(?:^|\s)[وف]?[بلك]?(?:ال)?(?:ريف|ريفي|ريفَي)\s$|\b(?:rural|countryside of) $")
_COUNTRYSIDE_AFTER = re.compile(r"^(?:'s)?(?: \w+)? countryside\b")
_COUNTRYSIDE_KM = 40.0
_IN_COUNTRY = re.compile(
    r"\b(?:in|across|inside|into|over|near|of|northern|southern|eastern|western|central)(?: the)?(?: \w+)? $"
    r"|(?:^|\s)(?:في|شمالي?|جنوبي?|شرقي?|غربي?|وسط|داخل)\s$|(?:^|\s)(?:в|у|на)\s$"
)
_READ_AS_PLACE = 8.0
"""What the encoder's word is worth beside the words around a place."""
_NOT_HERE = -100.0
_VAGUE_RADIUS = 15.0
_TOO_WIDE = 60.0


@dataclass(frozen=True, slots=True)
class Placed:
    """The place of an event and where the report names it."""

    place: Place
    start: int
    end: int
    in_title: bool
    zone: str | None


@dataclass(frozen=True, slots=True)
class Located:
    """The places of a report: by part, offsets into title or text."""

    title: Sequence[Found]
    body: Sequence[Found]

    def inside(self, sentence: Sentence) -> list[Found]:
        pool = self.title if sentence.section is Section.TITLE else self.body
        return [p for p in pool if sentence.start <= p.start < sentence.end and not p.dateline]


def place_of(mention: Mention, around: Sequence[Sentence], located: Located) -> Placed | None:
    """The event's place: in its own sentence, else in those around it, nearest first; the most specific that is named.

    `around` lists other sentences in the order in which to look.
    """
    countries: list[tuple[Found, Sentence]] = []
    wide: list[tuple[Found, Sentence]] = []
    for sentence in (mention.sentence, *around):
        own = sentence is mention.sentence
        at = mention.trigger.start if own else 0
        best = _best(sentence, at, located.inside(sentence), mention.spans.get("place", ()) if own else ())
        for place in (p for p in located.inside(sentence) if p.entry is None):
            countries.append((place, sentence))
        if best is None or best.entry is None:
            continue
        if best.entry.radius_km <= _TOO_WIDE and not _elsewhere(best, wide, countries):
            return _placed(best, sentence, mention.sentence)
        wide.append((best, sentence))
    if wide:
        return _placed(*wide[0], mention.sentence)
    if not countries:
        return None
    inside = next((c for c in countries if _inside_country(*c)), countries[0])
    return _placed(*inside, mention.sentence)


def _inside_country(place: Found, sentence: Sentence) -> bool:
    """Whether the words before a country's name speak of where, rather than of who."""
    start = place.start - sentence.start
    return bool(_IN_COUNTRY.search(sentence.plain[max(0, start - 40) : start]))


def _elsewhere(
    place: Found, wide: list[tuple[Found, Sentence]], countries: list[tuple[Found, Sentence]]
) -> bool:
    """Whether a nearer sentence names another country."""
    named = {p.country for p, _ in wide}
    return bool(named) and place.country not in named


def _best(sentence: Sentence, at: int, places: list[Found], read: Sequence[Span]) -> Found | None:
    """The place that the event is told to be at. `read`: where the encoder saw a place of it."""
    scored = [
        (_fit(sentence, at, place) + _read_bonus(sentence, place, read), place)
        for place in places
        if place.entry
    ]
    scored = [(score, place) for score, place in scored if score > -50]
    if not scored:
        return None
    _, best = max(scored, key=lambda s: s[0])
    return _specific(best, [p for _, p in scored])


def _read_bonus(sentence: Sentence, place: Found, read: Sequence[Span]) -> float:
    here = Span(place.start - sentence.start, place.end - sentence.start)
    return _READ_AS_PLACE if any(here.overlaps(span) for span in read) else 0.0


def _fit(sentence: Sentence, at: int, place: Found) -> float:
    start, end = place.start - sentence.start, place.end - sentence.start
    before, after = sentence.plain[max(0, start - 40) : start], sentence.plain[end : end + 40]
    score = -abs(start - at) / 25
    if _AT.search(before) or _AT_ARABIC.search(before):
        score += 6
    if _REGION_ARABIC.search(before):
        score -= 4
    if _SPEAKER.match(after) or _OFFICE.search(before):
        score -= 12
    if _DIRECTION.search(before):
        return _NOT_HERE
    if _FROM_WHERE.search(before):
        score -= 7
    if seats.is_seat(plain(place.name)) and seats.means_the_government(sentence.text, start, end):
        return _NOT_HERE
    if place.entry and place.entry.radius_km >= _VAGUE_RADIUS:
        score -= 1.5
    if place.entry and place.entry.radius_km > _TOO_WIDE:
        score -= 3
    return score


def _specific(best: Found, places: list[Found]) -> Found:
    """Of a place and the region around it ("Khan Younis, in the Gaza Strip") the smaller one."""
    for other in places:
        near = (other.entry and best.entry and abs(other.start - best.end) <= 32) or (
            other.entry and best.entry and abs(best.start - other.end) <= 32
        )
        if (
            near
            and other.entry
            and best.entry
            and other.country == best.country
            and other.entry.radius_km * 4 < best.entry.radius_km
        ):
            return other
    return best


def _placed(found: Found, sentence: Sentence, home: Sentence) -> Placed:
    entry = found.entry
    in_title = sentence.section is Section.TITLE
    if entry is None:
        return Placed(Place(name=found.name, country=found.country), found.start, found.end, in_title, None)
    radius = max(entry.radius_km, _COUNTRYSIDE_KM if _around(found, sentence) else 0.0)
    place = Place(
        name=entry.name if not found.name.isascii() else found.name, country=entry.country,
        admin1=entry.admin1 or None,
        lat=round(entry.lat, 4), lon=round(entry.lon, 4), geonames_id=entry.geonames_id or None,
        radius_km=radius,
    )  # fmt: skip
    return Placed(place, found.start, found.end, in_title, entry.zone)


def _around(found: Found, sentence: Sentence) -> bool:
    """Whether the text says the countryside of a town, not the town."""
    start, end = found.start - sentence.start, found.end - sentence.start
    before, after = sentence.plain[max(0, start - 20) : start], sentence.plain[end : end + 30]
    return bool(_COUNTRYSIDE.search(before) or _COUNTRYSIDE_AFTER.match(after))
