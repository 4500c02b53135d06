"""The alerts beyond a subscription's rate in one message: alerts in, the bytes of a request body out. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.alert import Alert, Severity
from schemas.base import iso_utc
from schemas.ids import digest

MAX_TOLD = 100
"""Alerts told with their headlines; of further ones the ids."""

_ORDER = {Severity.FLASH: 0, Severity.URGENT: 1, Severity.ROUTINE: 2}


@dataclass(frozen=True, slots=True)
class Digest:
    """Several alerts of one subscription. The same alerts make the same id and the same bytes."""

    alerts: tuple[Alert, ...]

    @classmethod
    def of(cls, alerts: Sequence[Alert]) -> "Digest":
        """The most urgent incidents first, and of those the oldest; the versions of one incident in their order."""
        rank: dict[str, tuple[int, datetime]] = {}
        for one in alerts:
            mine = (_ORDER[one.severity], one.decided_at)
            rank[one.incident_id] = min(mine, rank.get(one.incident_id, mine))
        ordered = sorted(
            alerts, key=lambda one: (rank[one.incident_id], one.incident_id, one.incident_version)
        )
        return cls(tuple(ordered))

    @property
    def id(self) -> str:
        """Also the `webhook-id`."""
        return "dig_" + digest(*sorted(alert.id for alert in self.alerts))

    @property
    def headline(self) -> str:
        """One line: how many of which severity."""
        counted = {severity: sum(one.severity is severity for one in self.alerts) for severity in _ORDER}
        parts = ", ".join(f"{count} {severity.value}" for severity, count in counted.items() if count)
        return f"{len(self.alerts)} alerts beyond your hourly limit: {parts}"


def render(told: Digest) -> bytes:
    """The body of the standard format."""
    first = told.alerts[0]
    data = {
        "digest_id": told.id,
        "subscription_id": first.subscription_id,
        "headline": told.headline,
        "alerts_count": len(told.alerts),
        "alerts": [_line(alert) for alert in told.alerts[:MAX_TOLD]],
        "further_alert_ids": [alert.id for alert in told.alerts[MAX_TOLD:]],
    }
    newest = max(alert.decided_at for alert in told.alerts)
    body = {"type": "alerts.digest", "timestamp": iso_utc(newest), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _line(alert: Alert) -> dict[str, str | int | None]:
    return {
        "alert_id": alert.id,
        "type": alert.type,
        "severity": alert.severity.value,
        "headline": alert.headline,
        "permalink_id": f"{alert.incident_id}/{alert.incident_version}",
        "incident_id": alert.incident_id,
        "incident_version": alert.incident_version,
        "previous_version": alert.previous_version,
        "timestamp": iso_utc(alert.decided_at),
    }
