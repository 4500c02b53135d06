"""The flow that the documents tell is the one that the services are wired for."""

import importlib

import pytest

from schemas.topics import TOPICS
from services.cli.docs.configuration import service_settings
from services.cli.docs.flow import APPLICATIONS, Application, topics_table
from services.cli.stack.layout import PROJECT
from services.common.agent import StreamService

STREAMS = [app for app in APPLICATIONS if app.receives]


@pytest.fixture(autouse=True)
def list_of_subscriptions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alerting needs one that it can read; nothing is sent."""
    monkeypatch.setenv("ALERTING_SUBSCRIPTIONS", str(PROJECT / "deploy/docker/subscriptions.yaml"))
    monkeypatch.setenv("ALERTING_ALLOW_HTTP", "true")
    monkeypatch.setenv("TOCSIN_RECEIVER_SECRET", "whsec_Zm9yLWEtZGVtb25zdHJhdGlvbi1hdC1ob21lLW9ubHk=")


@pytest.mark.parametrize("app", STREAMS, ids=lambda app: app.name)
async def test_service_reads_and_remembers_what_the_documents_say(app: Application) -> None:
    build = importlib.import_module(f"services.{app.name}.app").build
    service: StreamService = build(dict(service_settings())[app.name]())
    assert service._topics == app.receives
    assert {projection.topic for projection in service._projections} == set(app.rebuilds_from)
    assert service.app.conf.id == app.group


def test_topics_that_nobody_writes_are_marked() -> None:
    rows = [line for line in topics_table().splitlines() if line.startswith("| `")]
    marked = {line.split("`")[1] for line in rows if "not written yet" in line}
    assert marked == {topic.name for topic in TOPICS} - {
        topic.name for app in APPLICATIONS for topic in app.sends
    }
