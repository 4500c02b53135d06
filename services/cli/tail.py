"""`tocsin tail TOPIC`: the records of a topic as they come, readable or as JSON."""

import json
from itertools import islice
from typing import Annotated

import typer

from schemas.base import UndecodableError
from services.cli.lines import line
from services.cli.output import remark, say
from services.cli.records import Seen, TopicView, decoded, named
from services.cli.settings import settings

TopicName = Annotated[str, typer.Argument(help="Full or short: conflict.incident.v1, incident, event.dlt.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, with headers and value.")]
FromBeginning = Annotated[bool, typer.Option(help="Start with what is there already.")]
Max = Annotated[int | None, typer.Option("--max", "-n", min=1, help="Stop after so many records.")]
Timeout = Annotated[float | None, typer.Option(min=0, help="Stop when none came for so many seconds.")]


def tail(
    topic: TopicName,
    as_json: AsJson = False,
    from_beginning: FromBeginning = False,
    most: Max = None,
    timeout: Timeout = None,
) -> None:
    """Show the records of a topic as they come. Joins no group, so it disturbs nobody.

    Exit code 1 where --timeout ended it before --max records came.

    Example: tocsin tail incident --from-beginning
    Example: tocsin tail alert --json --max 1 --timeout 30
    """
    count = 0
    with TopicView(settings().kafka_bootstrap_servers, named(topic)) as view:
        records = view.follow(from_beginning=from_beginning, idle_seconds=timeout)
        for seen in islice(records, most):
            say(as_line_of_json(seen) if as_json else line(seen))
            count += 1
    if most is not None and count < most:
        remark(f"{count} of {most} records came before the time was over")
        raise typer.Exit(1)


def as_line_of_json(seen: Seen) -> str:
    """The record with all there is to it; `value` null is a removal, `undecodable` says what is wrong with it."""
    told: dict[str, object] = {
        "topic": seen.topic.name,
        "partition": seen.partition,
        "offset": seen.offset,
        "timestamp_ms": seen.timestamp_ms,
        "key": None if seen.key is None else seen.key.decode(errors="replace"),
        "headers": {name: value.decode(errors="replace") for name, value in seen.headers},
    }
    try:
        value = decoded(seen)
    except UndecodableError as error:
        told["undecodable"] = str(error)
        told["raw"] = (seen.value or b"").decode(errors="replace")
    else:
        # as it lies there: fields of a newer producer are shown, too
        told["value"] = None if value is None or seen.value is None else json.loads(seen.value)
    return json.dumps(told, ensure_ascii=False)
