"""A service of the smallest kind, on the real loop: tallies requests by key. Run by the tests of the loop as a process.

A request's text says how it behaves: `ok`, `raise`, `slow:SECONDS`, `hang`; every tally has the version after the
last one of its key, so that a loss, a repeat or a fork shows in the topic.
"""

import asyncio
import sys
from collections.abc import Sequence

from schemas.base import Record
from schemas.topics import Topic
from services.common import logging
from services.common.agent import StreamService
from services.common.cache import connect
from services.common.message import Message, Out, Stages
from services.common.projection import Projection
from services.common.settings import CommonSettings, load
from services.common.store import Command
from services.common.topic_reader import KafkaTopicReader


class Request(Record):
    """Asks for one tally of `key`."""

    id: str
    behaviour: str = "ok"


class Tally(Record):
    """How often a key was asked for, and by whom last."""

    id: str
    version: int
    caused_by: str


REQUEST = Topic("test.request.v1", "key", Request, "asks for a tally", partitions=4)
ASIDE = Topic("test.aside.v1", "key", Request, "asks for a tally, from elsewhere", partitions=4)
TALLY = Topic("test.tally.v1", "key", Tally, "a tally", cleanup=("compact",), partitions=4)


def reduce(key: str, value: bytes | None) -> Sequence[Command]:
    """The state of one tally. The highest version stands: a worker that wakes late may write an older one again."""
    if value is None:
        return [("ZREM", "tally", key)]
    tally = Tally.from_bytes(value)
    return [("ZADD", "tally", "GT", tally.version, key), ("HSET", "seen", tally.caused_by, key)]


class TallyStep:
    """One request, one tally; a request seen before writes nothing."""

    def __init__(self, topic: Topic, projection: Projection) -> None:
        self.topic = topic
        self._projection = projection

    def decode(self, value: bytes | None) -> Request:
        """A removal is no request."""
        return Request.from_bytes(value or b"")

    async def handle(self, message: Message[Request]) -> Stages:
        """The next version of the key's tally."""
        store = self._projection.store(message.partition)
        seen, [last] = await store.read(
            [("HGET", "seen", message.value.id), ("ZMSCORE", "tally", message.key)]
        )
        await _behave(message.value.behaviour)
        if seen:
            return ()
        tally = Tally(id=message.key, version=int(float(last or 0)) + 1, caused_by=message.value.id)
        return ((Out(TALLY, message.key, tally, f"{tally.id}-{tally.version}", message.partition),),)

    async def written(self, message: Message[Request], stages: Stages) -> None:
        """Nothing follows."""


async def _behave(behaviour: str) -> None:
    name, _, argument = behaviour.partition(":")
    if name == "raise":
        raise ValueError("asked to raise")
    if name == "slow":
        await asyncio.sleep(float(argument))
    while name == "hang":
        """Blocks the loop, as a regular expression would that does not end."""


def main() -> int:
    """Run until SIGTERM."""
    settings = load(CommonSettings)
    logging.configure("tally", settings.log_level, settings.log_format)
    client = connect(settings.redis_url)
    projection = Projection(
        "tally", TALLY, reduce, client, KafkaTopicReader(settings.kafka_bootstrap_servers)
    )
    service = StreamService(
        "tally",
        settings,
        topics=[REQUEST, ASIDE],
        port=int(sys.argv[1]),
        client=client,
        projections=[projection],
    )
    service.attach(TallyStep(REQUEST, projection), TallyStep(ASIDE, projection))
    return service.run()


if __name__ == "__main__":
    sys.exit(main())
