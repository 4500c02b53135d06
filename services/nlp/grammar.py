"""How sentences name their sources, whatever the language: its words of saying in, the shapes of its sentences out.

A verb's subject stands before it ("the mayor said that"), or after it where a comma, a quote or "as" comes before the
verb or the sentence begins with it ("..., said the mayor"; Arabic).
"""

import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile, takewhile

from schemas.base import Model

LONGEST = 12
"""Words of a source's description before a verb; what is longer is a clause."""
_FOLLOWS = 9
"""Words of one that follows its verb."""
CLAUSE = re.compile(r"[,;:.!?()«»“”،؛—–]|(?<!\w)\"|\"(?!\w)|(?<=\s)-(?=\s)")
_SHORT = re.compile(r"\s?\([^\W\d_]{2,8}\)")
"""An organisation's initials after its name."""
_SHORT_BEFORE = re.compile(r"\s?\([A-ZÀ-ÞА-ЯЄІЇҐ][\w-]{1,9}\)(?=\s*$)")
_NAMED_ASIDE = re.compile(r"^([^,،]{3,80}),((?:\s[^\s,،]+){1,7}),\s*$")
"""A sentence's first words, and who they are, between commas before the verb."""
_PLURAL = re.compile(r"\w+ли$")
_RELATIVE = re.compile(r"\b(?:who|which|qui|quien|quienes|котор\w+|який|яка|яке|які|الذي|التي)\s+$")
"""What speaks here was named before: nothing after the verb does."""
_WHOSE = re.compile(
    r"\s(?:(?:from|by|of) (?=(?:the|an?|its) )|(?:de|par|por|d)(?= (?:la|las|los|le|les|l['’]))\s|de (?=l['’])"
    r"|du |des |del |da |do |par |pel[ao] )(?!\d)"
)
"""What leads from a toll or a list to whose it is."""
_MARKS = r"\s,;:.!?()«»“”\"،؛—–"
WORD = re.compile(rf"(?=[^{_MARKS}]*\w)[^{_MARKS}]+(?:[\"״׳][^{_MARKS}]+)?")


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
    noun_after: tuple[str, ...]
    things: tuple[str, ...]
    joints: tuple[str, ...]


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
        self._noun_after = re.compile(
            rf"(?:(?<!\w)(?:{_alternatives(words.noun_after)})\s|\b[dl]['’])$", re.IGNORECASE
        )
        self._thing = re.compile(
            rf"(?:[a-zà-ÿа-яёіїєґ]\S*\s|\S+-\S+\s){{0,3}}?(?:{_alternatives(words.things)})"
            rf"(?=$|\s(?:{_alternatives(words.joints)})(?!\w))"
        )

    def sources(self, text: str) -> list[tuple[int, int]]:
        """The sources that a sentence names, in order, none over another."""
        found: list[tuple[int, int]] = []
        for start, end in (*self._followed(text), *self._subjects(text)):
            if end > start and not any(start < other[1] and other[0] < end for other in found):
                found.append((start, end))
        said = (self._behind_thing(text, span) for span in sorted(found))
        return [span for span in said if span]

    def _behind_thing(self, text: str, span: tuple[int, int]) -> tuple[int, int] | None:
        """A source; of what says nothing itself, whose it is ("a toll from the prefecture")."""
        if not self.is_thing(text[slice(*span)]):
            return span
        whose = _WHOSE.search(text, *span)
        behind = (whose.end(), span[1]) if whose and whose.end() < span[1] else None
        return behind if behind and not self.is_thing(text[slice(*behind)]) else None

    def is_thing(self, named: str) -> bool:
        """Whether it is a deal, a toll or a document, which says nothing by itself."""
        return self._thing.match(named[:1].lower() + named[1:]) is not None

    def _followed(self, text: str) -> Iterator[tuple[int, int]]:
        """What "according to" leads to, unless to another verb of saying; and what a postposition closes."""
        for match in self._according.finditer(text):
            if not (self._verb.match(text, match.end()) or self._noun_after.search(text, 0, match.start())):
                yield self._after(text, match.end())
        for match in self._postposition.finditer(text):
            yield self._before(text, match.start())

    def _verbs(self, text: str) -> Iterator[re.Match[str]]:
        """Words of saying, nouns left out; with a capital only where the sentence begins ("United States")."""
        for match in self._verb.finditer(text):
            named = match.start() and match.group()[0].isupper()
            if not (named or self._noun_after.search(text, 0, match.start())):
                yield match

    def _subjects(self, text: str) -> Iterator[tuple[int, int]]:
        for match in self._verbs(text):
            before = self._before(text, match.start(), _PLURAL.match(match.group()) is not None)
            inverted = self._inverted.search(text[: match.start()])
            aside = aside_of(text[: match.start()])
            if _RELATIVE.search(text, 0, match.start()):
                continue
            if aside:
                yield self._before(text, aside)
            elif before[1] > before[0] and not inverted:
                yield before
            elif not self._that.match(text, match.end()):
                yield self._after(text, match.end())

    def _before(self, text: str, end: int, plural: bool = False) -> tuple[int, int]:
        """The clause up to a verb, with the initials in brackets that may close it."""
        short = _SHORT_BEFORE.search(text, 0, end)
        stop = short.start() if short else end
        start = max((m.end() for m in CLAUSE.finditer(text, 0, stop)), default=0)
        words = list(WORD.finditer(text, start, stop))
        if plural and len(words) > 1 and self._office.fullmatch(words[0].group()):
            words = words[1:]
        found = self._subject(words, end)
        return (found[0], short.end()) if short and found[1] == stop else found

    def _subject(self, words: list[re.Match[str]], end: int) -> tuple[int, int]:
        if not words or len(words) > LONGEST or self._not_subject.fullmatch(words[0].group()):
            return end, end
        return words[0].start(), words[-1].end()

    def _after(self, text: str, at: int) -> tuple[int, int]:
        skipped = self._skip.match(text, at)
        start = skipped.end() if skipped else at
        close = next((m.start() for m in CLAUSE.finditer(text, start)), len(text))
        stop = self._stop.search(text, start, close)
        words = list(WORD.finditer(text, start, stop.start() if stop else close))[:_FOLLOWS]
        if not words or self._not_subject.fullmatch(words[0].group()):
            return at, at
        short = _SHORT.match(text, words[-1].end())
        return words[0].start(), short.end() if short else words[-1].end()


