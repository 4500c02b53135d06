"""Subscriptions over HTTP and from the command line, with two workers on a real broker: in force everywhere at once."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from kafka import KafkaProducer

from schemas.topics import ALL_TOPICS, SUBSCRIPTION
from services.alerting.vault import new_key
from services.cli.receiver import Receiver
from services.cli.stack.layout import PROJECT
from services.cli.stack.ports import free_port
from services.common.kafka import create_topics
from tests.integration.test_alerting_service import SECRET, Bench, story
from tests.processes import ServiceProcess, eventually

pytestmark = pytest.mark.broker


class Two:
    """Two workers, and the command line beside them."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench = bench
        env = bench.env | {"HTTP_PORT": str(free_port())}
        self.other = ServiceProcess("services.alerting", int(env["HTTP_PORT"]), env, folder / "other.log")

    def tocsin(self, *arguments: str, status: int = 0) -> tuple[str, str]:
        """Run a command against the first worker; its output and what it remarks."""
        env = os.environ | {"TOCSIN_ALERTING_URL": self.bench.service.url}
        env |= {"KAFKA_BOOTSTRAP_SERVERS": self.bench.bootstrap}
        done = subprocess.run(
            [sys.executable, "-m", "services.cli", *arguments],
            env=env,
            cwd=PROJECT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout, done.stderr


@pytest.fixture
def two(bootstrap_servers: str, redis_url: str, tmp_path: Path) -> Iterator[Two]:
    create_topics(bootstrap_servers, ALL_TOPICS, 1)
    with Receiver([]).on_thread() as receiver:
        bench = Bench(bootstrap_servers, redis_url, tmp_path, receiver, ALERTING_SECRET_KEY=new_key())
        (tmp_path / "subscriptions.yaml").write_text("subscriptions: []\n")
        made = Two(bench, tmp_path)
        yield made
        made.other.kill()
        bench.close()
        _forget(bootstrap_servers)


def _forget(bootstrap: str) -> None:
    """The broker is the session's: leave no subscription to the tests after this one."""
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    for name in ("cli-desk", "again", "gone"):
        producer.send(SUBSCRIPTION.name, key=name.encode(), value=None)
    producer.flush()
    producer.close()


def test_a_subscription_from_the_command_line_is_in_force_on_all_workers(two: Two) -> None:
    two.bench.service.start().ready()
    two.other.start().ready()
    secret, _ = two.tocsin(
        "subscription", "add", "cli-desk", "--url", "http://127.0.0.1:1/", "-s", "filters.kinds=[air_strike]"
    )
    eventually(lambda: '"count": 1' in two.other.log.read_text(), within=1.0, what="the other worker's news")
    with Receiver([secret.strip()]).on_thread() as receiver:
        two.tocsin("subscription", "edit", "cli-desk", "--url", receiver.url)
        httpx.get(two.other.url + "/v1/subscriptions").raise_for_status()
        stories = [story("two-", number) for number in range(1, 25)]
        for versions in stories:
            two.bench.tell(versions[:1])
        eventually(lambda: len(receiver.accepted) == 24, within=30, what="every alert from both workers")
        assert all(request.problem is None for request in receiver.requests)
    shown = json.loads(two.tocsin("subscription", "list", "--json")[0])
    assert [(one["id"], one["version"], one["target"]["secrets"]) for one in shown] == [("cli-desk", 2, 1)]
    _preview(two)
    two.tocsin("subscription", "remove", "cli-desk")
    assert json.loads(two.tocsin("subscription", "list", "--json")[0]) == []


def _preview(two: Two) -> None:
    """What was just told, looked at again, saved and not."""
    seen = json.loads(two.tocsin("subscription", "test", "cli-desk", "--since", "1h", "--json")[0])
    mine = [one for one in seen["alerts"] if one["incident_id"].startswith("inc_two-")]
    assert len(mine) == 24
    assert all(one["first"] and one["type"] == "incident.created" for one in mine)
    none = ("subscription", "test", "cli-desk", "--json", "-s", "filters.min_killed=1000")
    assert json.loads(two.tocsin(*none)[0])["alerts_count"] == 0
    never_saved = ("subscription", "test", "no-one", "--json", "--url", "https://desk.example/")
    assert json.loads(two.tocsin(*never_saved)[0])["alerts_count"] >= 24


def test_mistakes_on_the_command_line_name_the_field(two: Two) -> None:
    two.bench.service.start().ready()
    _, told = two.tocsin(
        "subscription", "add", "bad", "--url", "http://127.0.0.1:1/", "-s", "filters.kinds=[x]", status=2
    )
    assert "filters.kinds.0: Input should be" in told
    _, told = two.tocsin("subscription", "add", "bad", "--url", "http://x/", "-s", "filters", status=2)
    assert "write FIELD=VALUE" in told
    _, told = two.tocsin("subscription", "test", "bad", "--since", "2026-01-01T00:00:00", status=2)
    assert "add the offset from UTC" in told
    _, told = two.tocsin("subscription", "show", "bad", status=1)
    assert "There is no subscription bad" in told
    assert "Traceback" not in told


def test_deliveries_are_shown_and_an_alert_is_sent_again(two: Two) -> None:
    two.bench.service.start().ready()
    with Receiver([SECRET], answer=lambda _: 200).on_thread() as receiver:
        written = f"{{url: '{receiver.url}', secret: {SECRET}}}"
        two.tocsin("subscription", "add", "again", "-s", f"target={written}")
        two.bench.tell(story("again-", 1)[:1])
        eventually(lambda: receiver.accepted, what="the alert")
        first = receiver.accepted[0]
        shown, _ = two.tocsin("deliveries", "--subscription", "again", "--json")
        assert [json.loads(line)["alert_id"] for line in shown.splitlines()] == [first.webhook_id]
        two.tocsin("redeliver", first.webhook_id)
        eventually(lambda: len(receiver.requests) == 2, what="the alert again")
        second = receiver.requests[-1]
        assert (second.webhook_id, second.body, second.repeat) == (first.webhook_id, first.body, True)
    _, told = two.tocsin("redeliver", "alr_nosuchalert", status=1)
    assert "there is no alert" in told


def test_an_endpoint_that_is_gone_is_switched_off_for_all_workers(two: Two) -> None:
    two.bench.service.start().ready()
    two.other.start().ready()
    with Receiver([SECRET], answer=lambda _: 410).on_thread() as receiver:
        written = f"{{url: '{receiver.url}', secret: {SECRET}}}"
        two.tocsin("subscription", "add", "gone", "-s", f"target={written}")
        page = two.other.url + "/v1/subscriptions/gone"
        pages = (page, two.bench.service.url + "/v1/subscriptions/gone")
        eventually(
            lambda: all(httpx.get(one).status_code == 200 for one in pages), what="both workers know it"
        )
        two.bench.tell(story("gone-", 1)[:1])
        eventually(lambda: receiver.requests, what="the attempt")
        eventually(lambda: not httpx.get(page).json()["enabled"], what="the subscription to be off")
        assert httpx.get(page).json()["disabled_reason"] == "the endpoint answered 410 Gone"
    shown, _ = two.tocsin("deliveries", "--subscription", "gone")
    assert "dead gone (410)" in shown
