"""`tocsin dlt list|show|replay`: what could not be processed, why, and another try."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated

import typer

from schemas.failure import FailureReason
from schemas.topics import Topic
from services.cli.errors import CliError, UsageError
from services.cli.lines import line
from services.cli.output import printable, remark, say, table
from services.cli.records import Seen, TopicView, named
from services.cli.replay import DEAD_LETTER_TOPICS, Replay, plan, send
from services.cli.settings import settings
from services.common.dead_letter import REASON

PREVIEW_BYTES = 2_000
UNKNOWN = "unknown"

app = typer.Typer(help="Dead letters: list, show, replay.", no_args_is_help=True)

TopicName = Annotated[
    str | None, typer.Argument(help="The topic that they died on, full or short: event, conflict.event.v1.")
]
OneTopic = Annotated[str, typer.Argument(help="The topic that it died on, full or short.")]
Position = Annotated[
    str, typer.Argument(help="PARTITION:OFFSET on the dead-letter topic, as `show` lists them.")
]
Reason = Annotated[FailureReason | None, typer.Option(help="Only those that died of this.")]
Most = Annotated[int | None, typer.Option("--max", min=1, help="At most so many.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]


@app.command("list")
def list_(topic: TopicName = None) -> None:
    """Count the dead letters by topic and reason.

    Example: tocsin dlt list
    """
    rows = [row for one in _dead_topics(topic) for row in _counted(one)]
    if not rows:
        say("no dead letters")
        return
    table(("topic", "reason", "count"), rows)


@app.command()
def show(topic: OneTopic, position: Position = "", most: Most = 50) -> None:
    """List the dead letters of a topic; with PARTITION:OFFSET show one with its headers and bytes.

    Example: tocsin dlt show event
    Example: tocsin dlt show event 7:0
    """
    (dead,) = _dead_topics(topic)
    if position:
        _show_whole(_at(dead, position))
        return
    for count, seen in enumerate(_stored(dead), start=1):
        if most is not None and count > most:
            remark(f"more than {most}; --max shows them")
            break
        say(line(seen))


@app.command()
def replay(
    topic: OneTopic,
    reason: Reason = None,
    at: Annotated[str, typer.Option(help="Only the one at PARTITION:OFFSET.")] = "",
    most: Most = None,
    dry_run: DryRun = False,
) -> None:
    """Write dead letters to their original topic and partition again: same key, same bytes, same headers.

    Never over a later version: what has one by now stays, and is named. Exit code 1 where any stays. The dead
    letter itself remains; a record replayed twice is dropped by its id.

    Example: tocsin dlt replay event --reason handler_error --max 10 --dry-run
    """
    (dead,) = _dead_topics(topic)
    chosen = [_at(dead, at)] if at else list(_stored(dead))
    chosen = [seen for seen in chosen if reason is None or seen.header(REASON) == reason.value][:most]
    servers = settings().kafka_bootstrap_servers
    planned = plan(servers, chosen)
    going = [one for one in planned if one.refusal is None]
    if not dry_run and going:
        send(servers, going)
    for one in planned:
        _tell(one, dry_run)
    say(f"{len(going)} {'would be replayed' if dry_run else 'replayed'}, {len(planned) - len(going)} stay")
    if len(going) < len(planned):
        raise typer.Exit(1)


def _dead_topics(told: str | None) -> tuple[Topic, ...]:
    if told is None:
        return DEAD_LETTER_TOPICS
    topic = named(told)
    dead = topic if topic in DEAD_LETTER_TOPICS else _dead_of(topic)
    if dead is None:
        raise UsageError(f"{topic.name} has no dead letters: nothing consumes it so that it could die")
    return (dead,)


def _dead_of(topic: Topic) -> Topic | None:
    return next((one for one in DEAD_LETTER_TOPICS if one.name == topic.dead_letters), None)


def _stored(topic: Topic) -> Iterator[Seen]:
    with TopicView(settings().kafka_bootstrap_servers, topic) as view:
        yield from view.stored()


def _counted(topic: Topic) -> list[tuple[str, str, str]]:
    counts = Counter(printable(seen.header(REASON) or UNKNOWN) for seen in _stored(topic))
    return [(topic.name, reason, str(count)) for reason, count in counts.most_common()]


def _at(topic: Topic, position: str) -> Seen:
    partition, _, offset = position.partition(":")
    if not (partition.isdecimal() and offset.isdecimal()):
        raise UsageError(f"{position!r} is no position: give PARTITION:OFFSET, such as 7:0")
    number, start = int(partition), int(offset)
    if number >= topic.partitions:
        raise UsageError(f"{topic.name} has no partition {number}; the last one is {topic.partitions - 1}")
    with TopicView(settings().kafka_bootstrap_servers, topic, partitions=[number]) as view:
        for seen in view.stored({number: start}):
            if seen.offset == start:
                return seen
            break
    raise CliError(f"{topic.name} has no record at {position}: `tocsin dlt show` lists those that there are")


def _show_whole(seen: Seen) -> None:
    say(seen.where)
    for name, value in seen.headers:
        say(f"{printable(name)}: {printable(value.decode(errors='replace'))}")
    say(f"key: {'none' if seen.key is None else printable(seen.key.decode(errors='replace'))}")
    if seen.value is None:
        say("value: none (a removal)")
        return
    preview = seen.value[:PREVIEW_BYTES].decode(errors="backslashreplace")
    more = f" (the first {PREVIEW_BYTES})" if len(seen.value) > PREVIEW_BYTES else ""
    say(f"value, {len(seen.value)} bytes{more}:")
    say(printable(preview))


def _tell(one: Replay, dry_run: bool) -> None:
    if one.refusal is not None:
        remark(f"stays {one.dead.where}: {one.refusal}")
    elif dry_run:
        say(f"would replay {one.dead.where} to {one.topic.name}:{one.partition}")
