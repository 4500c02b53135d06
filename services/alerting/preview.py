"""What a subscription would have heard: the incident topic's recent versions in, the alerts that they would raise out.

Reads the topic without a group and writes nothing. Runs on a thread of its own, bounded in records.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from kafka import KafkaConsumer, TopicPartition

from schemas.alert import Alert
from schemas.base import UndecodableError
from schemas.incident import Incident
from schemas.topics import INCIDENT
from services.alerting.decide import ALERT_MAX_AGE, decide, told_at
from services.alerting.endpoint import Endpoint
from services.alerting.facts import Facts
from services.alerting.severity import SeverityRule
from services.common.kafka import broker_errors, group_free_consumer

MAX_VERSIONS = 20_000
POLL_MS = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What came of a replay."""

    versions: int
    alerts: tuple[Alert, ...]
    complete: bool


def replay(versions: Iterable[Incident], endpoint: Endpoint, rule: SeverityRule) -> Iterator[Alert]:
    """The alerts that these versions, in the order of their partitions, would have raised at their time. Pure.

    An incident that began before the first of them counts as not yet alerted.
    """
    last: dict[str, int] = {}
    for incident in versions:
        known = last.get(incident.id)
        decided = decide(Facts(incident, rule), endpoint, known, ALERT_MAX_AGE, told_at(incident))
        if isinstance(decided, Alert):
            last[incident.id] = incident.version
            yield decided


def preview(
    bootstrap_servers: str, since: datetime, endpoint: Endpoint, rule: SeverityRule, limit: int = MAX_VERSIONS
) -> Preview:
    """Replay what dedup has written since. Raises `BrokerError`. Blocks: call it on a thread."""
    versions = _Versions(bootstrap_servers, since, limit)
    alerts = sorted(replay(versions, endpoint, rule), key=lambda alert: alert.decided_at)
    return Preview(versions.count, tuple(alerts), versions.complete)


class _Versions:
    """Incident versions written since a time, at most `limit` of them."""

    def __init__(self, bootstrap_servers: str, since: datetime, limit: int) -> None:
        self._bootstrap = bootstrap_servers
        self._since = since
        self._limit = limit
        self.count = 0
        self.complete = True

    def __iter__(self) -> Iterator[Incident]:
        consumer = group_free_consumer(self._bootstrap)
        try:
            with broker_errors(self._bootstrap):
                yield from self._read(consumer)
        finally:
            consumer.close()

    def _read(self, consumer: KafkaConsumer) -> Iterator[Incident]:
        ends = self._seek(consumer)
        while any(consumer.position(place) < end for place, end in ends.items()):
            for place, records in consumer.poll(timeout_ms=POLL_MS).items():
                for record in records:
                    if record.offset >= ends[place] or record.value is None:
                        continue
                    if self.count >= self._limit:
                        self.complete = False
                        return
                    self.count += 1
                    try:
                        yield Incident.from_bytes(record.value)
                    except UndecodableError:
                        continue  # nor would the service alert of it

    def _seek(self, consumer: KafkaConsumer) -> dict[TopicPartition, int]:
        """Go to the first record since; gives the partitions that have any, with their ends."""
        places = [TopicPartition(INCIDENT.name, number) for number in range(INCIDENT.partitions)]
        moment = int(self._since.timestamp() * 1000)
        firsts = consumer.offsets_for_times(dict.fromkeys(places, moment))
        ends = consumer.end_offsets(places)
        begun = {place: found.offset for place, found in firsts.items() if found is not None}
        consumer.assign(list(begun))
        for place, offset in begun.items():
            consumer.seek(place, offset)
        return {place: ends[place] for place in begun}
