"""A sentence made ready for counting: what is no number of people goes (dates, ages, clock times, asides)."""

import re

from services.nlp.timetypes import MONTHS

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:\bon )?(?:\bthe )?\b(?:{_ORDINAL}(?: of)? (?:{_MONTH})\b\.?|(?:{_MONTH})\b\.? {_ORDINAL}\b(?![:.]\d))"
    r"(?:,? (?:of )?(?:19|20)\d\d\b)?,?"
)
_CLOCK = r"\b(?:[01]?\d|2[0-4])[:.][0-5]\d(?: ?[ap]\.?m\b\.?)?|\b(?:1[0-2]|[1-9]) ?[ap]\.?m\b\.?"
_AGE = (
    r"\b\d{1,3} (?:year|month|week|day)s? old\b,?|, (?:aged )?\d{1,3}(?: years? old)?(?:,(?= )|(?= (?:was|were)\b))"
    r"|\baged \d{1,3}\b|(?:(?<=man)|(?<=boy)|(?<=girl)|(?<=child)) of \d{1,2}\b"
)
_QUOTED = r'"(?=[\w ]{1,24}")|(?<=\w)"(?= )'
_PARENTHESIS = r" ?\([^()]{1,60}\)"
_FAMILY = (
    r" (?:of|from) (?:the |one |a |two |three )?(?:(?:different|extended) )?"
    r"(?:[\w'-]+ ){1,4}famil(?:y|ies)(?: members)?\b"
)
_AMONG = (
    r",? (?:including|among them|among whom|most of them|all of them|all members of|both"
    r"|some of them) [^.;]{3,140}?(?:,(?= (?:were|was|have|had|has|died|are|killed"
    r"|wounded|injured|hurt)\b)|(?= (?:were|was"
    r"|have|had|has|died|are|reported|in an?|when|after|by|as)\b)|(?=,? (?:in an?|when|after|by"
    r"|as|while)\b)|(?=,? and (?:[\w-]+ ){0,4}?(?:were |was )?(?:wounded|wounding|injured|injuring|hurt)\b|[.;]|$))"
)
_ADVERB = (
    r"\b(?:reportedly|allegedly|also|likely|apparently|initially|later|reported(?: to have been| as)?) "
    r"(?=killed|wounded|injured|killing|wounding|injuring|dead)"
)
_FILLER = r"\ba further "
_ASIDE = re.compile("|".join((_PARENTHESIS, _AGE, _DATE, _CLOCK, _QUOTED, _FAMILY, _AMONG, _ADVERB, _FILLER)))


def reduced(plain: str) -> tuple[str, list[int]]:
    """A plain sentence without what is not counted, and where each of its characters stood."""
    kept: list[int] = []
    at = 0
    for match in _ASIDE.finditer(plain):
        kept.extend(range(at, match.start()))
        at = match.end()
        if plain[at : at + 1] == " " and (not kept or plain[kept[-1]] == " "):
            at += 1
    kept.extend(range(at, len(plain)))
    return "".join(plain[k] for k in kept), [*kept, len(plain)]
