"""The body of a standard webhook: the alert record in, bytes out. Reads no clock and no cache.

The same record gives the same bytes at every attempt; lists are cut so that a body stays under 20 kB, as
Standard Webhooks recommends, and say how many there are in all.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from schemas.alert import Alert
from schemas.base import iso_utc
from schemas.event import Place
from schemas.incident import Incident, IncidentEvidence
from schemas.notice import Notice
from services.alerting.wording import clean

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

CONTENT_TYPE = "application/json"
MAX_SOURCES = 10
MAX_QUOTES = 8
MAX_ITEMS = 20
"""Of every other list."""
MAX_TITLE = 200
MAX_URL = 1000

_APART = {
    "change",
    "evidence",
    "evidence_count",
    "tolls",
    "origins",
    "claimants",
    "links",
    "retracted_by",
    "corrections",
}
"""Fields of an incident that the body tells in a place of their own, or cut, or that are an operator's."""


def render(alert: Alert) -> bytes:
    """The body, UTF-8 JSON."""
    body: Json = {"type": alert.type, "timestamp": iso_utc(alert.decided_at), "data": _data(alert)}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def render_notice(notice: Notice) -> bytes:
    """The body that tells of a source, UTF-8 JSON."""
    data: Json = {
        "alert_id": notice.id,
        "subscription_id": notice.subscription_id,
        "severity": notice.severity.value,
        "headline": notice.headline,
        "summary": notice.summary,
        "source": notice.source.model_dump(mode="json", exclude={"version"}),
        "expires_at": iso_utc(notice.expires_at),
    }
    body: Json = {"type": notice.type, "timestamp": iso_utc(notice.decided_at), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _data(alert: Alert) -> Json:
    incident, links = alert.incident, map_of(alert.incident.place)
    return {
        "alert_id": alert.id,
        "subscription_id": alert.subscription_id,
        "permalink_id": f"{alert.incident_id}/{alert.incident_version}",
        "severity": alert.severity.value,
        "headline": alert.headline,
        "summary": alert.summary,
        "previous_version": alert.previous_version,
        "change": incident.change.model_dump(mode="json"),
        "incident": _incident(incident),
        "source_count": incident.evidence_count,
        "sources": [_source(evidence) for evidence in telling(incident)[:MAX_SOURCES]],
        "evidence": _quotes(telling(incident)),
        "map": {"geo": links.geo, "osm": links.osm} if links else None,
        "expires_at": iso_utc(alert.expires_at),
    }


def _incident(incident: Incident) -> Json:
    facts: dict[str, Json] = incident.model_dump(mode="json", exclude=_APART)
    facts["origins"] = [clean(origin) for origin in incident.origins[:MAX_ITEMS]]
    facts["claimants"] = [clean(claimant) for claimant in incident.claimants[:MAX_ITEMS]]
    facts["links"] = [link.model_dump(mode="json") for link in incident.links[:MAX_ITEMS]]
    return facts


def telling(incident: Incident) -> list[IncidentEvidence]:
    """The evidence that caused this version first, then the others in their order."""
    return sorted(incident.evidence, key=lambda evidence: evidence.event_id != incident.change.event_id)


def _source(evidence: IncidentEvidence) -> Json:
    report = evidence.report
    return {
        "origin": clean(evidence.origin),
        "title": clean(report.title, MAX_TITLE) if report.title else None,
        "url": report.url if report.url and len(report.url) <= MAX_URL else None,
        "publisher": report.publisher or report.source,
        "published_at": iso_utc(report.published_at) if report.published_at else None,
        "fetched_at": iso_utc(report.fetched_at),
        "assertion": evidence.assertion.value,
        "is_copy": evidence.is_copy,
    }


def _quotes(evidences: Iterable[IncidentEvidence]) -> Json:
    """The quotes that the incident rests on, each once."""
    found: dict[str, Json] = {}
    for evidence in evidences:
        for span in evidence.evidence:
            quote: Json = {"field": span.field, "quote": span.quote, "report_id": evidence.report.id}
            found.setdefault(span.quote, quote)
    return list(found.values())[:MAX_QUOTES]


class MapLinks(NamedTuple):
    """Where to look at a place."""

    geo: str
    """RFC 5870, with the uncertainty in metres."""
    osm: str


def map_of(place: Place | None) -> MapLinks | None:
    """A `geo:` URI and a link to OpenStreetMap; None without coordinates."""
    if place is None or place.lat is None or place.lon is None:
        return None
    lat, lon = f"{place.lat:.5f}", f"{place.lon:.5f}"
    return MapLinks(
        geo=f"geo:{lat},{lon};u={round(place.radius_km * 1000)}",
        osm=f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=11/{lat}/{lon}",
    )
