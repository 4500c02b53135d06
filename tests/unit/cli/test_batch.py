"""Reports as lines in, answers as lines out: in order, each at once."""

import io
import json
from collections.abc import Iterator

import pytest

from services.cli.batch import Report, answered, reports, write
from services.cli.errors import CliError


def stdin(monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content.encode())))


def test_answers_in_order_and_each_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(monkeypatch, '{"id": "b", "text": "Київ"}\n\n{"id": "a", "text": "2"}\n')
    seen: list[str] = []

    def answers() -> Iterator[object]:
        for where, report in reports("-"):
            seen.append(capsys.readouterr().out)
            yield answered(where, report, lambda one: {"id": one["id"], "text": one["text"]})

    write(answers())
    seen.append(capsys.readouterr().out)
    assert [json.loads(line) for line in "".join(seen).splitlines()] == [
        {"id": "b", "text": "Київ"},
        {"id": "a", "text": "2"},
    ]
    # the first answer was out before the second report was read
    assert '"b"' in seen[1]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "stdin:1 is not JSON"),
        ("[]", "stdin:1 is not a JSON object"),
        ('{"text": "a"}', "needs a string 'id'"),
        ('{"id": "a", "text": 5}', "needs a string 'text'"),
    ],
)
def test_a_line_that_is_no_report_is_named(monkeypatch: pytest.MonkeyPatch, line: str, told: str) -> None:
    stdin(monkeypatch, line)
    with pytest.raises(CliError, match=told):
        list(reports("-"))


def test_a_field_that_cannot_be_used_is_told_with_its_line() -> None:
    def refuse(_: Report) -> object:
        raise ValueError("published_at is no time")

    with pytest.raises(CliError, match="f:7: published_at is no time"):
        answered("f:7", {}, refuse)
