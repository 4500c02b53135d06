"""Tolls of people whom no list knows, and of those told at length: a plain English sentence in, counts and verbs out.

"Four Wazalendo were killed", "eight people waiting for flour were shot dead", "killing a Somali cook": what befell them
says that they were people, and a list of what else breaks or dies says what was none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.nlp.numbers import NUMBER
from services.nlp.tollwords import COUNT, MANY, PEOPLE

_NO_PEOPLE = (
    r"cattle|cows?|bulls?|oxen|goats?|sheep|camels?|donkeys?|horses?|dogs?|animals?|livestock|birds?|poultry|pigs?"
    r"|buffalo(?:es)?|power|engines?|lights?|deals?|bills?|plans?|ideas?|hopes?|time|project|process|talks|truce|traffic"
    r"|strikes?|attacks?|drones?|missiles?|rockets?|shells?|bombs?|blasts?|explosions?|raids?|houses?|homes?|buildings?"
    r"|vehicles?|cars?|trucks?|tanks?|villages?|shops?|times?|days?|hours?|years?|minutes?|months?|weeks?"
    r"|percent|km|kilomet\w+|miles|metres|towns?|tents?|others of them|toll|number|fire|fires|cent|total|third|half"
)
_PASSIVE = (
    r"killed|shot dead|gunned down|hacked(?: to death)?(?: and shot dead)?|martyred|beheaded|decapitated|executed"
    r"|massacred|murdered|slain|slaughtered|lynched|burn(?:ed|t) alive|burn(?:ed|t) to death|sent to hell"
    r"|neutrali[sz]ed|eliminated|cut down|taken out dead|pulled out dead|found dead|buried alive"
)
_HURT = r"wounded|injured|hurt|maimed|hospitali[sz]ed"
_DIED = (
    r"died|perished|lost (?:their|his|her) (?:lives|life)|met (?:their|his|her) (?:end|death)|embraced martyrdom"
    r"|succumbed"
)
_ADVERBS = (
    r"(?: (?:also|all|both|reportedly|later|then|there|thought|believed|feared|confirmed|reported|said|to|have|been|"
    r"instantly|seriously|badly|critically|lightly|slightly))*"
)
_STOP = (
    rf"(?!(?:{NUMBER}|and|but|or|while|when|after|before|as|said|says|told|that|because|was|were|is|are|has|have|had|been"
    rf"|no|nobody|none|not|killed|killing|wounded|wounding|injured|injuring|dead|died)\b)"
)
_WORD = rf"(?: {_STOP}[a-z][a-z'-]*)"
_RELATIVE = rf"(?: (?:who|that|which)(?: (?:was|were|had|have|has|could|would|did)(?: not)?)?{_WORD}{{1,9}})"
_BEFELL = (
    rf"(?: (?:was|were|is|are|has been|have been|had been){_ADVERBS} (?P<passive>{_PASSIVE}|{_HURT})"
    rf"|(?: (?:has|have|had))?(?: also)? (?P<died>{_DIED})"
    r"|(?: (?:has|have|had))? (?P<came>(?:arrived|came in|brought in|carried in|admitted) with (?:[a-z]+ ){0,2}"
    r"(?:wounds|injuries|burns)))\b"
)
_CLAUSE = re.compile(
    rf"(?<!no )\b(?:{COUNT}|(?P<one>an?|another))(?: of)?"
    rf"(?P<who>(?:{_WORD}{{1,4}}?(?: and(?! (?:an?|his|her|their|the)\b){_WORD})?)?)"
    rf"(?P<gap>(?P<part>, (?:an?|the|{NUMBER}) [a-z' ]{{3,20}} among them,)|{_RELATIVE}|{_WORD}{{1,9}}?)?{_BEFELL}"
)
_DOING = re.compile(
    r"\b(?P<verb>kill(?:ed|ing|s)|shot dead|martyrdom of|death of|beheaded|beheading|execut(?:ed|ing)"
    r"|eliminat(?:ed|ing|es)|murder(?:ed|ing)|wound(?:ed|ing|s)|injur(?:ed|ing|es))"
    rf" (?:an?|one|its|his|her|their|the)(?P<who>{_WORD}{{1,3}})"
    r"(?=[.,;:!?]|$| (?:and|in|at|on|near|who|when|while|after|from|by|as|outside|inside|with"
    r"|during|of|also|late|early|yesterday|today|this|last)\b)"
)
_HEADLINE = re.compile(
    rf"(?:^|[.;:,] ){COUNT}(?P<who>{_WORD}{{1,3}}) (?P<verb>killed|dead|shot dead|slain|wounded|injured|hurt|die)\b"
)
_MARTYRS = re.compile(rf"\b{COUNT} (?P<verb>martyrs)\b")
_BEFELL_SOMEBODY = re.compile(
    rf"{_PASSIVE}|{_HURT}|{_DIED}|\bkill|\bdeath of|martyr|wound|injur|execut|eliminat|murder|behead|burns"
)
"""Without one of these words there is nothing to find."""
_KNOWN = re.compile(rf"\b(?:{PEOPLE})\b")
NO_PERSON = re.compile(rf"\b(?:{_NO_PEOPLE})$")
"""Words that end in what is no person."""


@dataclass(frozen=True, slots=True)
class Told:
    """A match whose groups n, hedge, n2, more and who are those of a count; n is "one" where an article counts."""

    match: re.Match[str]
    verb: str
    number: str
    verb_first: bool = False


def told(plain: str) -> Iterator[Told]:
    """Counts of people who were killed or hurt, beside those that the lists of `tollwords` find."""
    if not _BEFELL_SOMEBODY.search(plain):
        return
    for match in _CLAUSE.finditer(plain):
        who = match["who"].strip()
        if NO_PERSON.search(who) or (match["gap"] and not match["part"] and not _KNOWN.search(who)):
            continue
        yield Told(
            match, match["passive"] or match["died"] or match["came"], "one" if match["one"] else match["n"]
        )
    for match in _DOING.finditer(plain):
        who = match["who"].strip()
        if not NO_PERSON.search(who) and not MANY.search(who):
            yield Told(match, match["verb"], "one", verb_first=True)
    for match in _HEADLINE.finditer(plain):
        if not NO_PERSON.search(match["who"]):
            yield Told(match, match["verb"], match["n"])
    for match in _MARTYRS.finditer(plain):
        yield Told(match, "martyred", match["n"])
