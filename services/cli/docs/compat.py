"""Compares a published JSON Schema with a new one: gives what would break a subscriber.

A topic holds records of many days, so both directions count: a subscriber with the old schema reads new records, and
one with the new schema reads old records. Therefore whatever constrains a value must stay as it is. Two things may
change, because readers are told to expect them (docs/consuming.md):

* a new property that is not required (readers ignore what they do not know);
* a new value of an enumeration (readers treat it as "other").

Anything else needs a new topic, `.v2` beside `.v1`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

Schema = Mapping[str, Any]

_ANNOTATIONS = frozenset(
    {"title", "description", "examples", "$schema", "$id", "$defs", "$comment", "deprecated"}
)
_WALKED = frozenset(
    {"properties", "required", "items", "additionalProperties", "enum", "anyOf", "oneOf", "type"}
)


@dataclass(frozen=True, slots=True)
class Break:
    """One change that a subscriber cannot live with."""

    path: str
    """Of the field, from the record: `place.country`, `evidence[].quote`."""
    what: str

    def __str__(self) -> str:
        return f"{self.path or 'the record'}: {self.what}"


def breaks(old: Schema, new: Schema) -> list[Break]:
    """What in `new` would break a subscriber of `old`, in the order of the old schema; empty when nothing would."""
    return list(_Comparison(old, new).at("", old, new))


class _Comparison:
    """Walks both documents side by side. A pair of definitions is compared once, which ends recursion."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self.old, self.new = old, new
        self._seen: set[tuple[str, str]] = set()

    def at(self, path: str, old: Schema, new: Schema) -> Iterator[Break]:
        """Compare two schemas of the same place."""
        pair = (str(old.get("$ref", "")), str(new.get("$ref", "")))
        if all(pair):
            if pair in self._seen:
                return
            self._seen.add(pair)
        before, after = _alternatives(_resolved(old, self.old)), _alternatives(_resolved(new, self.new))
        yield from self._default(path, old, new)
        shapes_before, shapes_after = self._shapes(before, self.old), self._shapes(after, self.new)
        for shape in shapes_before.keys() - shapes_after.keys():
            yield Break(path, f"was allowed to be {shape}, and no longer is (narrowed)")
        for shape in shapes_after.keys() - shapes_before.keys():
            yield Break(path, f"may now be {shape} (widened)")
        for shape, one in shapes_before.items():
            if shape in shapes_after:
                yield from self._same_shape(path, one, shapes_after[shape])

    def _default(self, path: str, old: Schema, new: Schema) -> Iterator[Break]:
        before, after = old.get("default"), new.get("default")
        if isinstance(before, list) and isinstance(after, list) and all(one in after for one in before):
            return  # a default set that names the values of an enumeration grows with it
        if isinstance(before, dict) and isinstance(after, dict) and before.items() <= after.items():
            return  # a default object grows with new properties, which none needs
        if before != after or ("default" in old) != ("default" in new):
            yield Break(path, f"default was {_told(old, 'default')} and is {_told(new, 'default')}")

    def _shapes(self, alternatives: list[Schema], root: Schema) -> dict[str, Schema]:
        """Alternatives by what a reader tells them apart by."""
        resolved = [_resolved(one, root) for one in alternatives]
        return {_shape(one, alone=_only_of_its_type(one, resolved)): one for one in resolved}

    def _same_shape(self, path: str, old: Schema, new: Schema) -> Iterator[Break]:
        yield from self._properties(path, old, new)
        yield from self._enum(path, old, new)
        yield from self._sub_schema(path, old, new, "items", f"{path}[]")
        yield from self._sub_schema(path, old, new, "additionalProperties", f"{path}.*")
        for keyword in sorted((old.keys() | new.keys()) - _ANNOTATIONS - _WALKED - {"default", "$ref"}):
            if old.get(keyword) != new.get(keyword):
                yield Break(path, f"{keyword} was {_told(old, keyword)} and is {_told(new, keyword)}")

    def _properties(self, path: str, old: Schema, new: Schema) -> Iterator[Break]:
        before, after = old.get("properties", {}), new.get("properties", {})
        must_before, must_after = set(old.get("required", ())), set(new.get("required", ()))
        for name, schema in before.items():
            inner = f"{path}.{name}".lstrip(".")
            if name not in after:
                yield Break(inner, "removed")
                continue
            if name in must_before - must_after:
                yield Break(inner, "was always there, and may now be missing")
            if name in must_after - must_before:
                yield Break(inner, "is now required, and older records lack it")
            yield from self.at(inner, schema, after[name])
        for name in sorted(must_after - before.keys()):
            yield Break(f"{path}.{name}".lstrip("."), "new and required: older records lack it")

    def _enum(self, path: str, old: Schema, new: Schema) -> Iterator[Break]:
        if ("enum" in old) != ("enum" in new):
            yield Break(path, f"enum was {_told(old, 'enum')} and is {_told(new, 'enum')}")
        gone = [value for value in old.get("enum", ()) if value not in new.get("enum", old.get("enum", ()))]
        if gone:
            yield Break(path, f"no longer allows {', '.join(map(str, gone))}, which older records have")

    def _sub_schema(self, path: str, old: Schema, new: Schema, keyword: str, inner: str) -> Iterator[Break]:
        before, after = old.get(keyword), new.get(keyword)
        if _is_schema(before) and _is_schema(after):
            yield from self.at(inner, before, after)
        elif before != after:
            yield Break(path, f"{keyword} was {_told(old, keyword)} and is {_told(new, keyword)}")


def _is_schema(value: object) -> TypeGuard[Schema]:
    return isinstance(value, Mapping)


def _resolved(schema: Schema, root: Schema) -> Schema:
    """The schema with its `$ref` followed; what stands beside the `$ref` is kept."""
    if "$ref" not in schema:
        return schema
    target: Any = root
    for part in schema["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    return _resolved({**target, **{k: v for k, v in schema.items() if k != "$ref"}}, root)


def _alternatives(schema: Schema) -> list[Schema]:
    """The forms that a value may take: of `anyOf`, `oneOf`, or a list of types; else the schema alone."""
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            return list(schema[keyword])
    if isinstance(schema.get("type"), list):
        return [{**schema, "type": one} for one in schema["type"]]
    return [schema]


def _only_of_its_type(schema: Schema, among: list[Schema]) -> bool:
    return [one.get("type") for one in among].count(schema.get("type")) == 1


def _shape(schema: Schema, *, alone: bool) -> str:
    """`string`, `null`, `object record=event`; where a type stands several times and no constant tells: all of it."""
    kind = str(schema.get("type", "anything"))
    constants = {
        name: field["const"] for name, field in schema.get("properties", {}).items() if "const" in field
    }
    if constants:
        return f"{kind} " + " ".join(f"{name}={value}" for name, value in constants.items())
    if alone:
        return kind
    return f"{kind} {json.dumps({k: v for k, v in schema.items() if k not in _ANNOTATIONS}, sort_keys=True)}"


def _told(schema: Schema, keyword: str) -> str:
    return json.dumps(schema[keyword]) if keyword in schema else "not given"
