"""A connector's reports come as a file's would; the worked example reads what Telegram Desktop exports."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.cli.connectors import load_connector, read_connector
from services.cli.errors import CliError, UsageError
from services.cli.reports import Told
from services.ingest.normalise import normalise

EXAMPLE = Path(__file__).parents[3] / "examples" / "telegram_export.py"
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
POSTS = [
    {"id": 1, "type": "service", "action": "create_channel"},
    {"id": 2, "type": "message", "date": "2026-03-03T06:41:00", "date_unixtime": "1772512860",
     "text": "Shelling at the port."},
    {"id": 3, "type": "message", "date_unixtime": "1772512920", "forwarded_from": "Valley Watch",
     "text": ["Drones over ", {"type": "bold", "text": "Drovets"}, ", ",
              {"type": "link", "text": "https://valley.example/1"}]},
    {"id": 4, "type": "message", "text": "", "photo": "photos/1.jpg"},
]  # fmt: skip
CHANNEL = {"name": "Port News", "type": "public_channel", "id": 77, "messages": POSTS}


def read(tmp_path: Path, export: object) -> list[Told]:
    path = tmp_path / "result.json"
    path.write_text(json.dumps(export), encoding="utf-8")
    return list(read_connector(load_connector(f"{EXAMPLE}:TelegramExport"), str(path)))


def test_an_export_of_a_channel(tmp_path: Path) -> None:
    first, second = (normalise(told.report, NOW).report for told in read(tmp_path, CHANNEL))
    assert (first.text, first.source, first.publisher) == (
        "Shelling at the port.",
        "telegram:Port News",
        "Port News",
    )
    assert first.published_at == datetime(2026, 3, 3, 4, 41, tzinfo=UTC)
    assert (second.text, second.publisher) == (
        "Drones over Drovets, https://valley.example/1",
        "Valley Watch",
    )
    assert second.tags == ("telegram", "forwarded")


def test_an_edited_post_is_a_revision_of_the_same_report(tmp_path: Path) -> None:
    before = normalise(read(tmp_path, CHANNEL)[0].report, NOW).report
    edited = CHANNEL | {"messages": [POSTS[1] | {"text": "Shelling at the port, two hurt."}]}
    after = normalise(read(tmp_path, edited)[0].report, NOW).report
    assert after.id == before.id
    assert after.revision != before.revision


def test_an_export_of_all_chats(tmp_path: Path) -> None:
    other = CHANNEL | {"name": "Lake News", "id": 78}
    told = read(tmp_path, {"chats": {"list": [CHANNEL, other]}})
    ids = {normalise(one.report, NOW).report.id for one in told}
    assert len(told) == len(ids) == 4


def test_what_is_no_export_is_told(tmp_path: Path) -> None:
    with pytest.raises(CliError, match="no export of Telegram"):
        read(tmp_path, {"posts": []})
    make = load_connector(f"{EXAMPLE}:TelegramExport")
    with pytest.raises(CliError, match="cannot be read"):
        list(read_connector(make, str(tmp_path / "none.json")))
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    with pytest.raises(CliError, match="no JSON"):
        list(read_connector(make, str(tmp_path / "bad.json")))


@pytest.mark.parametrize(
    "told", ["", "nothing", "json:JSONEncoder", "no.such:Thing", "none.py:Thing", "json:Nothing"]
)
def test_what_is_no_connector_is_told(told: str) -> None:
    with pytest.raises(UsageError, match="--connector"):
        load_connector(told)
