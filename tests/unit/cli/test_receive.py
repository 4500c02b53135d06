"""`tocsin receive`: signatures, repeats, the raw log, cards with and without a terminal."""

import io
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from rich.console import Console

from schemas.event import Evidence
from schemas.notice import Notice
from services.alerting.render import render, render_notice
from services.alerting.signing import sign
from services.cli import cards
from services.cli.receiver import MAX_BODY_BYTES, Received, Receiver, verify
from tests.contract.samples import SAMPLES
from tests.factories import NOON, event, incident
from tests.unit.alerting.build import OTHER_SECRET, SECRET, alert

BODY = render(alert())


def signed(body: bytes = BODY, name: str = "alr_1", secret: str = SECRET, age: float = 0) -> dict[str, str]:
    return sign(name, datetime.now(UTC) - timedelta(seconds=age), body, [SecretStr(secret)])


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with Receiver([SECRET, OTHER_SECRET], raw_log=tmp_path / "raw.jsonl").on_thread() as running:
        yield running


def post(receiver: Receiver, headers: dict[str, str], body: bytes = BODY) -> int:
    return httpx.post(receiver.url + "any/path", content=body, headers=headers).status_code


def test_good_requests_are_accepted_once(receiver: Receiver, tmp_path: Path) -> None:
    assert post(receiver, signed()) == 204
    assert post(receiver, signed()) == 204
    assert post(receiver, signed(name="alr_2", secret=OTHER_SECRET)) == 204
    assert [(r.webhook_id, r.repeat) for r in receiver.requests] == [
        ("alr_1", False),
        ("alr_1", True),
        ("alr_2", False),
    ]
    assert [r.webhook_id for r in receiver.accepted] == ["alr_1", "alr_2"]
    logged = [json.loads(line) for line in (tmp_path / "raw.jsonl").read_text().splitlines()]
    assert len(logged) == 3
    assert verify(logged[0]["headers"], logged[0]["body"].encode(), [SECRET]) is None
    assert datetime.fromisoformat(logged[0]["received_at"]).tzinfo is not None


BAD: dict[str, Callable[[], dict[str, str]]] = {
    "unsigned": dict,
    "another's": lambda: signed(secret="whsec_" + "A" * 32),
    "of another body": lambda: signed(BODY + b" "),
    "old": lambda: signed(age=310),
    "of the future": lambda: signed(age=-310),
    "no signature": lambda: signed() | {"webhook-signature": "v1"},
    "no base64": lambda: signed() | {"webhook-signature": "v1,not base64!"},
    "no time": lambda: signed() | {"webhook-timestamp": "now"},
}


@pytest.mark.parametrize("kind", BAD)
def test_anything_else_is_refused_and_kept_with_the_reason(
    receiver: Receiver, tmp_path: Path, kind: str
) -> None:
    assert post(receiver, BAD[kind]()) == 401
    [kept] = receiver.requests
    assert kept.problem and not receiver.accepted
    assert len((tmp_path / "raw.jsonl").read_text().splitlines()) == 1


def test_a_body_that_is_no_text_is_refused(receiver: Receiver) -> None:
    assert post(receiver, signed(), b"\xff\xfe") == 401


def test_a_refused_request_may_come_again(receiver: Receiver) -> None:
    assert post(receiver, signed(secret="whsec_" + "A" * 32)) == 401
    assert post(receiver, signed()) == 204
    assert [r.webhook_id for r in receiver.accepted] == ["alr_1"]


def test_a_huge_body_is_cut_off(receiver: Receiver) -> None:
    assert post(receiver, signed(), b"x" * (MAX_BODY_BYTES + 1)) == 413
    assert post(receiver, signed()) == 204


async def test_inside_a_loop_and_answering_as_a_test_wants() -> None:
    answers = iter([503, 200])
    async with (
        Receiver([SECRET], answer=lambda received: next(answers)) as running,
        httpx.AsyncClient() as client,
    ):
        statuses = [
            (await client.post(running.url, content=BODY, headers=signed())).status_code for _ in "ab"
        ]
    assert statuses == [503, 200]
    assert [r.status for r in running.requests] == [503, 200]
    assert [r.repeat for r in running.requests] == [False, False]


def shown(terminal: bool, body: bytes = BODY, seconds: float = 0.42) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100)
    cards.show(console, cards.parse(body), NOON + timedelta(seconds=seconds))
    return out.getvalue()


