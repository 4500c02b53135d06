"""Whether two reports rest on one word: whom their texts name as saying so. Claimants in, yes or no out. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from schemas.incident import IncidentEvidence
from services.dedup.voice_of import EXECUTIVE, Voice, initials_of, is_witness, lands_of, office_of, voice_of
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
    home = lands_of(told.report.publisher or told.report.source)
    return [replace(voice, home=home) for claimant in told.claimants if (voice := voice_of(claimant))]


def _channel(told: IncidentEvidence) -> list[Voice]:
    """The office whose own channel the report comes from."""
    names = {name for name in (told.report.publisher, told.report.source) if name}
    return [voice for name in sorted(names) if (voice := office_of(name))]


def _credits(teller: IncidentEvidence, other: IncidentEvidence) -> bool:
    """Whether one of the claimants is the other report's publisher, by its name or its initials."""
    own = {name for name in (teller.report.publisher, teller.report.source) if name}
    names = {name for name in (other.report.publisher, other.report.source) if name} - own
    voices, offices = _voices(teller), _channel(other)
    if any(voice.organisation == other.origin for voice in voices):
        return True
    if voices and offices and all(_speaks_for(office, voices) for office in offices):
        return True
    credited = (*teller.claimants, *_agency(teller))
    return any(_is_name(claimant, name) for claimant in credited for name in (*names, *_agency(other)))


def _speaks_for(office: Voice, voices: Sequence[Voice]) -> bool:
    """Whether all voices are those of one office's channel, or of the person whom it is called after."""
    return all(
        _same(office, voice) or (office.role is None and office.words <= voice.capitals) for voice in voices
    )


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
    if _abbreviates(a, b) or _abbreviates(b, a) or _one_country(a, b) or _one_country(b, a):
        return True
    if _one_name(a, b) or _one_name(b, a):
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


def _one_country(bare: Voice, office: Voice) -> bool:
    """Whether one is a country by name or seat, and the other an office that speaks for it."""
    return bool(bare.lands) and bare.words == bare.lands == office.lands and office.role in EXECUTIVE


def _one_name(a: Voice, b: Voice) -> bool:
    """Whether both give one acronym of a body without an office, or one is but the other's name ("Ada Obi")."""
    if a.acronyms & b.acronyms and a.role == b.role:
        return True
    alone = a.role is None and a.words == a.capitals and not a.lands and a.words <= b.capitals
    return alone and (len(a.words) > 1 or not (b.role or b.lands or a.words & b.places))


def _apart(a: Voice, b: Voice) -> bool:
    """Whether two of one office are of two countries, levels or places."""
    return (
        _disjoint(a.lands, b.lands)
        or (
            a.role in EXECUTIVE
            and _disjoint(a.home, b.home)
            and _disjoint(a.lands or a.home, b.lands or b.home)
        )
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
