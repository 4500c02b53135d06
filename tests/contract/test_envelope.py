"""The envelope, read by the CloudEvents project's own library as a stranger would read it."""

import json
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat

from schemas.envelope import CONTENT_TYPE, Envelope, EnvelopeError, event_type
from schemas.topics import TOPICS, Topic
from tests.contract.samples import SAMPLES

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def envelope(entity: str = "incident", **changes: object) -> Envelope:
    made = Envelope(
        id="inc_a/1", source="/tocsin/dedup", type=event_type(entity), subject="inc_a",
        time=datetime(2026, 3, 14, 12, 0, 0, 250_000, tzinfo=UTC), traceparent=TRACE,
    )  # fmt: skip
    return made.model_copy(update=changes)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_cloudevents_library_reads_our_records(topic: Topic) -> None:
    value = SAMPLES[topic.name][0].to_bytes()
    ours = envelope(topic.entity)
    read = from_binary(KafkaMessage(dict(ours.to_headers()), None, value), JSONFormat())
    assert read.get_id() == ours.id
    assert read.get_source() == ours.source
    assert read.get_type() == f"org.tocsin.{topic.entity}.v1"
    assert read.get_subject() == ours.subject
    assert read.get_specversion() == "1.0"
    assert read.get_time() == ours.time
    assert read.get_datacontenttype() == CONTENT_TYPE
    assert read.get_data() == json.loads(value)


def test_headers_are_utf8_bytes_in_binary_mode() -> None:
    headers = envelope(subject="Мар'їнка").to_headers()
    assert all(isinstance(value, bytes) for _, value in headers)
    assert ("ce_subject", "Мар'їнка".encode()) in headers
    assert ("traceparent", TRACE.encode()) in headers
    assert ("ce_time", b"2026-03-14T12:00:00.250000Z") in headers


def test_removal_has_every_attribute_but_no_content_type() -> None:
    written, removed = envelope().to_headers(), envelope().to_headers(removal=True)
    assert [name for name, _ in removed] == [name for name, _ in written if name != "content-type"]


def test_headers_are_read_back_in_any_case() -> None:
    shouted = [(name.upper(), value) for name, value in envelope().to_headers()]
    assert Envelope.from_headers(shouted) == envelope()
    assert Envelope.from_headers(dict(envelope().to_headers())) == envelope()


def test_headers_of_others_are_ignored() -> None:
    headers = [*envelope().to_headers(), ("x-team", b"desk"), ("ce_partitionkey", b"a")]
    assert Envelope.from_headers(headers) == envelope()


@pytest.mark.parametrize("missing", ["ce_id", "ce_source", "ce_type", "ce_specversion"])
def test_missing_attribute_is_named(missing: str) -> None:
    headers = [(name, value) for name, value in envelope().to_headers() if name != missing]
    with pytest.raises(EnvelopeError, match=missing):
        Envelope.from_headers(headers)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("ce_specversion", b"0.3", "specversion"),
        ("ce_time", b"yesterday", "ce_time"),
        ("ce_time", b"2026-03-14T12:00:00", "ce_time"),
        ("content-type", b"application/CloudEvents+json; charset=UTF-8", "structured"),
        ("ce_subject", b"\xff\xfe", "UTF-8"),
    ],
)
def test_wrong_header_is_refused_with_its_reason(name: str, value: bytes, why: str) -> None:
    headers = dict(envelope().to_headers()) | {name: value}
    with pytest.raises(EnvelopeError, match=why):
        Envelope.from_headers(headers)


@pytest.mark.parametrize("broken", [b"", b"garbage", b"00-0-0-01", TRACE.upper().encode()])
def test_broken_traceparent_is_dropped_and_costs_no_record(broken: bytes) -> None:
    headers = dict(envelope().to_headers()) | {"traceparent": broken}
    assert Envelope.from_headers(headers) == envelope(traceparent=None)
