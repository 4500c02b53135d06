"""`tocsin resume SERVICE`: lets a service that a dead-letter limit has stopped go on consuming."""

import json
from typing import Annotated

import redis
import typer
from redis.exceptions import RedisError

from services.cli.errors import CliError, UsageError
from services.cli.output import printable, say
from services.cli.settings import settings
from services.common.guard import stop_marker

SERVICES = ("nlp", "dedup", "alerting")
"""Those that consume."""
TIMEOUT_SECONDS = 5

Service = Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}.")]


def resume(service: Service) -> None:
    """Let a service go on that stopped consuming because too many of its records died.

    See what died first: `tocsin dlt list`.

    Example: tocsin resume nlp
    """
    if service not in SERVICES:
        raise UsageError(f"{service!r} is no service that consumes; name one of {', '.join(SERVICES)}")
    marker = _taken(settings().redis_url, stop_marker(service))
    if marker is None:
        say(f"{service} was not stopped: nothing to do")
        return
    say(f"{service} was stopped ({_told(marker)}); it goes on within seconds")


def _taken(redis_url: str, key: str) -> str | None:
    try:
        client = redis.Redis.from_url(
            redis_url,
            decode_responses=True,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
        )
        with client, client.pipeline() as pipeline:
            pipeline.get(key)
            pipeline.delete(key)
            marker, _ = pipeline.execute()
    except (RedisError, ValueError) as error:
        # the address may hold a password, so it is not repeated
        raise CliError(
            f"Redis cannot be reached: {type(error).__name__}. Is it running, and is REDIS_URL right?"
        ) from None
    return None if marker is None else str(marker)


def _told(marker: str) -> str:
    try:
        told = json.loads(marker)
        return printable(f"{told['why']}, at {told['at']}")
    except (ValueError, KeyError, TypeError):
        return printable(marker)
