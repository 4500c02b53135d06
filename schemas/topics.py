"""The map of the system: every topic, in the order of the flow. Docs and topic creation come from it."""

from dataclasses import dataclass
from datetime import timedelta

from pydantic import BaseModel

from schemas.alert import Alert, Pending
from schemas.correction import Correction
from schemas.delivery import Delivery
from schemas.event import EventRecord
from schemas.incident import Incident
from schemas.notice import Notice
from schemas.report import Report
from schemas.source import SourceHealth
from schemas.subscription import Subscription

PARTITIONS = 12
"""Of events, corrections, incidents, alerts, pending records: equal, and never grown."""

MAX_RECORD_BYTES = 2 * 1024 * 1024
MAX_DEAD_LETTER_BYTES = 3 * 1024 * 1024
RECORD_OVERHEAD_BYTES = 64 * 1024
"""Headers and batch framing on top of a record's value."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its name, what its key is, the model of its values, and how long it keeps them."""

    name: str
    key: str
    model: type[BaseModel]
    says: str
    cleanup: tuple[str, ...] = ("delete",)
    retention: timedelta | None = None
    partitions: int = PARTITIONS
    has_dead_letters: bool = True
    max_bytes: int = MAX_RECORD_BYTES

    @property
    def entity(self) -> str:
        """The noun in the name: `event` of `conflict.event.v1`."""
        return self.name.split(".")[1]

    @property
    def dead_letters(self) -> str:
        """Where a record of this topic goes that cannot be processed."""
        return f"{self.name}.dlt"

    @property
    def compacted(self) -> bool:
        """Whether a null value removes a key."""
        return "compact" in self.cleanup

    def config(self) -> dict[str, str]:
        """The topic's configuration for the broker."""
        config = {
            "cleanup.policy": ",".join(self.cleanup),
            "max.message.bytes": str(self.max_bytes + RECORD_OVERHEAD_BYTES),
        }
        if self.retention:
            config["retention.ms"] = str(int(self.retention.total_seconds() * 1000))
        if self.compacted:
            # a subscriber who is a little late sees every version
            config["min.compaction.lag.ms"] = str(int(timedelta(days=7).total_seconds() * 1000))
        return config


REPORT = Topic(
    "conflict.report.v1", "report id", Report,
    "one report, normalised: text, title, URL, source, publisher, language, published and fetched time",
    retention=timedelta(days=14),
)  # fmt: skip
EVENT = Topic(
    "conflict.event.v1", "theatre", EventRecord,
    "one event as one report tells it, with its evidence; or `superseded`",
    retention=timedelta(days=30),
)  # fmt: skip
CORRECTION = Topic(
    "conflict.correction.v1", "theatre", Correction,
    "an operator's command about incidents (merge, retract)",
    retention=timedelta(days=30),
)  # fmt: skip
INCIDENT = Topic(
    "conflict.incident.v1", "incident id", Incident,
    "the whole current state of one incident, its version, and what changed",
    cleanup=("compact", "delete"), retention=timedelta(days=180),
)  # fmt: skip
ALERT = Topic(
    "conflict.alert.v1", "incident id", Alert,
    "one decision to alert one subscription about one incident version, with all that the body needs",
    retention=timedelta(days=180),
)  # fmt: skip
PENDING = Topic(
    "conflict.pending.v1", "alert id", Pending,
    "an alert not yet settled: attempt, due time; null when settled",
    cleanup=("compact",),
)  # fmt: skip
DELIVERY = Topic(
    "conflict.delivery.v1", "alert id", Delivery,
    "the outcome of each delivery attempt",
    retention=timedelta(days=30), has_dead_letters=False,
)  # fmt: skip
SUBSCRIPTION = Topic(
    "conflict.subscription.v1", "subscription id", Subscription,
    "a subscription (its secret encrypted); null removes it",
    cleanup=("compact",), partitions=1, has_dead_letters=False,
)  # fmt: skip
SOURCE = Topic(
    "conflict.source.v1", "source id", SourceHealth,
    "the health of one source: last success, last new item, silent or not",
    cleanup=("compact",), partitions=1, has_dead_letters=False,
)  # fmt: skip
NOTICE = Topic(
    "conflict.notice.v1", "subscription id / source id", Notice,
    "one alert about the health of a source to one subscription, and what became of it",
    cleanup=("compact",), partitions=1, has_dead_letters=False,
)  # fmt: skip

TOPICS = (REPORT, EVENT, CORRECTION, INCIDENT, ALERT, PENDING, DELIVERY, SUBSCRIPTION, SOURCE, NOTICE)
"""All topics, in the order of the flow."""


def dead_letter_topic(topic: Topic) -> Topic:
    """The topic of its dead letters: same key, same bytes, the reason in headers; kept as long as we can."""
    return Topic(
        topic.dead_letters, topic.key, topic.model, f"records of `{topic.name}` that could not be processed",
        retention=timedelta(days=30), partitions=topic.partitions,
        has_dead_letters=False, max_bytes=MAX_DEAD_LETTER_BYTES,
    )  # fmt: skip


ALL_TOPICS = TOPICS + tuple(dead_letter_topic(t) for t in TOPICS if t.has_dead_letters)
BY_NAME = {topic.name: topic for topic in ALL_TOPICS}
