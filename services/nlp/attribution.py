"""Who says so: a text in, the spans of its sources out; and whom a report relays, as one key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from schemas.report import Report
from services.nlp import countries
from services.nlp.data_files import read_yaml
from services.nlp.said_english import ROLES, said_in
from services.nlp.saying import grammars
from services.nlp.sentences import split
from services.nlp.text import plain

_CHUNK = 800
"""Characters of a sentence that are looked at."""
_DATELINE = re.compile(
    r"^\W{0,3}[^\W\d_][\w .,'’-]{1,40} ?[(/]([A-Z]{2,6}|[A-Z]\w+(?: [A-Z]\w+){0,3})[)/] ?[-–—:]",
    re.MULTILINE,
)
"""A dispatch's first words: its place, and the agency in brackets."""
_OUTLET = re.compile(
    r"\btold (?:the )?((?:[A-Z]\w+ ){0,4}(?:News|Press|Radio|TV|Television|Agency|Network|Times|Post|Herald|Tribune)"
    r"(?: [A-Z]\w+){0,3})"
)
"""Whom a source told, where the report says."""
_AGENCY = re.compile(
    r"(?:\(|^|\b(?:told|according to|via|Source: ?|reported by|photo: ?)\s?)(Reuters|AFP|AP"
    r"|Associated Press|Agence France[- ]Presse|TASS|Xinhua|Anadolu|SANA|DPA|Interfax|RIA Novosti"
    r"|Bloomberg|Al Jazeera|WAFA|SUNA|IRNA|Kyodo)\b",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """A source and where the text names it."""

    start: int
    end: int
    text: str


def attributions(text: str, language: str = "en") -> list[Attribution]:
    """The sources that a text names, in order, none twice at one place; none in a language without words of saying."""
    found: list[Attribution] = []
    for begin, end in split(text):
        sentence = text[begin : min(end, begin + _CHUNK)]
        said = sources(sentence, language)
        if language == "en":
            said = _joined(said, said_in(sentence))
        found += (Attribution(a + begin, b + begin, text[a + begin : b + begin]) for a, b in said)
    return found


def told_by(sentence: str, language: str) -> list[tuple[int, int]]:
    """The sources of one sentence: by the words of saying, in English else by what a source looks like."""
    text = sentence[:_CHUNK]
    return sources(text, language) or (said_in(text) if language == "en" else [])


def sources(sentence: str, language: str) -> list[tuple[int, int]]:
    """The sources of one sentence by its language's words of saying."""
    grammar = grammars().get(language)
    return grammar.sources(sentence) if grammar else []


def _joined(first: Sequence[tuple[int, int]], more: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Both, but of two that overlap the first list's."""
    return sorted((*first, *((a, b) for a, b in more if not any(a < d and c < b for c, d in first))))


_SPEAKER = re.compile(rf"(?i:\b{ROLES}\b)|^[A-Z]{{2,6}}$")
_SHORTENED = 8
"""Letters from which the beginning of a known source's name means it ("the Syrian Observatory")."""


def is_speaker(label: str) -> bool:
    """Whether a title's label is an office, initials or a known source, rather than a place or a theme."""
    known = (name for term in origin_terms() for name in term.terms)
    return bool(_SPEAKER.search(label)) or (
        len(label) >= _SHORTENED and any(n.startswith(label) for n in known)
    )


@dataclass(frozen=True, slots=True)
class OriginTerm:
    """A source that many outlets relay: its key, and what it is called."""

    key: str
    terms: tuple[str, ...]


@cache
def origin_terms() -> list[OriginTerm]:
    """Agencies, monitors and channels whose reports others repeat."""
    return [OriginTerm(e["key"], tuple(e["terms"])) for e in read_yaml("origins.yaml")["origins"]]


def origin_of(report: Report, terms: list[OriginTerm]) -> str:
    """A key for whom the report relays: the monitor or agency it credits first, else its publisher, else its source."""
    head = f"{report.title or ''}\n{report.text[:2500]}\n{report.text[-300:]}"
    credited = [(at, term.key) for term in terms for name in term.terms if (at := head.find(name)) >= 0]
    if credited:
        return min(credited)[1]
    agency = _AGENCY.search(head)
    if agency:
        return "agency:" + re.sub(r"\W+", "_", agency[1].lower())
    named = _dateline(report.text[:400]) or _OUTLET.search(head)
    if named and named[1] not in (report.publisher, report.source):
        return "agency:" + re.sub(r"\W+", "_", named[1].lower())
    return "publisher:" + re.sub(
        r"\W+", "_", (report.publisher_family or report.publisher or report.source).lower()
    ).strip("_")


def _dateline(text: str) -> re.Match[str] | None:
    """A dispatch's first words, unless they name a country in brackets."""
    found = _DATELINE.search(text)
    return found if found and plain(found[1]) not in countries.names() else None
