"""What kind of text a report is: the cues of all its sentences in, whether it may tell war news at all out."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.nlp.text import Section, Sentence

_GENRES = ("sport", "business", "culture", "court", "history", "opinion", "test")
_HEAD = 14
"""Sentences by which a report's genre shows; a long report touches on everything."""
_OPINION_TITLE = re.compile(
    r"^(?:opinion|analysis|editorial|comment|review|book review|film|novel|obituary|exhibition"
    r"|column|letters?|why |how |what |explainer|interview|q&a|quiz|timeline"
    r"|on this day|diary|preview|draft)\b"
    r"|:\s?(?:an? )?(?:analysis|opinion|review|timeline)\b|\bwhat it means\b"
    r"|\beverything you need\b|\byears? on\b|\bmonths on\b|\bas it happened\b|\bthe year in\b"
    r"|\bin figures\b"
)
_DRILL = re.compile(
    r"\b(?:drill|drills|exercise|exercises|manoeuvres?|maneuvers?|live fire|test fired|test launch"
    r"|first test|at practice|practice range|war game|table top|simulated|simulation|rehearsal"
    r"|training (?:ground|range|flight))\b"
)
_GAME = re.compile(
    r"\b(?:video ?game|computer game|war game|board game|gamers?|game played|simulated enemy)\b"
)
_POLITICAL = re.compile(
    r"\b(?:terror\w*|militants?|rebels?|insurgents?|jihad\w*|islamist|separatists?|militias?"
    r"|extremists?|guerrillas?|paramilitar\w+|taliban|shabaab|boko haram|isis|islamic state|ethnic"
    r"|sectarian)\b"
)
_REPRINT = re.compile(
    r"\b(?:from our (?:issue|edition|archives?|pages|files) (?:of|for|dated)|we reprint|reprinted from"
    r"|from the archives?\b"
    r"|(?:ten|twenty|thirty|fifty|\d\d) years ago (?:today|this (?:week|month)))"
)
_DATED_LINE = re.compile(
    r"^(?:\d{1,2} )?(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"(?: \d{1,2})?,?(?: \d{4})?(?:, \d{1,2}[:.]\d\d)?:"
)
_DELIBERATE = re.compile(
    r"\b(?:was|were|been) (?:remotely )?(?:detonated|planted|booby trapped)\b|\bpacked with explosives\b"
    r"|\b(?:car|truck|vehicle|van|lorry|suicide|roadside) bomb(?:er|ing)?s?\b"
)
"""What nobody does by mishap, whatever it is done with: gas cylinders, fireworks."""
_MIDDLE = re.compile(r"\b(?:a real|not a drill|no drill|had landed|was hit)\b")


_RIGHTS = 4
"""Terms of investigations and testimonies from which a report looks back at crimes of months ago."""


@dataclass(frozen=True, slots=True)
class Genre:
    """Weights of genres, and what silences the whole report (empty: nothing does)."""

    weights: Counter[str]
    mute: str
    accident: bool = False
    """Its beginning speaks of a mishap or of nature."""
    crime: bool = False
    """It speaks of robbers, gangs or a sheriff, and of no army or armed group."""


def genre_of(title: str, sentences: Sequence[Sentence]) -> Genre:
    """Weigh a report. A title's cue counts twice."""
    sentences = [s for s in sentences if s.section is Section.TITLE or s.index < _HEAD]
    weights: Counter[str] = Counter()
    terms: dict[str, set[str]] = {}
    for sentence in sentences:
        for hit in sentence.having("genre", "cue.drill", "cue.accident", "cue.crime", "mark.unreal"):
            for name in hit.classes:
                key = name.rpartition(".")[2]
                if hit.term not in terms.setdefault(key, set()):
                    terms[key].add(hit.term)
                    weights[key] += 2 if sentence.section is Section.TITLE else 1
    head = [s for s in sentences if s.section is Section.TITLE or s.index < 3]
    accident = any(s.any("cue.accident") for s in head) and not any(_DELIBERATE.search(s.plain) for s in head)
    political = any(s.any("who.army") or _POLITICAL.search(s.plain) for s in sentences)
    return Genre(weights, _mute(title, sentences, weights), accident, weights["crime"] > 0 and not political)


def _mute(title: str, sentences: Sequence[Sentence], weights: Counter[str]) -> str:
    plain = " ".join(s.plain for s in sentences[:40])
    if weights["test"]:
        return "test_page"
    if _GAME.search(plain) or (weights["unreal"] and len(sentences) < 10):
        return "game_or_fiction"
    if _REPRINT.search(plain):
        return "reprint"
    if sum(bool(_DATED_LINE.match(s.plain)) for s in sentences) >= 4:
        return "chronology"
    lead = " ".join(s.plain for s in sentences if s.section is Section.TITLE or s.index == 0)
    if _DRILL.search(lead) and not _MIDDLE.search(plain) and len(sentences) < 12:
        return "drill"
    armed = sum(s.any("who.armed", "who.army") for s in sentences)
    hurt = sum(s.any("cas") for s in sentences)
    evidence = 2 * min(armed, 3) + min(hurt, 3)
    for name, limit in (("sport", 3), ("business", 3), ("culture", 3)):
        if weights[name] >= limit and weights[name] > evidence - (2 if name == "business" else 0):
            return name
    if weights["history"] + weights["opinion"] + 2 * bool(
        _OPINION_TITLE.search(title.lower())
    ) >= 4 and not _fresh(sentences):
        return "retrospect"
    for name, limit in (("court", 3), ("rights", _RIGHTS)):
        if weights[name] >= limit and not _fresh(sentences):
            return name
    return ""


def _fresh(sentences: Sequence[Sentence]) -> bool:
    return any(s.any("cue.recent") and s.any("cas") and s.any("event", "weapon") for s in sentences)
