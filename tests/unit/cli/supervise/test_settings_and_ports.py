"""Ports: from the environment, overruled by options; all that is wrong told before anything starts."""

import socket

import pytest

from services.cli.errors import UsageError
from services.cli.stack import StackError
from services.cli.stack.ports import free_port
from services.cli.supervise.ports import check_ports
from services.cli.supervise.settings import load


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "REDIS_URL", "KAFKA_PORT", "INGEST_PORT"):
        monkeypatch.delenv(name, raising=False)


def test_an_option_overrules_the_environment_which_overrules_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INGEST_PORT", "21001")
    monkeypatch.setenv("NLP_PORT", "21002")
    settings = load({"ingest_port": 22001, "nlp_port": None})
    assert (settings.ingest_port, settings.nlp_port, settings.dedup_port) == (22001, 21002, 8003)


def test_a_wrong_setting_is_a_usage_error_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGEST_PORT", "eight")
    with pytest.raises(UsageError, match="INGEST_PORT"):
        load()


def test_all_ports_are_wanted_but_those_of_a_given_broker_and_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {setting for _, _, setting in load().wanted_ports()} == {
        "INGEST_PORT",
        "NLP_PORT",
        "DEDUP_PORT",
        "ALERTING_PORT",
        "RECEIVER_PORT",
        "KAFKA_PORT",
        "REDIS_PORT",
    }
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "broker.example:9092")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example/0")
    settings = load()
    assert not {"KAFKA_PORT", "REDIS_PORT"} & {setting for _, _, setting in settings.wanted_ports()}
    assert (settings.bootstrap, settings.cache_url) == ("broker.example:9092", "redis://cache.example/0")


def test_every_taken_port_is_told_at_once_with_its_holder_and_its_setting() -> None:
    with socket.socket() as one, socket.socket() as two:
        for held in (one, two):
            held.bind(("127.0.0.1", 0))
            held.listen()
        first, second = one.getsockname()[1], two.getsockname()[1]
        with pytest.raises(StackError) as caught:
            check_ports([(first, "nlp", "NLP_PORT"), (second, "Kafka", "KAFKA_PORT")])
    told = str(caught.value)
    assert f"nlp needs port {first}" in told
    assert "NLP_PORT" in told
    assert f"Kafka needs port {second}" in told
    assert "Nothing was started" in told


def test_two_that_want_one_port_are_told_by_their_settings() -> None:
    port = free_port()
    with pytest.raises(StackError, match=f"NLP_PORT and DEDUP_PORT both name port {port}"):
        check_ports([(port, "nlp", "NLP_PORT"), (port, "dedup", "DEDUP_PORT")])


def test_free_ports_pass() -> None:
    check_ports([(free_port(), "nlp", "NLP_PORT")])
