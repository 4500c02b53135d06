"""Topic administration: the map of `schemas/topics.py`, made true on a broker or held against what it has."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kafka import KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors
from kafka.admin import KafkaAdminClient

from schemas.topics import MAX_DEAD_LETTER_BYTES, RECORD_OVERHEAD_BYTES, Topic
from services.common.retry import OutageError

BROKER_TIMEOUT_SECONDS = 10.0
FETCH_BYTES = MAX_DEAD_LETTER_BYTES + RECORD_OVERHEAD_BYTES
"""Of one partition at a time: the largest record that any topic holds must fit."""

_NO_ERROR = 0


class BrokerError(Exception):
    """The broker cannot do what was asked. `str(error)` names the thing, the reason and the remedy."""


class TopicsDifferError(BrokerError):
    """The broker's topics are not those of the map; work on them would break ownership by partition."""

    def __init__(self, differences: Sequence[str]) -> None:
        super().__init__("; ".join(differences))
        self.differences = tuple(differences)


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic of the map, and what the broker has of it (None: the topic is not there)."""

    topic: Topic
    partitions: int | None
    replication: int | None
    records: int | None = None
    """Offsets from the first to the last record; gaps of compaction included."""


def consumer_group(service: str) -> str:
    """The group that a service's workers read as."""
    return f"tocsin-{service}"


@contextmanager
def broker_errors(bootstrap_servers: str) -> Iterator[None]:
    """Turn the library's errors into `BrokerError`, with a remedy."""
    try:
        yield
    except (kafka_errors.KafkaError, OSError) as error:
        # the library repeats its class in the text
        text = str(error).removeprefix(f"{type(error).__name__}: ")
        raise BrokerError(
            f"the Kafka broker at {bootstrap_servers} did not do as asked: {type(error).__name__}: {text}. "
            "Is it running (`tocsin up` starts one), and is KAFKA_BOOTSTRAP_SERVERS right?"
        ) from error


@contextmanager
def admin_client(
    bootstrap_servers: str, timeout_seconds: float = BROKER_TIMEOUT_SECONDS
) -> Iterator[KafkaAdminClient]:
    """An administration client. Raises `BrokerError`."""
    with broker_errors(bootstrap_servers):
        client = KafkaAdminClient(
            bootstrap_servers=bootstrap_servers.split(","),
            bootstrap_timeout_ms=int(timeout_seconds * 1000),
            request_timeout_ms=int(timeout_seconds * 1000),
            reconnect_backoff_max_ms=500,  # its 30 s would keep a service waiting for a broker that is up
        )
        try:
            yield client
        finally:
            client.close()


def create_topics(bootstrap_servers: str, topics: Sequence[Topic], replication: int = 1) -> tuple[str, ...]:
    """Create those that are missing, wait until each has its leaders, and return their names.

    Safe to repeat and to run at the same time elsewhere. Raises `TopicsDifferError` where a topic exists with
    another number of partitions, which is never changed here, and `BrokerError` for the rest.
    """
    with admin_client(bootstrap_servers) as admin:
        states = _states(admin, topics)
        missing = [state.topic for state in states if state.partitions is None]
        created = _create(admin, missing, replication) if missing else ()
        admin.wait_for_topics([topic.name for topic in topics])
        _refuse(_differences(_states(admin, topics)))
        return created


def _create(admin: KafkaAdminClient, topics: Sequence[Topic], replication: int) -> tuple[str, ...]:
    wanted = {
        topic.name: {
            "num_partitions": topic.partitions,
            "replication_factor": replication,
            "configs": topic.config(),
        }
        for topic in topics
    }
    answer = admin.create_topics(wanted, raise_errors=False)
    created = []
    for result in answer["topics"]:
        code = result["error_code"]
        if code == _NO_ERROR:
            created.append(result["name"])
        elif code != kafka_errors.TopicAlreadyExistsError.errno:  # another creator was first
            why = result.get("error_message") or kafka_errors.for_code(code).__name__
            raise BrokerError(
                f"topic {result['name']} was not created: {why.rstrip('.')}. With fewer brokers than "
                f"{replication}, set a lower replication factor (KAFKA_REPLICATION_FACTOR)."
            )
    return tuple(created)


