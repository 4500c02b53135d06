"""How far the records have come: a broker in, what waits before each service and how many alerts are out, out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError

from schemas.topics import ALERT, ALL_TOPICS, CORRECTION, DELIVERY, EVENT, INCIDENT, REPORT, TOPICS, Topic
from services.common.kafka import admin_client, broker_errors, consumer_group, group_free_consumer

CONSUMES = (("nlp", REPORT), ("dedup", CORRECTION), ("dedup", EVENT), ("alerting", INCIDENT))
"""What each service consumes, in the order of the flow."""

_NOT_YET = (CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError)
DEAD_LETTERS = tuple(topic for topic in ALL_TOPICS if topic not in TOPICS)


@dataclass(frozen=True, slots=True)
class FlowState:
    """Records not yet settled by each service; alerts, delivery attempts and dead letters of all time."""

    waiting: Mapping[tuple[str, str], int]
    """By service and name of the topic."""
    alerts: int = 0
    attempts: int = 0
    dead: int = 0

    @property
    def settled(self) -> bool:
        """Whether all that came in has been dealt with, webhooks sent included."""
        return not any(self.waiting.values()) and self.attempts >= self.alerts


class Flow:
    """Looks at the broker as often as asked; joins no group. One thread at a time."""

    def __init__(self, bootstrap: str, admin: KafkaAdminClient, consumer: KafkaConsumer) -> None:
        self._bootstrap, self._admin, self._consumer = bootstrap, admin, consumer

    def look(self) -> FlowState:
        """Look in the order of the flow, so that nothing slips through between. Raises `BrokerError`."""
        with broker_errors(self._bootstrap):
            waiting = {(name, topic.name): self._waiting(name, topic) for name, topic in CONSUMES}
            return FlowState(
                waiting, self._count(ALERT), self._count(DELIVERY), sum(map(self._count, DEAD_LETTERS))
            )

    def _count(self, topic: Topic) -> int:
        return sum(self._ends(topic).values())

    def _waiting(self, service: str, topic: Topic) -> int:
        """The end is asked for after the commits: a record written in between counts as waiting."""
        group = consumer_group(service)
        committed = self._admin.list_group_offsets({group: None}).get(group, {})
        done = {
            place.partition: told.offset for place, told in committed.items() if place.topic == topic.name
        }
        ends = self._ends(topic)
        starts = self._consumer.beginning_offsets([*ends])
        return sum(max(0, end - done.get(place.partition, starts[place])) for place, end in ends.items())

    def _ends(self, topic: Topic) -> dict[TopicPartition, int]:
        places = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        ends: dict[TopicPartition, int] = self._consumer.end_offsets(places)
        return ends


def wake_groups(bootstrap: str) -> None:
    """Have the broker make its own topic of offsets: a new one does so when first asked for a group, and takes a while.

    Raises `BrokerError`, but not where it is not ready yet: asking was the point.
    """
    with admin_client(bootstrap) as admin, suppress(*_NOT_YET):
        admin.list_group_offsets("tocsin-nlp")


@contextmanager
def flow_of(bootstrap: str) -> Iterator[Flow]:
    """Connect, and close in the end. Raises `BrokerError`."""
    with admin_client(bootstrap) as admin:
        consumer = group_free_consumer(bootstrap)
        try:
            yield Flow(bootstrap, admin, consumer)
        finally:
            consumer.close()
