"""What an incident says: its tellings folded one by one into fields. Evidence in, an incident's content out. Pure.

Version, status and change are not decided here: see `merge`.
"""

from collections.abc import Sequence
from datetime import timedelta

from schemas.event import Assertion, ConflictEvent, Kind, Named, Phase, Place, TimePrecision, TimeSpan
from schemas.ids import incident_id
from schemas.incident import MAX_EVIDENCES, Change, ChangeType, Incident, IncidentEvidence, Status
from services.dedup.geography import is_town
from services.dedup.lanes import GENERIC
from services.dedup.origins import copied_from, origin_of
from services.dedup.placing import finer
from services.dedup.tolls import extended, standing_band, tolls_of
from services.dedup.truce import moves

MAX_CLAIMANTS = 20

_SHARPER = 0.8
"""A place replaces another when its radius is at most this share of the other's."""

_LOCAL_DAY = timedelta(hours=14)


_VOUCHED = (
    Assertion.DENIED,
    Assertion.HYPOTHETICAL,
    Assertion.THREATENED,
    Assertion.PLANNED,
    Assertion.ALLEGED,
    Assertion.ASSERTED,
)
_PRECISION = tuple(reversed(TimePrecision))


def telling_of(event: ConflictEvent) -> IncidentEvidence:
    """An event as the evidence of an incident: all that is needed to fold it in again."""
    return IncidentEvidence(
        event_id=event.id,
        report=event.report,
        origin=event.origin,
        assertion=event.assertion,
        novelty=event.novelty,
        phase=event.phase,
        killed=event.killed,
        injured=event.injured,
        displaced=event.displaced,
        evidence=event.evidence,
        text_signature=event.text_signature,
        kind=event.kind,
        place=event.place,
        occurred=event.occurred,
        effective_from=event.effective_from,
        effective_until=event.effective_until,
        actor=event.actor,
        target=event.target,
        weapon=event.weapon,
        claimants=event.claimants,
        codes=event.codes,
        alert_worthy=event.alert_worthy,
    )


def begin(told: IncidentEvidence, theatre: str) -> Incident:
    """Version 1, from the first telling."""
    tolls = extended((), tolls_of(told))
    return Incident(
        id=incident_id(told.event_id),
        version=1,
        status=Status.UNCONFIRMED,
        status_reason="",
        change=Change(type=ChangeType.CREATED, reason="", event_id=told.event_id),
        kind=told.kind,
        phase=told.phase,
        theatre=theatre,
        place=told.place,
        occurred=told.occurred,
        effective_from=told.effective_from,
        effective_until=told.effective_until,
        killed=standing_band(tolls, "killed"),
        injured=standing_band(tolls, "injured"),
        displaced=standing_band(tolls, "displaced"),
        tolls=tolls,
        actor=told.actor,
        target=told.target,
        weapon=told.weapon,
        claimants=told.claimants[:MAX_CLAIMANTS],
        assertion=told.assertion,
        evidence=(told,),
        evidence_count=1,
        origins=(told.origin,),
        codes=told.codes,
        alert_worthy=told.alert_worthy,
        first_reported_at=told.report.fetched_at,
        newest_fetched_at=told.report.fetched_at,
    )


def add(incident: Incident, told: IncidentEvidence) -> Incident:
    """The incident with one more telling folded in; identity, version, status and change as they were."""
    standing = [e for e in incident.evidence if e.withdrawn_at is None]
    told = told.model_copy(update={"is_copy": copied_from(told, standing) is not None})
    tolls = extended(incident.tolls, tolls_of(told))
    origins = dict.fromkeys((*incident.origins, origin_of(told, standing)))
    return incident.model_copy(
        update={
            **_what(incident, told),
            "place": _place(incident.place, told.place),
            "occurred": _occurred(incident.occurred, told.occurred),
            "killed": standing_band(tolls, "killed"),
            "injured": standing_band(tolls, "injured"),
            "displaced": standing_band(tolls, "displaced"),
            "tolls": tolls,
            "actor": _named(incident.actor, told.actor),
            "target": _named(incident.target, told.target),
            "weapon": _named(incident.weapon, told.weapon),
            "claimants": tuple(dict.fromkeys((*incident.claimants, *told.claimants)))[:MAX_CLAIMANTS],
            "evidence": bounded((*incident.evidence, told)),
            "evidence_count": incident.evidence_count + 1,
            "origins": tuple(origins),
            "alert_worthy": incident.alert_worthy or told.alert_worthy,
            "first_reported_at": min(incident.first_reported_at, told.report.fetched_at),
            "newest_fetched_at": max(incident.newest_fetched_at, told.report.fetched_at),
        }
    )


def bounded(evidence: Sequence[IncidentEvidence]) -> tuple[IncidentEvidence, ...]:
    """At most `MAX_EVIDENCES`: withdrawn ones give way first, then the newest is only counted."""
    kept = list(evidence)
    while len(kept) > MAX_EVIDENCES:
        withdrawn = (at for at, told in enumerate(kept) if told.withdrawn_at is not None)
        del kept[next(withdrawn, -1)]
    return tuple(kept)


def _what(incident: Incident, told: IncidentEvidence) -> dict[str, object]:
    """Kind, phase, assertion, terms and codes: they belong together."""
    if incident.kind is Kind.CEASEFIRE:
        return _truce(incident, told)
    refined = incident.kind in GENERIC and told.kind not in GENERIC
    assertion = max(incident.assertion, told.assertion, key=_VOUCHED.index)
    if not refined:
        return {"assertion": assertion}
    return {"assertion": assertion, "kind": told.kind, "codes": told.codes}


def _truce(incident: Incident, told: IncidentEvidence) -> dict[str, object]:
    """A telling that moves the truce on brings its own terms; any other only fills what is empty."""
    old, new = incident.phase or Phase.CALLED_FOR, told.phase or Phase.CALLED_FOR
    first, second = (told, incident) if moves(old, new) else (incident, told)
    assertion = told.assertion
    if first is incident:
        assertion = (
            max(incident.assertion, told.assertion, key=_VOUCHED.index) if old is new else incident.assertion
        )
    return {
        "phase": first.phase,
        "codes": first.codes,
        "assertion": assertion,
        "effective_from": first.effective_from or second.effective_from,
        "effective_until": first.effective_until or second.effective_until,
    }


def _place(old: Place | None, new: Place | None) -> Place | None:
    """The more precise one: a village as told before what holds it; a town that is known stays as it is."""
    if old is None or new is None:
        return old or new
    narrower = finer(old, new)
    if narrower is not None:
        return new if narrower else old
    if new.lat is None or (old.lat is not None and is_town(old)):
        return old
    return new if old.lat is None or new.radius_km <= old.radius_km * _SHARPER else old


def _occurred(old: TimeSpan | None, new: TimeSpan | None) -> TimeSpan | None:
    """The more precise one, where the two overlap as far as a local day can lie from the UTC day of its date."""
    if old is None or new is None:
        return old or new
    sharper = _PRECISION.index(new.precision) > _PRECISION.index(old.precision)
    near = new.start <= old.end + _LOCAL_DAY and old.start <= new.end + _LOCAL_DAY
    return new if sharper and near else old


def _named(old: Named | None, new: Named | None) -> Named | None:
    """The first one told, unless only the later is known by a normalised name."""
    if old is None or new is None:
        return old or new
    return new if new.name and not old.name else old
