"""Who says so: a text in, the spans of its sources out; and whom a report relays, as one key."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.report import Report
from services.nlp.data_files import read_yaml

_SAY = (
    r"(?:said|says|say|saying|told|tells|wrote|writes|added|adds|announced|announces|reported"
    r"|reports|claimed|claims|argued|argues|warned|warns|confirmed|confirms|"
    r"stated|states|insisted|insists|acknowledged|noted|notes|explained|explains|declared|denied"
    r"|denies|admitted|suggested|suggests|testified|tweeted|called|asked|replied|"
    r"predicted|concluded|estimates?|estimated|believes?|thinks?|accused|blamed|vowed|urged"
    r"|alleged|alleges|recalled|remarked|observed|contended|complained|promised|"
    r"spoke of|counts?|found|finds|shows?|showed|asserted|maintained|pointed out|criticized"
    r"|praised|described|expressed|hopes|hoped|wants|feels|quipped|joked|conceded|demanded|"
    r"responded|continued|indicated|revealed|disclosed|emphasized|stressed|posted|quoted)"
)
_CAP = r"(?:[A-Z][\w.'’-]*|of|the|de|al|for|and|bin|van|von|al-[A-Z]\w+|on|in)"
_NAME = rf"(?:[A-Z][\w.'’-]*(?: {_CAP}){{0,7}})"
_ROLES = (
    r"(?:officials?|residents?|witnesses|witness|sources?|activists?|medics?|doctors?|nurses?"
    r"|police|spokesm[ae]n|spokeswom[ae]n|spokesperson|ministry|minister|governor|mayor|army"
    r"|military|"
    r"monitors?|observers?|analysts?|experts?|report|reports|study|statement|media|agency"
    r"|television|survey|poll|researchers?|authorities|defectors|villagers|rebels|militants"
    r"|observatory|"
    r"prosecutors?|lawyers?|president|senator|congressman|campaign|aides?|advis[eo]rs?|critics"
    r"|supporters|director|chief|commander|general|group|team|administration|department|company|"
    r"court|judge|committee|diplomats?|lawmakers?|leaders?|members?|journalists?|reporter|elders?"
    r"|relatives|neighbours|teacher|priest|officer|colonel|firemen|hospital|council|people|woman"
    r"|man|"
    r"he|she|they|it|we|i)"
)
_NOUN = (
    rf"(?:(?:the|a|an|one|two|three|some|many|several|his|her|their|its|other|another|local|state"
    rf"|senior) )?(?:[\w'’-]+ ){{0,4}}?{_ROLES}\b(?: (?:of|for|in|from|at"
    rf"|with) (?:[\w'’-]+ ?){{1,4}}?)?\b"
)
_BEFORE = re.compile(
    rf"(?:^|[\s,“\"”—(])(?P<who>{_NAME}|{_NOUN})(?P<gap>,? (?:[^.,;\n“”\"]{{0,60}},)? ?(?:also "
    rf"|later |then |earlier |has |have |had |itself |has also )?)\b{_SAY}\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"[,”\"’']\s?[”\"]? ?(?:says|said|according to|told|added|wrote|reported|explained"
    rf"|argued) (?P<who>{_NAME}|{_NOUN})"
)
_ACCORDING = re.compile(
    r"\b(?:[Aa]ccording to|[Ii]n the words of|[Aa]s told by|citing|quoting"
    r"|[Tt]old by) (?P<who>(?:the |a |an |two |three |one |its |his "
    r"|her )?[\w'’.-]+(?: [\w'’.-]+){0,7}?)(?=[,.;:\n]| who| which| that | on (?:Mon|Tues|Wednes"
    r"|Thurs|Fri|Sat|Sun)|$)"
)
_PRONOUN_OK = re.compile(r"^(?:he|she|they|it|we|i)$", re.IGNORECASE)
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


def attributions(text: str) -> list[Attribution]:
    """The sources that a text names, in order, none twice at one place."""
    found: list[Attribution] = []
    for paragraph in re.finditer(r"[^\n]+", text):
        base = paragraph.start()
        for start, end in _spans(paragraph.group()):
            if not any(a.start < base + end and base + start < a.end for a in found):
                found.append(Attribution(base + start, base + end, text[base + start : base + end]))
    return sorted(found, key=lambda a: a.start)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_ACCORDING, _AFTER, _BEFORE):
        for match in pattern.finditer(text):
            who = match["who"]
            if who[0].islower() and pattern is _BEFORE and not _noun_like(who):
                continue
            yield match.start("who"), match.end("who")


def _noun_like(who: str) -> bool:
    return bool(
        _PRONOUN_OK.match(who)
        or re.match(
            r"(?:the|a|an|one|two|three|some|many|several|his|her|their|its|other|local|state|senior"
            r"|residents?|officials?|police|witnesses|activists|medics|doctors|army|state|military|elders"
            r"|villagers|authorities|firemen)\b",
            who,
        )
    )


@dataclass(frozen=True, slots=True)
class OriginTerm:
    """A source that many outlets relay: its key, and what it is called."""

    key: str
    terms: tuple[str, ...]


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
    return "publisher:" + re.sub(
        r"\W+", "_", (report.publisher_family or report.publisher or report.source).lower()
    ).strip("_")
