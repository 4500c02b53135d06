"""A truce on the wall clock: it rings when agreed, at its minute, and when broken; restarts change nothing."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.pipeline import Pipeline
from tests.processes import eventually

pytestmark = [pytest.mark.broker, pytest.mark.slow, pytest.mark.timeout(400)]


def told(pipeline: Pipeline, kind: str, town: str) -> list[tuple[str, dict[str, Any], datetime]]:
    """Type, incident and arrival of the alerts about incidents of a kind in a town."""
    found = []
    for request in list(pipeline.receiver.requests):
        body = json.loads(request.body)
        incident = body["data"]["incident"]
        if incident["kind"] == kind and (incident["place"] or {}).get("name") == town:
            found.append((body["type"], incident, request.received_at))
    return found


def report(name: str, text: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    url = f"https://wire.example/truce/{name}/{int(time.time())}"
    return {"url": url, "source": "Northern Wire", "text": text, "published_at": now.isoformat()}


def test_it_takes_effect_at_its_minute_and_is_violated_afterwards(pipeline: Pipeline) -> None:
    begins = (datetime.now(UTC) + timedelta(seconds=75)).replace(second=0, microsecond=0)
    when = f"{begins:%H:%M} GMT on {begins:%A}"
    agreed = f"Armenia and Azerbaijan agreed on a ceasefire in Sotk from {when}, mediators said."
    pipeline.accept(report("agreed", agreed))
    [(kind, truce, _)] = eventually(lambda: told(pipeline, "ceasefire", "Sotk"), what="the truce rings")
    assert kind == "incident.created"
    assert truce["effective_from"] == f"{begins:%Y-%m-%dT%H:%M:00Z}"
    for name in ("dedup", "alerting"):
        pipeline.services[name].kill()
        pipeline.services[name].start()

    def took_effect() -> list[datetime]:
        return [at for kind, _, at in told(pipeline, "ceasefire", "Sotk") if kind == "incident.took_effect"]

    [rang] = eventually(took_effect, within=120, what="it takes effect")
    assert 0 <= (rang - begins).total_seconds() < 10
    broken = f"Azerbaijani artillery shelled Sotk in Armenia at {when}, wounding two people, medics said."
    pipeline.accept(report("broken", broken))
    types = eventually(
        lambda: (
            (seen := [kind for kind, _, _ in told(pipeline, "ceasefire", "Sotk")]) and len(seen) > 2 and seen
        ),
        what="the violation rings",
    )
    assert types == ["incident.created", "incident.took_effect", "incident.violation_reported"]
    [(_, attack, _)] = told(pipeline, "shelling", "Sotk")
    violated = told(pipeline, "ceasefire", "Sotk")[-1][1]
    assert attack["id"] in [link["incident_id"] for link in violated["links"]]
