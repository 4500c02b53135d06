"""Both HTTP doors keep to their OpenAPI documents: whatever is sent, no 5xx, and no answer that is not documented."""

from datetime import datetime

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.alerting.api import SubscriptionPages, api
from services.alerting.book import Book
from services.alerting.endpoint import Endpoint
from services.alerting.keys import ApiKeys
from services.alerting.preview import Preview
from services.alerting.previews import Previews
from services.alerting.register import BothEndpoints
from services.alerting.severity import DEFAULT_RULE
from services.common.health import Health
from services.ingest.app import door_app
from services.ingest.clock import FetchClock
from services.ingest.door import Door
from services.ingest.intake import Intake
from tests.factories import NOON
from tests.fakes import FakeClock, FakeEndpoints
from tests.unit.alerting.build import endpoint
from tests.unit.alerting.topic import MemoryTopic, register
from tests.unit.ingest.fakes import FakeBroker, FakeKnown

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FEW = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@schemathesis.serializer("application/x-ndjson")
def lines(_: object, value: object) -> bytes:
    return str(value).encode(errors="replace")


class NoPast(Previews):
    """Previews of an empty topic."""

    async def run(self, endpoint: Endpoint, since: datetime | None) -> tuple[datetime, Preview]:
        return since or NOON, Preview(0, (), True)


def ingest() -> FastAPI:
    return door_app(Door(Intake(FakeBroker(), FakeKnown()), FetchClock(lambda: NOON)), Health())


def alerting() -> FastAPI:
    clock, kept = FakeClock(NOON), register(MemoryTopic())
    both = BothEndpoints(FakeEndpoints(endpoint("filed")), kept)
    kept.changed = both.changed
    pages = SubscriptionPages(
        Book(kept, both, clock), ApiKeys(None, "127.0.0.1"), NoPast("", DEFAULT_RULE, clock)
    )
    return api(pages)


of_ingest = schemathesis.openapi.from_asgi("/openapi.json", ingest())
of_alerting = schemathesis.openapi.from_asgi("/openapi.json", alerting())


@of_ingest.parametrize()
@FEW
def test_ingest(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS)


@of_alerting.parametrize()
@FEW
def test_alerting(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS, headers={"host": "127.0.0.1:8004"})
