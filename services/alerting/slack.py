"""The body for a Slack incoming webhook: the alert record in, bytes out, within Slack's documented limits.

Slack authenticates by the URL alone, so it needs no secret; treat the URL as one.
"""

import json

from schemas.alert import Alert, Severity
from schemas.incident import IncidentEvidence
from schemas.notice import Notice
from services.alerting.digest import Digest
from services.alerting.render import Json, map_of, telling
from services.alerting.wording import clean

MAX_HEADER = 150
MAX_SECTION = 3000
MAX_QUOTES = 3
MAX_SOURCES = 5
MAX_URL = 500
DIGEST_LINES = 10
"""Of a section: with entities they stay within its characters."""
MAX_DIGEST = 100
"""Alerts of a digest that are told; the others are counted."""

_MARKS = {Severity.FLASH: "🔴 FLASH", Severity.URGENT: "🟠 URGENT", Severity.ROUTINE: "🔵 ROUTINE"}


def render(alert: Alert) -> bytes:
    """The body, UTF-8 JSON: `text` for notifications, `blocks` for the message itself."""
    head = f"{_MARKS[alert.severity]} {clean(alert.headline, MAX_HEADER)}"
    blocks: list[Json] = [
        {
            "type": "header",
            "text": {"type": "plain_text", "text": _cut(escape(head), MAX_HEADER), "emoji": True},
        },
        _section(escape(clean(alert.summary, 1000))),
    ]
    quotes = _quotes(alert)
    if quotes:
        blocks.append(_section("\n".join(f">{escape(quote)}" for quote in quotes)))
    blocks.append(_context(_links(alert)))
    blocks.append(
        _context([escape(f"{alert.type} · {alert.incident_id} v{alert.incident_version} · {alert.id}")])
    )
    return json.dumps(
        {"text": escape(head), "blocks": blocks}, ensure_ascii=False, separators=(",", ":")
    ).encode()


def render_digest(told: Digest) -> bytes:
    """The body of a digest: a line for each alert, as many as a message bears, and how many more there are."""
    lines = [
        f"{_MARKS[alert.severity].split()[0]} {escape(clean(alert.headline, 160))}" for alert in told.alerts
    ]
    parts = [lines[at : at + DIGEST_LINES] for at in range(0, min(len(lines), MAX_DIGEST), DIGEST_LINES)]
    head = escape(told.headline)
    blocks: list[Json] = [
        {"type": "header", "text": {"type": "plain_text", "text": _cut(head, MAX_HEADER), "emoji": True}},
        *(_section("\n".join(part)) for part in parts),
    ]
    if len(lines) > MAX_DIGEST:
        blocks.append(_context([f"and {len(lines) - MAX_DIGEST} more"]))
    blocks.append(_context([told.id]))
    return json.dumps({"text": head, "blocks": blocks}, ensure_ascii=False, separators=(",", ":")).encode()


def render_notice(notice: Notice) -> bytes:
    """The body that tells of a source."""
    head = f"{_MARKS[notice.severity].split()[0]} {clean(notice.headline, MAX_HEADER)}"
    blocks: list[Json] = [
        _section(f"*{escape(head)}*"),
        _section(escape(clean(notice.summary, 1000))),
        _context([escape(f"{notice.type} · {notice.id}")]),
    ]
    return json.dumps(
        {"text": escape(head), "blocks": blocks}, ensure_ascii=False, separators=(",", ":")
    ).encode()


def escape(text: str) -> str:
    """The three characters that Slack reads as its own; with them go mentions (`<!channel>`) and links."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _cut(text, MAX_SECTION), "verbatim": True}}


def _context(texts: list[str]) -> Json:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": t, "verbatim": True} for t in texts]}


def _cut(text: str, limit: int) -> str:
    """Not longer than the limit, and never in the middle of an entity."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    start = kept.rfind("&")
    return (kept[:start] if start > kept.rfind(";") and start >= 0 else kept) + "…"


def _quotes(alert: Alert) -> list[str]:
    spans = (span for evidence in telling(alert.incident) for span in evidence.evidence)
    return list(dict.fromkeys(clean(span.quote, 280) for span in spans))[:MAX_QUOTES]


def _links(alert: Alert) -> list[str]:
    incident = alert.incident
    lines = [_source(evidence) for evidence in telling(incident)[:MAX_SOURCES]]
    if incident.evidence_count > len(lines):
        lines.append(f"and {incident.evidence_count - len(lines)} more")
    found = map_of(incident.place)
    return [*lines, _link(found.osm, "map")] if found else lines


def _source(evidence: IncidentEvidence) -> str:
    url, name = evidence.report.url, clean(evidence.report.publisher or evidence.report.source) or "a source"
    return _link(url, name) if url and len(url) <= MAX_URL else escape(name)


def _link(url: str, label: str) -> str:
    """`<url|label>`; a URL that could end the link early has those characters encoded."""
    safe = url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;")
    return f"<{safe}|{escape(label).replace('|', '/')}>"
