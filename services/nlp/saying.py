"""Who says so in the languages without a grammar of attribution of their own here: a sentence in, spans of sources out.

A verb's subject stands before it ("the mayor said that"), or after it where a comma, a quote or "as" comes before the
verb or the sentence begins with it ("..., said the mayor"; Arabic).
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import takewhile

from schemas.base import Model
from services.nlp.data_files import read_yaml

LONGEST = 12
"""Words of a source's description before a verb; what is longer is a clause."""
_FOLLOWS = 9
"""Words of one that follows its verb."""
_CLAUSE = re.compile(r"[,;:.!?()«»“”،؛—–]|(?<!\w)\"|\"(?!\w)|(?<=\s)-(?=\s)")
_SHORT = re.compile(r"\s?\([A-ZА-Я]{2,8}\)")
"""An organisation's initials after its name."""
_NAMED_ASIDE = re.compile(r"^([^,،]{3,80}),((?:\s[^\s,،]+){1,7}),\s*$")
"""A sentence's first words, and who they are, between commas before the verb."""
_PLURAL = re.compile(r"\w+ли$")
_WORD = re.compile(r"[^\s,;:.!?()«»“”\"،؛—–]+(?:[\"״׳][^\s,;:.!?()«»“”\"،؛—–]+)?")


class Saying(Model):
    """The words of one language; `data/saying.yaml` says what each list holds."""

    verbs: tuple[str, ...]
    according: tuple[str, ...]
    postpositions: tuple[str, ...]
    inverted: tuple[str, ...]
    that: tuple[str, ...]
    skip: tuple[str, ...]
    stop: tuple[str, ...]
    not_subject: tuple[str, ...]
    office: tuple[str, ...]


class SayingFile(Model):
    """The data file. Raises pydantic's `ValidationError` where it is malformed."""

    source: str
    languages: dict[str, Saying]


class Grammar:
    """One language's words of saying, compiled together."""

    def __init__(self, words: Saying) -> None:
        self._verb = _any(words.verbs)
        self._according = _any(words.according, open_end=True)
        self._postposition = _any(words.postpositions)
        self._inverted = re.compile(rf"(?:^|\s)(?:{_alternatives(words.inverted)})\s*$", re.IGNORECASE)
        self._that = re.compile(rf"\s*(?:{_alternatives(words.that)})(?!\w)", re.IGNORECASE)
        self._skip = re.compile(rf"(?:\s?(?:{_alternatives(words.skip)})(?!\w)){{0,3}}\s?", re.IGNORECASE)
        self._stop = _any(words.stop)
        self._office = _any(words.office)
        self._not_subject = re.compile(rf"(?:{_alternatives(words.not_subject)})(?!\w)", re.IGNORECASE)

    def sources(self, text: str) -> list[tuple[int, int]]:
        """The sources that a sentence names, in order, none over another."""
        found: list[tuple[int, int]] = []
        for start, end in (*self._followed(text), *self._subjects(text)):
            if end > start and not any(start < other[1] and other[0] < end for other in found):
                found.append((start, end))
        return sorted(found)

    def _followed(self, text: str) -> Iterator[tuple[int, int]]:
        """What "according to" leads to, and what a postposition closes."""
        for match in self._according.finditer(text):
            yield self._after(text, match.end())
        for match in self._postposition.finditer(text):
            yield self._before(text, match.start())

    def _verbs(self, text: str) -> Iterator[re.Match[str]]:
        """Words of saying; with a capital only where the sentence begins ("United States" says nothing)."""
        return (m for m in self._verb.finditer(text) if not (m.start() and m.group()[0].isupper()))

    def _subjects(self, text: str) -> Iterator[tuple[int, int]]:
        for match in self._verbs(text):
            before = self._before(text, match.start(), _PLURAL.match(match.group()) is not None)
            inverted = self._inverted.search(text[: match.start()])
            aside = _aside(text[: match.start()])
            if aside:
                yield self._before(text, aside)
            elif before[1] > before[0] and not inverted:
                yield before
            elif not self._that.match(text, match.end()):
                yield self._after(text, match.end())

    def _before(self, text: str, end: int, plural: bool = False) -> tuple[int, int]:
        """The clause up to a verb."""
        start = max((m.end() for m in _CLAUSE.finditer(text, 0, end)), default=0)
        words = list(_WORD.finditer(text, start, end))
        if plural and len(words) > 1 and self._office.fullmatch(words[0].group()):
            words = words[1:]
        return self._subject(words, end)

    def _subject(self, words: list[re.Match[str]], end: int) -> tuple[int, int]:
        if not words or len(words) > LONGEST or self._not_subject.fullmatch(words[0].group()):
            return end, end
        return words[0].start(), words[-1].end()

    def _after(self, text: str, at: int) -> tuple[int, int]:
        skipped = self._skip.match(text, at)
        start = skipped.end() if skipped else at
        close = next((m.start() for m in _CLAUSE.finditer(text, start)), len(text))
        stop = self._stop.search(text, start, close)
        words = list(_WORD.finditer(text, start, stop.start() if stop else close))[:_FOLLOWS]
        if not words or self._not_subject.fullmatch(words[0].group()):
            return at, at
        short = _SHORT.match(text, words[-1].end())
        return words[0].start(), short.end() if short else words[-1].end()


