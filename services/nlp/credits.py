"""Whom a report credits, of those whom many outlets relay: its text or the name of its outlet in, a key out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from services.nlp.data_files import read_yaml

_LEADS = (
    r"(?:\b(?:told|informed|according to|citing|quoting|via|by|to|from|with|sources?|photo|credit|selon|d['’]après"
    r"|citant|auprès de|à|par|c['’]est|appris|rapporte|según|citando|fuentes?|por|segundo|pela|com"
    r"|(?:dij|declar|inform|explic|confirm|asegur|cont|relat|indic|señal)(?:o|ó|aron|eron) a"
    r"|laut|агентств\w+|сообщает|сообщил[аи]?|сообщило|переда[её]т|пишет|на|повідомляє|повідомил[аио]|за даними|пише"
    r"|göre|kaynak):?|(?<!\w)(?:و?(?:نقلت|ذكرت|أفادت|قالت|أوردت|نشرت|وكالة)|لوكالة|عن|بحسب|وفق|سוכנות|לסוכנות|סוכנות"
    r"|על פי|לפי|דיווחה))\s+(?:the |la |le |el |o |a )?(?:news |press )?(?:agency |agence |agencia |agência |وكالة )?"
    r"|\b[Ll]['’]|(?<!\w)ל|(?<!\w)ل|[(/]\s?"
)
"""What stands before an agency that a report has something from."""
_TRAILS = (
    r"(?:['’]\w+)?(?:,?\s(?:news |press )?(?:agency|agence|ajansı\w*|correspondent|reporter|photographer|journalist"
    r"|stringer|said|says|reported|reports|quoted|quotes|citing|quoting|cited|learned|learnt|has learned|rapporte"
    r"|a rapporté|a appris|indique|cite|citant|informó|informa|reportó|citó|citando|noticiou|avançou|bildirdi"
    r"|duyurdu|aktardı|muhabir\w*|haber\w*|сообщ\w+|переда\w+|пишет|ссыла\w+|со ссылкой|повідом\w+|пише|посилаючись"
    r"|з посиланням)\b|\s?\))"
)
"""What stands after it."""


@dataclass(frozen=True, slots=True)
class OriginTerm:
    """A source that many outlets relay: its key, and what it is called; the data file says what each list holds."""

    key: str
    terms: tuple[str, ...]
    names: tuple[str, ...] = field(default=())
    initials: tuple[str, ...] = field(default=())


@cache
def origin_terms() -> list[OriginTerm]:
    """Agencies, monitors and channels whose reports others repeat."""
    return [
        OriginTerm(e["key"], tuple(e["terms"]), tuple(e.get("names", ())), tuple(e.get("initials", ())))
        for e in read_yaml("origins.yaml")["origins"]
    ]


def credited(text: str, terms: Iterable[OriginTerm]) -> str | None:
    """The key of the first whom a text credits, of two at one place the longer name's; None where it credits nobody."""
    found = [(start, -length, key) for term in terms for start, length, key in _credits(text, term)]
    return min(found)[2] if found else None


def _credits(text: str, term: OriginTerm) -> Iterator[tuple[int, int, str]]:
    for name in term.terms:
        found = _whole(name).search(text) if name in text else None
        if found:
            yield found.start(), len(name), term.key
    for name in term.names:
        for shape in _in_credit(name) if name in text else ():
            if found := shape.search(text):
                yield found.end() - len(name), len(name), term.key


def known_as(name: str, terms: Iterable[OriginTerm]) -> str | None:
    """The key of whom a name means, with or without "News Agency"; None where it means none of them."""
    called = {_plain(name), _plain(_SUFFIX.sub("", name.strip()))}
    for term in terms:
        if any(_plain(known) in called for known in (*term.terms, *term.names, *term.initials)):
            return term.key
    return None


_PREFIX = re.compile(
    r"^(?:the|agence|agencia|agência|وكالة|агентство|агенція|סוכנות)\s+|^l['’]|[()]", re.IGNORECASE
)
_SUFFIX = re.compile(
    r"\s(?:(?:news|press) )?(?:agency|ajansı|agence)$|\.(?:com|net|org|ua|ru)$", re.IGNORECASE
)


@cache
def _plain(name: str) -> str:
    return _PREFIX.sub("", name.strip()).strip().casefold()


@cache
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)[ولبكف]?{re.escape(name)}(?!\w)" if name[:1].isalpha() else re.escape(name))


@cache
def _in_credit(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A name after words that lead to a source, and one before words of saying."""
    called = re.escape(name)
    return (
        re.compile(rf"(?:{_LEADS}){called}(?!\w)"),
        re.compile(rf"(?<!\w){called}(?={_TRAILS})"),
    )
