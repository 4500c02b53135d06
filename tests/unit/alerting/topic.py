"""The topic of subscriptions in memory: what a register reads and writes, with an outage where a test says."""

from collections.abc import AsyncIterator, Awaitable

from cryptography.fernet import Fernet
from pydantic import SecretStr

from schemas.envelope import Headers
from schemas.topics import SUBSCRIPTION
from services.alerting.register import Register
from services.alerting.vault import Vault
from services.common.retry import OutageError

KEY, OTHER_KEY = Fernet.generate_key().decode(), Fernet.generate_key().decode()


class MemoryTopic:
    """Both sides of the topic."""

    def __init__(self) -> None:
        self.records: list[tuple[str, bytes | None, dict[str, bytes]]] = []
        self.out = False

    async def end(self, topic: str, partition: int) -> int:
        self._reachable(topic, partition)
        return len(self.records)

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[tuple[int, str, bytes | None]]:
        self._reachable(topic, partition)
        for offset in range(start, end):
            key, value, _ = self.records[offset]
            yield offset, key, value

    async def send(
        self, topic: str, key: bytes | None, value: bytes | None, partition: int | None, headers: Headers
    ) -> Awaitable[tuple[int, int]]:
        self._reachable(topic, partition)
        assert key is not None
        self.records.append((key.decode(), value, dict(headers)))
        return self._placed(len(self.records) - 1)

    async def _placed(self, offset: int) -> tuple[int, int]:
        return 0, offset

    def _reachable(self, topic: str, partition: int | None) -> None:
        assert (topic, partition) == (SUBSCRIPTION.name, 0)
        if self.out:
            raise OutageError("broker", "a test")


def register(topic: MemoryTopic, *keys: str) -> Register:
    """A worker's view of it."""
    return Register(topic, Vault([SecretStr(key) for key in keys or (KEY,)]), topic)