def test_a_card_without_a_terminal_is_plain_lines() -> None:
    first, *rest = shown(terminal=False).splitlines()
    assert first == (
        "ALERT urgent incident.created Air strike in Idlib (SY): at least 5 killed [0.42 s after the report arrived]"
    )
    assert all(line.startswith("  ") for line in rest)
    assert any("“struck”" in line for line in rest)
    assert any(alert().id in line and "version 1" in line for line in rest)


def test_a_card_on_a_terminal_has_a_frame_and_colour() -> None:
    told = shown(terminal=True)
    assert "╭" in told and "\x1b[" in told and "0.42 s" in told and "at least 5 killed" in told


def test_what_a_report_says_is_no_markup_and_no_terminal_code() -> None:
    evil = Evidence(field="trigger", start=0, end=5, quote="[red]x[/red] \x1b]0;owned\x07 [/]")
    body = render(alert(incident(event(evidence=(evil,)))))
    for terminal in (False, True):
        told = shown(terminal, body)
        assert "[red]x[/red]" in told
        assert "\x1b]0" not in told and "\x07" not in told


def test_a_body_that_is_no_alert_says_which_field() -> None:
    with pytest.raises(cards.NoAlertError, match="data: Field required"):
        cards.parse(b'{"type": "x", "timestamp": "2026-03-04T12:00:00Z"}')


def run(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "services.cli", "receive", *arguments]
    env = {"PATH": "", "COLUMNS": "200", "PYTHONUNBUFFERED": "1", **environment}
    return subprocess.Popen(
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        # whoever runs the tests in the background of a shell has it ignore the interrupt, and so would this process
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def test_the_command_prints_what_comes_and_ends_on_ctrl_c() -> None:
    process = run("--port", "0", TOCSIN_RECEIVER_SECRET=f"{OTHER_SECRET} {SECRET}")
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[3].rstrip(";")
        for headers in (signed(), signed(), signed(secret="whsec_" + "A" * 32), signed(b"{}", "alr_3")):
            body = b"{}" if headers["webhook-id"] == "alr_3" else BODY
            httpx.post(url, content=body, headers=headers)
        process.send_signal(2)
        told = process.communicate()[0]
    finally:
        watchdog.cancel()
        process.kill()
    assert "ALERT urgent incident.created" in told
    assert "REPEAT alr_1: received before, dropped" in told
    assert "REFUSED alr_1: No matching signature found" in told
    assert "SIGNED alr_3: good signature, but no alert" in told
    assert "stopped" in told and "Traceback" not in told
    assert process.returncode == 0
    assert SECRET[6:] not in told


def test_mistakes_are_told_in_a_line_with_an_exit_code() -> None:
    without = run("--port", "0")
    assert "no secret to verify with; set TOCSIN_RECEIVER_SECRET" in without.communicate(timeout=60)[0]
    assert without.returncode == 2
    bad = run("--port", "0", TOCSIN_RECEIVER_SECRET="whsec_short")
    told = bad.communicate(timeout=60)[0]
    assert "a secret holds" in told or "a secret is not base64" in told
    assert bad.returncode == 2
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        busy = run("--port", str(port), TOCSIN_RECEIVER_SECRET=SECRET)
        assert (
            f"cannot listen on 127.0.0.1:{port} (Address already in use)" in busy.communicate(timeout=60)[0]
        )
        assert busy.returncode == 1


def test_a_kept_request_becomes_a_line_whatever_its_bytes() -> None:
    line = Received(NOON, {"a": "b"}, b"\xff\n", "no", repeat=False).to_json()
    assert "\n" not in line
    assert json.loads(line)["body_base64"] == "/wo="


def test_a_source_that_fell_silent_is_a_card_too() -> None:
    (notice,) = SAMPLES["conflict.notice.v1"]
    assert isinstance(notice, Notice)
    told = cards.plain(cards.parse(render_notice(notice)), NOON + timedelta(hours=1))
    assert told[0].startswith("ALERT urgent source.silent Source wire is silent [")
    assert told[-1] == "  source wire · alr_b · to desk"
    with pytest.raises(cards.NoAlertError, match="no incident and of no source"):
        cards.parse(render_notice(notice).replace(b'"source":', b'"sauce":'))
