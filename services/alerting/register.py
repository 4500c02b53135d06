"""Subscriptions on their topic: records of `conflict.subscription.v1` in, endpoints out; and the one way to write them.

The topic is the truth and is small: every worker reads it whole, without a group, before it takes an incident in
hand, and follows it from then on, so that a change is in force everywhere within a second.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from schemas.base import UndecodableError
from schemas.envelope import Envelope, event_type
from schemas.subscription import Subscription
from schemas.topics import SUBSCRIPTION
from services.alerting.clock import Clock
from services.alerting.endpoint import Endpoint, Endpoints
from services.alerting.formats import FORMATS
from services.alerting.vault import Vault, VaultError
from services.common.logging import get_logger
from services.common.retry import OutageError
from services.common.topic_reader import TopicReader
from services.common.writer import Producer, refuse_oversize

log = get_logger(__name__)

PARTITION = 0
LOOK_SECONDS = 0.3
WRITE_SECONDS = 10.0
"""After so long without the broker's word a change counts as failed."""


@dataclass
class Register:
    """The subscriptions of the topic, as far as this worker has read it."""

    reader: TopicReader
    vault: Vault
    producer: Producer
    changed: Callable[[], None] = lambda: None
    """Called after every change."""
    remark: Callable[[str | None], None] = lambda why: None
    """Told which subscriptions cannot be used and why; None when all can."""
    _endpoints: dict[str, Endpoint] = field(default_factory=dict)
    _read_up_to: int | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def all(self) -> Sequence[Endpoint]:
        """All that the topic has, in the order of their first records."""
        return tuple(self._endpoints.values())

    def get(self, subscription_id: str) -> Endpoint | None:
        """One of them."""
        return self._endpoints.get(subscription_id)

    async def loaded(self) -> None:
        """Return when the topic was read to its end at least once. Raises `OutageError`."""
        if self._read_up_to is None:
            await self.catch_up()

    async def catch_up(self) -> None:
        """Read what is new. Raises `OutageError`; a repeat goes on where this one ended."""
        async with self._lock:
            end = await self.reader.end(SUBSCRIPTION.name, PARTITION)
            start = self._read_up_to or 0
            if start > end:
                # the topic was deleted and made anew
                self._endpoints.clear()
                start = 0
            news = self.reader.read(SUBSCRIPTION.name, PARTITION, start, end)
            changes = [(key, value) async for _, key, value in news]
            for key, value in changes:
                self._apply(key, value)
            self._read_up_to = end
        if changes:
            self._tell()

    async def follow(self, clock: Clock) -> None:
        """Keep up with the topic for ever; through outages of the broker too."""
        while True:
            try:
                await self.catch_up()
            except OutageError as error:
                log.warning("subscriptions_not_read", problem=str(error))
            await clock.sleep(LOOK_SECONDS)

    async def save(self, subscription: Subscription) -> None:
        """Write one; on return the broker has it, and this worker too. Raises `OutageError`."""
        await self._write(subscription.id, subscription, f"{subscription.id}-{subscription.version}")

    async def remove(self, subscription_id: str) -> None:
        """Remove one, in the same way."""
        await self._write(subscription_id, None, f"{subscription_id}-removed")

    async def _write(self, key: str, value: Subscription | None, record_id: str) -> None:
        data = value.to_bytes() if value else None
        refuse_oversize(SUBSCRIPTION, data)
        envelope = Envelope(
            id=record_id, source="/tocsin/alerting", type=event_type(SUBSCRIPTION.entity), subject=key
        )
        headers = envelope.to_headers(removal=data is None)
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await (await self.producer.send(SUBSCRIPTION.name, key.encode(), data, PARTITION, headers))
        except OutageError:
            raise
        except Exception as error:
            raise OutageError("broker", f"{type(error).__name__} on {SUBSCRIPTION.name}") from error
        await self.catch_up()

    def _apply(self, key: str, value: bytes | None) -> None:
        if value is None:
            self._endpoints.pop(key, None)
            return
        try:
            subscription = Subscription.from_bytes(value)
        except UndecodableError as error:
            # of a foreign writer: what is known of the id stands
            log.error("subscription_record_ignored", key=key, problem=str(error))
            return
        self._endpoints[key] = opened(subscription, self.vault)

    def _tell(self) -> None:
        self.changed()
        locked = [
            f"{endpoint.id}: {endpoint.locked}" for endpoint in self._endpoints.values() if endpoint.locked
        ]
        if locked:
            log.error("subscriptions_locked", problems=locked)
        self.remark("; ".join(locked) or None)
        log.info("subscriptions_read", count=len(self._endpoints))


def opened(subscription: Subscription, vault: Vault) -> Endpoint:
    """The endpoint with its secrets in clear; one that cannot be used says why in `locked`."""
    target = subscription.target
    if target.format not in FORMATS:
        return Endpoint(subscription, (), locked=f"this version does not know the format {target.format!r}")
    try:
        secrets = tuple(map(vault.open, target.secrets_encrypted))
        headers = tuple((name, vault.open(value)) for name, value in target.headers_encrypted.items())
    except VaultError as error:
        return Endpoint(subscription, (), locked=str(error))
    return Endpoint(subscription, secrets, headers)


class BothEndpoints:
    """The file's subscriptions and the topic's. The file goes first: the topic has no say in what it names."""

    def __init__(self, file: Endpoints, register: Endpoints) -> None:
        self._file = file
        self._register = register
        self._merged: tuple[Endpoint, ...] | None = None

    def changed(self) -> None:
        """One of the two has changed."""
        self._merged = None

    def all(self) -> Sequence[Endpoint]:
        """All of them, disabled ones included."""
        if self._merged is None:
            file = {endpoint.id: endpoint for endpoint in self._file.all()}
            rest = (endpoint for endpoint in self._register.all() if endpoint.id not in file)
            self._merged = (*file.values(), *rest)
        return self._merged

    def get(self, subscription_id: str) -> Endpoint | None:
        """One of them."""
        return self._file.get(subscription_id) or self._register.get(subscription_id)

    def in_file(self, subscription_id: str) -> bool:
        """Whether the file names it."""
        return self._file.get(subscription_id) is not None
