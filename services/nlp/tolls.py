"""Casualties: an English sentence in, bands of killed, injured and displaced with their offsets out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemas.event import CasualtyBand
from services.nlp.numbers import value_of
from services.nlp.text import plain as plainly
from services.nlp.tollbands import band_from, field_of, is_no_count, with_more
from services.nlp.tollclauses import NO_PERSON, told
from services.nlp.tollpeople import after_it, before_it, named_victims
from services.nlp.tolltext import reduced
from services.nlp.tollwords import (
    AFTER,
    AS_MANY,
    BEFORE,
    BEFORE_BRINGING,
    CUMULATIVE,
    DISPLACED,
    FAMILY,
    FATAL_PART,
    FATALITIES,
    HEADLINE,
    MAIMED,
    MANY,
    MORE_OF_THEM,
    NOBODY,
    RISEN_TOLL,
    SINGLE,
    TOLL,
    UNNUMBERED,
)

RAISED = "toll_raised"
"""The rule of a toll that has risen: it stands for the one told before."""


@dataclass(frozen=True, slots=True)
class Toll:
    """A band, whom it counts and where the sentence says so. `field` is killed, injured or displaced."""

    field: str
    band: CasualtyBand
    start: int
    end: int
    in_title: bool = False
    rule: str = "toll"


def tolls(plain: str, text: str = "") -> list[Toll]:
    """All tolls of a plain sentence; of overlapping readings the first found stands.

    `text` is the sentence with its capitals: where it names a person as killed or hurt and counts nobody, that is one.
    """
    short, where = reduced(plain)
    summed = cumulative(plain)
    found = [replace(t, start=where[t.start], end=where[t.end]) for t in _tolls(short, summed)]
    have = {t.field for t in found}
    return found + [t for t in _persons(text, summed) if t.field not in have]


def _persons(text: str, summed: bool) -> Iterator[Toll]:
    for verb, start, end in named_victims(text):
        extra, open_end = after_it(plainly(text[end:])) if verb else (0, False)
        n = 1 + extra
        band = CasualtyBand(
            min=n, best=None if open_end else n, max=None if open_end else n, cumulative=summed
        )
        yield Toll(field_of(verb), band, start, end)


def _tolls(plain: str, summed: bool) -> list[Toll]:
    risen = [t for m in RISEN_TOLL.finditer(plain) if (t := _counted(m, plain, summed))][:1]
    cut = BEFORE_BRINGING.search(plain)
    if cut and MORE_OF_THEM.search(plain[: cut.start()]):
        risen = (
            risen or [t for m in TOLL.finditer(plain, cut.start()) if (t := _counted(m, plain, summed))][:1]
        )
        cut = None
    risen = [replace(toll, rule=RAISED) for toll in risen]
    kept: list[Toll] = list(risen)
    for toll in _all(plain, summed):
        if risen and toll.field == "killed":
            continue  # what else is counted among the dead is part of the sum
        clash = any(t.field == toll.field and t.start < toll.end and toll.start < t.end for t in kept)
        if not clash and not (cut and toll.start > cut.start()):
            kept.append(toll)
    return [*kept, *_as_many(plain, kept)]


def _as_many(plain: str, kept: list[Toll]) -> Iterator[Toll]:
    """ "killing three and wounding as many"."""
    match = AS_MANY.search(plain)
    killed = next((t.band for t in kept if t.field == "killed"), None)
    if match and killed and not any(t.field == "injured" for t in kept):
        yield Toll("injured", killed, match.start(), match.end())


def cumulative(plain: str) -> bool:
    """Whether the sentence sums many incidents ("since 2011"), its own toll apart ("bringing the toll to")."""
    return bool(CUMULATIVE.search(plain)) and not BEFORE_BRINGING.search(plain)


_NO_SINGLE = re.compile(r"\b(?:toll|number|last|first|strike|blast|attack|shell|two|three|most|man's)\b")


def _all(plain: str, summed: bool) -> Iterator[Toll]:
    yield from _casualties(plain, summed)
    for pattern in (FAMILY, BEFORE, TOLL, AFTER, FATALITIES):
        for match in pattern.finditer(plain):
            toll = _counted(match, plain, summed)
            if toll:
                yield toll
    yield from _told_at_length(plain, summed)
    for match in SINGLE.finditer(plain):
        verb = match["verb"] or match["verb2"]
        who = match["who"] or match["who2"]
        extra, open_end = after_it(plain[match.end() :]) if match["verb2"] else _with(plain, match)
        if not any(no.search(who) for no in (_NO_SINGLE, MANY, NO_PERSON)):
            n = (2 if who.endswith("couple") else 1) + extra
            top = None if open_end else n
            band = CasualtyBand(min=n, best=top, max=top, who=who.strip(), cumulative=summed)
            yield Toll(field_of(verb), band, match.start(), match.end())
    yield from _single_told_otherwise(plain, summed)
    yield from _nobody(plain)
    yield from _unnumbered(plain, summed)
    yield from _displaced(plain)


def _told_at_length(plain: str, summed: bool) -> Iterator[Toll]:
    for found in told(plain):
        amount, match = value_of(found.number), found.match
        if amount is None or is_no_count(plain, match.start(), match.end(), amount, match.groupdict(), False):
            continue
        band = band_from(amount, match.groupdict(), summed)
        if found.verb_first:
            band = with_more(band, *after_it(plain[match.end() :]))
        else:
            band = with_more(band, before_it(plain[: match.start()]))
        yield Toll(field_of(found.verb), band, match.start(), match.end())


def _single_told_otherwise(plain: str, summed: bool) -> Iterator[Toll]:
    """One person in a headline's words, or told by what was hurt."""
    for match in HEADLINE.finditer(plain):
        band = CasualtyBand(min=1, best=1, max=1, who=match["who"], cumulative=summed)
        yield Toll(field_of(match["verb"]), band, match.start(), match.end())
    for match in MAIMED.finditer(plain):
        yield Toll(
            "injured", CasualtyBand(min=1, best=1, max=1, cumulative=summed), match.start(), match.end()
        )


