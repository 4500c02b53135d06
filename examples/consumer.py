"""A subscriber of Tocsin's incidents, in plain kafka-python and jsonschema: copy it, and put your work into `show`.

It reads the topic from its beginning and keeps the newest version of each incident. What it takes care of, and why,
is told in docs/consuming.md.

    pip install "kafka-python>=3.0.12,<3.1" "jsonschema>=4.25,<5"
    python examples/consumer.py --timeout 5
"""

import argparse
import json
import os
import sys
from collections import Counter, OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError

TOPIC = "conflict.incident.v1"
SCHEMA = Path(__file__).resolve().parent.parent / "docs" / "schemas" / f"{TOPIC}.json"
REMEMBERED = 100_000
"""Records whose repeats are noticed. A repeat follows its original closely, so no more are needed."""

# Enumerations may grow. A value that our copy of the schema does not know is "other", not an error.
OpenValidator = extend(Draft202012Validator, {"enum": lambda *_: None})


class SubscriberError(Exception):
    """What the user must know, with the remedy."""


class Incidents:
    """The newest version of each incident: takes records in the order of their partition."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.newest: dict[str, dict[str, Any]] = {}
        self.counts: Counter[str] = Counter()
        self._validator = OpenValidator(schema)
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()

    def take(self, record: ConsumerRecord) -> str:
        """Take one record; says what became of it: `kept`, `repeat`, `older`, `removed` or `invalid`."""
        outcome = self._removed(record.key) if record.value is None else self._taken(record)
        self.counts[outcome] += 1
        return outcome

    def _removed(self, key: bytes) -> str:
        """A null value: the key is gone."""
        self.newest.pop(key.decode(), None)
        return "removed"

    def _taken(self, record: ConsumerRecord) -> str:
        headers = {name.lower(): value.decode() for name, value in record.headers}
        identity = (headers.get("ce_source", ""), headers.get("ce_id", ""))
        if all(identity) and identity in self._seen:
            return "repeat"
        try:
            incident = json.loads(record.value)
            self._validator.validate(incident)
        except (ValueError, ValidationError) as error:
            _warn(record, error)
            return "invalid"
        self._remember(identity)
        known = self.newest.get(incident["id"])
        if known and known["version"] >= incident["version"]:
            return "older"
        self.newest[incident["id"]] = incident
        return "kept"

    def _remember(self, identity: tuple[str, str]) -> None:
        self._seen[identity] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


def _warn(record: ConsumerRecord, error: Exception) -> None:
    why = (
        f"{error.json_path}: {error.message}" if isinstance(error, ValidationError) else f"not JSON: {error}"
    )
    print(f"skipped partition {record.partition} offset {record.offset}: {why}", file=sys.stderr)


def show(incident: dict[str, Any]) -> None:
    """Your work goes here. It may run again for the same version after a crash, so make it repeatable."""
    place = (incident.get("place") or {}).get("name", "unplaced")
    killed = incident.get("killed")
    toll = f", killed {killed['min']} to {killed['max'] or 'unknown'}" if killed else ""
    print(
        f"{incident['id']} v{incident['version']} {incident['status']}: "
        f"{incident['kind']} at {place}{toll} ({incident['change']['type']})",
        flush=True,
    )


def records(brokers: str, topic: str, timeout: float | None) -> Iterator[ConsumerRecord]:
    """All records of a topic from its beginning, then new ones; ends after `timeout` seconds without any."""
    consumer = KafkaConsumer(
        bootstrap_servers=brokers.split(","),
        group_id=None,  # a group would start where it last stopped; state in memory starts empty
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        allow_auto_create_topics=False,
        bootstrap_timeout_ms=10_000,
        max_partition_fetch_bytes=4 * 1024 * 1024,
        consumer_timeout_ms=float("inf") if timeout is None else int(timeout * 1000),
    )
    try:
        partitions = consumer.partitions_for_topic(topic)
        if not partitions:
            raise SubscriberError(f"{brokers} has no topic {topic}: start Tocsin first (`make run`)")
        places = [TopicPartition(topic, number) for number in sorted(partitions)]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        yield from consumer
    finally:
        consumer.close()


def follow(options: argparse.Namespace, incidents: Incidents) -> None:
    """Read until the limit, the silence or Ctrl-C."""
    for number, record in enumerate(records(options.bootstrap_servers, options.topic, options.timeout), 1):
        outcome = incidents.take(record)
        if not options.json and outcome == "kept":
            show(incidents.newest[record.key.decode()])
        if not options.json and outcome == "removed":
            print(f"{record.key.decode()} removed", flush=True)
        if number == options.max:
            return


def read_schema(path: Path) -> dict[str, Any]:
    """The published schema; raises `SubscriberError` where it cannot be read."""
    try:
        schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SubscriberError(f"cannot read the schema {path}: {error}; name it with --schema") from None
    return schema


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Follow Tocsin's incidents.")
    parser.add_argument(
        "--bootstrap-servers", default=os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092")
    )
    parser.add_argument("--topic", default=TOPIC)
    parser.add_argument("--schema", type=Path, default=SCHEMA, help="the topic's published JSON Schema")
    parser.add_argument("--max", type=int, metavar="N", help="stop after N records")
    parser.add_argument("--timeout", type=float, metavar="S", help="stop after S seconds without a record")
    parser.add_argument(
        "--json", action="store_true", help="print only the newest versions, at the end, as JSON Lines"
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """0 done, 1 failed; a command line that is wrong ends with 2."""
    options = parse(arguments)
    try:
        incidents = Incidents(read_schema(options.schema))
        follow(options, incidents)
    except KeyboardInterrupt:
        pass
    except SubscriberError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KafkaError as error:
        print(
            f"error: no use of Kafka at {options.bootstrap_servers}: {error}; start it (`make run`), or name another "
            "with --bootstrap-servers",
            file=sys.stderr,
        )
        return 1
    if options.json:
        print("\n".join(json.dumps(incident) for incident in incidents.newest.values()))
    counted = ", ".join(
        f"{incidents.counts[name]} {name}" for name in ("kept", "repeat", "older", "removed", "invalid")
    )
    print(
        f"{len(incidents.newest)} incidents from {incidents.counts.total()} records: {counted}",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
