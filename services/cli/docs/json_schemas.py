"""JSON Schemas of the topics: takes the models of `schemas/`, gives what a subscriber validates with."""

from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from schemas.topics import Topic

DIALECT = "https://json-schema.org/draft/2020-12/schema"

JsonObject = dict[str, Any]
"""A JSON document under construction; never leaves this package but as text."""


class _Generator(GenerateJsonSchema):
    """Pydantic's generator without titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Only models and enumerations keep a title."""
        return False


def topic_schema(topic: Topic) -> JsonObject:
    """The schema of one topic's values, as a producer writes them (a removal has no value and no schema)."""
    made = topic.model.model_json_schema(mode="serialization", schema_generator=_Generator)
    for node in _objects(made):
        node.pop("discriminator", None)  # OpenAPI's word; JSON Schema and AsyncAPI know it as something else
        _sort_set_default(node)
    head = {"$schema": DIALECT, "$id": f"urn:tocsin:schema:{topic.name}", "title": topic.model.__name__}
    described = made.pop("description", "").strip()
    head["description"] = f"{topic.name}: {topic.says}." + (f"\n\n{described}" if described else "")
    return head | {name: value for name, value in made.items() if name != "title"}


def _objects(node: object) -> Iterator[JsonObject]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from _objects(value)


def _sort_set_default(node: JsonObject) -> None:
    """A set has no order, and Python's changes from run to run."""
    if node.get("uniqueItems") and isinstance(node.get("default"), list):
        node["default"] = sorted(node["default"])
