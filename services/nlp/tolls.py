"""Casualties: an English sentence in, bands of killed, injured and displaced with their offsets out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemas.event import CasualtyBand
from services.nlp.numbers import Amount, value_of
from services.nlp.tollwords import (
    AFTER,
    ASIDE,
    BEFORE,
    BEFORE_BRINGING,
    CUMULATIVE,
    DISPLACED,
    FAMILY,
    FATAL_PART,
    FATALITIES,
    LIST_MORE,
    NOBODY,
    RISEN_TOLL,
    SINGLE,
    TOLL,
    UNNUMBERED,
)


@dataclass(frozen=True, slots=True)
class Toll:
    """A band, whom it counts and where the sentence says so. `field` is killed, injured or displaced."""

    field: str
    band: CasualtyBand
    start: int
    end: int


def _reduced(plain: str) -> tuple[str, list[int]]:
    """The sentence without asides ("including two children"), and where each of its characters stood."""
    kept: list[int] = []
    at = 0
    for match in ASIDE.finditer(plain):
        kept.extend(range(at, match.start()))
        at = match.end()
    kept.extend(range(at, len(plain)))
    return "".join(plain[k] for k in kept), [*kept, len(plain)]


def tolls(plain: str) -> list[Toll]:
    """All tolls of a plain sentence; of overlapping readings the first found stands."""
    text, where = _reduced(plain)
    return [replace(t, start=where[t.start], end=where[t.end]) for t in _tolls(text)]


def _tolls(plain: str) -> list[Toll]:
    risen = [t for m in RISEN_TOLL.finditer(plain) if (t := _counted(m, plain, cumulative(plain)))][:1]
    kept: list[Toll] = list(risen)
    cut = BEFORE_BRINGING.search(plain)
    for toll in _all(plain):
        if risen and toll.field == "killed":
            continue  # what else is counted among the dead is part of the sum
        clash = any(t.field == toll.field and t.start < toll.end and toll.start < t.end for t in kept)
        if not clash and not (cut and toll.start > cut.start()):
            kept.append(toll)
    return kept


def cumulative(plain: str) -> bool:
    """Whether the sentence sums many incidents ("since 2011"), its own toll apart ("bringing the toll to")."""
    return bool(CUMULATIVE.search(plain)) and not BEFORE_BRINGING.search(plain)


def _all(plain: str) -> Iterator[Toll]:
    summed = cumulative(plain)
    yield from _casualties(plain, summed)
    for pattern in (FAMILY, BEFORE, TOLL, AFTER, FATALITIES):
        for match in pattern.finditer(plain):
            toll = _counted(match, plain, summed)
            if toll:
                yield toll
    for match in SINGLE.finditer(plain):
        verb = match["verb"] or match["verb2"]
        who = match["who"] or match["who2"]
        extra = _more_of_list(plain[match.end() :]) if match["verb2"] else 0
        if not re.search(
            r"\b(?:toll|number|last|first|strike|blast|attack|shell|two|three|most|man's)\b", who
        ):
            n = (2 if who.endswith("couple") else 1) + extra
            yield Toll(
                _field(verb),
                CasualtyBand(min=n, best=n, max=n, who=who.strip(), cumulative=summed),
                match.start(),
                match.end(),
            )
    yield from _nobody(plain)
    yield from _unnumbered(plain, summed)
    yield from _displaced(plain)


def _unnumbered(plain: str, summed: bool) -> Iterator[Toll]:
    """A plural without a number ("others were wounded") is at least two, and no more is known."""
    for match in UNNUMBERED.finditer(plain):
        band = CasualtyBand(min=2, cumulative=summed)
        yield Toll(_field(match["verb"] or match["verb2"]), band, match.start(), match.end())


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
        fields = (
            ("killed", "injured")
            if not verb or verb in ("hit", "harmed", "reported", "hurt")
            else (_field(verb),)
        )
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
    if amount is None or _no_count(plain, match.start(number), match.end(number), amount, groups):
        return None
    verb = _verb_of(groups)
    if verb is None:
        return None
    band = _band(amount, groups, summed)
    if match.re is AFTER and band.best is not None:
        band = _with_list(band, plain[match.end() :])
    if match.re is BEFORE and _ONE_MORE.search(plain[: match.start()]):
        band = _more(band, 1)
    return Toll(_field(verb) if verb else "killed", band, match.start(number), match.end())


def _verb_of(groups: dict[str, str | None]) -> str | None:
    """What happened to those counted; None where the sentence does not say that they were hurt."""
    verb, state, who = groups.get("verb") or "", groups.get("state") or "", groups.get("who") or ""
    if state or verb not in _CARRIED:
        return state or verb
    if not re.search(r"\b(?:dead|bodies|wounded|injured)$", who):
        return None
    return "wounded" if re.search(r"wounded|injured", who) else "dead"


def _no_count(plain: str, start: int, end: int, amount: Amount, groups: dict[str, str | None]) -> bool:
    """Ages, years, clock times, distances and sorties are no tolls."""
    if re.match(r"\d{4}$", plain[start:end]) and 1900 <= amount.min <= 2100 and not groups.get("who"):
        return True
    if (
        re.search(
            r"\b(?:aged?|(?:man|woman|boy|girl|child) of|at|about|around|nearly) $", plain[:start][-20:]
        )
        and not groups.get("who")
        and re.search(r"\b(?:aged?|of|at) $", plain[:start][-20:])
    ):
        return True
    if re.match(
        r" (?:in the (?:morning|afternoon|evening)|o'clock|this (?:morning|afternoon|evening)|at night"
        r"|tonight)",
        plain[end:],
    ):
        return True
    return bool(
        re.match(
            r" ?(?:years?|km|kilomet|miles?|metres?|hours?|minutes?|days?|weeks?|months?|times?|per cent|%"
            r"|percent|rockets?|shells?|raids?|strikes?|drones?|missiles?|bombs?|houses?|homes?|buildings?"
            r"|january|february|march|april|may|june|july|august|september|october|november|december"
            r"|dead since)",
            plain[end:],
        )
    )


def _band(amount: Amount, groups: dict[str, str | None], summed: bool) -> CasualtyBand:
    low, high = amount.min, amount.max
    hedge = groups.get("hedge") or ""
    if groups.get("n2"):
        upper = value_of(groups["n2"] or "")
        high = upper.min if upper and upper.min >= low else high
    if hedge in ("at least", "no fewer than", "not less than") or groups.get("more"):
        high = None
    elif hedge in ("more than", "over", "upwards of"):
        low, high = low + 1, None
    elif hedge in ("up to", "as many as", "at most"):
        low, high = 0 if hedge != "as many as" else low, low
    elif hedge == "fewer than":
        low, high = 0, max(0, low - 1)
    best = low if amount.min == amount.max and not hedge.startswith(("up", "fewer", "as")) else None
    return CasualtyBand(
        min=low, best=best, max=high, who=(groups.get("who") or "").strip() or None, cumulative=summed
    )


def _with_list(band: CasualtyBand, rest: str) -> CasualtyBand:
    """Adds what follows in a list: "killed a couple and their two daughters", "two women and a child"."""
    extra = _more_of_list(rest)
    if not extra or re.match(r"[^.;]{0,60}\b(?:wounded|injured|hurt|were wounded)\b", rest):
        return band
    return _more(band, extra)


_ONE_MORE = re.compile(
    r"(?:^|[.,;:] )(?:an?|one|his|her|its) (?:(?!was|were|is|had|has|killed|wounded|died|dead|hurt"
    r"|and)[\w']+ ){1,3}and $"
)
"""A single one before the number: "a cleaner and two patients"."""


def _more(band: CasualtyBand, extra: int) -> CasualtyBand:
    best = band.best + extra if band.best is not None else None
    top = band.max + extra if band.max is not None else None
    return band.model_copy(update={"min": band.min + extra, "best": best, "max": top})


def _more_of_list(rest: str) -> int:
    match = LIST_MORE.match(rest)
    tail = re.match(
        r"(?:,| and|, and) (?:an?|his|her|their|one|two|three|\w+) (?:[a-z]+ ){0,4}?(?:was|were|are|is"
        r"|have|has|wounded|injured|hurt|said|says|told|reported|confirmed|added|wrote)\b",
        rest,
    )
    if not match or tail:
        return 0
    amount = (
        value_of(match["n"]) if match["n"] not in ("a", "an", "his", "her", "their", "one") else Amount(1, 1)
    )
    if match["n"] in ("his", "her", "their") and re.match(
        r"(?:,| and|, and) (?:his|her|their) (?:two|three|four|five)", rest
    ):
        amount = value_of(rest.split()[2 if rest.startswith(" and") else 3])
    return amount.min if amount and amount.max is not None else 0


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


def _field(verb: str) -> str:
    return (
        "injured"
        if re.search(r"wound|injur|hurt|maim|treat|hospital|burns|harmed|^hit$|casualties", verb)
        else "killed"
    )
