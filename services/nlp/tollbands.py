"""What a count of people says: a number and the words around it in, a band of casualties out."""

import re

from schemas.event import CasualtyBand
from services.nlp.numbers import Amount, value_of

_AGE = re.compile(r"\b(?:aged?|(?:man|woman|boy|girl|child) of|at) $")
_CLOCK = re.compile(
    r" (?:in the (?:morning|afternoon|evening)|o'clock|this (?:morning|afternoon|evening)|at night|tonight)"
)
_THING = re.compile(
    r" ?(?:years?|km|kilomet|miles?|metres?|hours?|minutes?|days?|weeks?|months?|times?|per cent|%"
    r"|percent|rockets?|shells?|raids?|strikes?|drones?|missiles?|bombs?|houses?|homes?|buildings?"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|dead since)"
)


def is_no_count(
    plain: str, start: int, end: int, amount: Amount, groups: dict[str, str | None], outright: bool
) -> bool:
    """Ages, years, clock times, distances and sorties are no tolls. `outright`: the words before call it a toll.

    Nor is the number of a post in its thread ("3/6").
    """
    if "/" in (plain[start - 1 : start], plain[end : end + 1]):
        return True
    if not groups.get("who"):
        if re.fullmatch(r"\d{4}", plain[start:end]) and 1900 <= amount.min <= 2100:
            return True
        if not outright and _AGE.search(plain[:start][-20:]):
            return True
    behind = plain[end:]
    return bool(_CLOCK.match(behind) or _THING.match(behind))


def band_from(amount: Amount, groups: dict[str, str | None], summed: bool) -> CasualtyBand:
    """The band of a count. Groups: hedge ("at least"), n2 ("three to five"), more ("or more"), who."""
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


def with_more(band: CasualtyBand, extra: int, open_end: bool = False) -> CasualtyBand:
    """A band with who is named beside; `open_end`: they are named without their number."""
    if not extra:
        return band
    best = band.best + extra if band.best is not None and not open_end else None
    top = band.max + extra if band.max is not None and not open_end else None
    return band.model_copy(update={"min": band.min + extra, "best": best, "max": top})


_HURT = re.compile(
    r"^wia$|wound|injur|hurt|maim|treat|hospital|clinic|burns|harmed|^hit$|casualties|brought in"
    r"|lost (?:an?|his|her) (?!life)"
)


def field_of(verb: str) -> str:
    """Whether what befell people is told as killed or injured."""
    return "injured" if _HURT.search(verb) else "killed"
