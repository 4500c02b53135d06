"""`tocsin receive`: a local webhook receiver that verifies signatures and prints cards."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from services.alerting.signing import SecretError, check_secret
from services.cli import cards
from services.cli.errors import CliError, UsageError
from services.cli.receiver import Received, Receiver

SECRET_VARIABLE = "TOCSIN_RECEIVER_SECRET"  # noqa: S105 - the name of a variable

Port = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)]
Host = Annotated[str, typer.Option(help="Address to bind.")]
Secrets = Annotated[
    list[str],
    typer.Option(
        "--secret",
        envvar=SECRET_VARIABLE,
        help="Signing secret, `whsec_...`; several during a rotation. Better given in the environment.",
    ),
]
SecretFile = Annotated[
    Path | None, typer.Option(help="File that holds the signing secret.", dir_okay=False, exists=True)
]
RawLog = Annotated[
    Path | None,
    typer.Option(help="Append each request, as it came, to this file as a JSON line.", dir_okay=False),
]


def receive(
    port: Port = 8009,
    host: Host = "127.0.0.1",
    secret: Secrets = [],  # noqa: B006 - typer copies it
    secret_file: SecretFile = None,
    raw_log: RawLog = None,
) -> None:
    """Receive webhooks on this machine: verify each signature, print a card, drop repeats and say so.

    Example: TOCSIN_RECEIVER_SECRET=whsec_... tocsin receive --port 8009 --raw-log requests.jsonl
    """
    console = Console()
    secrets = _secrets(secret, secret_file)
    receiver = Receiver(
        secrets, host=host, port=port, raw_log=raw_log, on_request=lambda received: _show(console, received)
    )
    try:
        receiver.bind()
    except OSError as error:
        raise CliError(
            f"cannot listen on {host}:{port} ({error.strerror}); choose another with --port"
        ) from None
    console.print(Text(f"receiving webhooks on {receiver.url}; Ctrl-C ends it"), soft_wrap=True)
    # the server may have ended by itself when the interrupt is told on
    with suppress(KeyboardInterrupt):
        asyncio.run(receiver.serve())
    console.print("stopped", soft_wrap=True)


def _secrets(given: list[str], file: Path | None) -> list[str]:
    found = [part for text in given for part in text.split()]
    if file is not None:
        found += file.read_text(encoding="utf-8").split()
    if not found:
        raise UsageError(
            f"no secret to verify with; set {SECRET_VARIABLE}, or give --secret or --secret-file"
        )
    try:
        return [check_secret(text).get_secret_value() for text in found]
    except SecretError as error:
        raise UsageError(f"a secret {error}") from None


def _show(console: Console, received: Received) -> None:
    if received.problem:
        console.print(
            Text(f"REFUSED {received.webhook_id or 'a request'}: {received.problem}"), soft_wrap=True
        )
        return
    if received.repeat:
        console.print(Text(f"REPEAT {received.webhook_id}: received before, dropped"), soft_wrap=True)
        return
    try:
        cards.show(console, cards.parse(received.body), received.received_at)
    except cards.NoAlertError as error:
        problem = f"SIGNED {received.webhook_id}: good signature, but no alert ({error})"
        console.print(Text(problem), soft_wrap=True)
