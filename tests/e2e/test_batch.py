"""`tocsin extract` and `tocsin dedup` answer as the topics do: one pipeline, not two."""

import json
import subprocess
import sys
import time
from typing import Any

import pytest

from schemas.topics import EVENT, INCIDENT
from tests.e2e.pipeline import Pipeline
from tests.e2e.shapes import rounds

pytestmark = pytest.mark.broker


def batch(command: str, reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The command's answers."""
    lines = "".join(json.dumps(report) + "\n" for report in reports)
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", command, "-"],
        input=lines.encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def comparable(event: dict[str, Any]) -> dict[str, Any]:
    """An event without when it was fetched and what the report's id rests on."""
    return {k: v for k, v in event.items() if k not in ("id", "report", "confidence")}


def test_fifty_reports(pipeline: Pipeline) -> None:
    run = f"batch-{int(time.time())}"
    reports = [report for told in list(rounds(run, days_ago=30))[:2] for report in told][:50]
    for report in reports:
        pipeline.accept(report)
        report["id"] = report["url"]
    pipeline.drained()
    events: dict[str, list[dict[str, Any]]] = {report["url"]: [] for report in reports}
    for event in pipeline.values(EVENT):
        if event.get("record") == "event" and event["report"]["url"] in events:
            events[event["report"]["url"]].append(event)
    for answer in batch("extract", reports):
        told = sorted((comparable(e) for e in answer["events"]), key=json.dumps)
        assert told == sorted((comparable(e) for e in events[answer["id"]]), key=json.dumps)
    groups: dict[str, set[str]] = {}
    for incident in pipeline.values(INCIDENT):
        groups[incident["id"]] = {e["report"]["url"] for e in incident["evidence"]} & set(events)
    by_topic = {frozenset(urls) for urls in groups.values() if urls}
    batched: dict[str, set[str]] = {}
    for answer in batch("dedup", reports):
        for name in answer["incident_ids"]:
            batched.setdefault(name, set()).add(answer["id"])
    assert {frozenset(urls) for urls in batched.values()} == by_topic
