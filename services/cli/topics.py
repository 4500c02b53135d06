"""`tocsin topics create|describe`: the map of the system, made true on a broker or held against it."""

from datetime import timedelta
from typing import Annotated

import typer

from schemas.topics import ALL_TOPICS
from services.cli.output import say, table
from services.cli.settings import settings
from services.common.kafka import TopicState, create_topics, describe_topics

app = typer.Typer(help="Create the topics, or describe them.", no_args_is_help=True)

Replication = Annotated[
    int | None,
    typer.Option(
        min=1, help="Copies of each partition; KAFKA_REPLICATION_FACTOR where not given. Production: 3."
    ),
]


@app.command()
def create(replication_factor: Replication = None) -> None:
    """Create the topics that are missing. Safe to repeat; fails where a topic has another number of partitions.

    Example: tocsin topics create --replication-factor 3
    """
    where = settings()
    replication = replication_factor or where.kafka_replication_factor
    created = create_topics(where.kafka_bootstrap_servers, ALL_TOPICS, replication)
    for name in created:
        say(f"created {name}")
    say(f"{len(created)} created, {len(ALL_TOPICS) - len(created)} were there")


@app.command()
def describe() -> None:
    """Describe every topic, and what the broker has of it. Exit code 1 where the two differ.

    Example: tocsin topics describe
    """
    states = describe_topics(settings().kafka_bootstrap_servers, ALL_TOPICS)
    columns = ("topic", "key", "partitions", "copies", "records", "keeps", "says")
    table(columns, (_row(state) for state in states))
    if any(state.partitions != state.topic.partitions for state in states):
        raise typer.Exit(1)


def _row(state: TopicState) -> tuple[str, ...]:
    topic = state.topic
    return (
        topic.name,
        topic.key,
        _partitions(state),
        _or_dash(state.replication),
        _or_dash(state.records),
        _keeps(topic.cleanup, topic.retention),
        topic.says,
    )


def _partitions(state: TopicState) -> str:
    if state.partitions is None:
        return "missing"
    if state.partitions != state.topic.partitions:
        return f"{state.partitions}, needs {state.topic.partitions}"
    return str(state.partitions)


def _or_dash(count: int | None) -> str:
    return "-" if count is None else str(count)


def _keeps(cleanup: tuple[str, ...], retention: timedelta | None) -> str:
    return "+".join(cleanup) + (f" {retention.days} d" if retention else "")