class VerbLast(Grammar):
    """A language whose subject opens the sentence and whose verb closes it: what is said stands between them."""

    _CONTENT = re.compile(r"\w+(?:[dt][ıiuü]ğ|[ae]ca[ğk]|[ae]ce[ğk])\w*n[ıiuü]$")
    """How what is said ends."""

    def _subjects(self, text: str) -> Iterator[tuple[int, int]]:
        for match in self._verbs(text):
            comma = CLAUSE.search(text, 0, match.start())
            opening = list(WORD.finditer(text, 0, comma.start() if comma else match.start()))
            opening = list(dropwhile(lambda word: self._not_subject.fullmatch(word.group()), opening))
            told = bool(opening) and self._CONTENT.match(opening[-1].group()) is not None
            if told or not comma or len(opening) > LONGEST:
                opening = list(takewhile(lambda word: word.group()[:1].isupper(), opening))
            yield self._subject(opening, match.start())


def aside_of(lead: str) -> int | None:
    """Where a subject ends whose name follows it between commas: "the mayor, Ada Obi, said"."""
    last = lead.rfind(",", 0, lead.rstrip().rfind(","))
    opening = max((m.end() for m in CLAUSE.finditer(lead, 0, max(last, 0))), default=0)
    found = _NAMED_ASIDE.match(lead[opening:])
    if found is None:
        return None
    words = found[2].split()
    named = sum(word[0].isupper() for word in words)
    return opening + found.end(1) if 2 * named >= len(words) else None


_NEVER = r"(?!)"


def _any(words: Iterable[str], open_end: bool = False) -> re.Pattern[str]:
    """Any of them as whole words; `open_end` where a prefix joins what follows."""
    end = r"(?:\s+|(?<=['’])|(?<=\sل)|(?<=\sמ)|(?=\s*:))" if open_end else r"(?!\w)"
    return re.compile(rf"(?<!\w)(?:{_alternatives(words)}){end}", re.IGNORECASE)


def _alternatives(words: Iterable[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(w).replace(r"\ ", r"\s").replace(r"\*", r"\w*") for w in ordered) or _NEVER
