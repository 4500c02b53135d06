"""Who says so: a text in, the spans of its sources out; and whom a report relays, as one key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.report import Report
from services.nlp import countries
from services.nlp.credits import OriginTerm, credited, known_as, origin_terms
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
_KIND_OF_OUTLET = (
    r"(?:News|Press|Radio|TV|Television|Agency|Network|Times|Post|Herald|Tribune|Wire|Dispatch|Gazette|Courier|Reporter"
    r"|Standard|Chronicle|Journal|Observer|Monitor|Ledger|Bulletin|Sentinel|Independent|Telegraph|Guardian|Daily)"
)
_OUTLET = re.compile(
    rf"\b(?:told|first reported by|spoke to|speaking to) (?:the )?"
    rf"((?:[A-Z]\w+ ){{0,4}}{_KIND_OF_OUTLET}(?: [A-Z]\w+){{0,3}})"
)
"""Whom a source told, where the report says."""
_CREDIT_LINE = re.compile(
    r"(?:\(|^|[.!?]\s)(?i:with(?: inputs?| information| reporting)?(?: from| by)?|(?:additional )?reporting by"
    r"|inputs? from|source|via|avec|con(?: información de)?|fuente|com(?: informações d[aeo])?|fonte|источник|джерело"
    r"|المصدر|kaynak|מקור)"
    r"\s?:?\s(?:the |The |la |le |l['’]|el |a |o )?([A-ZÀ-ÞА-ЯЄІЇҐ][\w.'’-]*(?: [A-ZÀ-ÞА-ЯЄІЇҐ][\w'’-]*){0,4})[).]?\s*$"
)
"""The outlet that a report's last words credit: "(With Coast Wire)", "Source: Coast Wire"."""
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
    found = sources(text, language)
    if found or language != "en":
        return found
    grammar = grammars()[language]
    return [
        span for span in said_in(text, telling=True) if not grammar.is_thing(text[slice(*span)].rstrip("."))
    ]


def sources(sentence: str, language: str) -> list[tuple[int, int]]:
    """The sources of one sentence by its language's words of saying."""
    grammar = grammars().get(language)
    return grammar.sources(sentence) if grammar else []


def _joined(first: Sequence[tuple[int, int]], more: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Both, but of two that overlap the first list's."""
    return sorted((*first, *((a, b) for a, b in more if not any(a < d and c < b for c, d in first))))


_SPEAKER = re.compile(
    rf"(?i:\b{ROLES}\b)|^[A-Z]{{2,6}}$"
    r"|(?i:\b(?:armée|préfe\w+|ministère|gendarmerie|état-major|gouverneur|maire|ejército|policía|gobern\w+|alcald\w+"
    r"|ministeri?o|fiscalía|exército|polícia|valilik|bakanlı\w+|emniyet|genelkurmay|генштаб|минобороны|міноборони"
    r"|губернатор|мэр\w*|мер|прокуратур\w+|полици\w+|поліці\w+|очільник|глава|повітряні сили)\b)"
    r"|\b(?:ОВА|КМВА|МВА|МВД|МВС|ДСНС|МЧС|СБУ|ФСБ|ГУР|ЗСУ|ВСУ|МЗС|МИД)\b"
    r"|\b(?:وزارة|الجيش|الشرطة|الدفاع|المرصد|محافظ|مصدر|مصادر|الصحة|الخارجية|الداخلية|الرئاسة|الهلال|شهود)\b"
    r"|צה\"ל|משטרה|המשטרה|משרד|דובר|מד\"א"
)
"""What stands beside a title's colon and speaks, in the languages of the reader."""
_SHORTENED = 8
"""Letters from which the beginning of a known source's name means it ("the Syrian Observatory")."""


def is_speaker(label: str) -> bool:
    """Whether a title's label is an office, initials or a known source, rather than a place or a theme."""
    known = (name for term in origin_terms() for name in term.terms)
    return bool(_SPEAKER.search(label)) or (
        len(label) >= _SHORTENED and any(n.startswith(label) for n in known)
    )


def origin_of(report: Report, terms: list[OriginTerm]) -> str:
    """A key for whom the report relays: the monitor or agency it credits first, else its publisher, else its source."""
    head = f"{report.title or ''}\n{report.text[:2500]}\n{report.text[-300:]}"
    own = report.publisher_family or report.publisher or report.source
    key = credited(head, terms)
    if key:
        return key
    named = (
        _AGENCY.search(head)
        or _dateline(report.text[:400])
        or _OUTLET.search(head)
        or _CREDIT_LINE.search(report.text[-200:])
    )
    if named and not any(_within(named[1], name) for name in (report.publisher, report.source) if name):
        return known_as(named[1], terms) or "agency:" + _key(named[1])
    return known_as(own, terms) or "publisher:" + _key(own)


def _key(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_")


def _within(named: str, outlet: str) -> bool:
    """Whether an outlet is meant by all or some of its own name's words ("told North Press")."""
    return set(_key(named).split("_")) <= set(_key(outlet).split("_"))


def _dateline(text: str) -> re.Match[str] | None:
    """A dispatch's first words, unless they name a country in brackets."""
    found = _DATELINE.search(text)
    return found if found and plain(found[1]) not in countries.names() else None
