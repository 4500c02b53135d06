"""Casualties in languages beside English: a plain sentence and its language in, bands of killed and injured out.

One grammar for all: a number and those it counts before what befell them ("trois habitants ont été tués"), or behind
what did it ("tuant neuf civils"). `tolls.yaml` tells the words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from schemas.event import CasualtyBand
from services.nlp.data_files import read_yaml
from services.nlp.latin_time import DATE
from services.nlp.number_words import DIGITS, JOINTS, first_number, words_of
from services.nlp.tolls import Toll

_REACH = 6
"""Words between a number and what befell those it counts."""
_MOST = 10_000
_WORD = r"[^\W\d_][\w'.]*"
_NOT_COUNTED = re.compile(
    r"\b\d{1,2}[:h.]\d{2}\b"
    r"|,? (?:dont|parmi lesquels|parmi lesquelles|entre ellos|entre ellas|entre eles|entre os quais) [^,.;]{2,60},"
    r"| \([^()]{1,60}\)"
)
"""Clock times, and who the counted were: "huit personnes, dont cinq femmes, ont péri"."""
_AGE = re.compile(
    r"\b(?:de |d')?\d{1,3} (?:años?|ans|anos|yaşında\w*|річн\w+|летн\w+|рок\w+|лет|عاما|سنة)\b(?: de edad)?"
)


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The patterns of one language. Groups: n, hedge, who (the words of those counted), one."""

    befallen: tuple[tuple[str, re.Pattern[str]], ...]
    done: tuple[tuple[str, re.Pattern[str]], ...]
    before: re.Pattern[str]
    behind: re.Pattern[str]
    one: re.Pattern[str]
    alone: re.Pattern[str]
    open: re.Pattern[str]
    nobody: re.Pattern[str]
    since: re.Pattern[str]
    """Where a sum over many incidents is told."""


def languages() -> frozenset[str]:
    """Those with a grammar, by two letters."""
    return frozenset(_data())


@cache
def _data() -> Mapping[str, Mapping[str, list[str]]]:
    told: Mapping[str, Mapping[str, list[str]]] = read_yaml("tolls.yaml")["languages"]
    return told


def tolls(plain: str, language: str) -> list[Toll]:
    """Killed and injured in a plain sentence of the language, one a field; empty where it has no grammar."""
    if language not in languages():
        return []
    grammar = _grammar(language)
    text = plain.translate(DIGITS)
    for pattern in (_NOT_COUNTED, _AGE, DATE):
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    summed = grammar.since.search(text) is not None
    found: dict[str, Toll] = {}
    for toll in _all(text, grammar, language):
        if toll.field not in found:
            found[toll.field] = replace(toll, band=toll.band.model_copy(update={"cumulative": summed}))
    if "killed" not in found and (match := grammar.one.search(text)):
        band = CasualtyBand(min=1, best=1, max=1, cumulative=summed)
        found["killed"] = Toll("killed", band, match.start(), match.end())
    if not found and (match := grammar.nobody.search(text)):
        band = CasualtyBand(min=0, best=0, max=0)
        return [Toll(field, band, match.start(), match.end()) for field in ("killed", "injured")]
    return list(found.values())


def _all(text: str, grammar: _Grammar, language: str) -> Iterator[Toll]:
    behind = [(field, pattern, False) for field, pattern in grammar.befallen]
    for field, pattern, verb_first in (*behind, *((f, p, True) for f, p in grammar.done)):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            n = 2 if groups.get("two") else first_number(groups["n"] or "", language) if groups["n"] else 1
            if n is None or not 0 < n <= _MOST or (n == 1 and not _one(match, grammar)):
                continue
            if groups.get("n"):
                n += _others(text, match, verb_first, grammar, language)
            top = None if grammar.open.search(groups.get("hedge") or "") else n
            yield Toll(field, CasualtyBand(min=n, best=top, max=top), match.start(), match.end())


