"""A change that would break a subscriber is refused; one that readers are told to expect is not."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.topics import TOPICS
from services.cli.docs.compat import breaks
from services.cli.docs.release import RELEASED, broken_promises, release, told
from services.cli.stack.layout import PROJECT

Json = dict[str, Any]

RECORD: Json = {
    "title": "Thing",
    "type": "object",
    "properties": {
        "id": {"type": "string", "maxLength": 10},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "place": {"anyOf": [{"$ref": "#/$defs/Place"}, {"type": "null"}], "default": None},
        "kind": {"$ref": "#/$defs/Kind"},
        "tags": {"type": "array", "items": {"type": "string"}, "default": []},
        "scores": {"type": "object", "additionalProperties": {"type": "number"}},
        "count": {"type": "integer", "minimum": 0, "default": 0},
        "rule": {"type": "object", "default": {"least": 1}},
    },
    "required": ["id", "kind"],
    "$defs": {
        "Kind": {"type": "string", "enum": ["strike", "truce"], "title": "Kind"},
        "Place": {
            "type": "object",
            "title": "Place",
            "properties": {"name": {"type": "string"}, "within": {"$ref": "#/$defs/Place"}},
            "required": ["name"],
        },
    },
}
UNION: Json = {
    "oneOf": [
        {"type": "object", "properties": {"record": {"const": "event", "type": "string"}}},
        {"type": "object", "properties": {"record": {"const": "superseded", "type": "string"}}},
    ]
}

Change = Callable[[Json], object]

BREAKING: dict[str, tuple[Change, str, str]] = {
    "a field removed": (lambda s: s["properties"].pop("note"), "note", "removed"),
    "a nested field removed": (
        lambda s: s["$defs"]["Place"]["properties"].pop("name"), "place.name", "removed",
    ),
    "a field renamed": (
        lambda s: s["properties"].update(remark=s["properties"].pop("note")), "note", "removed",
    ),
    "a type changed": (lambda s: s["properties"]["id"].update(type="integer"), "id", "narrowed"),
    "a type narrowed to never null": (
        lambda s: s["properties"].update(note={"type": "string", "default": None}), "note", "narrowed",
    ),
    "a type widened to null": (
        lambda s: s["properties"].update(id={"anyOf": [{"type": "string", "maxLength": 10}, {"type": "null"}]}),
        "id", "widened",
    ),
    "a number widened from whole ones": (
        lambda s: s["properties"]["count"].update(type="number"), "count", "widened",
    ),
    "an enumeration value removed": (lambda s: s["$defs"]["Kind"]["enum"].remove("truce"), "kind", "truce"),
    "an enumeration opened": (lambda s: s["$defs"]["Kind"].pop("enum"), "kind", "enum"),
    "a bound narrowed": (lambda s: s["properties"]["id"].update(maxLength=5), "id", "maxLength"),
    "a bound widened": (lambda s: s["properties"]["id"].update(maxLength=50), "id", "maxLength"),
    "a bound added": (lambda s: s["properties"]["tags"].update(maxItems=3), "tags", "maxItems"),
    "a format added": (lambda s: s["properties"]["id"].update(format="uuid"), "id", "format"),
    "a field no longer always there": (lambda s: s["required"].remove("kind"), "kind", "missing"),
    "a field newly required": (lambda s: s["required"].append("count"), "count", "required"),
    "a new field that is required": (
        lambda s: (s["properties"].update(colour={"type": "string"}), s["required"].append("colour")),
        "colour", "older records lack it",
    ),
    "the items of a list changed": (
        lambda s: s["properties"]["tags"].update(items={"type": "integer"}), "tags[]", "narrowed",
    ),
    "the values of a map changed": (
        lambda s: s["properties"]["scores"].update(additionalProperties={"type": "string"}), "scores.*", "narrowed",
    ),
    "other fields forbidden": (lambda s: s.update(additionalProperties=False), "", "additionalProperties"),
    "another default object": (
        lambda s: s["properties"]["rule"].update(default={"least": 2, "most": 2}), "rule", "default",
    ),
    "another default": (lambda s: s["properties"]["count"].update(default=1), "count", "default"),
}  # fmt: skip

HARMLESS: dict[str, Change] = {
    "nothing": lambda s: None,
    "a default object that names a new field": lambda s: s["properties"]["rule"].update(
        default={"least": 1, "most": 2}
    ),
    "a new field that is optional": lambda s: s["properties"].update(colour={"type": "string"}),
    "a new nested field that is optional": (
        lambda s: s["$defs"]["Place"]["properties"].update(admin1={"type": "string"})
    ),
    "a new value of an enumeration": lambda s: s["$defs"]["Kind"]["enum"].append("siege"),
    "a description": lambda s: s["properties"]["id"].update(description="better told"),
    "a definition renamed": lambda s: (
        s["$defs"].update(Sort=s["$defs"].pop("Kind")), s["properties"].update(kind={"$ref": "#/$defs/Sort"}),
    ),
    "the order of fields": lambda s: s.update(properties=dict(reversed(s["properties"].items()))),
    "the order of alternatives": lambda s: s["properties"]["note"]["anyOf"].reverse(),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKING)
def test_breaking_change_is_found_at_its_field(name: str) -> None:
    change, path, what = BREAKING[name]
    new = copy.deepcopy(RECORD)
    change(new)
    found = breaks(RECORD, new)
    assert any(one.path == path and what in one.what for one in found), found


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_change_passes(name: str) -> None:
    new = copy.deepcopy(RECORD)
    HARMLESS[name](new)
    assert breaks(RECORD, new) == []


def test_kinds_of_record_may_neither_come_nor_go() -> None:
    fewer = {"oneOf": UNION["oneOf"][:1]}
    assert "record=superseded" in str(breaks(UNION, fewer)[0])
    assert "may now be object record=superseded" in str(breaks(fewer, UNION)[0])


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_published_schema_is_compatible_with_itself(topic: Any) -> None:
    schema = json.loads((PROJECT / "docs/schemas" / f"{topic.name}.json").read_text(encoding="utf-8"))
    assert breaks(schema, schema) == []


def test_released_schemas_are_kept() -> None:
    broken = broken_promises()
    assert not broken, told(broken)


def test_every_topic_has_a_released_schema() -> None:
    released = {path.stem for path in (PROJECT / RELEASED).glob("*.json")}
    assert released == {topic.name for topic in TOPICS}, "run `make release-schemas` and commit"


def _project(root: Path, now: Json, released: Json) -> None:
    for folder, schema in (("docs/schemas", now), (str(RELEASED), released)):
        (root / folder).mkdir(parents=True)
        (root / folder / "conflict.thing.v1.json").write_text(json.dumps(schema), encoding="utf-8")


def test_a_broken_promise_is_told_with_the_remedy(tmp_path: Path) -> None:
    new = copy.deepcopy(RECORD)
    del new["properties"]["note"]
    _project(tmp_path, new, RECORD)
    assert told(broken_promises(tmp_path)).splitlines()[0] == "conflict.thing.v1: note: removed"
    assert ".v2" in told(broken_promises(tmp_path))


def test_a_topic_that_vanished_breaks_the_promise(tmp_path: Path) -> None:
    _project(tmp_path, RECORD, RECORD)
    (tmp_path / "docs/schemas/conflict.thing.v1.json").unlink()
    assert "gone" in told(broken_promises(tmp_path))


def test_release_takes_over_what_grew(tmp_path: Path) -> None:
    new = copy.deepcopy(RECORD)
    new["properties"]["colour"] = {"type": "string"}
    _project(tmp_path, new, RECORD)
    assert release(tmp_path) == ["conflict.thing.v1"]
    assert json.loads((tmp_path / RELEASED / "conflict.thing.v1.json").read_text(encoding="utf-8")) == new
    assert release(tmp_path) == []
