"""Who else is counted: the words before and after one toll in, how many more people they name out."""

import re
from collections.abc import Iterator

from services.nlp.numbers import NUMBER, value_of
from services.nlp.tollwords import HURT, KILLED, PEOPLE

_ONE = frozenset(["a", "an", "one", "his", "her", "its", "their", "the"])
_STOPS = (
    r"(?!(?:and|or|were|was|is|are|had|has|have|killed|wounded|injured|hurt|dead|died|when|after|in|on|at|by|who|said"
    r"|says|to|from|while|as|for|with|that|which|survived)\b)"
)
_ITEM = rf"(?:{NUMBER}|an?|one|his|her|its|their|the)(?: {_STOPS}[a-z']+){{1,6}}"
_BEFORE = re.compile(
    rf"(?:^|[.;:,] |\b(?:that|when|where|after|killed|and) )(?P<list>(?:{_ITEM}(?:,? and |, )){{1,4}})$"
)
_PART = re.compile(rf"(?P<n>{NUMBER}|an?|one|his|her|its|their|the)\b(?P<who>(?: {_STOPS}[a-z']+){{1,6}})")
_NEXT = re.compile(
    r"^(?:,? and|,? along with|,? together with|,? alongside|,? as well as|,? accompanied by|,? with|,)"
    rf" (?:at least )?(?P<n>{NUMBER}|an?|one|his|her|its|their)\b(?: (?:(?:of )?(?:his|her|their) )?(?P<m>{NUMBER}))?"
    rf"(?: of (?:his|her|their))?(?P<who>(?: {_STOPS}[a-z']+){{0,3}}? (?:{PEOPLE}))\b"
)
_OF_THEM = re.compile(r"^,? [\w-]+ of (?:them|whom|these|those)\b")
_NAME = re.compile(
    rf"^,?(?: {_STOPS}[\w'-]+){{1,6}},?(?= and (?:an?|one|his|her|their|{NUMBER})\b|, (?:his|her|their) )"
)
_OWN_VERB = re.compile(
    rf"^(?: {_STOPS}[a-z']+){{0,3}} (?:was|were|are|is|have|has|wounded|injured|hurt|said|says|told|reported|confirmed"
    r"|added|wrote|survived)\b"
)
_SAYS = re.compile(r"^(?: [\w'-]+){0,14} (?:said|says|told|reported|confirmed|wrote|announced)\b")
"""Behind a comma: who says so, and not who was killed ("killing nine people, a trader reached by telephone said")."""
_HOUSEHOLD = re.compile(r"(?:s|children|wives|men|women|people)$")


def before_it(plain: str) -> int:
    """How many the list before a toll names: "a cleaner and", "a woman, her son and"; 0 where no list stands there."""
    match = _BEFORE.search(plain[-160:])
    if not match:
        return 0
    return sum(_number(part["n"]) for part in _PART.finditer(match["list"]))


def after_it(rest: str, single: bool = True) -> tuple[int, bool]:
    """How many the list after a toll adds ("and their two daughters", "along with her child").

    The second says whether it names people without their number ("and his children"). Behind one person a name may
    stand ("killed a woman, Maya Haddad, and her son"); behind several (`single` is false) names only say who they are.
    """
    total, open_end = 0, False
    for _ in range(5):
        named = _NAME.match(rest) if single else None
        match = _NEXT.match(rest[named.end() :] if named else rest)
        if not match or _OF_THEM.match(rest):
            break
        apart = (rest[named.end() :] if named else rest).startswith(",")
        rest = (rest[named.end() :] if named else rest)[match.end() :]
        if _OWN_VERB.match(rest) or (apart and _SAYS.match(rest)):
            break
        count = match["m"] or match["n"]
        many = count in ("his", "her", "their", "its") and _HOUSEHOLD.search(match["who"])
        total, open_end = total + (2 if many else _number(count)), open_end or bool(many)
    return total, open_end


def _number(word: str) -> int:
    if word in _ONE:
        return 1
    amount = value_of(word)
    return amount.min if amount and amount.max is not None else 0


_PROPER = r"[A-Z][\w'’]{1,20}"
_NAMED = re.compile(
    rf"\b(?P<name>{_PROPER}(?:[ -](?:{_PROPER}|al|el|bin|ibn|abu|de|van|von|der)){{1,6}})"
    r"(?: \([^()]{1,60}\)| ?,? aged \d{1,3}| ?, \d{1,3})*?,?"
    rf" (?:(?:was|has been|had been) (?:\w+ly |also )?(?P<verb>{KILLED}|{HURT})"
    r"|(?P<died>(?:also )?(?:died|dies|perished)))\b"
)
_SUBJECT = re.compile(
    rf"\b(?:kill(?:ed|ing|s)|wound(?:ed|ing)|injur(?:ed|ing)) (?P<name>{_PROPER}(?: (?:{_PROPER}|al|bin|abu)){{1,6}})"
    r"(?=[,.;]| (?:and|along|together|alongside|with|in|at|when|as)\b)"
)
_NO_PERSON = re.compile(
    r"\b(?:Army|Forces?|Brigades?|Ministry|Agency|Hospital|Street|Camp|City|Tower|School|Islamic|State|Party|Police"
    r"|Council|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|June|July|August"
    r"|September|October|November|December|Family|The|This|At|On|In|Fighters|Front|Movement|Army's|Liberation|Guards?)\b"
)


def named_victims(text: str) -> Iterator[tuple[str, int, int]]:
    """(verb, start, end) of each person whom a sentence names as killed or hurt. `text` keeps its capitals."""
    for match in _NAMED.finditer(text):
        if not _NO_PERSON.search(match["name"]):
            yield match["verb"] or match["died"], match.start("name"), match.end()
    for match in _SUBJECT.finditer(text):
        if not _NO_PERSON.search(match["name"]):
            yield match.group().split()[0], match.start(), match.end()
