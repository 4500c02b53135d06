"""Carries out an operator's correction: a command and the partition's memory in, incident versions out.

The incident's own version comes last and names the correction: so a repeat does nothing, and a crash in between heals.
"""

from schemas.correction import Correction, CorrectionAction
from schemas.failure import FailureReason
from schemas.incident import Incident, Status
from services.common.retry import Unprocessable
from services.common.store import Store
from services.dedup.index import Index
from services.dedup.lanes import lane_of
from services.dedup.merge import absorb, merged, retracted
from services.dedup.withdraw import Work, untie


async def correct(correction: Correction, store: Store) -> tuple[Incident, ...]:
    """What to write, in this order; nothing for a repeat. Raises `Unprocessable` for what cannot be done."""
    index = Index(store)
    incident = await _known(correction.incident_id, index)
    if correction.id in incident.corrections:
        return ()
    if incident.merged_into:
        raise _refused(f"{incident.id} was merged into {incident.merged_into}: correct that one")
    if correction.action is CorrectionAction.RETRACT:
        return await _retract(incident, correction, index)
    return await _merge(incident, correction, index)


async def _retract(incident: Incident, correction: Correction, index: Index) -> tuple[Incident, ...]:
    if incident.status is Status.RETRACTED:
        return ()
    work, after = Work(), retracted(incident, correction)
    await untie(after, correction.id, correction.issued_at, work, index)
    work.write(after)
    return tuple(work.versions)


async def _merge(incident: Incident, correction: Correction, index: Index) -> tuple[Incident, ...]:
    into = await _known(correction.into_incident_id or "", index)
    pointer = merged(incident, into.id, correction)
    if correction.id in into.corrections:
        return (pointer,)
    if into.merged_into:
        raise _refused(f"{into.id} was merged into {into.merged_into}: merge into that one")
    if Status.RETRACTED in (incident.status, into.status):
        raise _refused("one of the two is retracted")
    if incident.theatre != into.theatre or _lane(incident) is not _lane(into):
        raise _refused(f"{incident.id} and {into.id} are of two theatres, or of kinds that cannot be one")
    return absorb(into, incident, correction), pointer


def _lane(incident: Incident) -> object:
    return lane_of(incident.kind, incident.phase)


async def _known(name: str, index: Index) -> Incident:
    found = await index.incidents([name])
    if not found:
        raise _refused(f"this partition has no incident {name}")
    return found[0]


def _refused(why: str) -> Unprocessable:
    return Unprocessable(FailureReason.REFUSED, why)