def check_topics(
    bootstrap_servers: str, topics: Sequence[Topic], timeout_seconds: float = BROKER_TIMEOUT_SECONDS
) -> None:
    """Raises `TopicsDifferError` where a topic is missing or has another number of partitions; `BrokerError`."""
    with admin_client(bootstrap_servers, timeout_seconds) as admin:
        _refuse(_differences(_states(admin, topics)))


def require_topics(
    bootstrap_servers: str, topics: Sequence[Topic], timeout_seconds: float = BROKER_TIMEOUT_SECONDS
) -> None:
    """For a service's start: on return its topics are there. Raises `OutageError` while broker or topics are not yet,

    and `TopicsDifferError` where partition counts differ: waiting would not mend that.
    """
    try:
        with admin_client(bootstrap_servers, timeout_seconds) as admin:
            states = _states(admin, topics)
    except BrokerError as error:
        raise OutageError("broker", str(error)) from error
    _refuse(_differences([state for state in states if state.partitions is not None]))
    if missing := [state for state in states if state.partitions is None]:
        raise OutageError("broker", "; ".join(_differences(missing)))


def describe_topics(bootstrap_servers: str, topics: Sequence[Topic]) -> list[TopicState]:
    """What the broker has of each topic, with its count of records. Raises `BrokerError`."""
    with admin_client(bootstrap_servers) as admin:
        states = _states(admin, topics)
    there = {state.topic.name: state.partitions for state in states if state.partitions is not None}
    counts = count_records(bootstrap_servers, there)
    return [
        TopicState(state.topic, state.partitions, state.replication, counts.get(state.topic.name))
        for state in states
    ]


def group_free_consumer(
    bootstrap_servers: str, timeout_seconds: float = BROKER_TIMEOUT_SECONDS
) -> KafkaConsumer:
    """A consumer that joins no group and commits nothing: looking at a topic changes nothing for anybody.

    Raises `BrokerError`. The caller closes it.
    """
    with broker_errors(bootstrap_servers):
        return KafkaConsumer(
            bootstrap_servers=bootstrap_servers.split(","),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            max_partition_fetch_bytes=FETCH_BYTES,
            fetch_max_wait_ms=100,
            bootstrap_timeout_ms=int(timeout_seconds * 1000),
        )


def count_records(bootstrap_servers: str, partitions: Mapping[str, int]) -> dict[str, int]:
    """Records (gaps included) of each topic, given its number of partitions. Raises `BrokerError`."""
    places = [TopicPartition(name, number) for name, count in partitions.items() for number in range(count)]
    if not places:
        return {}
    consumer = group_free_consumer(bootstrap_servers)
    try:
        with broker_errors(bootstrap_servers):
            first, end = consumer.beginning_offsets(places), consumer.end_offsets(places)
    finally:
        consumer.close()
    counts = dict.fromkeys(partitions, 0)
    for place in places:
        counts[place.topic] += end[place] - first[place]
    return counts


def _states(admin: KafkaAdminClient, topics: Sequence[Topic]) -> list[TopicState]:
    found = {told["name"]: told for told in admin.describe_topics() if told["error_code"] == _NO_ERROR}
    return [_state(topic, found.get(topic.name)) for topic in topics]


def _state(topic: Topic, told: Mapping[str, Sequence[Mapping[str, Sequence[int]]]] | None) -> TopicState:
    if told is None:
        return TopicState(topic, None, None)
    partitions = told["partitions"]
    return TopicState(topic, len(partitions), min(len(one["replica_nodes"]) for one in partitions))


def _differences(states: Sequence[TopicState]) -> list[str]:
    return [text for state in states if (text := _difference(state))]


def _difference(state: TopicState) -> str | None:
    name, wanted = state.topic.name, state.topic.partitions
    if state.partitions is None:
        return f"topic {name} is missing: `tocsin topics create` makes it"
    if state.partitions != wanted:
        return (
            f"topic {name} has {state.partitions} partitions where {wanted} are needed: "
            "partitions are never grown, so use another cluster or delete the topic and create it anew"
        )
    return None


def _refuse(differences: Sequence[str]) -> None:
    if differences:
        raise TopicsDifferError(differences)
