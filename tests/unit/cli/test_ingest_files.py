"""Files of every form become reports; what was sent is not sent again, and what was refused can be mended."""

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from services.cli.bookmarks import Bookmarks
from services.cli.errors import CliError, UsageError
from services.cli.ingest import Sources, _reader, _reject
from services.cli.post import Result
from services.cli.reports import FileFormat, Told, read_reports
from services.cli.tables import parse_mapping, rows

PAGE = """<html><head><title>Village hit</title>
<link rel="canonical" href="https://valley.example/news/1">
<meta property="article:published_time" content="2026-03-01T10:00:00+02:00"></head>
<body><article><h1>Village hit</h1><p>%s</p><p>%s</p></article></body></html>"""
PARAGRAPH = (
    "Shells hit the village for a second night, and two people were hurt, the governor said on Sunday. " * 2
)


def read(path: Path, text: str, mapping: dict[str, str] | None = None) -> list[Told]:
    path.write_text(text, encoding="utf-8")
    return list(read_reports(str(path), FileFormat.AUTO, mapping))


def test_csv_columns_go_to_the_fields_of_their_names(tmp_path: Path) -> None:
    text = '\ufeffText,url,tags,odd\n"Shells hit,\nagain.",https://a.example/1,"a; b",x\nSecond.,,,\n'
    first, second = read(tmp_path / "a.csv", text)
    assert first.report == {"text": "Shells hit,\nagain.", "url": "https://a.example/1", "tags": ["a", "b"]}
    assert second.report == {"text": "Second."}
    assert [told.where.rpartition(":")[2] for told in (first, second)] == ["3", "4"]


@pytest.mark.parametrize(("suffix", "delimiter"), [("csv", ";"), ("tsv", "\t"), ("csv", "|")])
def test_csv_columns_are_mapped(tmp_path: Path, suffix: str, delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (["Body", "When"], ["Shells hit.", "2026-03-01"]))
    mapping = parse_mapping(["text=body", "published_at=When"])
    (told,) = read(tmp_path / f"a.{suffix}", text, mapping)
    assert told.report == {"text": "Shells hit.", "published_at": "2026-03-01"}


def test_a_row_of_other_length_is_told_and_the_rest_read(tmp_path: Path) -> None:
    one, two, three = read(tmp_path / "a.csv", "text,url\na,\nb\nc,\n")
    assert (one.problem, three.problem) == (None, None)
    assert two.problem == "has 1 columns, and the first line 2"


@pytest.mark.parametrize(
    ("text", "mapping", "why"),
    [
        ("", {}, "empty"),
        ("body,url\na,b\n", {}, "--map text=COLUMN"),
        ("text,url\na,b\n", {"title": "headline"}, "no column headline"),
    ],
)
def test_a_table_without_a_text_is_refused(
    tmp_path: Path, text: str, mapping: dict[str, str], why: str
) -> None:
    with pytest.raises(CliError, match=why):
        read(tmp_path / "a.csv", text, mapping)


def test_what_is_no_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(CliError, match="UTF-8"):
        list(rows("a.csv", io.TextIOWrapper(io.BytesIO(b"text\n\xff\xfe\n"), encoding="utf-8"), {}))


@pytest.mark.parametrize("told", ["text", "text=", "nothing=a", "=a"])
def test_a_mapping_that_is_none(told: str) -> None:
    with pytest.raises(UsageError, match="FIELD=COLUMN"):
        parse_mapping([told])


def test_a_saved_page(tmp_path: Path) -> None:
    (told,) = read(tmp_path / "a.html", PAGE % (PARAGRAPH, PARAGRAPH.replace("second", "third")))
    assert isinstance(told.report, dict)
    assert told.report["url"] == "https://valley.example/news/1"
    assert told.report["published_at"] == "2026-03-01T08:00:00Z"
    assert told.report["title"] == "Village hit"
    assert str(told.report["text"]).count("Shells hit the village") == 4
    assert str(told.report["text"]).startswith("Shells hit")
    (stub,) = read(tmp_path / "b.html", "<html><body><p>Subscribe to read.</p></body></html>")
    assert stub.problem == "holds no text of an article"


class Door:
    """Takes reports until it is told to fail."""

    def __init__(self, fails_after: int | None = None) -> None:
        self.taken: list[object] = []
        self._fails_after = fails_after

    def post(self, reports: Iterable[Told]) -> Iterator[Result]:
        for told in reports:
            if self._fails_after is not None and len(self.taken) >= self._fails_after:
                raise CliError("the door is shut")
            self.taken.append(told.report)
            yield Result(told.where, "refused" if told.problem else "accepted", told.problem or "")


def send(files: list[Path], marks: Path | None, door: Door) -> Sources:
    sources = Sources([str(file) for file in files], _reader(FileFormat.AUTO, None, None), Bookmarks(marks))
    try:
        for _ in sources.settled(door):  # type: ignore[arg-type]
            pass
    except CliError:
        pass
    finally:
        sources.bookmarks.save()
    return sources


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    first, second, marks = tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "marks"
    first.write_text("".join(f'{{"text": "a{number}"}}\n' for number in range(5)), encoding="utf-8")
    second.write_text('{"text": "b0"}\n', encoding="utf-8")
    doors = [Door(fails_after=3), Door(), Door()]
    send([first, second], marks, doors[0])
    send([first, second], marks, doors[1])
    # a file that has grown is sent from there on; one that was replaced, from its beginning
    with first.open("a", encoding="utf-8") as file:
        file.write('{"text": "a5"}\n')
    second.write_text('{"text": "c0"}\n', encoding="utf-8")
    send([first, second], marks, doors[2])
    taken = [[one["text"] for one in door.taken] for door in doors]  # type: ignore[index]
    assert taken == [["a0", "a1", "a2"], ["a3", "a4", "b0"], ["a5", "c0"]]


def test_without_marks_all_is_sent_again(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "a"}\n', encoding="utf-8")
    for _ in range(2):
        door = Door()
        send([file], None, door)
        assert len(door.taken) == 1


def test_marks_that_are_none_are_told(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.write_text("notes of mine", encoding="utf-8")
    with pytest.raises(CliError, match="--resume"):
        Bookmarks(marks)


def test_a_file_that_cannot_be_read_does_not_keep_the_others(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "a"}\n', encoding="utf-8")
    door = Door()
    sources = send([tmp_path / "none.jsonl", file], tmp_path / "marks", door)
    assert len(door.taken) == 1
    assert "none.jsonl cannot be read" in sources.unreadable[0]


def test_a_reject_can_be_mended_and_sent() -> None:
    told = Told("a.csv:3", {"text": ""})
    line = json.loads(_reject(told, Result(told.where, "refused", "text must not be empty")))
    assert line == {"where": "a.csv:3", "reason": "text must not be empty", "report": {"text": ""}}
