"""Every command explains itself with an example; every error is one line and an exit code."""

import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from services.cli import __main__ as cli
from services.cli.errors import CliError, UsageError

RUNNER = CliRunner()


def commands(app: typer.Typer, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    group = typer.main.get_command(app)
    found: list[tuple[str, ...]] = []

    def walk(command: object, path: tuple[str, ...]) -> None:
        for name, sub in getattr(command, "commands", {}).items():
            walk(sub, (*path, name))
        if not hasattr(command, "commands"):
            found.append(path)

    walk(group, path)
    return found


@pytest.mark.parametrize("path", commands(cli.app), ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    result = RUNNER.invoke(cli.app, [*path, "--help"])
    assert result.exit_code == 0
    # both words: help of a wide command is wrapped anywhere
    assert "Example:" in result.output
    assert "tocsin" in result.output


def run(monkeypatch: pytest.MonkeyPatch, error: Exception) -> int:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    return int(exit_.value.code or 0)


@pytest.mark.parametrize(
    ("error", "code"),
    [(CliError("what, why, remedy"), 1), (UsageError("what, why, remedy"), 2), (KeyError("x"), 1)],
)
def test_errors_are_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, code: int
) -> None:
    monkeypatch.delenv("TOCSIN_DEBUG", raising=False)
    assert run(monkeypatch, error) == code
    told = capsys.readouterr().err
    assert told.startswith("tocsin: ")
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["nonsense"], 2, "No such command"),
        (["tail", "nonsense"], 2, "there is no topic 'nonsense'"),
        (["resume", "nonsense"], 2, "name one of nlp, dedup, alerting"),
        (["ingest", "/nonexistent.jsonl"], 1, "No such file"),
        (["topics", "create"], 1, "tocsin up"),
        (["resume", "nlp"], 1, "Redis cannot be reached"),
        (["dlt", "show", "event", "7"], 2, "PARTITION:OFFSET"),
    ],
)
def test_as_a_user_sees_it(arguments: list[str], code: int, told: str) -> None:
    environment = {
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "REDIS_URL": "redis://127.0.0.1:1",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
