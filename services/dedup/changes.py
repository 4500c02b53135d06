"""What a version changed: an incident before and after in, the kinds of change and the fields out. Pure."""

from collections.abc import Callable

from schemas.base import iso_utc
from schemas.event import CasualtyBand, Named, Place, TimeSpan
from schemas.incident import Change, ChangeType, FieldChange, Incident, Status
from services.dedup.tolls import FIELDS, size

_PRIORITY = (
    ChangeType.RETRACTED,
    ChangeType.CONTESTED,
    ChangeType.MERGED,
    ChangeType.VIOLATION_REPORTED,
    ChangeType.TOOK_EFFECT,
    ChangeType.EXPIRED,
    ChangeType.PHASE_CHANGED,
    ChangeType.CASUALTIES_RAISED,
    ChangeType.CORROBORATED,
    ChangeType.CORRECTED,
    ChangeType.PLACE_REFINED,
    ChangeType.SOURCE_ADDED,
)
"""A version is named after the gravest of its changes; the others stand in `also`."""

_STATUSES = {
    Status.RETRACTED: ChangeType.RETRACTED,
    Status.CONTESTED: ChangeType.CONTESTED,
    Status.CORROBORATED: ChangeType.CORROBORATED,
    Status.UNCONFIRMED: ChangeType.CORRECTED,
}


def change_between(
    old: Incident, new: Incident, *, event_id: str | None, reason: str, at_least: ChangeType
) -> Change:
    """The change from one version to the next. `at_least` names what happened even where no field differs."""
    found = {at_least, *_tolls(old, new)}
    if old.status is not new.status:
        found.add(_STATUSES[new.status])
    if old.phase is not new.phase:
        found.add(ChangeType.PHASE_CHANGED)
    if old.place and new.place and old.place != new.place:
        narrower = new.place.radius_km < old.place.radius_km or old.place.lat is None
        found.add(ChangeType.PLACE_REFINED if narrower else ChangeType.CORRECTED)
    if old.phase is new.phase and _moved(old, new):
        found.add(ChangeType.CORRECTED)
    types = [kind for kind in _PRIORITY if kind in found]
    also = tuple(kind for kind in types[1:] if kind is not ChangeType.SOURCE_ADDED)
    return Change(type=types[0], also=also, fields=field_changes(old, new), reason=reason, event_id=event_id)


def _tolls(old: Incident, new: Incident) -> set[ChangeType]:
    found = set()
    for field in FIELDS:
        before: CasualtyBand | None = getattr(old, field)
        after: CasualtyBand | None = getattr(new, field)
        if after is not None and (before is None or size(after) > size(before)):
            found.add(ChangeType.CASUALTIES_RAISED)
        elif before is not None and (after is None or size(after) < size(before)):
            found.add(ChangeType.CORRECTED)
    return found


def _moved(old: Incident, new: Incident) -> bool:
    """Whether a truce's terms became others: an analyst who relied on the old ones must hear of it."""
    return (old.effective_from, old.effective_until) != (new.effective_from, new.effective_until)


def field_changes(old: Incident, new: Incident) -> tuple[FieldChange, ...]:
    """Each field that differs, as readable text."""
    told = ((field, text(old), text(new)) for field, text in _TEXTS.items())
    return tuple(
        FieldChange(field=field, old=before, new=after) for field, before, after in told if before != after
    )


def _band(band: CasualtyBand | None) -> str | None:
    if band is None:
        return None
    if band.max is None:
        return f"at least {band.min}"
    return str(band.min) if band.max == band.min else f"{band.min} to {band.max}"


def _place(place: Place | None) -> str | None:
    if place is None:
        return None
    return ", ".join(part for part in (place.name, place.admin1, place.country) if part)


def _span(span: TimeSpan | None) -> str | None:
    if span is None:
        return None
    if span.start == span.end:
        return iso_utc(span.start)
    return f"{iso_utc(span.start)} to {iso_utc(span.end)}"


def _named(named: Named | None) -> str | None:
    return (named.name or named.text) if named else None


_TEXTS: dict[str, Callable[[Incident], str | None]] = {
    "status": lambda i: i.status.value,
    "kind": lambda i: i.kind.value,
    "phase": lambda i: i.phase.value if i.phase else None,
    "assertion": lambda i: i.assertion.value,
    "place": lambda i: _place(i.place),
    "occurred": lambda i: _span(i.occurred),
    "effective_from": lambda i: iso_utc(i.effective_from) if i.effective_from else None,
    "effective_until": lambda i: iso_utc(i.effective_until) if i.effective_until else None,
    "took_effect_at": lambda i: iso_utc(i.took_effect_at) if i.took_effect_at else None,
    "expired_at": lambda i: iso_utc(i.expired_at) if i.expired_at else None,
    "merged_into": lambda i: i.merged_into,
    "killed": lambda i: _band(i.killed),
    "injured": lambda i: _band(i.injured),
    "displaced": lambda i: _band(i.displaced),
    "actor": lambda i: _named(i.actor),
    "target": lambda i: _named(i.target),
    "weapon": lambda i: _named(i.weapon),
    "origins": lambda i: str(len(i.origins)),
}
