"""What producers write is what the published schemas say; what a newer producer adds is ignored."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from schemas.base import UndecodableError
from schemas.event import EventRecord
from schemas.incident import Incident
from schemas.topics import TOPICS, Topic
from services.cli.docs.pages import SCHEMAS
from services.cli.stack.layout import PROJECT
from tests.contract.samples import SAMPLES, incident

CASES = [(topic, record) for topic in TOPICS for record in SAMPLES[topic.name]]


def published(topic: Topic) -> dict[str, Any]:
    text = (PROJECT / SCHEMAS / f"{topic.name}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_published_schema_is_valid_and_describes_itself(topic: Topic) -> None:
    schema = published(topic)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:tocsin:schema:{topic.name}"
    assert topic.says in schema["description"]
    assert "DESIGN" not in json.dumps(schema), "a description refers to a page that subscribers do not have"


@pytest.mark.parametrize(("topic", "record"), CASES, ids=lambda value: getattr(value, "name", ""))
def test_record_written_is_valid_by_the_published_schema(topic: Topic, record: Any) -> None:
    schema = published(topic)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(json.loads(record.to_bytes()))


@pytest.mark.parametrize(("topic", "record"), CASES, ids=lambda value: getattr(value, "name", ""))
def test_record_survives_its_bytes(topic: Topic, record: Any) -> None:
    read = (
        EventRecord.parse(record.to_bytes())
        if topic.entity == "event"
        else type(record).from_bytes(record.to_bytes())
    )
    assert read == record
    assert read.to_bytes() == record.to_bytes()


def test_unknown_fields_of_a_newer_producer_are_ignored_at_any_depth() -> None:
    value = json.loads(incident().to_bytes())
    value["mood"] = "tense"
    value["place"]["what3words"] = "a.b.c"
    value["evidence"][0]["report"]["stars"] = 5
    assert Incident.from_bytes(json.dumps(value).encode()) == incident()


def test_undecodable_record_names_the_field_and_tells_nothing_of_its_content() -> None:
    value = json.loads(incident().to_bytes())
    value["version"] = "hunter2"
    with pytest.raises(UndecodableError, match="version") as caught:
        Incident.from_bytes(json.dumps(value).encode())
    assert "hunter2" not in str(caught.value)


def test_every_schema_file_belongs_to_a_topic() -> None:
    files = {Path(path).stem for path in (PROJECT / SCHEMAS).glob("*.json")}
    assert files == {topic.name for topic in TOPICS}


def test_sets_are_written_in_order_so_that_equal_records_have_equal_bytes() -> None:
    (record,) = SAMPLES["conflict.subscription.v1"]
    changes = json.loads(record.to_bytes())["filters"]["changes"]
    assert len(changes) > 2
    assert changes == sorted(changes)
