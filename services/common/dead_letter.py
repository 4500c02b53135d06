"""Dead letters: a record that cannot be processed, its bytes untouched, with the reason in headers; and their limit."""

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from schemas.envelope import Headers
from schemas.failure import FailureReason
from services.common.kafka import consumer_group

PREFIX = "dlt-"
ORIGINAL_TOPIC = PREFIX + "original-topic"
ORIGINAL_PARTITION = PREFIX + "original-partition"
ORIGINAL_OFFSET = PREFIX + "original-offset"
ORIGINAL_TIMESTAMP = PREFIX + "original-timestamp"
CONSUMER_GROUP = PREFIX + "consumer-group"
SERVICE = PREFIX + "service"
REASON = PREFIX + "reason"
ERROR_CLASS = PREFIX + "error-class"
ERROR_MESSAGE = PREFIX + "error-message"
ATTEMPTS = PREFIX + "attempts"
FAILED_AT = PREFIX + "failed-at"
REPLAYED_AT = PREFIX + "replayed-at"

MAX_MESSAGE_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stood. `timestamp_ms` is the broker's, in Unix time."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int


@dataclass(frozen=True, slots=True)
class Death:
    """Why `service` gave a record up, after how many attempts, and when. `message` must hold no secret."""

    service: str
    reason: FailureReason
    message: str
    failed_at: datetime
    error_class: str = ""
    attempts: int = 1


def dead_letter_headers(original: Iterable[tuple[str, bytes]], origin: Origin, death: Death) -> Headers:
    """The original headers, then where the record came from and why it is dead; all values are text.

    Headers of an earlier death are dropped, so that a record replayed and dead again tells its last reason.
    """
    told = {
        ORIGINAL_TOPIC: origin.topic,
        ORIGINAL_PARTITION: str(origin.partition),
        ORIGINAL_OFFSET: str(origin.offset),
        ORIGINAL_TIMESTAMP: str(origin.timestamp_ms),
        CONSUMER_GROUP: consumer_group(death.service),
        SERVICE: death.service,
        REASON: death.reason.value,
        ERROR_CLASS: death.error_class or death.reason.value,
        ERROR_MESSAGE: death.message[:MAX_MESSAGE_CHARACTERS],
        ATTEMPTS: str(death.attempts),
        FAILED_AT: death.failed_at.isoformat(timespec="milliseconds"),
    }
    return without_dead_letter_headers(original) + [(name, value.encode()) for name, value in told.items()]


def replay_headers(dead: Iterable[tuple[str, bytes]], replayed_at: datetime) -> Headers:
    """The headers as they were before the record died, and that it is told again."""
    told = replayed_at.isoformat(timespec="milliseconds")
    return [*without_dead_letter_headers(dead), (REPLAYED_AT, told.encode())]


def without_dead_letter_headers(headers: Iterable[tuple[str, bytes]]) -> Headers:
    """The headers as they were before the record died."""
    return [(name, value) for name, value in headers if not name.startswith(PREFIX)]


@dataclass
class DeadLetterLimit:
    """Says when too much goes wrong: a bad deploy must stop, not empty a topic."""

    consecutive_limit: int
    share_limit: float
    window: int
    consecutive: int = 0
    recent: deque[bool] = field(default_factory=deque)
    """Whether each of the last `window` records died."""

    def record(self, died: bool) -> str | None:
        """Count one settled record; the text says which limit it reached, if any."""
        self.consecutive = self.consecutive + 1 if died else 0
        self.recent.append(died)
        if len(self.recent) > self.window:
            self.recent.popleft()
        if not died:
            return None
        if self.consecutive >= self.consecutive_limit:
            return f"{self.consecutive} dead letters in a row"
        share = sum(self.recent) / len(self.recent)
        if len(self.recent) == self.window and share >= self.share_limit:
            return f"{share:.0%} of the last {self.window} records are dead letters"
        return None

    def reset(self) -> None:
        """Begin anew, after an operator said so."""
        self.consecutive = 0
        self.recent.clear()

    def dump(self) -> str:
        """The counts, to be remembered over a restart."""
        return json.dumps({"consecutive": self.consecutive, "recent": [int(died) for died in self.recent]})

    def restore(self, dumped: str) -> None:
        """Take up the counts of before the restart."""
        counts = json.loads(dumped)
        self.consecutive = counts["consecutive"]
        self.recent = deque(map(bool, counts["recent"]), maxlen=None)
