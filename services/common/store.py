"""The state behind a projection, as Redis commands; and the same commands in memory, for batch and tests."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Protocol

Command = tuple[str | int | float, ...]
"""A Redis command on one key, named without its prefix: `("HSET", "doc", "inc_1", "{...}")`.

And two of our own, for what a record asks to be done later. A hash `asked` holds commands as JSON by member:
`("UNDO", asked, member)` runs and forgets them; `("SWEEP", scores, bound, most, asked)` does so for at most `most`
members of a sorted set whose score is below the bound, and removes these from it.
"""

Reply = Any
"""Strings, numbers, lists of strings, or None: as Redis answers with `decode_responses`."""


class Store(Protocol):
    """One partition's state. Reads see all that was applied before, or raise `StaleProjectionError`."""

    async def read(self, commands: Sequence[Command]) -> list[Reply]:
        """The replies, one a command, all of one moment."""
        ...


class MemoryStore:
    """The subset of Redis that projections use, in memory."""

    def __init__(self) -> None:
        self._keys: dict[str, Any] = {}

    async def read(self, commands: Sequence[Command]) -> list[Reply]:
        """Run the commands; the same replies as Redis gives."""
        return [self.run(command) for command in commands]

    def apply(self, commands: Sequence[Command]) -> None:
        """Run the commands for their effect."""
        for command in commands:
            self.run(command)

    def run(self, command: Command) -> Reply:
        """One command. Raises `KeyError` for a command that projections do not use."""
        name, key, *rest = (str(part) for part in command)
        reply = _COMMANDS[name](self._keys, key, *rest)
        if not self._keys.get(key, True):
            # as Redis does: a collection without members is no key
            del self._keys[key]
        return reply


def _hset(keys: dict[str, Any], key: str, *pairs: str) -> int:
    table = keys.setdefault(key, {})
    before = len(table)
    table.update(zip(pairs[::2], pairs[1::2], strict=True))
    return len(table) - before


def _hget(keys: dict[str, Any], key: str, field: str) -> str | None:
    value: str | None = keys.get(key, {}).get(field)
    return value


def _hdel(keys: dict[str, Any], key: str, *fields: str) -> int:
    table = keys.get(key, {})
    return sum(table.pop(field, None) is not None for field in fields)


def _hgetall(keys: dict[str, Any], key: str) -> list[str]:
    # a Lua script answers a hash as a flat list
    return [part for pair in keys.get(key, {}).items() for part in pair]


def _sadd(keys: dict[str, Any], key: str, *members: str) -> int:
    known = keys.setdefault(key, set())
    before = len(known)
    known.update(members)
    return len(known) - before


def _srem(keys: dict[str, Any], key: str, *members: str) -> int:
    known = keys.get(key, set())
    gone = known & set(members)
    known -= gone
    return len(gone)


def _zadd(keys: dict[str, Any], key: str, *arguments: str) -> int:
    only_raise = arguments[0] == "GT"
    pairs = arguments[only_raise:]
    scores = keys.setdefault(key, {})
    before = len(scores)
    for told, member in zip(pairs[::2], pairs[1::2], strict=True):
        score = float(told)
        scores[member] = max(score, scores.get(member, score)) if only_raise else score
    return len(scores) - before


def _zmscore(keys: dict[str, Any], key: str, *members: str) -> list[str | None]:
    scores = keys.get(key, {})
    return [f"{scores[member]:.17g}" if member in scores else None for member in members]


def _zrangebyscore(keys: dict[str, Any], key: str, low: str, high: str) -> list[str]:
    scores = keys.get(key, {})
    within = [(score, member) for member, score in scores.items() if float(low) <= score <= float(high)]
    return [member for _, member in sorted(within)]


def _undo(keys: dict[str, Any], asked: str, member: str) -> None:
    commands = json.loads(_hget(keys, asked, member) or "[]")
    _hdel(keys, asked, member)
    for name, key, *rest in commands:
        _COMMANDS[name](keys, key, *map(str, rest))


def _sweep(keys: dict[str, Any], scores: str, bound: str, most: str, asked: str) -> int:
    below = sorted((score, member) for member, score in keys.get(scores, {}).items() if score < float(bound))
    gone = [member for _, member in below[: int(most)]]
    for member in gone:
        _undo(keys, asked, member)
    _hdel(keys, scores, *gone)
    return len(gone)


_COMMANDS: dict[str, Callable[..., Reply]] = {
    "HSET": _hset,
    "HGET": _hget,
    "HMGET": lambda keys, key, *fields: [_hget(keys, key, field) for field in fields],
    "HDEL": _hdel,
    "HGETALL": _hgetall,
    "HLEN": lambda keys, key: len(keys.get(key, {})),
    "SADD": _sadd,
    "SREM": _srem,
    "SMEMBERS": lambda keys, key: sorted(keys.get(key, set())),
    "ZADD": _zadd,
    "ZMSCORE": _zmscore,
    "ZREM": _hdel,
    "ZRANGEBYSCORE": _zrangebyscore,
    "UNDO": _undo,
    "SWEEP": _sweep,
    "DEL": lambda keys, key: int(keys.pop(key, None) is not None),
}
