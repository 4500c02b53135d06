"""The AsyncAPI document is valid, whole, and says what the topics are."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from schemas.topics import ALL_TOPICS, Topic
from services.cli.stack.layout import PROJECT

DOCUMENT = PROJECT / "docs" / "asyncapi.yaml"
SPECIFICATION = Path(__file__).parent / "asyncapi" / "asyncapi-3.0.0.schema.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return made


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _target(document: Any, reference: str) -> Any:
    path, _, pointer = reference.partition("#")
    if path:
        document = json.loads((DOCUMENT.parent / path).read_text(encoding="utf-8"))
    for part in pointer.strip("/").split("/") if pointer else ():
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return document


def test_document_is_valid_by_the_specification(document: dict[str, Any]) -> None:
    specification = json.loads(SPECIFICATION.read_text(encoding="utf-8"))
    problems = [
        f"{list(e.absolute_path)}: {e.message}" for e in Draft7Validator(specification).iter_errors(document)
    ]
    assert problems == []


def test_the_specification_catches_a_mistake(document: dict[str, Any]) -> None:
    """Kafka's bindings are among what is checked."""
    specification = json.loads(SPECIFICATION.read_text(encoding="utf-8"))
    channel = document["channels"]["conflict.report.v1"]
    wrong = channel | {"bindings": {"kafka": channel["bindings"]["kafka"] | {"partitions": "twelve"}}}
    changed = document | {"channels": document["channels"] | {"conflict.report.v1": wrong}}
    assert not Draft7Validator(specification).is_valid(changed)


def test_every_reference_resolves(document: dict[str, Any]) -> None:
    for reference in _references(document):
        assert isinstance(_target(document, reference), dict), reference


@pytest.mark.parametrize("topic", ALL_TOPICS, ids=lambda topic: topic.name)
def test_every_topic_is_a_channel_as_the_broker_has_it(document: dict[str, Any], topic: Topic) -> None:
    channel = document["channels"][topic.name]
    binding = channel["bindings"]["kafka"]
    assert channel["address"] == binding["topic"] == topic.name
    assert binding["partitions"] == topic.partitions
    assert ",".join(binding["topicConfiguration"]["cleanup.policy"]) == topic.config()["cleanup.policy"]
    assert channel["messages"]


def test_every_message_has_headers_payload_and_key(document: dict[str, Any]) -> None:
    for name, message in document["components"]["messages"].items():
        assert {"headers", "payload", "bindings"} <= message.keys(), name
        assert "key" in message["bindings"]["kafka"], name


def test_every_channel_but_operators_and_unused_ones_has_a_writer(document: dict[str, Any]) -> None:
    written = {
        o["channel"]["$ref"].split("/")[-1] for o in document["operations"].values() if o["action"] == "send"
    }
    received = {
        o["channel"]["$ref"].split("/")[-1]
        for o in document["operations"].values()
        if o["action"] == "receive"
    }
    assert received <= written, "somebody reads what nobody writes"
