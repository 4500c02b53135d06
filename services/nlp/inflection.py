"""Names in the cases of Slavic languages or with a prefix of Arabic or Hebrew: a written name in, its places out."""

import re
from collections.abc import Iterator

from services.nlp import arabic
from services.nlp.gazetteer import Entry, Gazetteer

_HEBREW_PREFIXES = "בלמהוש"


def inflected(name: str, gazetteer: Gazetteer) -> Iterator[Entry]:
    """A Slavic name in an oblique case, one with an Arabic or Hebrew prefix: the place whose name it may be."""
    if arabic.is_arabic(name):
        forms = list(arabic.unprefixed(name))
    elif "\u0590" <= name[0] <= "\u05ff":
        forms = [name[1:]] if name[0] in _HEBREW_PREFIXES and len(name) > 3 else []
    elif not "\u0400" <= name[0] <= "\u052f":
        forms = []
    elif " " in name:
        forms = list(_of_two_words(name))
    else:
        base = name[:-1]
        forms = [*_of_adjective(name), base, base + "а", base + "я", base + "ь", base + "о", base + "е", name[:-2],
        name[:-2] + "а", name[:-2] + "ь",
                 name[:-2] + "ий", name[:-2] + "ка", name[:-2] + "ець", name[:-2] + "ець",
                 name[:-3] + "ий"]  # fmt: skip
    for form in forms:
        if len(form) > 2:
            yield from gazetteer.lookup(form)


_OBLIQUE = (
    (re.compile(r"(?:ом|ого|ому|им|ым)$"), ("ой", "ий", "ый", "")),
    (re.compile(r"(?:ой|ую|ої|ій|ою|у|і)$"), ("ая", "а")),
)


def _of_two_words(name: str) -> Iterator[str]:
    """What a name of an adjective and a noun may be the case of: "Кривом Роге" is Кривой Рог."""
    first, _, last = name.partition(" ")
    if " " in last or len(last) < 2:
        return
    base, short = last[:-1], last[:-2]
    nouns = (
        last, base, base + "а", base + "я", base + "ь", short + "ь", short + "овь", short + "а", short + "ка",
        _with_i(base), _with_i(short + "г"),
    )  # fmt: skip
    for ending, nominatives in _OBLIQUE:
        stem = ending.sub("", first)
        if stem != first and len(stem) > 2:
            adjectives = (*(stem + nominative for nominative in nominatives), _with_i(stem))
            yield from (f"{adjective} {noun}" for adjective in adjectives for noun in nouns)
            return


def _with_i(noun: str) -> str:
    """The Ukrainian nominative of "Рог(у)": Ріг."""
    return re.sub(r"[оеє](?=[^аеєиіїоуюя]$)", "і", noun)


_ADJECTIVE = re.compile(r"^(\w{2,})([сcц])(ьк|к)(?:ой|ая|ую|ого|ому|ом|им|ий|ої|ій|а|у|ою)$")


def _of_adjective(name: str) -> Iterator[str]:
    """The towns whose adjective a Slavic name may be: "Брянской" is Bryansk's, "Белгородской" Belgorod's."""
    match = _ADJECTIVE.match(name)
    if match:
        yield from (match[1] + match[2] + match[3], match[1], match[1] + "ськ")