class VerbLast(Grammar):
    """A language whose subject opens the sentence and whose verb closes it: what is said stands between them."""

    def _subjects(self, text: str) -> Iterator[tuple[int, int]]:
        for match in self._verbs(text):
            comma = _CLAUSE.search(text, 0, match.start())
            opening = list(_WORD.finditer(text, 0, comma.start() if comma else match.start()))
            if not comma or len(opening) > LONGEST:
                opening = list(takewhile(lambda word: word.group()[:1].isupper(), opening))
            yield self._subject(opening, match.start())


class Determined(Grammar):
    """A language with articles whose subject follows its verb after a comma or a quote only (English)."""

    _DETERMINER = frozenset(
        ("the", "a", "an", "its", "his", "her", "their", "one", "two", "three", "several", "some")
    )
    _QUOTED = re.compile(r"[,\"”’]\s*$")
    _PASSIVE = frozenset(("was", "were", "is", "are", "be", "been", "being", "not"))
    _SUFFERED = re.compile(
        r"\w+ by\b|blamed on\b|attributed to\b|(?:said|reported|claimed|alleged|told) to (?:have|be)\b"
    )
    """A verb of saying whose subject says nothing."""
    _OPENS = re.compile(r"\s(?:the|an?|its|his|her|[A-Z])")
    """How a subject after its verb begins."""
    _PLAIN_ASIDE = re.compile(r"^([^,]{3,80}),[^,]{3,60},\s*$")

    def _subjects(self, text: str) -> Iterator[tuple[int, int]]:
        for match in self._verbs(text):
            if self._SUFFERED.match(text, match.start()):
                continue
            lead, that = text[: match.start()], self._that.match(text, match.end())
            before = self._before(text, match.start())
            aside = self._aside_of(text, lead, match)
            if aside:
                yield self._before(text, aside)
            elif not (self._QUOTED.search(lead) or self._inverted.search(lead)):
                yield before
            elif not that:
                yield self._after(text, match.end())

    def _aside_of(self, text: str, lead: str, verb: re.Match[str]) -> int | None:
        """Where a subject ends that stands before an aside; a plural verb has none after it."""
        plain = self._PLAIN_ASIDE.match(lead)
        if plain and (
            self._that.match(text, verb.end()) or verb.group() in ("say", "announce", "report", "claim")
        ):
            return plain.end(1)
        return None if self._OPENS.match(text, verb.end()) else _aside(lead)

    def _subject(self, words: list[re.Match[str]], end: int) -> tuple[int, int]:
        """What begins as no source does begins anew at its last article ("in a communique the general staff")."""
        first = words[0].group() if words else ""
        if len(words) > LONGEST or (words and self._not_subject.fullmatch(first)):
            articles = [k for k, w in enumerate(words) if k > 1 and w.group().lower() in self._DETERMINER]
            words = words[articles[-1] :] if articles else []
        relative = [k for k, w in enumerate(words) if w.group() == "that" and w.end() < end]
        if relative and words[relative[-1] + 1 :] and words[relative[-1] + 1].group()[:1].isupper():
            words = words[relative[-1] + 1 :]
        if words and words[-1].group() in ("who", "which", "that"):
            words = words[:-1]
        if words and words[-1].group().lower() in self._PASSIVE:
            return end, end
        opens = first[:1].isupper() or (words and words[0].group().lower() in self._DETERMINER)
        titled = len(words) < 8 and words and words[-1].group()[:1].isupper()
        if not (opens or titled or len(words) < 4):
            return end, end
        return super()._subject(words, end)


def _aside(lead: str) -> int | None:
    """Where a subject ends whose name follows it between commas: "the mayor, Ada Obi, said"."""
    last = lead.rfind(",", 0, lead.rstrip().rfind(","))
    opening = max((m.end() for m in _CLAUSE.finditer(lead, 0, max(last, 0))), default=0)
    found = _NAMED_ASIDE.match(lead[opening:])
    if found is None:
        return None
    words = found[2].split()
    named = sum(word[0].isupper() for word in words)
    return opening + found.end(1) if 2 * named >= len(words) else None


_MAKES: dict[str, type[Grammar]] = {"tr": VerbLast, "en": Determined}
_NEVER = r"(?!)"


def _any(words: Iterable[str], open_end: bool = False) -> re.Pattern[str]:
    """Any of them as whole words; `open_end` where a prefix joins what follows."""
    end = r"(?:\s+|(?<=['’])|(?<=\sل)|(?<=\sמ)|(?=\s*:))" if open_end else r"(?!\w)"
    return re.compile(rf"(?<!\w)(?:{_alternatives(words)}){end}", re.IGNORECASE)


def _alternatives(words: Iterable[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(w).replace(r"\ ", r"\s").replace(r"\*", r"\w*") for w in ordered) or _NEVER


@cache
def grammars() -> dict[str, Grammar]:
    """By language; the file is read once."""
    read = SayingFile.model_validate(read_yaml("saying.yaml"))
    return {name: _MAKES.get(name, Grammar)(words) for name, words in read.languages.items()}
