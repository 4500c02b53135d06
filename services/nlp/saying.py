"""Who says so in the languages that the reader knows: `data/saying.yaml` in, a grammar of sources a language out."""

import re
from collections.abc import Iterator
from functools import cache

from schemas.base import Model
from services.nlp.data_files import read_yaml
from services.nlp.grammar import LONGEST, Grammar, Saying, VerbLast, aside_of


class SayingFile(Model):
    """The data file. Raises pydantic's `ValidationError` where it is malformed."""

    source: str
    languages: dict[str, Saying]


class Determined(Grammar):
    """A language with articles whose subject follows its verb after a comma or a quote only (English)."""

    _DETERMINER = frozenset(
        ("the", "a", "an", "its", "his", "her", "their", "one", "two", "three", "several", "some")
    )
    _QUOTED = re.compile(r"(?:[,\"”’]|[,.!?]')\s*$")
    _PASSIVE = frozenset(("was", "were", "is", "are", "be", "been", "being", "not"))
    _PRONOUN = frozenset(("he", "she", "it", "they", "we"))
    _SUFFERED = re.compile(
        r"\w+ by\b|blamed on\b|attributed to\b|(?:said|reported|claimed|alleged|told) to (?:have|be)\b"
        r"|sa(?:y|ys|id) (?:good-?bye|farewell|yes|no|nothing|prayers?|mass|thank)\b"
    )
    """A verb of saying whose subject says nothing."""
    _OPENS = re.compile(r"\s(?:the|an?|its|his|her|[A-Z])")
    """How a subject after its verb begins."""
    _ADDRESSES = frozenset(("told", "tells", "tell", "informed", "reminded"))
    """Verbs that whom they speak to follows, never who speaks."""
    _FINITE = re.compile(r"\s(?:was|were|is|are|had|has|have|will|would|could|can|may|might|did|does)\b")
    """What shows that the words after a verb of saying are a sentence of their own."""
    _PLAIN_ASIDE = re.compile(r"^([^,]{3,80}),[^,]{3,60},\s*$")
    _INTRODUCED = re.compile(
        r"^(?:[A-Z][\w.'’-]*\s){1,4}?[A-Z][\w'’-]+,\s(?:(?:the|an?|its|their|on|who|of|\d+)\s[^,]{3,60}|[a-z][^,]{2,60}),\s*$"
    )
    """A sentence's first words that name a person, and the words between commas that say who it is."""
    _PLURALS = ("say", "announce", "report", "claim")
    _HOUR = re.compile(
        r"(?:\s?on)?\s?(?:the )?[\w:.-]+ (?:in the (?:morning|afternoon|evening)|at night|o['’]clock|[ap]\.?m\b)|\d"
    )
    _DAY = re.compile(r"^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$")

    def _subjects(self, text: str) -> Iterator[tuple[int, int]]:
        for match in self._verbs(text):
            if not self._SUFFERED.match(text, match.start()):
                yield self._speaks(text, match)

    def _speaks(self, text: str, verb: re.Match[str]) -> tuple[int, int]:
        """Who says what a verb says; nothing where that is not told."""
        lead, that = text[: verb.start()], self._that.match(text, verb.end())
        aside = self._before_aside(text, lead, verb)
        if aside:
            return self._before(text, aside)
        if not (self._QUOTED.search(lead) or self._inverted.search(lead)):
            return self._before(text, verb.start())
        after = self._after(text, verb.end())
        if that or verb.group().lower() in self._ADDRESSES or self._FINITE.match(text, after[1]):
            return verb.end(), verb.end()
        return after

    def _before_aside(self, text: str, lead: str, verb: re.Match[str]) -> int | None:
        """Where a subject ends that stands before an aside; a plural verb has none after it."""
        plain, said = self._PLAIN_ASIDE.match(lead), verb.group().lower()
        alone = said in (*self._PLURALS, *self._ADDRESSES) or self._INTRODUCED.match(lead)
        if plain and (self._that.match(text, verb.end()) or alone):
            return plain.end(1)
        return None if self._OPENS.match(text, verb.end()) else aside_of(lead)

    def _subject(self, words: list[re.Match[str]], end: int) -> tuple[int, int]:
        """What begins as no source does begins anew at its last article ("in a communique the general staff")."""
        first = words[0].group() if words else ""
        if len(words) > LONGEST or (words and self._not_subject.fullmatch(first)):
            articles = [k for k, w in enumerate(words) if k > 1 and w.group().lower() in self._DETERMINER]
            words = words[articles[-1] :] if articles else []
        words = self._undated(self._after_that(words, end))
        if not words or words[-1].group().lower() in (*self._PASSIVE, *self._DETERMINER):
            return end, end
        if len(words) > 1 and words[-1].group().lower() in self._PRONOUN:
            return end, end
        opens = first[:1].isupper() or words[0].group().lower() in self._DETERMINER
        titled = len(words) < 8 and words[-1].group()[:1].isupper()
        if not (opens or titled or len(words) < 4):
            return end, end
        return super()._subject(words, end)

    def _after(self, text: str, at: int) -> tuple[int, int]:
        """As everywhere, but an hour is nobody ("put out by four in the morning")."""
        return (at, at) if self._HOUR.match(text, at) else super()._after(text, at)

    def _after_that(self, words: list[re.Match[str]], end: int) -> list[re.Match[str]]:
        """The words after a "that" which a name follows; without a last "who"."""
        relative = [k for k, w in enumerate(words) if w.group() == "that" and w.end() < end]
        if relative and words[relative[-1] + 1 :] and words[relative[-1] + 1].group()[:1].isupper():
            words = words[relative[-1] + 1 :]
        return words[:-1] if words and words[-1].group() in ("who", "which", "that") else words

    def _undated(self, words: list[re.Match[str]]) -> list[re.Match[str]]:
        """Without the day, or the "also", between a subject and its verb ("the group on Friday published")."""
        while len(words) > 1 and words[-1].group() in (
            "also",
            "later",
            "then",
            "earlier",
            "has",
            "have",
            "had",
        ):
            words = words[:-1]
        if len(words) > 2 and self._DAY.match(words[-1].group()):
            words = words[: -2 if words[-2].group() in ("on", "late", "early") else -1]
        return words


_MAKES: dict[str, type[Grammar]] = {"tr": VerbLast, "en": Determined}


@cache
def grammars() -> dict[str, Grammar]:
    """By language; the file is read once."""
    read = SayingFile.model_validate(read_yaml("saying.yaml"))
    return {name: _MAKES.get(name, Grammar)(words) for name, words in read.languages.items()}
