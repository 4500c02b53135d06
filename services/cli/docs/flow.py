"""Who reads and writes which topic, for the documents; the README's table of topics."""

from dataclasses import dataclass

from schemas.topics import (
    ALERT,
    CORRECTION,
    DELIVERY,
    EVENT,
    INCIDENT,
    NOTICE,
    PENDING,
    REPORT,
    SOURCE,
    SUBSCRIPTION,
    TOPICS,
    Topic,
)
from services.common.kafka import consumer_group


@dataclass(frozen=True, slots=True)
class Application:
    """One participant of the flow."""

    name: str
    does: str
    receives: tuple[Topic, ...] = ()
    """Consumed in the group `tocsin-<name>`."""
    rebuilds_from: tuple[Topic, ...] = ()
    """Read whole, without a group, to rebuild its projection."""
    follows: tuple[Topic, ...] = ()
    """Read whole by every worker, without a group, and kept up with."""
    sends: tuple[Topic, ...] = ()
    gives_up: tuple[Topic, ...] = ()
    """Whose dead letters it writes, where these are not just those that it receives."""

    @property
    def dead_letters_of(self) -> tuple[Topic, ...]:
        """The topics whose dead letters it writes."""
        return self.gives_up or self.receives

    @property
    def group(self) -> str:
        """The consumer group."""
        return consumer_group(self.name)


APPLICATIONS = (
    Application(
        "ingest", "takes reports over HTTP and from feeds, normalises them, and watches over its sources",
        rebuilds_from=(REPORT, SOURCE), sends=(REPORT, SOURCE),
    ),
    Application("nlp", "reads the events that a report tells", receives=(REPORT,), sends=(EVENT,)),
    Application(
        "dedup", "merges events into incidents", receives=(EVENT, CORRECTION),
        rebuilds_from=(INCIDENT,), sends=(INCIDENT,),
    ),
    Application(
        "alerting", "decides who is alerted, and delivers the webhooks", receives=(INCIDENT,),
        rebuilds_from=(ALERT, PENDING), follows=(SUBSCRIPTION, SOURCE, NOTICE),
        sends=(ALERT, PENDING, DELIVERY, SUBSCRIPTION, NOTICE),
        gives_up=(INCIDENT, ALERT),
    ),
    Application(
        "tocsin", "operators ask for corrections of incidents, and for redeliveries of alerts, on the command line",
        sends=(CORRECTION, PENDING),
    ),
)  # fmt: skip
"""As the services are wired (`services/<name>/app.py`; a test compares the two)."""


def retention_text(topic: Topic) -> str:
    """`delete, 14 d` or `compact, 1 partition`: how long a topic keeps its records."""
    parts = [" + ".join(topic.cleanup)]
    if topic.retention:
        parts.append(f"{topic.retention.days} d")
    if topic.partitions == 1:
        parts.append("1 partition")
    return ", ".join(parts)


def topics_table() -> str:
    """The list of topics as Markdown, in the order of the flow."""
    rows = [f"| `{t.name}` | {t.key} | {t.says}{_unused(t)} | {retention_text(t)} |" for t in TOPICS]
    return "\n".join(["| topic | key | what a record says | kept |", "|---|---|---|---|", *rows])


def _unused(topic: Topic) -> str:
    """Topics are laid out ahead of their writers."""
    return "" if any(topic in app.sends for app in APPLICATIONS) else " *(not written yet)*"
