"""Where an event happened: the places found around its sentence in, the one that is the event's out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from schemas.event import Kind
from services.nlp import seats
from services.nlp import told_patterns as patterns
from services.nlp.beside import is_told_by
from services.nlp.elsewhere import is_aside, is_elsewhere, is_its_state, mediates
from services.nlp.last_resort import by_its_people, by_the_title
from services.nlp.located import TOO_WIDE, Located
from services.nlp.placed import Placed, found_at, is_one, is_wide, km_between, told_at
from services.nlp.read import Mention
from services.nlp.text import Sentence, Span, plain
from services.nlp.told import Told
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
    r"|gouverneur|évêque|diocèse|prefeito|bispo|diocese) (?:of|de|du|do) $"
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
_IN_COUNTRY = re.compile(
    r"\b(?:in|across|inside|into|over|near|of|northern|southern|eastern|western|central)(?: the)?(?: \w+)? $"
    r"|(?:^|\s)(?:في|شمالي?|جنوبي?|شرقي?|غربي?|وسط|داخل)\s$|(?:^|\s)(?:в|у|на)\s$"
)
_READ_AS_PLACE = 8.0
"""What the encoder's word is worth beside the words around a place."""
_NOT_HERE = -100.0
_VAGUE_RADIUS = 15.0
_FAR_BEHIND = 90
_AROUND_KM = 40.0
"""How far a place may lie from the town by whose name it is told: farther, it is another one of its name."""
_HOLDS_KM = 20.0
"""Up to this radius a place named is no region of which the next name tells the town."""
_BELONGS = re.compile(
    r",?(?: (?:[a-z']+ ){0,7}(?:of|in|near|from|outside|at|off|between)(?: the| [a-z]+'s)?"
    r"(?: (?:city|town|village|port|district))?"
    r"(?: of)? |(?: |, )|, [a-z' ]{3,40}, "
    r"|, (?:on|along|off) the [a-z]* ?(?:road|highway|track|axis) from [a-z' ]{2,30} to )"
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
    holder = None if anchor and _is_aside(*anchor) else anchor
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
    holder = next(
        (p for p in located.inside(sentence) if p.entry and _lies_by_it(p, [found], sentence)), None
    )
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
        belongs = _BELONGS.fullmatch(between) or patterns.belongs().fullmatch(between)
        return start - told.end <= _BESIDE and bool(belongs)
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
        best = _best(sentence, at, here, mention.spans.get("place", ()) if own else ())
        for place in (p for p in here if p.entry is None):
            start, end = place.start - sentence.start, place.end - sentence.start
            before, after = sentence.plain[max(0, start - 60) : start], sentence.plain[end : end + 40]
            if not is_its_state(after) and not mediates(before, after):
                countries.append((place, sentence))
        if best is None or best.entry is None:
            continue
        if _is_aside(best, sentence) and not (own and sentence.is_item):
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


def _is_aside(place: Found, sentence: Sentence) -> bool:
    start, end = place.start - sentence.start, place.end - sentence.start
    before, after = sentence.plain[max(0, start - 80) : start], sentence.plain[end : end + 40]
    return is_aside(before, after) or _speaks(before, after) or _FROM_WHERE.search(before) is not None


def _speaks(before: str, after: str) -> bool:
    """Whether it is told as where somebody speaks: "a company in Nyala said", "the mayor of Dargol"."""
    return bool(_SPEAKER.match(after) or _OFFICE.search(before))


def _inside_country(place: Found, sentence: Sentence) -> bool:
    """Whether the words before a country's name speak of where, rather than of who."""
    start = place.start - sentence.start
    return bool(_IN_COUNTRY.search(sentence.plain[max(0, start - 40) : start]))


def _elsewhere(place: Found, wide: list[_Anchor], countries: list[_Anchor]) -> bool:
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
    named = [p for _, p in scored]
    scored = [(score, place) for score, place in scored if not _lies_by_it(place, named, sentence)]
    if not scored:
        return None
    _, best = max(scored, key=lambda s: s[0])
    named = [p for _, p in scored]
    return _specific(_as_district(best, named, sentence), named, sentence)


def _lies_by_it(place: Found, named: Sequence[Found], sentence: Sentence) -> bool:
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
