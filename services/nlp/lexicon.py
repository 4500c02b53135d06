"""The lexicons: YAML files in, one automaton that finds all their terms in one pass out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import ahocorasick

from services.nlp.data_files import DATA, read_yaml
from services.nlp.offsets import bare
from services.nlp.text import Hit, plain

_ARABIC_PREFIXES = frozenset(
    ["و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "لل", "فال", "كال", "ولل", "وب", "ول"]
)
_STEM_TAIL = 6
"""Letters that may follow a stem marked with `*`."""


def expand(entry: str) -> Iterator[str]:
    """The forms that an entry stands for: `jet/n` is jet and jets, `bomb/v` bomb, bombs, bombed, bombing."""
    term, _, mark = entry.partition("/") if entry.endswith(("/n", "/v")) else (entry, "", "")
    yield term
    if mark == "n":
        yield _plural(term)
    elif mark == "v":
        base = term.removesuffix("e")
        yield from (_plural(term), base + "ed", base + "ing")


def _plural(term: str) -> str:
    if re.search(r"[^aeiou]y$", term):
        return term[:-1] + "ies"
    return term + ("es" if term.endswith(("s", "x", "z", "ch", "sh")) else "s")


class Lexicon:
    """All terms of some files. Finds each at word boundaries; the longest wins; `mute` terms swallow others."""

    def __init__(self, terms: dict[str, set[str]]) -> None:
        beginnings: dict[str, list[_Term]] = defaultdict(list)
        for term, classes in terms.items():
            word, marked, rest = term.partition("*")
            then = _then(rest) if rest else None
            found = _Term(
                len(word), bool(marked), frozenset(classes), term.rstrip("*"), _families(classes), then
            )
            beginnings[word].append(found)
        self._automaton = ahocorasick.Automaton()
        for word, begun in beginnings.items():
            self._automaton.add_word(word, begun)
        self._automaton.make_automaton()
        self.size = len(terms)

    @classmethod
    def read(cls, *files: str) -> "Lexicon":
        """Load lexicon files by name, from this package's data."""
        return cls(_terms(files, defaultdict(set)))

    @classmethod
    def of_triggers(cls) -> "Lexicon":
        """All triggers, and the armed groups of `actors.yaml` as armed men."""
        terms: dict[str, set[str]] = defaultdict(set)
        for entry in read_yaml("actors.yaml")["actors"]:
            if entry["side"] == "armed":
                for term in entry["terms"]:
                    terms[" ".join(plain(str(term)).split())].add("who.armed")
        return cls(_terms(lexicon_files("triggers"), terms))

    def find(self, text: str) -> list[Hit]:
        """Every term in a plain text (see `text.plain`), in order; what lies within a longer one is dropped."""
        found = [
            Hit(start, end, term.classes, term.word, term.families) for start, end, term in self._every(text)
        ]
        return list(_longest(found)) if len(found) > 1 else found

    def spread(self, text: str, spans: Iterable[tuple[int, int]]) -> Iterator[list[Hit]]:
        """For each span of a plain text, in order and apart, what `find` finds in it; in one pass over all."""
        every = sorted(self._every(text), key=lambda found: (found[0], -found[1]))
        at = 0
        for begin, stop in spans:
            while at < len(every) and every[at][0] < begin:
                at += 1
            hits, reach = [], -1
            while at < len(every) and every[at][0] < stop:
                start, end, term = every[at]
                if reach < end <= stop:
                    reach = end
                    hits.append(Hit(start - begin, end - begin, term.classes, term.word, term.families))
                at += 1
            yield hits

    def families_in(self, text: str) -> set[str]:
        """The families of all terms in a plain text, those within longer ones too."""
        families: set[str] = set()
        for _, _, term in self._every(text):
            families |= term.families
        return families

    def _every(self, text: str) -> Iterator[tuple[int, int, "_Term"]]:
        """Every term at word boundaries, also within longer ones: start, end, term."""
        for last, begun in self._automaton.iter(text):
            for term in begun:
                start = last - term.length + 1
                end = _end_of_term(text, last + 1, term)
                if end and _begins_word(text, start):
                    yield start, end, term


class _Term(NamedTuple):
    """What the automaton keeps of a term."""

    length: int
    stem: bool
    classes: frozenset[str]
    word: str
    families: frozenset[str]
    then: re.Pattern[str] | None
    """What stands behind a stem within the term: the endings and the other words of "прекращени* огня"."""


def _then(rest: str) -> re.Pattern[str]:
    """What stands behind the first stem of a term: its ending, then words, of which each may be a stem."""
    ending = rf"\w{{0,{_STEM_TAIL}}}"
    return re.compile(ending + ending.join(map(re.escape, rest.split("*"))) + r"(?!\w)")


def _families(classes: Iterable[str]) -> frozenset[str]:
    return frozenset(name.rsplit(".", n)[0] for name in classes for n in range(name.count(".") + 1))


def _terms(files: Iterable[str], terms: dict[str, set[str]]) -> dict[str, set[str]]:
    for file in files:
        for name, entries in read_yaml(file)["classes"].items():
            for entry in entries:
                for form in expand(str(entry)):
                    terms[" ".join(plain(bare(form).text).split())].add(name)
    return terms


def lexicon_files(kind: str) -> list[str]:
    """`cues` or `triggers`: the files of that kind, in a fixed order."""
    names = sorted(path.name for path in DATA.glob("*.yaml"))
    cues = [n for n in names if n.startswith("cues_")]
    return cues if kind == "cues" else [n for n in names if re.fullmatch(r"[a-z]{2}\.yaml", n)]


def _end_of_term(text: str, end: int, term: _Term) -> int:
    """Where a term of which the beginning ends there ends, or 0 where it goes on otherwise."""
    if term.then is None:
        return _end_of_word(text, end, term.stem)
    found = term.then.match(text, end)
    return found.end() if found else 0


def _end_of_word(text: str, end: int, stem: bool) -> int:
    """Where the word ends, or 0 where the term is only the beginning of another word."""
    tail = end
    while tail < len(text) and text[tail].isalnum():
        tail += 1
        if not stem or tail - end > _STEM_TAIL:
            return 0
    return tail


def _begins_word(text: str, start: int) -> bool:
    if start == 0 or not text[start - 1].isalnum():
        return True
    if not "\u0600" <= text[start] <= "\u06ff":
        return False
    head = start
    while head > 0 and start - head <= 4 and text[head - 1].isalnum():
        head -= 1
    return text[head:start] in _ARABIC_PREFIXES


def _longest(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Leftmost, then longest; a shorter one that a longer one contains is dropped, an equal one kept once."""
    reach = -1
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if hit.end > reach:
            reach = hit.end
            yield hit
