"""How many independent voices stand behind an incident: its evidence in, one key an origin out. Pure.

Forty outlets that cite one monitor are one origin, and so are outlets of one house, those that
rest on one spokesman's word, a text and its reprint, and one report in two revisions.
"""

from collections.abc import Iterable, Sequence

from schemas.event import ReportRef
from schemas.incident import Incident, IncidentEvidence
from services.dedup.signature import is_near_copy
from services.dedup.voices import rest_on_one_word


def family_of(report: ReportRef) -> str:
    """Whose voice a report is when it relays nobody."""
    return (report.publisher_family or report.publisher or report.source).strip().casefold()


def are_one_voice(a: IncidentEvidence, b: IncidentEvidence) -> bool:
    """Whether the second adds nothing independent to the first."""
    return (
        a.origin == b.origin
        or a.report.id == b.report.id
        or family_of(a.report) == family_of(b.report)
        or rest_on_one_word(a, b)
        or is_near_copy(a.text_signature, b.text_signature)
    )


def copied_from(told: IncidentEvidence, earlier: Iterable[IncidentEvidence]) -> IncidentEvidence | None:
    """The first earlier evidence with the same text in another report."""
    for evidence in earlier:
        same_text = is_near_copy(told.text_signature, evidence.text_signature)
        if same_text and evidence.report.id != told.report.id:
            return evidence
    return None


def origin_of(told: IncidentEvidence, earlier: Sequence[IncidentEvidence]) -> str:
    """The key of the origin that it belongs to: that of the first earlier evidence of one voice, else its own."""
    for at, evidence in enumerate(earlier):
        if are_one_voice(evidence, told):
            return origin_of(evidence, earlier[:at])
    return told.origin


def independent_origins(evidence: Sequence[IncidentEvidence]) -> tuple[str, ...]:
    """One key an origin, in the order of their first report."""
    return tuple(dict.fromkeys(origin_of(told, evidence[:at]) for at, told in enumerate(evidence)))


def origin_in(incident: Incident, event_id: str) -> str | None:
    """The origin that an event counts as in its incident; its evidence beyond the limit has none to show."""
    for at, told in enumerate(incident.evidence):
        if told.event_id == event_id:
            return origin_of(told, incident.evidence[:at])
    return None
