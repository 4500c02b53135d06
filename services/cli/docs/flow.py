"""Who reads and writes which topic, for the documents; the README's table of topics."""

from dataclasses import dataclass

from schemas.topics import (
    ALERT,
    CORRECTION,
    DELIVERY,
    EVENT,
    INCIDENT,
    PENDING,
    REPORT,
    SUBSCRIPTION,
    TOPICS,
    Topic,
)


@dataclass(frozen=True, slots=True)
class Application:
    """One participant of the flow."""

    name: str
    does: str
    receives: tuple[Topic, ...] = ()
    """Consumed in the group `tocsin-<name>`."""
    rebuilds_from: tuple[Topic, ...] = ()
    """Read whole, without a group, to rebuild its projection."""
    sends: tuple[Topic, ...] = ()

    @property
    def group(self) -> str:
        """The consumer group."""
        return f"tocsin-{self.name}"


APPLICATIONS = (
    Application("ingest", "takes reports over HTTP and normalises them", (), (REPORT,), (REPORT,)),
    Application("nlp", "reads the events that a report tells", (REPORT,), (), (EVENT,)),
    Application(
        "dedup", "merges events into incidents", (EVENT, CORRECTION), (EVENT, INCIDENT), (INCIDENT,)
    ),
    Application(
        "alerting", "decides who is alerted, and delivers the webhooks",
        (INCIDENT,), (ALERT, PENDING, SUBSCRIPTION), (ALERT, PENDING, DELIVERY, SUBSCRIPTION),
    ),
    Application("operator", "corrects incidents, through the command line", (), (), (CORRECTION,)),
)  # fmt: skip


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
    rows = [f"| `{t.name}` | {t.key} | {t.says} | {retention_text(t)} |" for t in TOPICS]
    return "\n".join(["| topic | key | what a record says | kept |", "|---|---|---|---|", *rows])
