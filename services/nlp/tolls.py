"""Casualties: an English sentence in, bands of killed, injured and displaced with their offsets out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemas.event import CasualtyBand
from services.nlp.numbers import NUMBER, Amount, value_of

_KIND = (
    r"civilians?|people|persons?|men|women|children|child|man|woman|boys?|girls?|soldiers?|troops"
    r"|fighters?|militants?|rebels?|police(?:men|man)?|officers?|"
    r"members?|residents?|villagers?|workers?|students?|pupils?|passengers?|pilgrims?|worshippers?"
    r"|others?|gunmen|insurgents?|terrorists?|relatives|"
    r"neighbours?|neighbors?|brothers?|sisters?|daughters?|sons?|patients?|paramedics?|medics?"
    r"|journalists?|teachers?|farmers?|drivers?|guards?|marines?|"
    r"recruits?|victims?|more|migrants?|refugees?|miners?|traders?|guests?|passers by|bystanders?"
    r"|loaders?|bakers?|infants?|babies|baby|teenagers?|"
    r"citizens?|volunteers?|staff|crew|commanders?|constables?|cadets?|bodies|injured|wounded|dead"
    r"|casualties|martyrs|personnel|visitors?|townspeople|"
    r"nurses?|doctors?|colleagues?|parents?|mothers?|fathers?|couple|family members|rescuers?"
    r"|firefighters?|shoppers?|sailors?|prisoners?|pickers"
)
_ADJECTIVES = (
    r"(?:(?!and |their |his |her |the |of |in |or |were |was |dead |killed |wounded |injured )[a-z']+ ){0,3}?"
)
_HEDGE = (
    r"(?P<hedge>at least|no fewer than|not less than|more than|over|upwards of|up to|as many as"
    r"|about|around|some|nearly|almost|an estimated|a total of|"
    r"at most|fewer than|another|the|all|only|just|between|roughly|approximately)"
)
_COUNT = rf"(?:{_HEDGE} )?(?P<n>{NUMBER})(?:(?: to | and |-)(?P<n2>{NUMBER}))?(?P<more> or more)?"
_KILLED = (
    r"killed|dead|died|dies|slain|martyred|executed|murdered|massacred|shot dead|beheaded|perished"
    r"|lost their lives|buried|burned alive|fatal(?:ly)?|massacred"
)
_HURT = (
    r"wounded|injured|hurt|maimed|treated|hospitali[sz]ed|taken to (?:a "
    r"|the )?(?:\w+ )?(?:hospitals?|clinics?)|lost (?:a|an|his|her) (?:leg|arm|hand|foot|eye)"
    r"|had lost (?:a|an|his|her) (?:leg|arm|hand|foot|eye)|brought in|(?:sustained|suffered"
    r"|sustaining|suffering) (?:[a-z]+ ){0,2}(?:injuries|wounds|burns)"
    r"|with (?:[a-z]+ ){0,2}(?:wounds|injuries|burns)|have (?:[a-z]+ )?(?:wounds|burns|injuries)"
)
_GROUP = rf"{_COUNT}(?: of (?:the|his|her|its|their|them|us))? ?(?P<who>{_ADJECTIVES}(?:{_KIND})\b)?"

_BEFORE = re.compile(  # "at least 12 civilians were killed", "three dead"
    rf"\b{_GROUP}(?P<gap>(?:,[^,.;]{{0,60}},)?(?: (?:of (?:them|whom|his|the) ?[a-z]*"
    rf"|in [a-z' ]{{2,30}}|from [a-z ]{{2,20}}|on board|at [a-z ]{{2,20}}|inside|who|have|has|had"
    rf"|were|was|are|is|been|be|being|also|reportedly|feared|confirmed|allegedly|more|others|still"
    rf"|so far|then|later|lay|people|left|among)){{0,5}})"
    rf" (?P<verb>{_KILLED}|{_HURT})\b"
)
_AFTER = re.compile(  # "killing 12 civilians", "wounded at least five"
    r"\b(?P<verb>kill(?:ed|ing|s)|claimed the lives of|claimed|deaths? of|murdered|massacred"
    r"|executed|beheaded|slaughtered|shot dead|dead bodies of|bodies of|"
    r"wound(?:ed|ing|s)|injur(?:ed|ing|es)|hurt(?:ing)?|maim(?:ed|ing)|leaving|left|martyred"
    r"|treat(?:ed|ing)|took in|has taken in|took|pulled|received|receiving)"
    rf" (?:(?:and (?:wounding|injuring|wounded|injured|killing|killed"
    rf"|maimed)) )?{_GROUP}(?P<state> (?:dead|killed|wounded|injured))?"
)
_TOLL = re.compile(  # "the toll rose to 24", "lowered its count to 22 dead", "received five dead and 14 wounded"
    rf"\b(?:death toll|toll|number of dead|count of dead|dead)\b[^.;]{{0,50}}? (?:to|at|of|is"
    rf"|stands at|reached|was|from \d+ to) {_COUNT}(?P<verb>)"
    rf"|\bnumber of (?P<verb2>wounded|injured) (?:\w+ ){{0,3}}?(?:to|at|is"
    rf"|was) {_COUNT.replace('hedge', 'hedge3').replace('<n>', '<n3>').replace('n2', 'n4').replace('more>', 'more3>')}"
)
_FATALITIES = re.compile(
    rf"\b{_GROUP}? ?(?P<verb>fatalities|deaths|casualties|injuries|dead bodies|bodies|fatal)\b"
)
_SINGLE = re.compile(  # "a woman was killed", "killed a taxi driver"
    rf"\b(?:an?|one|the|his|her|their|another) (?P<who>(?:[a-z0-9']+ ){{0,4}}?(?:{_KIND}"
    rf"|judge's driver|laundress|cleaner|groundsman|caretaker|watchman|farmhand|[a-z]+(?:er|or|man"
    rf"|woman|ist|ess|ian|grandmother)))"
    rf"(?P<gap>(?:,? (?:of|aged|in|from|waiting|who|at|on|was|were|is|there|also|has|had|been|then"
    rf"|\d+|[a-z]+)){{0,6}}?)"
    rf" (?:(?:was|were|has been|had been|is|and) )?(?:also |reportedly |badly |seriously |slightly "
    rf"|lightly )?(?P<verb>{_KILLED}|{_HURT}|hit)\b"
    rf"|\b(?P<verb2>kill(?:ed|ing|s)|wound(?:ed|ing|s)|injur(?:ed|ing|es)|hurt(?:ing)?"
    rf"|shot dead)(?: and (?:wound(?:ed|ing)|injur(?:ed|ing)))? (?:an?|one|his|her|its"
    rf"|the) (?P<who2>(?:[a-z0-9']+ ){{0,4}}?(?:{_KIND}|wife|[a-z]+(?:er|or|man|woman|ist|ess|ian"
    rf"|cook|boy|girl)))\b"
)
_NOBODY = re.compile(
    r"\b(?:nobody|no one|no-one|none|no (?:civilians?|people|casualties|victims|injuries|deaths"
    r"|fatalities|one))(?: \w+){0,4}? (?:was |were |been |is |has been )?(?P<verb>hurt|injured"
    r"|wounded|killed|hit|harmed|died|reported)"
    r"|\b(?P<none>no (?:casualties|victims|injuries|deaths|one hurt)|without (?:hurting|harming"
    r"|injuring|killing) any(?:body|one)|without casualties|unharmed|there were no (?:casualties"
    r"|injuries|victims)|caused no casualties)"
)
_FAMILY = re.compile(
    rf"\b(?:family|crew|party) of (?P<n>{NUMBER})(?P<gap>[^.;]{{0,30}}?) (?P<verb>{_KILLED}|{_HURT})\b"
)
_AS_MANY = re.compile(r"(?:wounding|injuring|and wounded|and injured) (?:as many|the same number)")
_LIST_MORE = re.compile(
    rf"^(?:,| and|, and) (?P<n>{NUMBER}|an?|his|her|their|one) (?:[a-z]+ ){{0,2}}?(?P<who>{_KIND})\b"
)
_DISPLACED = re.compile(
    rf"\b{_COUNT} (?:[a-z]+ ){{0,2}}?(?:have |has |had |were |been |are )*(?:displaced"
    rf"|driven from their homes|fled|forced to flee)\b"
    rf"|\b(?P<v>displac(?:ed|ing)|forc(?:ed"
    rf"|ing)) {_COUNT.replace('hedge', 'hedge3').replace('<n>', '<n3>').replace('n2', 'n4').replace('more>', 'more3>')}"
)
_CUMULATIVE = re.compile(
    r"\bsince (?:\d{4}|the|it|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|\d|late|early|mid|last|then)|"
    r"\bbringing the (?:total|toll)|\bso far this year\b|\bthis year alone\b|\bover the past\b"
    r"|\bin the past (?:year|month|decade)|\bduring the war\b|"
    r"\bin (?:ten|five|two|three|four|six|seven|eight|nine|\d+) years\b|\bthroughout the\b"
    r"|\bin total\b|\btotal of \d+ [a-z ]{2,20} have\b|\bhas killed more than\b.{0,60}\b(?:years?"
    r"|war)\b"
    r"|\bwar has (?:killed|left|claimed)"
)
_BEFORE_BRINGING = re.compile(
    r"\b(?:bringing|raising|taking|pushing) the (?:\w+ ){0,3}?(?:total|toll|number)"
)


@dataclass(frozen=True, slots=True)
class Toll:
    """A band, whom it counts and where the sentence says so. `field` is killed, injured or displaced."""

    field: str
    band: CasualtyBand
    start: int
    end: int


_ASIDE = re.compile(
    r" ?\([^()]{1,60}\)"
    r"| (?:of|from) (?:the |one |a )?(?:[\w'-]+ ){1,4}family(?: members)?\b"
    r"|,? (?:including|among them|among whom|most of them|all of them|all members of|both"
    r"|some of them) [^.;]{3,140}?(?:,(?= (?:were|was|have|had|has|died|are)\b)|(?= (?:were|was"
    r"|have|had|has|died|are|reported|in an?|when|after|by|as)\b)|(?=,? (?:in an?|when|after|by"
    r"|as)\b)|(?=,? and (?:wounded|wounding|injured|injuring|\w+ (?:others|people) (?:were|was))"
    r"|[.;]|$))"
    r"|\b(?:reportedly|allegedly|also|likely|apparently) (?=killed|wounded|injured|killing"
    r"|wounding|injuring|dead)"
)


def _reduced(plain: str) -> tuple[str, list[int]]:
    """The sentence without asides ("including two children"), and where each of its characters stood."""
    kept: list[int] = []
    at = 0
    for match in _ASIDE.finditer(plain):
        kept.extend(range(at, match.start()))
        at = match.end()
    kept.extend(range(at, len(plain)))
    return "".join(plain[k] for k in kept), [*kept, len(plain)]


def tolls(plain: str) -> list[Toll]:
    """All tolls of a plain sentence; of overlapping readings the first found stands."""
    text, where = _reduced(plain)
    return [replace(t, start=where[t.start], end=where[t.end]) for t in _tolls(text)]


def _tolls(plain: str) -> list[Toll]:
    kept: list[Toll] = []
    cut = _BEFORE_BRINGING.search(plain)
    for toll in _all(plain):
        clash = any(t.field == toll.field and t.start < toll.end and toll.start < t.end for t in kept)
        if not clash and not (cut and toll.start > cut.start()):
            kept.append(toll)
    return kept


def cumulative(plain: str) -> bool:
    """Whether the sentence sums many incidents ("since 2011"), its own toll apart ("bringing the toll to")."""
    return bool(_CUMULATIVE.search(plain)) and not _BEFORE_BRINGING.search(plain)


def _all(plain: str) -> Iterator[Toll]:
    summed = cumulative(plain)
    yield from _casualties(plain, summed)
    for pattern in (_FAMILY, _BEFORE, _TOLL, _AFTER, _FATALITIES):
        for match in pattern.finditer(plain):
            toll = _counted(match, plain, summed)
            if toll:
                yield toll
    for match in _SINGLE.finditer(plain):
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
    yield from _displaced(plain)


_FATAL_PART = re.compile(
    rf"\b(?P<n>{NUMBER}) casualties,? (?P<k>{NUMBER}) of (?:them|these) (?:fatal|dead|deaths)\b"
)


def _casualties(plain: str, summed: bool) -> Iterator[Toll]:
    """ "27 casualties, nine of them fatal": nine killed, the others injured."""
    for match in _FATAL_PART.finditer(plain):
        both, dead = value_of(match["n"]), value_of(match["k"])
        if both and dead and both.min >= dead.min:
            for name, n in (("killed", dead.min), ("injured", both.min - dead.min)):
                yield Toll(
                    name, CasualtyBand(min=n, best=n, max=n, cumulative=summed), match.start(), match.end()
                )


def _nobody(plain: str) -> Iterator[Toll]:
    for match in _NOBODY.finditer(plain):
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


def _counted(match: re.Match[str], plain: str, summed: bool) -> Toll | None:
    groups = match.groupdict()
    if groups.get("n3") and "verb2" in groups:
        groups = {
            **groups,
            "n": groups["n3"],
            "verb": groups["verb2"],
            "hedge": groups["hedge3"],
            "n2": None,
            "more": None,
        }
    if not groups.get("n"):
        return None
    name_of_number = "n" if match["n"] else "n3"
    amount = value_of(groups["n"] or "")
    if amount is None or _no_count(
        plain, match.start(name_of_number), match.end(name_of_number), amount, groups
    ):
        return None
    verb = (groups.get("verb") or "") + (groups.get("state") or "")
    carried = (
        "leaving",
        "left",
        "claimed",
        "took",
        "pulled",
        "received",
        "receiving",
        "took in",
        "has taken in",
    )
    if (
        groups.get("verb") in carried
        and not groups.get("state")
        and not re.search(r"\b(?:dead|bodies|wounded|injured)$", groups.get("who") or "")
    ):
        return None
    if groups.get("verb") in carried and not groups.get("state"):
        verb = "wounded" if re.search(r"wounded|injured", groups.get("who") or "") else "dead"
    name = "killed" if not verb else _field(groups.get("state") or verb)
    band = _band(amount, groups, summed)
    if match.re is _AFTER and band.best is not None:
        band = _with_list(band, plain[match.end() :])
    return Toll(name, band, match.start(name_of_number), match.end())


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
    return band.model_copy(update={
        "min": band.min + extra, "best": (band.best or 0) + extra,
        "max": band.max + extra if band.max is not None else None
    })  # fmt: skip


def _more_of_list(rest: str) -> int:
    match = _LIST_MORE.match(rest)
    tail = re.match(
        r"(?:,| and|, and) (?:an?|his|her|their|one|two|three|\w+) (?:[a-z]+ ){0,4}?(?:was|were|are|is"
        r"|have|has|wounded|injured|hurt)\b",
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
    for match in _DISPLACED.finditer(plain):
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