def _one(match: re.Match[str], grammar: _Grammar) -> bool:
    """ "Un soldat a été tué", not "un drone": what one counts must be a person."""
    return bool(grammar.alone.match((match["who"] or "").strip()))


def _others(text: str, match: re.Match[str], verb_first: bool, grammar: _Grammar, language: str) -> int:
    """Who is counted beside: "dos policías y un civil murieron", "tuant deux soldats et un civil"."""
    if verb_first:
        other = grammar.behind.match(text[match.end() :])
    else:
        other = grammar.before.search(text[max(0, match.start() - 80) : match.start()])
    return first_number(other["n"], language) or 0 if other and not other.groupdict().get("verb") else 0


def _either(fragments: Iterable[str]) -> str:
    return "|".join(fragments) or r"(?!)"


@cache
def _grammar(language: str) -> _Grammar:
    told = _data()[language]
    numbers = _either(sorted(map(re.escape, words_of(language)), key=len, reverse=True))
    joints = _either(JOINTS)
    # possessive, as the words overlap: "a", "al"
    hedges = rf"(?:(?>(?:{_either([*told['open'], *told['about']])})(?:(?<=')|(?!\w)))\s*){{0,4}}+"
    persons, things = _either(told["persons"]), _either(told["things"])
    befell = _either([*told["dead"], *told["hurt"]])
    a_number = (
        rf"(?:\d{{1,5}}(?![\d:]|[.,]\d)|(?:{numbers})(?:(?: (?:{joints}))? (?:{numbers})){{0,5}})(?!\w)"
    )
    plain_word = rf"(?!(?:{numbers}|{joints}|{things}|{befell})(?!\w)){_WORD}"
    word, first = rf"\s+{plain_word}", rf"\s*(?<!\w){plain_word}"
    people = rf"(?<!\w)(?P<n>{a_number})(?!\s+(?:{things})(?!\w))(?:\s+d[e']\s?)?"
    counted = rf"(?<!\w)(?P<hedge>{hedges}){people}(?P<who>(?:{word}){{0,{_REACH}}}?)"
    two = rf"(?<!\w)(?P<two>(?:{_either(told.get('two', []))})(?!\w))"
    own = rf"(?P<n>{a_number})(?:{word}){{1,3}}"

    def doing(other: str) -> str:
        """What follows a verb: whom it befell, and who are not counted with the other verb."""
        befallen = rf"(?:{word}){{0,2}}\s+(?:{_either(told[other])})(?!\w)"
        whom = rf"(?:{people})?(?P<who>(?:{first})?(?:{word})?)"
        return rf"(?:(?<=')|(?!\w))\s*(?P<hedge>{hedges})(?:{two}|{whom})(?!{befallen})"

    return _Grammar(
        befallen=tuple(
            (field, re.compile(rf"{counted}\s+(?:{_either(told[words])})(?!\w)"))
            for field, words in (("killed", "dead"), ("injured", "hurt"))
        ),
        done=tuple(
            (field, re.compile(rf"(?<!\w)(?:{_either(told[words])}){doing(other)}"))
            for field, words, other in (("killed", "killing", "hurt"), ("injured", "hurting", "dead"))
            if told[words]
        ),
        before=re.compile(rf"(?:(?<!\w)(?P<verb>{befell})\s+{hedges})?(?<!\w){own} (?:{joints}) $"),
        behind=re.compile(rf"^ (?:{joints}) {own}(?!(?:{word}){{0,3}}\s+(?:{befell})(?!\w))"),
        one=re.compile(rf"(?<!\w)(?:{_either(told.get('one', []))})(?!\w)"),
        alone=re.compile(rf"(?:{_WORD}\s+)?(?:{persons})(?!\w)"),
        open=re.compile(_either(told["open"])),
        nobody=re.compile(rf"(?<!\w)(?:{_either(told['nobody'])})"),
        since=re.compile(rf"(?<!\w)(?:{_either(told['since'])})(?!\w)"),
    )
