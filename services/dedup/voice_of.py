"""Who speaks: a claimant as its text describes it in, its office, organisation, country and names out. Pure.

Within one incident a definite description means one voice ("the mayor", "police", "SOHR"); one of several means nobody
("a resident", "officials", "two security sources").
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from services.dedup.voice_terms import Patterns, keyless, voice_terms, words_of

_TERMS = voice_terms()
_ROLES = Patterns((role.key, term) for role in _TERMS.roles for term in role.terms)
_GROUPS = {role.key for role in _TERMS.roles if role.group}
EXECUTIVE = frozenset(role.key for role in _TERMS.roles if role.executive)
"""The offices that speak for a country."""
_ORGANISATIONS = Patterns((o.key, term) for o in _TERMS.organisations for term in o.terms)
_LANDS = Patterns((land, term) for land, terms in _TERMS.lands.items() for term in terms)
_LEVELS = Patterns((level, term) for level, terms in _TERMS.levels.items() for term in terms)
_MOUTHS, _ANYONE = keyless(_TERMS.mouths), keyless(_TERMS.anyone)
_SINGULAR, _CHANNELS, _PRESS = keyless(_TERMS.singular), keyless(_TERMS.channels), keyless(_TERMS.press)
_WITNESSES, _INDEFINITE, _EMPTY = keyless(_TERMS.witnesses), keyless(_TERMS.indefinite), keyless(_TERMS.empty)

_HEAD = re.compile(
    r",|\b(?:of|in|at|from|with|near|by|for|who|that|which|known|de|du|des|del|en|au|aux|qui|que|do|da|dos|das|em|в|у|из|із|з|від|от|من|في)\b"
    r"|\bd['’]"
)
_ARTICLE = re.compile(
    r"(?:the|its|his|her|their|el|la|los|las|le|les|son|sa|ses|su|sus|o|os|as)\b|l['’]", re.IGNORECASE
)
_CAPITAL = re.compile(r"[A-ZÀ-ÞĞİŞА-ЯЄІЇҐ]")
_ACRONYM = re.compile(r"\b[A-Z]{3,8}\b(?![\s-][A-Z][a-z])")
_CALLED = re.compile(r"(\S+)\s(?:[A-ZÀ-ÞА-ЯЄІЇҐ][\w'’-]+\s?){2,4}$")
"""A name at a description's end, and the word before it."""
_GROUP_NAMED = re.compile(r"\b(?:group|network|collective|association|organi[sz]ation|militia)\s[A-Z]")
_CASELESS = re.compile(r"[\u0590-\u06ff]{3}")


@dataclass(frozen=True, slots=True)
class Voice:
    """A definite one. `role` and `organisation` are keys, `lands` country codes, `words` all that carries meaning."""

    role: str | None
    organisation: str | None
    lands: frozenset[str]
    levels: frozenset[str]
    places: frozenset[str]
    """Names after "of" and the like, before a possessive or before the office."""
    words: frozenset[str]
    short: frozenset[str]
    """Its initials, as it gives them or as its capitals make them."""
    acronyms: frozenset[str]
    """The short names of three capitals or more that it gives itself; no rank before a name."""
    capitals: frozenset[str]
    """Its words with a capital, but for its office."""
    home: frozenset[str] = frozenset()
    """The countries in the name of the outlet that quotes it."""


@lru_cache(maxsize=4096)
def voice_of(claimant: str) -> Voice | None:
    """The voice that a description means; None where it means nobody in particular."""
    words = words_of(claimant)
    role = _role(claimant, words)
    known = role is not None or bool(_ORGANISATIONS.running(words)[0])
    return _read(claimant, role) if words and _is_definite(claimant, words, known) else None


@lru_cache(maxsize=4096)
def office_of(outlet: str) -> Voice | None:
    """The office whose own channel an outlet is by its name; None where it is a paper, or no office is told by it."""
    words = words_of(outlet)
    role = _role(outlet, words)
    if any(_PRESS.stands(w) for w in words) and not _CHANNELS.running(words)[0]:
        return None
    voice = _read(outlet, role)
    return voice if voice and (role or voice.organisation or _CHANNELS.running(words)[0]) else None


def lands_of(name: str) -> frozenset[str]:
    """The countries that a name holds."""
    return _LANDS.running(words_of(name))[0]


