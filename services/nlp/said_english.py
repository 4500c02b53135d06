"""Who says so in English by what a source looks like, beside a verb of saying: a sentence in, spans out."""

import re
from collections.abc import Iterator

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
ROLES = (
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
_DET = (
    r"(?:[Tt]he|[Aa]n?|[Oo]ne|[Tt]wo|[Tt]hree|[Ss]ome|[Mm]any|[Ss]everal|[Hh]is|[Hh]er|[Tt]heir"
    r"|[Ii]ts|[Oo]ther|[Aa]nother)"
)
_OF = r"(?: (?:of|for|in|from|at|with) (?:the )?[\w'’-]+(?: [A-Z][\w'’-]+){0,3})?"
_NOUN = (
    rf"(?:{_DET} (?:[\w'’-]+ ){{0,4}}?(?i:{ROLES})\b|[A-Z][\w'’-]+ (?:[\w'’-]+ ){{0,3}}?(?i:{ROLES})\b"
    rf"|(?:(?:local|state|senior|two|army|security|government"
    rf"|opposition) )?{ROLES}\b)(?: and (?:\w+ )?{ROLES}\b)?{_OF}"
)
_VERB = re.compile(rf"\b{_SAY}\b")
_SUBJECT = re.compile(
    rf"(?:^|[\s,“\"”—(])(?P<who>{_NAME}|{_NOUN})(?:,[^.;\n“”\"]{{0,60}},)?"
    rf"(?: (?:also|later|then|earlier|has|have|had|itself|himself|herself|has also))? $"
)
_REACH = 150
"""Characters before a verb of saying in which its subject stands."""
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


_HARDLY = re.compile(
    r"(?:called|asked|thinks?|believes?|found|finds|shows?|showed|hopes|hoped|wants|feels|described|praised"
    r"|expressed|joked|quipped|continued|promised|predicted|quoted)$"
)
"""Verbs that tell of an event only where an office or a person of a kind is their subject."""
_OFFICE = re.compile(rf"\b(?i:{ROLES})\b")


def said_in(text: str, telling: bool = False) -> list[tuple[int, int]]:
    """The spans of the sources in one sentence, in order, none over another; `telling`: of what happened only."""
    taken: list[tuple[int, int]] = []
    for span in _spans(text, telling):
        if not any(span[0] < other[1] and other[0] < span[1] for other in taken):
            taken.append(span)
    return sorted(taken)


def _spans(text: str, telling: bool) -> Iterator[tuple[int, int]]:
    for pattern in (_ACCORDING, _AFTER):
        for match in pattern.finditer(text):
            yield match.span("who")
    for verb in _VERB.finditer(text):
        base = max(0, verb.start() - _REACH)
        subject = _SUBJECT.search(text[base : verb.start()])
        if subject and not (telling and _HARDLY.match(verb.group()) and not _OFFICE.search(subject["who"])):
            yield base + subject.start("who"), base + subject.end("who")
