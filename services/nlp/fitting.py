"""How well a place that a sentence names fits an event in it: its places in, the one that is the event's out."""

import re
from collections.abc import Sequence

from services.nlp import seats
from services.nlp import told_patterns as patterns
from services.nlp.beside import is_told_by
from services.nlp.elsewhere import is_aside, is_elsewhere
from services.nlp.located import TOO_WIDE
from services.nlp.placed import is_wide, km_between
from services.nlp.text import Sentence, Span, plain
from services.nlp.toponyms import Found

_AT = re.compile(
    r"\b(?:in|near|at|on|en|em|à|dans|outside|around|over|off|hit|struck|bombed|shelled|inside|into|across|of"
    r"|de|du|da|do|from|against|took|captured|seized|entered|retook|capturing|town of|city of|village of|"
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
    r"|agreed|met|meeting|jirga|hospital|clinic|morgue|correspondents?|reporters?|bureau|headquarters|coordinator|representative|mission|text|statement"
    r"|communiqué|document) (?:in|at) (?:the )?$"
    r"|\b(?:said|says|announced|declared|read out)(?: [a-z]+)? (?:in|at) (?:the )?$"
    r"|\b(?:mayor|governor|bishop|diocese|commissioner|prefect|emir|imam|alcalde|gobernador|obispo|diócesis|maire|préfet"
    r"|gouverneur|évêque|diocèse|prefeito|bispo) (?:of|de|du|do) $"
)
_FROM_WHERE = re.compile(
    r"\b(?:from|road to|way to|route to|back to|told (?!people|residents|civilians|families)\w+ in"
    r"|treated in|arrived (?:in|at)|fled to|flown to"
    r"|taken to|born in|visit(?:ed|ing)? to|based in|base in) (?:the )?$"
)
_AT_ARABIC = re.compile(
    r"(?:^|\s)(?:[وف]?(?:في|على|استهدف\w*|قرب|داخل)|[وف]?[بلك]?(?:ال)?(?:مدينة|بلدة|قرية|بلدات|قرى|مدينتي|بلدتي|قريتي|ناحية|مخيم|حي"
    r"|أحياء|محيط|أطراف))\s(?:\S+\s)?$"
)
_REGION_ARABIC = re.compile(
    r"(?:^|\s)[وف]?[بلك]?(?:ال)?(?:ريف|ريفي|محافظة|شمالي?|جنوبي?|شرقي?|غربي?|منطقة|قضاء|ولاية|إقليم)\s$"
)
_HOLDS_NEXT = re.compile(r"^'n?[ıiuü]n \w|^ (?:район|округ|област|обл\.|края |краю |громад)")
"""Behind the name of what holds the place told next to it: a Turkish genitive, a Slavic division."""
_READ_AS_PLACE = 8.0
"""What the encoder's word is worth beside the words around a place."""
_NOT_HERE = -100.0
_VAGUE_RADIUS = 15.0
_FAR_BEHIND = 90
_AROUND_KM = 40.0
"""How far a place may lie from the town by whose name it is told: farther, it is another one of its name."""
_HOLDS_KM = 20.0
"""Up to this radius a place named is no region of which the next name tells the town."""


def best_of(sentence: Sentence, at: int, places: list[Found], read: Sequence[Span]) -> Found | None:
    """The place that the event is told to be at. `read`: where the encoder saw a place of it."""
    scored = [
        (_fit(sentence, at, place) + _read_bonus(sentence, place, read), place)
        for place in places
        if place.entry
    ]
    scored = [(score, place) for score, place in scored if score > -50]
    named = [p for _, p in scored]
    scored = [(score, place) for score, place in scored if not lies_by_it(place, named, sentence)]
    if not scored:
        return None
    _, best = max(scored, key=lambda s: s[0])
    named = [p for _, p in scored]
    return _specific(_as_district(best, named, sentence), named, sentence)


def lies_by_it(place: Found, named: Sequence[Found], sentence: Sentence) -> bool:
    """Whether another place named is told by this one: "Mamove, west of Oicha"."""
    return any(
        0 < place.start - other.end <= _FAR_BEHIND
        and other.entry is not None
        and other.entry.radius_km <= _HOLDS_KM
        and place.entry is not None
        and other.country == place.country
        and km_between(other.entry, place.entry) <= _AROUND_KM + place.entry.radius_km
        and is_told_by(sentence.plain[other.end - sentence.start : place.start - sentence.start])
        for other in named
    )


def _as_district(best: Found, places: list[Found], sentence: Sentence) -> Found:
    """Of two mentions of one name ("the Hajin Military Council", "Hajin district") the one that says where."""
    start, end = best.start - sentence.start, best.end - sentence.start
    longer = sentence.text[end : end + 1] == " " and sentence.text[end + 1 : end + 2].isupper()
    if _AT.search(sentence.plain[max(0, start - 40) : start]) and not longer:
        return best
    return next((p for p in places if p.entry == best.entry and is_wide(p, sentence)), best)


def _read_bonus(sentence: Sentence, place: Found, read: Sequence[Span]) -> float:
    here = Span(place.start - sentence.start, place.end - sentence.start)
    return _READ_AS_PLACE if any(here.overlaps(span) for span in read) else 0.0


def _fit(sentence: Sentence, at: int, place: Found) -> float:
    start, end = place.start - sentence.start, place.end - sentence.start
    before, after = sentence.plain[max(0, start - 40) : start], sentence.plain[end : end + 40]
    score = -abs(start - at) / 25
    if _AT.search(before) or _AT_ARABIC.search(before):
        score += 6
    if start == 0 and after.startswith(": "):  # the label of an item in a list
        score += 1.5
    if _HOLDS_NEXT.match(after):
        score -= 8
    if _REGION_ARABIC.search(before) or patterns.holding().search(before):
        score -= 4
    if _speaks(before, after):
        score -= 12
    if is_elsewhere(sentence.plain[max(0, start - 60) : start], after):
        return _NOT_HERE
    if _FROM_WHERE.search(before):
        score -= 7
    if seats.is_seat(plain(place.name)) and seats.means_the_government(sentence.text, start, end):
        return _NOT_HERE
    if place.entry and place.entry.radius_km >= _VAGUE_RADIUS:
        score -= 1.5
    if place.entry and place.entry.radius_km > TOO_WIDE:
        score -= 3
    return score


def _specific(best: Found, places: list[Found], sentence: Sentence) -> Found:
    """Of a place and the region around it ("Khan Younis, in the Gaza Strip") the smaller one."""
    for other in places:
        between = sentence.plain[best.end - sentence.start : other.start - sentence.start]
        if best.end <= other.start and patterns.belongs().fullmatch(between):
            continue  # "Litamanda, distrito de Macomia", whatever their radius
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


def set_aside(place: Found, sentence: Sentence) -> bool:
    """Whether a place is an event's only if nothing else is named: where somebody speaks, comes from or was taken."""
    start, end = place.start - sentence.start, place.end - sentence.start
    before, after = sentence.plain[max(0, start - 80) : start], sentence.plain[end : end + 40]
    return is_aside(before, after) or _speaks(before, after) or _FROM_WHERE.search(before) is not None


def _speaks(before: str, after: str) -> bool:
    """Whether it is told as where somebody speaks: "a company in Nyala said", "the mayor of Dargol"."""
    return bool(_SPEAKER.match(after) or _OFFICE.search(before))
