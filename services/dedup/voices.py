"""Whether two reports rest on one word: whom their texts name as saying so. Claimants in, yes or no out. Pure."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from schemas.incident import IncidentEvidence
from services.dedup.voice_of import Voice, initials_of, is_witness, voice_of
from services.dedup.voice_terms import words_of

MIN_COMMON = 0.6
"""Of the words of the longer description, where none contains the other."""
ALIKE = 0.7
"""From which likeness of their letters two names are spellings of one."""

_AGENCY = "agency:"
"""How the key of an origin begins that is an agency."""
_PUBLISHERS_FORM = {"the", "l", "la", "le", "el"}


def rest_on_one_word(a: IncidentEvidence, b: IncidentEvidence) -> bool:
    """Whether all that one of them relays, the other relays too; or one relays the other's publisher."""
    if _credits(a, b) or _credits(b, a):
        return True
    ours, theirs = _voices(a), _voices(b)
    return bool(ours and theirs) and (_within(ours, theirs) or _within(theirs, ours))


def _voices(told: IncidentEvidence) -> list[Voice]:
    """Whom a report relays: nobody where its first source was there itself."""
    if told.claimants and is_witness(told.claimants[0]):
        return []
    return [voice for claimant in told.claimants if (voice := voice_of(claimant))]


def _credits(teller: IncidentEvidence, other: IncidentEvidence) -> bool:
    """Whether one of the claimants is the other report's publisher, by its name or its initials."""
    own = {name for name in (teller.report.publisher, teller.report.source) if name}
    names = {name for name in (other.report.publisher, other.report.source) if name} - own
    if any(voice.organisation == other.origin for voice in _voices(teller)):
        return True
    credited = (*teller.claimants, *_agency(teller))
    return any(_is_name(claimant, name) for claimant in credited for name in (*names, *_agency(other)))


def _agency(told: IncidentEvidence) -> tuple[str, ...]:
    """The agency that a report relays, where its origin is one."""
    key = told.origin.removeprefix(_AGENCY)
    return () if key == told.origin else (key.replace("_", " ").upper(),)


def _is_name(claimant: str, name: str) -> bool:
    said, called = set(words_of(claimant)) - _PUBLISHERS_FORM, set(words_of(name)) - _PUBLISHERS_FORM
    return bool(said) and (
        said == called or _is_short(claimant, said, name) or _is_short(name, called, claimant)
    )


def _is_short(text: str, words: set[str], name: str) -> bool:
    """Whether a text is the initials of a name."""
    return len(words) == 1 and text.strip().rsplit(" ", 1)[-1].isupper() and bool(words & initials_of(name))


def _within(some: Sequence[Voice], others: Sequence[Voice]) -> bool:
    return all(any(_same(voice, other) for other in others) for voice in some)


def _same(a: Voice, b: Voice) -> bool:
    if a.organisation or b.organisation:
        return a.organisation == b.organisation
    if _abbreviates(a, b) or _abbreviates(b, a):
        return True
    if a.role and b.role:
        return a.role == b.role and not _apart(a, b)
    if a.role or b.role or (a.lands == b.lands == a.words == b.words):
        return a.words == b.words
    common = len(a.words & b.words)
    contained = common == min(len(a.words), len(b.words)) and common > 1
    return contained or common >= MIN_COMMON * max(len(a.words), len(b.words))


def _abbreviates(a: Voice, b: Voice) -> bool:
    """Whether one is named by the other's initials alone."""
    return len(a.words) == 1 and bool(a.words & a.short & b.short) and len(b.words) > 1


def _apart(a: Voice, b: Voice) -> bool:
    """Whether two of one office are of two countries, levels or places."""
    return (
        _disjoint(a.lands, b.lands)
        or _disjoint(a.levels, b.levels)
        or bool(a.places and b.places and not _alike(a.places, b.places))
    )


def _disjoint(some: frozenset[str], others: frozenset[str]) -> bool:
    return bool(some and others and not some & others)


def _alike(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a name stands in both, or in two scripts, which are not compared."""
    return any(
        a.isascii() != b.isascii() or SequenceMatcher(None, a, b).ratio() >= ALIKE
        for a in some
        for b in others
    )
