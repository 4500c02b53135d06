"""Subscriptions on their topic: every worker reads the same, secrets stay locked, keys rotate, the file goes first."""

import asyncio
import json

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from schemas.delivery import DeliveryOutcome
from schemas.failure import FailureReason
from services.alerting.book import Book
from services.alerting.register import BothEndpoints, opened
from services.alerting.vault import Vault, VaultError, keys_of
from services.common.retry import OutageError
from tests.factories import NOON
from tests.fakes import FakeClock, FakeEndpoints
from tests.unit.alerting.build import SECRET, endpoint, service, subscription, version
from tests.unit.alerting.topic import KEY, OTHER_KEY, MemoryTopic, register


def book(topic: MemoryTopic, *keys: str, file: FakeEndpoints | None = None) -> Book:
    known = register(topic, *keys)
    both = BothEndpoints(file or FakeEndpoints(), known)
    known.changed = both.changed
    return Book(known, both, FakeClock(NOON))


def raw(name: str = "desk", **changes: object) -> dict[str, object]:
    target = {"url": "https://desk.example/hook", "secret": SECRET, "headers": {"Authorization": "Bearer x"}}
    return {"id": name, "target": target} | changes


async def test_what_one_worker_saves_all_read() -> None:
    topic = MemoryTopic()
    one, other = book(topic), register(topic)
    await one.add(raw(filters={"near": {"lat": 1, "lon": 2, "radius_km": 3}, "not": {"kinds": ["shelling"]}}))
    await other.catch_up()
    [read] = other.all()
    assert [secret.get_secret_value() for secret in read.secrets] == [SECRET]
    assert [(name, value.get_secret_value()) for name, value in read.headers] == [
        ("Authorization", "Bearer x")
    ]
    assert read.subscription.filters.near is not None
    assert read.subscription.filters.negated is not None
    await one.change("desk", {"enabled": False})
    await one.add(raw("night"))
    await one.remove("night")
    await other.catch_up()
    assert [(e.id, e.subscription.enabled, e.subscription.version) for e in other.all()] == [
        ("desk", False, 2)
    ]


async def test_nothing_secret_is_on_the_topic_and_a_removal_is_a_null() -> None:
    topic = MemoryTopic()
    await book(topic).add(raw())
    await book(topic).remove("desk")
    (key, value, headers), (_, null, of_null) = topic.records
    assert (key, null) == ("desk", None)
    assert value is not None
    assert SECRET[6:].encode() not in value
    assert b"Bearer" not in value
    assert headers["ce_id"] == b"desk-1"
    assert "content-type" not in of_null


async def test_a_change_is_in_force_everywhere_within_a_second() -> None:
    topic, clock = MemoryTopic(), FakeClock(NOON)
    watching = register(topic)
    await watching.loaded()
    task = asyncio.create_task(watching.follow(clock))
    await clock.advance(0)
    await book(topic).add(raw())
    await clock.advance(1)
    assert watching.get("desk") is not None
    topic.out = True
    await clock.advance(5)
    assert watching.get("desk") is not None
    topic.out = False
    await book(topic).remove("desk")
    await clock.advance(1)
    assert watching.get("desk") is None
    task.cancel()


async def test_before_the_topic_was_read_there_is_an_outage_and_no_empty_list() -> None:
    topic = MemoryTopic()
    topic.out = True
    with pytest.raises(OutageError):
        await register(topic).loaded()


async def test_a_record_of_a_foreign_writer_changes_nothing() -> None:
    topic = MemoryTopic()
    await book(topic).add(raw())
    topic.records.append(("desk", b"{}", {}))
    read = register(topic)
    await read.catch_up()
    assert read.get("desk") is not None


async def test_keys_rotate_the_first_locks_all_open() -> None:
    topic = MemoryTopic()
    await book(topic, KEY).add(raw())
    both = book(topic, OTHER_KEY, KEY)
    assert (await both.get("desk")).locked is None
    await both.change("desk", {})
    alone = register(topic, OTHER_KEY)
    await alone.catch_up()
    [read] = alone.all()
    assert read.locked is None


async def test_without_its_key_a_subscription_is_decided_for_and_waits() -> None:
    topic, remarks = MemoryTopic(), []
    await book(topic, KEY).add(raw())
    blind = register(topic, OTHER_KEY)
    blind.remark = remarks.append
    await blind.catch_up()
    [locked] = blind.all()
    assert "no key of ALERTING_SECRET_KEY" in str(locked.locked)
    assert remarks[-1].startswith("desk: ")
    bench = service(lambda *_: 204, locked)
    bench.outbox.load(3, [])
    await bench.deliver(version(1))
    await bench.clock.advance(1)
    assert not bench.sender.sent
    [record] = [out.value for out in bench.writer.written if out.topic.entity == "delivery"]
    assert (record.outcome, record.reason) == (DeliveryOutcome.RETRYING, FailureReason.UNKNOWN_SUBSCRIPTION)
    bench.endpoints.by_id["desk"] = opened(locked.subscription, Vault([SecretStr(KEY)]))
    await bench.clock.advance(8)
    assert len(bench.sender.sent) == 1


def test_a_format_of_a_newer_version_is_told_and_not_sent() -> None:
    newer = subscription().model_copy(
        update={"target": subscription().target.model_copy(update={"format": "fax"})}
    )
    assert "'fax'" in str(opened(newer, Vault()).locked)


async def test_the_file_goes_first() -> None:
    topic = MemoryTopic()
    await book(topic).add(raw())
    await book(topic).add(raw("night"))
    known, file = register(topic), FakeEndpoints(endpoint("desk", "https://file.example"))
    both = BothEndpoints(file, known)
    known.changed = both.changed
    assert [(e.id, e.host) for e in both.all()] == [("desk", "file.example")]
    await known.catch_up()
    assert [(e.id, e.host) for e in both.all()] == [("desk", "file.example"), ("night", "desk.example")]
    del file.by_id["desk"]
    both.changed()
    assert both.get("desk").host == "desk.example"  # type: ignore[union-attr]


def test_keys_come_in_a_list_and_bad_ones_are_not_repeated() -> None:
    setting = SecretStr(f" {KEY} ,{OTHER_KEY},")
    vault = Vault(keys_of(setting))
    assert vault.open(Fernet(OTHER_KEY).encrypt(b"x").decode()).get_secret_value() == "x"
    with pytest.raises(VaultError) as caught:
        Vault([SecretStr("very-secret")])
    assert "very-secret" not in str(caught.value)
    with pytest.raises(VaultError, match="ALERTING_SECRET_KEY is not set"):
        Vault().lock(SecretStr("x"))


def test_the_published_record_reads_not_by_its_name() -> None:
    raw_record = subscription().model_dump(mode="json") | {"filters": {"not": {"min_killed": 3}}}
    read = type(subscription()).from_bytes(json.dumps(raw_record).encode())
    assert read.filters.negated is not None
    assert b'"not":{' in read.to_bytes()
