"""Files of reports, whatever their form."""

import io
from pathlib import Path

import pytest

from services.cli.errors import CliError
from services.cli.reports import FileFormat, Told, count_lines, read_reports


def write(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def read(name: str, how: FileFormat = FileFormat.AUTO) -> list[Told]:
    return list(read_reports(name, how))


@pytest.mark.parametrize(
    ("name", "content", "texts"),
    [
        ("a.json", b'{"text": "one"}', ["one"]),
        ("a.json", b'[{"text": "one"}, {"text": "two"}]', ["one", "two"]),
        ("a.json", b'{"text": "one"}\n{"text": "two"}\n', ["one", "two"]),
        ("a.jsonl", b'{"text": "one"}\n\n{"text": "two"}', ["one", "two"]),
        ("a.ndjson", b'{"text": "one"}\r\n', ["one"]),
        ("a.txt", "\ufeffone\ntwo".encode(), ["one\ntwo"]),
    ],
)
def test_reads(tmp_path: Path, name: str, content: bytes, texts: list[str]) -> None:
    told = read(write(tmp_path, name, content))
    assert [one.report["text"] for one in told if isinstance(one.report, dict)] == texts
    assert not [one for one in told if one.problem]


def test_a_bad_line_is_told_with_its_place_and_the_others_are_read(tmp_path: Path) -> None:
    name = write(tmp_path, "a.jsonl", b'{"text": "one"}\nnonsense\n{"text": "two"}')
    told = read(name)
    assert [bool(one.problem) for one in told] == [False, True, False]
    assert told[1].where == f"{name}:2"


@pytest.mark.parametrize(
    ("name", "content"), [("a.json", b"{"), ("a.json", b"\xff\xfe"), ("a.txt", b"\xff\xfe")]
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    (told,) = read(write(tmp_path, name, content))
    assert told.problem is not None


def test_lines_are_counted_for_the_progress_bar(tmp_path: Path) -> None:
    lines, whole = write(tmp_path, "a.jsonl", b"{}\n{}"), write(tmp_path, "a.json", b"[{},{}]")
    assert count_lines(lines, FileFormat.AUTO) == 2
    assert count_lines(whole, FileFormat.AUTO) is None
    assert count_lines("-", FileFormat.LINES) is None


def test_stdin_takes_one_or_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for content, count in (
        (b'{"text": "a"}', 1),
        (b'[{"text":"a"},{"text":"b"}]', 2),
        (b'{"a":1}\n{"b":2}', 2),
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert len(read("-")) == count


def test_an_unknown_name_asks_for_the_format_and_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CliError, match="--format"):
        read(write(tmp_path, "a.bin", b""))
    with pytest.raises(CliError, match="No such file"):
        read(str(tmp_path / "none.json"))
