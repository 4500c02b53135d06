"""No pattern of nlp can backtrack without bound: no unbounded repeat stands inside another."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _parser as parser  # type: ignore[attr-defined]

import pytest

import services.nlp

UNBOUNDED = 1000
"""Repeats from here on count as without bound."""


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that a module of nlp holds, alone or in tuples, lists and dictionaries."""
    for module in pkgutil.iter_modules(services.nlp.__path__):
        if module.name != "__main__":
            found = vars(importlib.import_module(f"services.nlp.{module.name}"))
            for name, value in found.items():
                for number, pattern in enumerate(_inside(value)):
                    yield f"{module.name}.{name}.{number}", pattern


def _inside(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from (p for one in value.values() for p in _inside(one))
    elif isinstance(value, tuple | list):
        yield from (p for one in value for p in _inside(one))


def nests(tree: object, inside: bool = False) -> bool:
    """Whether a parsed pattern repeats without bound what repeats without bound."""
    if isinstance(tree, parser.SubPattern):
        return any(nests(item, inside) for item in tree)
    if not isinstance(tree, tuple | list):
        return False
    if len(tree) == 2 and str(tree[0]) in ("MAX_REPEAT", "MIN_REPEAT"):
        _, most, repeated = tree[1]
        endless = int(most) >= UNBOUNDED
        return (inside and endless) or nests(repeated, inside or endless)
    return any(nests(item, inside) for item in tree)


FOUND = dict(patterns())


def test_there_are_patterns_to_scan() -> None:
    assert len(FOUND) > 100


@pytest.mark.parametrize("name", sorted(FOUND))
def test_no_pattern_nests_unbounded_repeats(name: str) -> None:
    assert not nests(parser.parse(FOUND[name].pattern, FOUND[name].flags & ~re.DEBUG)), FOUND[name].pattern[
        :200
    ]


@pytest.mark.parametrize(
    ("pattern", "bad"),
    [
        (r"(?:a+)+", True),
        (r"(?:\w+ )*x", True),
        (r"(?:\w+ ){0,3}x", False),
        (r"a+b+", False),
        (r"((a|b+)c)*", True),
    ],
)
def test_the_scan_sees_them(pattern: str, bad: bool) -> None:
    assert nests(parser.parse(pattern)) is bad