def _read(claimant: str, role: tuple[str, frozenset[str]] | None) -> Voice | None:
    words = words_of(claimant)
    organisation = _ORGANISATIONS.running(words)[0]
    lands, at = _LANDS.running(words)
    rest = [w for k, w in enumerate(words) if k not in at and not _EMPTY.stands(w)]
    role_words = role[1] if role else frozenset()
    meaning = [w for w in rest if w not in role_words and not _MOUTHS.stands(w)]
    kept = frozenset(meaning) | lands | ({role[0]} if role else frozenset())
    if not kept:
        return None
    levels = frozenset(found[0] for w in rest if (found := _LEVELS.best([w])))
    named = _placed(claimant) - role_words
    return Voice(
        role[0] if role else None, min(organisation, default=None), lands, levels,
        frozenset(w for w in meaning if w in named), kept, initials_of(claimant), _acronyms(claimant),
        _capitals(claimant) & frozenset(meaning),
    )  # fmt: skip


def is_witness(claimant: str) -> bool:
    """Whether it was on the spot and speaks for nobody but itself."""
    head = words_of(_head(claimant))
    return _WITNESSES.best(head) is not None and _ROLES.best(head) is None


def initials_of(claimant: str) -> frozenset[str]:
    """The short names that stand in a description, and those that its capitals make."""
    capitals = re.findall(r"\b([A-Z])\w+", _ARTICLE.sub("", claimant))
    short = {word.casefold() for word in re.findall(r"\b[A-Z]{2,6}\b", claimant)}
    return frozenset(short | ({"".join(capitals).casefold()} if len(capitals) > 1 else set()))


def _acronyms(claimant: str) -> frozenset[str]:
    return frozenset(found.casefold() for found in _ACRONYM.findall(claimant))


def _capitals(claimant: str) -> frozenset[str]:
    return frozenset(w for part in claimant.split() if _CAPITAL.match(part) for w in words_of(part))


def _role(claimant: str, words: tuple[str, ...]) -> tuple[str, frozenset[str]] | None:
    """The office; none where its word is part of a group's name ("the Arakan Army")."""
    found = _ROLES.best(words)
    if found is None or found[0] not in _GROUPS:
        return found
    parts = claimant.split()
    for before, word in pairwise(parts):
        named = before[:1].isupper() and word[:1].isupper()
        if named and set(words_of(word)) & found[1] and not _common(words_of(before)):
            return None
    return found


def _common(words: tuple[str, ...]) -> bool:
    """Whether a capital before an office leaves it one: a country, a level or an article."""
    return bool(_LANDS.running(words)[0]) or any(_EMPTY.stands(w) or _LEVELS.best([w]) for w in words)


def _is_definite(claimant: str, words: tuple[str, ...], known: bool) -> bool:
    head = words_of(_LATER_NAME.sub("", _head(claimant)))
    speaks = any(_MOUTHS.stands(w) for w in head)
    if _is_named(claimant):
        return True
    if any(_ANYONE.stands(w) or _WITNESSES.stands(w) for w in head) and not (known and _is_office(claimant)):
        return False
    if _INDEFINITE.stands(words[0]):
        return speaks or (known and _SINGULAR.stands(words[0]) and bool(_LANDS.running(words)[0]))
    shaped = _ARTICLE.match(claimant) or _CAPITAL.search(claimant) or _CASELESS.search(claimant)
    return known or bool(shaped)


def _is_named(claimant: str) -> bool:
    """Whether one of several is named all the same ("an official, Ada Obi"; "the rights group XYZ")."""
    called = _CALLED.search(claimant)
    before = called[1].rstrip(",") if called else ""
    person = bool(before) and not _CAPITAL.match(before) and not _HEAD.fullmatch(before) and before != "the"
    return person or _GROUP_NAMED.search(claimant) is not None


def _is_office(claimant: str) -> bool:
    """Whether what names anyone elsewhere belongs to the office's own name ("the district police officer")."""
    head = words_of(_head(claimant))
    known = _ROLES.best(head)
    singular = _ARTICLE.match(claimant) is not None and head[-1:] and not head[-1].endswith("s")
    return bool(known and (singular or all(not _ANYONE.stands(w) for w in head if w not in known[1])))


def _head(claimant: str) -> str:
    """A description up to its first preposition."""
    return _HEAD.split(claimant.strip(), maxsplit=1)[0]


_LATER_NAME = re.compile(r"(?<=\w )[A-Z]\w+")
"""Words of a name after another word: what they mean elsewhere does not count ("the Kachin News Group")."""
_OF_PLACE = re.compile(r"\b(?:of|in|for|de|du|del|en)(?: the)? ((?:[A-Z][\w'’-]+ ?)+)")
_OWN = re.compile(r"((?:[A-Z][\w-]+ ?)+)['’]s?\b")


def _placed(claimant: str) -> frozenset[str]:
    """The names that tell which office of its kind it is."""
    found = [match[1] for pattern in (_OF_PLACE, _OWN) for match in pattern.finditer(claimant)]
    return frozenset(word for name in found for word in words_of(name))
