"""All metrics, their labels and meanings: the only file that names one (docs/metrics.md is made from it)."""

from collections.abc import Iterable
from importlib.metadata import version

from prometheus_client import Counter, Gauge, Histogram, Info, disable_created_metrics
from prometheus_client.metrics import MetricWrapperBase

from schemas.delivery import DeliveryOutcome
from schemas.failure import FailureReason

disable_created_metrics()  # type: ignore[no-untyped-call]
# the `_created` series double what is scraped, and tell what `tocsin_build_info` and `up` tell

SECONDS_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SECONDS_DELIVERY = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30)
SECONDS_AGE = (1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)

OUTCOMES = ("ok", "dead", "filtered")
DEPENDENCIES = ("broker", "cache", "projection")

MESSAGES_CONSUMED = Counter(
    "tocsin_messages_consumed_total", "Records taken from a topic, repeats included.", ["topic"]
)
MESSAGES_PROCESSED = Counter(
    "tocsin_messages_processed_total",
    "Records settled, by outcome: ok, filtered (nothing to write, repeats included), dead (to the dead-letter "
    "topic). A record is settled once each time it is delivered.",
    ["topic", "outcome"],
)
PROCESSING_DURATION = Histogram(
    "tocsin_processing_duration_seconds",
    "From taking a record in hand to its acknowledgement.",
    ["topic"],
    buckets=SECONDS_FAST,
)
MESSAGES_PRODUCED = Counter(
    "tocsin_messages_produced_total",
    "Records written to a topic, by outcome: ok, error.",
    ["topic", "outcome"],
)
DEAD_LETTERS = Counter(
    "tocsin_dead_letters_total",
    "Records sent to a topic's dead-letter topic, by reason.",
    ["topic", "reason"],
)
RETRIES = Counter(
    "tocsin_retries_total", "Tries that failed and were repeated, by reason.", ["topic", "reason"]
)
IN_FLIGHT = Gauge("tocsin_in_flight_messages", "Records in hand.", ["topic"])
CONSUMER_LAG = Gauge(
    "tocsin_consumer_lag_messages", "Records behind the end of a partition.", ["topic", "partition"]
)
OLDEST_UNPROCESSED = Gauge(
    "tocsin_oldest_unprocessed_seconds",
    "Lag in time: age of the record in hand, by the broker's timestamp; 0 when idle.",
    ["topic"],
)
EVENT_AGE = Histogram(
    "tocsin_event_age_seconds",
    "Age of a record when taken in hand, by the broker's timestamp.",
    ["topic"],
    buckets=SECONDS_AGE,
)
LAST_POLL = Gauge("tocsin_last_poll_timestamp_seconds", "When the consumer's loop last turned, Unix time.")
REBALANCES = Counter("tocsin_rebalances_total", "Rebalances of the service's consumer group.")
CONSUMER_STOPPED = Gauge(
    "tocsin_consumer_stopped", "1 while a dead-letter limit has stopped consuming; `tocsin resume` ends it."
)
WAITING = Gauge(
    "tocsin_waiting", "1 while the service waits for a dependency that cannot be reached.", ["dependency"]
)
PROJECTION_REBUILDS = Counter(
    "tocsin_projection_rebuilds_total", "Times that a projection was read from its topic.", ["topic"]
)
CACHE_REQUESTS = Counter(
    "tocsin_cache_requests_total", "Requests to a cache, by result: hit, miss, error.", ["cache", "result"]
)
REPORTS_RECEIVED = Counter(
    "tocsin_reports_received_total",
    "Reports at ingest's doors, by outcome: accepted, known, refused, unavailable.",
    ["door", "outcome"],
)
FEED_LOOKS = Counter(
    "tocsin_feed_looks_total",
    "Looks at feeds, by outcome: ok, not_modified, or what kept the feed from being read.",
    ["outcome"],
)
PAGE_FETCHES = Counter(
    "tocsin_page_fetches_total",
    "Pages of feed items, by outcome: ok, disallowed (by robots.txt), not_fetched, unreadable.",
    ["outcome"],
)
SOURCE_SILENT = Gauge(
    "tocsin_source_silent", "1 while a source has been silent for longer than it usually is.", ["source"]
)
SOURCE_LAST_SUCCESS = Gauge(
    "tocsin_source_last_success_timestamp_seconds", "When a source last answered, Unix time.", ["source"]
)
SOURCE_LAST_NEW_ITEM = Gauge(
    "tocsin_source_last_new_item_timestamp_seconds",
    "When a source last had a new item, Unix time.",
    ["source"],
)
SOURCE_ERROR_STREAK = Gauge(
    "tocsin_source_error_streak", "Looks at a source that failed in a row.", ["source"]
)
EVENTS_READ = Counter(
    "tocsin_events_read_total",
    "Events that nlp read, by kind and by whether they may ring.",
    ["kind", "alert_worthy"],
)
UNSUPPORTED_REPORTS = Counter(
    "tocsin_unsupported_reports_total", "Reports in a language that nlp does not read."
)
DEDUP_DECISIONS = Counter(
    "tocsin_dedup_decisions_total",
    "What became of an event: new, merged, duplicate, filtered, withdrawn.",
    ["decision"],
)
ALERTS_DECIDED = Counter("tocsin_alerts_decided_total", "Alerts decided, by severity.", ["severity"])
ALERTS_SUPPRESSED = Counter("tocsin_alerts_suppressed_total", "Alerts not sent, by why.", ["why"])
ALERT_DELIVERIES = Counter(
    "tocsin_alert_deliveries_total",
    "Delivery attempts, by format, outcome and reason (empty when delivered).",
    ["channel", "outcome", "reason"],
)
ALERT_DELIVERY_DURATION = Histogram(
    "tocsin_alert_delivery_duration_seconds",
    "Duration of a delivery attempt.",
    ["channel"],
    buckets=SECONDS_DELIVERY,
)
ALERTS_PENDING = Gauge("tocsin_alerts_pending", "Alerts not yet settled.")
END_TO_END_LATENCY = Histogram(
    "tocsin_end_to_end_latency_seconds",
    "From a report's arrival at ingest to its alert's acceptance by the endpoint.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900),
)
BUILD_INFO = Info("tocsin_build", "Version of the software, and what it reads with.")

ALL: tuple[MetricWrapperBase, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, MetricWrapperBase)
)


def initialise(consumes: Iterable[str] = (), **build: str) -> None:
    """Start the known series of a service at 0, so that a rate has a beginning, and tell the build."""
    BUILD_INFO.info({"version": version("tocsin"), **build})
    CONSUMER_STOPPED.set(0)
    for dependency in DEPENDENCIES:
        WAITING.labels(dependency).set(0)
    for topic in consumes:
        MESSAGES_CONSUMED.labels(topic)
        for outcome in OUTCOMES:
            MESSAGES_PROCESSED.labels(topic, outcome)
        for reason in FailureReason:
            DEAD_LETTERS.labels(topic, reason.value)
            RETRIES.labels(topic, reason.value)


def initialise_deliveries(channels: Iterable[str]) -> None:
    """The series of alerting's senders."""
    for channel in channels:
        ALERT_DELIVERIES.labels(channel, DeliveryOutcome.DELIVERED.value, "")
        for outcome in (DeliveryOutcome.RETRYING, DeliveryOutcome.DEAD):
            for reason in FailureReason:
                ALERT_DELIVERIES.labels(channel, outcome.value, reason.value)
