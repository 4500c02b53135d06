"""Each service killed in turn, and the cache flushed, under a trickle of reports: every alert, once, and no other."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import redis

from services.alerting.watch import SubscriptionFile
from services.cli.receiver import Received
from services.ingest.normalise import normalise
from services.nlp.reader import ReportReader
from tests.e2e.model import Model, Told
from tests.e2e.pipeline import SUBSCRIPTION, Pipeline, by_id
from tests.e2e.shapes import ROUNDS, SHAPES, rounds
from tests.processes import eventually

pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]

POSTING_SECONDS = 60.0


def post_until_accepted(pipeline: Pipeline, report: dict[str, Any]) -> None:
    """As a client does: again, until it is answered 202."""

    def accepted() -> bool:
        try:
            return pipeline.post(report).status_code == 202
        except httpx.TransportError:
            return False

    eventually(accepted, within=POSTING_SECONDS, what=f"{report['url']} accepted")


def kill(name: str) -> Callable[[Pipeline], None]:
    """A crash of a service, and its supervisor starting it again."""

    def crash(pipeline: Pipeline) -> None:
        pipeline.services[name].kill()
        pipeline.services[name].start()

    return crash


def flush(pipeline: Pipeline) -> None:
    """The cache loses everything."""
    with redis.Redis.from_url(pipeline.redis_url) as client:
        client.flushall()


BLOWS = (kill("nlp"), kill("dedup"), kill("alerting"), kill("ingest"), flush)


def told(request: Received) -> Told:
    """What identifies the alert in a request."""
    body = json.loads(request.body)
    incident = body["data"]["incident"]
    return (body["data"]["subscription_id"], incident["id"], incident["version"], body["type"])


@pytest.fixture
def requests(pipeline: Pipeline) -> Iterator[Callable[[], list[Received]]]:
    """The raw requests since the test began."""
    before = len(pipeline.receiver.requests)
    yield lambda: list(pipeline.receiver.requests)[before:]


async def test_the_alerts_are_those_computed_beforehand(
    pipeline: Pipeline, requests: Callable[[], list[Received]]
) -> None:
    run = f"crashes-{int(time.time())}"
    endpoints = SubscriptionFile(pipeline.folder / "subscriptions.yaml", allow_http=True)
    model, expected = Model(ReportReader.load(), endpoints), set[Told]()
    plan = list(rounds(run, days_ago=0))
    for batch in plan:
        reports = [normalise(report, datetime.now(UTC)).report for report in batch]
        expected |= await model.expect(reports)
    assert sum(kind == "incident.created" for *_, kind in expected) == len(SHAPES), "each shape rings once"
    for batch, blow in zip(plan, BLOWS, strict=True):
        for number, report in enumerate(batch):
            post_until_accepted(pipeline, report)
            if number == len(batch) // 2:
                blow(pipeline)
        pipeline.drained(within=180)
    got = Counter(told(request) for request in requests())
    assert set(got) == expected
    assert len(SHAPES) * ROUNDS == 200
    bodies = by_id(requests())
    assert all(len(different) == 1 for different in bodies.values()), "an id with two bodies"
    assert len(bodies) == len(got), "an alert under two ids"
    created = Counter(incident for _, incident, _, kind in got if kind == "incident.created")
    assert set(created.values()) == {1}, "a second `created`"
    repeats = sum(got.values()) - len(got)
    print(f"{len(got)} alerts of {SUBSCRIPTION}, {repeats} repeated requests")  # noqa: T201
