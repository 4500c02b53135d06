"""Deterministic ids: doing a thing twice makes the same id twice."""

import base64
import hashlib


def digest(*parts: str) -> str:
    """120 bits of SHA-256 over the parts (each told apart from its neighbours), in lower-case base 32."""
    hashed = hashlib.sha256(b"".join(f"{len(p.encode())}:".encode() + p.encode() for p in parts))
    return base64.b32encode(hashed.digest()[:15]).decode().lower()


def content_hash(title: str | None, text: str) -> str:
    """The revision of a report: a hash of what it says."""
    return digest("revision", title or "", text)


def report_id(url: str | None, source: str, title: str | None, text: str) -> str:
    """From the canonical URL; from the content where there is none."""
    return "rep_" + (digest("url", url) if url else digest("content", source, title or "", text))


def external_report_id(source: str, external_id: str) -> str:
    """From the sender's own id, unique within its source, where a report has no URL."""
    return "rep_" + digest("external", source, external_id)


def event_id(report: str, revision: str, start: int, end: int, kind: str) -> str:
    """From the report, its revision and the evidence span of the event's trigger."""
    return "evt_" + digest(report, revision, str(start), str(end), kind)


def incident_id(first_event: str) -> str:
    """From the incident's first event."""
    return "inc_" + digest(first_event)


def correction_id(action: str, incident: str, into: str, issued_at: str) -> str:
    """From what is asked, of which incidents, and when."""
    return "cor_" + digest(action, incident, into, issued_at)


def alert_id(subscription: str, incident: str, version: int, alert_type: str) -> str:
    """From subscription, incident, version and type. Holds no full stop, as Standard Webhooks asks."""
    return "alr_" + digest(subscription, incident, str(version), alert_type)
