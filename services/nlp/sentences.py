"""Cuts a text into sentences with offsets: text in, spans out."""

import re
from collections.abc import Iterator

MAX_SENTENCES = 2000
MAX_SENTENCE = 1200
"""Characters; what has no end by then is cut at a space."""

_STOP = re.compile(r"[.!?…؟。]['\"”’»)\]]{0,2}(?=\s|$)|\n+|\d(?<=[a-zа-я.]\d)/\d ")
"""Each alternative begins with a set of characters, so that a search passes quickly over what is in none."""
_SHORT = (
    "mr|mrs|ms|dr|gen|col|lt|sgt|maj|capt|cpl|pvt|rep|sen|gov|st|prof|rev|hon|jr|sr|inc|corp|co|ltd|vs|no|nos"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|approx|est|fig|km|sq|ft|al|etc|вул|ім|р|рр|тис|млн|г|ул|им|обл"
)
_ABBREVIATION = re.compile(
    rf"(?:\b(?:{_SHORT})|(?:^|[\s(])[a-zA-Z]|\b[a-z]\.[a-z]|[ap]\.m)\.$", re.IGNORECASE
)
_CLOCK_GOES_ON = re.compile(
    r"(?:GMT|UTC|[A-Z]{1,3}[SD]?T|[A-Z][a-z]+(?: [A-Z]?[a-z]+)? [Tt]ime|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber)\b"
)
"""What stands behind "9 p.m." of one sentence, though it begins with a capital: a zone, a day."""
_LAST_WORDS = frozenset(_SHORT.split("|"))


def split(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of `text`, trimmed, at most `MAX_SENTENCES`. `start` is added to each offset."""
    made, at = 0, 0
    for end in _ends(text):
        for piece in _pieces(text, at, end):
            if made >= MAX_SENTENCES:
                return
            made += 1
            yield piece[0] + start, piece[1] + start
        at = end


def _ends(text: str) -> Iterator[int]:
    for match in _STOP.finditer(text):
        if match.group().startswith(".") and _is_abbreviation(text, match.start() + 1, match.end()):
            continue
        # a number of a list ("1/5 ") begins the next sentence
        yield match.start() if match.group().endswith("/", 1, 2) else match.end()
    yield len(text)


def _is_abbreviation(text: str, stop: int, end: int) -> bool:
    before = text[max(0, stop - 8) : stop]
    word = before[max(before.rfind(" "), before.rfind(".", 0, -1)) + 1 : -1].lower()
    may_be = len(word) < 2 or not word.isalpha() or word in _LAST_WORDS
    if not may_be or not _ABBREVIATION.search(before):
        return False
    after = text[end : end + 40].lstrip()
    # "at 5 a.m. The" ends a sentence, "Gen. Haftar" and "5 a.m. Eastern time" do not
    ends = text[max(0, stop - 4) : stop].lower().endswith(".m.") and after[:1].isupper()
    return not ends or bool(_CLOCK_GOES_ON.match(after))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence trimmed, and cut where it is too long."""
    while start < end:
        while start < end and text[start].isspace():
            start += 1
        stop = end
        if end - start > MAX_SENTENCE:
            stop = text.rfind(" ", start, start + MAX_SENTENCE)
            stop = stop if stop > start else start + MAX_SENTENCE
        last = stop
        while last > start and text[last - 1].isspace():
            last -= 1
        if last > start:
            yield start, last
        start = stop
