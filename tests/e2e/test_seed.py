"""The main job on real input: a news article of 30 August 2019 goes in over HTTP, and signed webhooks come out."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.topics import INCIDENT
from tests.e2e.pipeline import Pipeline
from tests.processes import eventually

pytestmark = pytest.mark.broker

SEED = Path(__file__).parents[3] / "shared" / "seed" / "idlib-2019-08-30.json"
URL = "https://www.trtworld.example/idlib-ceasefire"

HISTORY = {550, 800, 400_000, 500_000}
"""Tolls of the whole war and of months: they belong to no incident."""


@pytest.fixture(scope="module")
def alerts(pipeline: Pipeline) -> list[dict[str, Any]]:
    """All alerts that the article raises."""
    if not SEED.exists():
        pytest.skip(f"the article is not here: {SEED}")
    pipeline.accept({**json.loads(SEED.read_text()), "url": URL})
    pipeline.drained()
    return pipeline.alerts(URL)


def of_kind(alerts: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The incidents of a kind, by their `created` alerts."""
    created = [body for body in alerts if body["type"] == "incident.created"]
    return [body["data"]["incident"] for body in created if body["data"]["incident"]["kind"] == kind]


def test_one_ceasefire_with_its_instant(alerts: list[dict[str, Any]]) -> None:
    [truce] = of_kind(alerts, "ceasefire")
    assert truce["phase"] == "declared"
    assert truce["effective_from"] == "2019-08-31T03:00:00Z"
    assert truce["place"]["name"].startswith("Idlib")
    assert truce["place"]["country"] == "SY"
    assert "syria" in truce["actor"]["name"].lower() or "regime" in truce["actor"]["text"].lower()
    claimants = " ".join(truce["claimants"]).lower()
    assert "russia" in claimants


def test_the_strikes_on_the_outskirts_of_idlib_city_are_alleged_russian(
    alerts: list[dict[str, Any]],
) -> None:
    strikes = [s for s in of_kind(alerts, "air_strike") if "Numan" not in s["place"]["name"]]
    [strike] = strikes
    assert strike["place"]["name"] in ("Idlib", "Idlib city", "Idlīb")
    assert strike["assertion"] == "alleged"
    assert "russia" in (strike["actor"]["name"] or strike["actor"]["text"]).lower()


def test_the_capture_of_tamaneh_as_claimed(alerts: list[dict[str, Any]]) -> None:
    [capture] = of_kind(alerts, "territory_change")
    assert capture["place"]["name"].lower().startswith(("tamaneh", "al tamanah", "at tamanah"))
    claimants = " ".join(capture["claimants"]).lower()
    assert "defector" in claimants
    assert "resident" in claimants


def test_the_photo_caption_at_most_once(alerts: list[dict[str, Any]]) -> None:
    captions = [s for s in of_kind(alerts, "air_strike") if "Numan" in s["place"]["name"]]
    assert len(captions) <= 1
    assert all(s["occurred"]["start"].startswith("2019-08-28") for s in captions)


def test_nothing_else_rings(alerts: list[dict[str, Any]]) -> None:
    kinds = {body["data"]["incident"]["kind"] for body in alerts}
    assert kinds <= {"ceasefire", "air_strike", "territory_change"}
    assert len([body for body in alerts if body["type"] == "incident.created"]) <= 4


def test_no_toll_of_the_war_belongs_to_an_incident(alerts: list[dict[str, Any]], pipeline: Pipeline) -> None:
    for incident in pipeline.values(INCIDENT):
        for field in ("killed", "injured", "displaced"):
            band = incident[field] or {}
            assert not {band.get("min"), band.get("best"), band.get("max")} & HISTORY


def test_posted_again_nothing_rings(alerts: list[dict[str, Any]], pipeline: Pipeline) -> None:
    before = len(pipeline.receiver.requests)
    [answer] = pipeline.post({**json.loads(SEED.read_text()), "url": URL}).json()["reports"]
    assert answer["status"] == "known"
    pipeline.drained()
    assert len(pipeline.receiver.requests) == before


def test_signatures_hold(alerts: list[dict[str, Any]], pipeline: Pipeline) -> None:
    eventually(lambda: pipeline.receiver.requests)
    assert all(request.problem is None for request in pipeline.receiver.requests)