def _unnumbered(plain: str, summed: bool) -> Iterator[Toll]:
    """A plural without a number ("others were wounded") is at least two, and no more is known."""
    for match in UNNUMBERED.finditer(plain):
        band = CasualtyBand(min=2, cumulative=summed)
        yield Toll(field_of(match["verb"] or match["verb2"]), band, match.start(), match.end())


def _casualties(plain: str, summed: bool) -> Iterator[Toll]:
    """ "27 casualties, nine of them fatal": nine killed, the others injured."""
    for match in FATAL_PART.finditer(plain):
        both, dead = value_of(match["n"]), value_of(match["k"])
        if both and dead and both.min >= dead.min:
            for name, n in (("killed", dead.min), ("injured", both.min - dead.min)):
                yield Toll(
                    name, CasualtyBand(min=n, best=n, max=n, cumulative=summed), match.start(), match.end()
                )


def _nobody(plain: str) -> Iterator[Toll]:
    for match in NOBODY.finditer(plain):
        verb = match["verb"] or ""
        fields = ("killed", "injured") if verb != "killed" and verb != "died" else (field_of(verb),)
        if "deaths" in match.group() or "fatalities" in match.group():
            fields = ("killed",)
        for name in fields:
            yield Toll(name, CasualtyBand(min=0, best=0, max=0), match.start(), match.end())


_CARRIED = frozenset(
    ["leaving", "left", "claimed", "took", "pulled", "received", "receiving", "took in", "has taken in"]
)
"""Verbs that count the dead or the wounded only where these words follow: "left three dead"."""


def _counted(match: re.Match[str], plain: str, summed: bool) -> Toll | None:
    """The toll that a pattern found, unless its number counts something else."""
    groups = match.groupdict()
    number = "n"
    if groups.get("n3") and "verb2" in groups:
        number, groups = "n3", {"n": groups["n3"], "verb": groups["verb2"], "hedge": groups["hedge3"]}
    amount = value_of(groups.get("n") or "")
    if amount is None or is_no_count(
        plain, match.start(number), match.end(number), amount, groups, match.re in (TOLL, RISEN_TOLL)
    ):
        return None
    verb = _verb_of(groups)
    if verb is None:
        return None
    band = band_from(amount, groups, summed)
    if match.re is AFTER and band.best is not None:
        band = with_more(band, *after_it(plain[match.end() :], single=amount.min == 1))
    if match.re is BEFORE:
        band = with_more(band, before_it(plain[: match.start()]))
        band = with_more(band, *_companions(plain[match.end() :]))
    return Toll(field_of(verb) if verb else "killed", band, match.start(number), match.end())


def _verb_of(groups: dict[str, str | None]) -> str | None:
    """What happened to those counted; None where the sentence does not say that they were hurt."""
    verb, state, who = groups.get("verb") or "", groups.get("state") or "", groups.get("who") or ""
    if state or verb not in _CARRIED:
        return state or verb
    if not re.search(r"\b(?:dead|bodies|wounded|injured)$", who):
        return None
    return "wounded" if re.search(r"wounded|injured", who) else "dead"


_WITH = re.compile(r"^,? (?:along with|together with|alongside|accompanied by|with) ")


def _companions(rest: str) -> tuple[int, bool]:
    """Who died or was hurt with those counted: "was killed along with his wife"."""
    return after_it(rest) if _WITH.match(rest) else (0, False)


def _with(plain: str, match: re.Match[str]) -> tuple[int, bool]:
    more, open_end = _companions(plain[match.end() :])
    return before_it(plain[: match.start()]) + more, open_end


def _displaced(plain: str) -> Iterator[Toll]:
    for match in DISPLACED.finditer(plain):
        groups = match.groupdict()
        text = groups["n"] or groups["n3"] or ""
        amount = value_of(text)
        if amount and amount.min >= 10:
            low = amount.min
            yield Toll(
                "displaced",
                CasualtyBand(min=low, best=low, max=amount.max, cumulative=cumulative(plain)),
                match.start(),
                match.end(),
            )
