"""An alert in words: an incident in, a headline and a two-sentence summary out, made of extracted facts only. Pure."""

import re

from schemas.base import iso_utc
from schemas.event import Assertion, CasualtyBand, Kind, Phase, TimePrecision, TimeSpan
from schemas.incident import ChangeType, Incident

MAX_HEADLINE = 160
MAX_NAME = 80
"""Characters of a name that a report gives; the rest is cut."""

_KINDS = {
    Kind.AIR_STRIKE: "Air strike",
    Kind.SHELLING: "Shelling",
    Kind.EXPLOSION: "Explosion",
    Kind.GROUND_CLASH: "Ground clash",
    Kind.ATTACK_ON_CIVILIANS: "Attack on civilians",
    Kind.ABDUCTION: "Abduction",
    Kind.CHEMICAL_ATTACK: "Chemical attack",
    Kind.TERRITORY_CHANGE: "Change of territory",
    Kind.CEASEFIRE: "Ceasefire",
    Kind.EVACUATION_WARNING: "Evacuation warning",
    Kind.INTERCEPTION: "Interception",
}
_CHANGES = {
    ChangeType.CREATED: "",
    ChangeType.CORROBORATED: "Corroborated: ",
    ChangeType.CASUALTIES_RAISED: "Toll raised: ",
    ChangeType.PLACE_REFINED: "Place refined: ",
    ChangeType.PHASE_CHANGED: "",
    ChangeType.TOOK_EFFECT: "In effect: ",
    ChangeType.EXPIRED: "Expired: ",
    ChangeType.VIOLATION_REPORTED: "Violation reported: ",
    ChangeType.SOURCE_ADDED: "Another source: ",
    ChangeType.CONTESTED: "Contested: ",
    ChangeType.CORRECTED: "Corrected: ",
    ChangeType.RETRACTED: "Retracted: ",
    ChangeType.MERGED: "Merged: ",
}
_ASSERTIONS = {
    Assertion.ASSERTED: "reported",
    Assertion.ALLEGED: "alleged",
    Assertion.DENIED: "denied",
    Assertion.PLANNED: "announced",
    Assertion.THREATENED: "threatened",
    Assertion.HYPOTHETICAL: "spoken of",
}
_DOUBTS = {Assertion.ALLEGED: " (alleged)", Assertion.DENIED: " (denied)"}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


def headline(incident: Incident) -> str:
    """One line of at most `MAX_HEADLINE` characters; what does not fit is left out, the least telling first."""
    change = _CHANGES[incident.change.type]
    toll = f": {_toll(incident)}" if _toll(incident) else ""
    end = toll + _DOUBTS.get(incident.assertion, "")
    for parts in ([_by(incident), _at(incident)], [_at(incident)], []):
        line = change + " ".join(filter(None, [_subject(incident), *parts])) + end
        if len(line) <= MAX_HEADLINE:
            return line
    return line[: MAX_HEADLINE - 1] + "…"


def summary(incident: Incident) -> str:
    """Two sentences: what, who, where, when and by whose word; then the toll, the terms and how well it is known."""
    what = " ".join(
        filter(None, [_subject(incident), _on(incident), _by(incident), _at(incident), _when(incident)])
    )
    first = f"{what}, {_ASSERTIONS[incident.assertion]}{_according_to(incident)}."
    known = f"{incident.status.value}, {_count(len(incident.origins), 'independent origin')}"
    second = "; ".join(filter(None, [_toll(incident), _terms(incident), known]))
    return f"{first} {second[0].upper()}{second[1:]}."


def band_text(band: CasualtyBand) -> str:
    """A band as it would be said: "12", "at least 12", "24 to 99", "up to 5"."""
    if band.max is None:
        return f"at least {band.min}" if band.min else "an unknown number"
    if band.max == band.min:
        return str(band.min)
    return f"{band.min} to {band.max}" if band.min else f"up to {band.max}"


def clean(text: str, limit: int = MAX_NAME) -> str:
    """A name from a report, made fit for one line: no control or direction characters, not too long."""
    line = " ".join(_UNPRINTABLE.sub(" ", text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _subject(incident: Incident) -> str:
    phase = incident.phase
    if phase is None:
        return _KINDS[incident.kind]
    return f"{_KINDS[incident.kind]} {'called for' if phase is Phase.CALLED_FOR else phase.value.replace('_', ' ')}"


def _by(incident: Incident) -> str:
    return f"by {clean(incident.actor.name or incident.actor.text)}" if incident.actor else ""


def _on(incident: Incident) -> str:
    return f"on {clean(incident.target.text)}" if incident.target else ""


def _at(incident: Incident) -> str:
    if incident.place is None:
        return ""
    country = f" ({incident.place.country})" if incident.place.country else ""
    return f"in {clean(incident.place.name)}{country}"


def _when(incident: Incident) -> str:
    return _span(incident.occurred) if incident.occurred else ""


def _span(span: TimeSpan) -> str:
    if span.precision is TimePrecision.MINUTE:
        return f"on {_minute(iso_utc(span.start))}"
    if span.precision is TimePrecision.MONTH:
        return f"in {span.start:%Y-%m}"
    if span.start.date() == span.end.date() or span.precision is TimePrecision.DAY:
        return f"on {span.start:%Y-%m-%d}"
    return f"between {_minute(iso_utc(span.start))} and {_minute(iso_utc(span.end))}"


def _minute(moment: str) -> str:
    return f"{moment[:10]} {moment[11:16]} UTC"


def _according_to(incident: Incident) -> str:
    named = [clean(name) for name in incident.claimants[:3]]
    return f" by {', '.join(named)}" if named else ""


def _toll(incident: Incident) -> str:
    told = (("killed", incident.killed), ("injured", incident.injured), ("displaced", incident.displaced))
    return ", ".join(_people(band, verb) for verb, band in told if band is not None)


def _people(band: CasualtyBand, verb: str) -> str:
    who = f" {clean(band.who, 40)}" if band.who else ""
    return f"{band_text(band)}{who} {verb}"


def _terms(incident: Incident) -> str:
    begins, ends = incident.effective_from, incident.effective_until
    told = [
        f"effective {_minute(iso_utc(begins))}" if begins else "",
        f"until {_minute(iso_utc(ends))}" if ends else "",
    ]
    return " ".join(filter(None, told))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
