"""Whether an incident is what a subscription asked for: filters and incident in, a yes or no out. Pure."""

from schemas.incident import Incident, Status
from schemas.subscription import Filters

_CONFIRMED = {Status.UNCONFIRMED: 0, Status.CONTESTED: 0, Status.CORROBORATED: 1, Status.RETRACTED: -1}
"""How far a status goes towards `min_status`. What a credible denial contests counts as not confirmed."""


def matches(filters: Filters, incident: Incident) -> bool:
    """All filters that are given hold. `changes` is not asked here: see `decide`."""
    return (
        _is_one_of(incident.kind, filters.kinds)
        and _is_one_of(incident.phase, filters.phases)
        and _is_one_of(incident.place and incident.place.country, filters.countries)
        and _is_one_of(incident.theatre, filters.theatres)
        and _placed(filters, incident)
        and _deadly_enough(filters, incident)
        and _confirmed_enough(filters, incident)
    )


def _is_one_of(value: object, wanted: frozenset[object] | frozenset[str]) -> bool:
    return not wanted or value in wanted


def _placed(filters: Filters, incident: Incident) -> bool:
    return filters.include_unplaced or incident.place is not None


def _deadly_enough(filters: Filters, incident: Incident) -> bool:
    """By the toll's lower end: "at least 12" is 12, "up to 12" may be none."""
    if filters.min_killed == 0:
        return True
    return incident.killed is not None and incident.killed.min >= filters.min_killed


def _confirmed_enough(filters: Filters, incident: Incident) -> bool:
    return filters.min_status is None or _CONFIRMED[incident.status] >= _CONFIRMED[filters.min_status]
