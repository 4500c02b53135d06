"""A connector: the JSON that Telegram Desktop exports (of one chat, or of all) in, its posts as reports out.

    tocsin ingest --connector examples/telegram_export.py:TelegramExport result.json

Export it in Telegram Desktop: a channel's menu, "Export chat history", format JSON. The export tells no address of a
post, so channel and number name it: an edited post in a later export is a revision of the same report.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.ingest.connector import ConnectorError, ToldReport

Json = Mapping[str, Any]


class TelegramExport:
    """Reads one `result.json`."""

    def __init__(self, source: str) -> None:
        self._path = Path(source)

    def reports(self) -> Iterator[ToldReport]:
        """Every post with text, as the export orders them: oldest first."""
        for chat in self._chats():
            for post in chat.get("messages", ()):
                if report := _report(chat, post):
                    yield report

    def _chats(self) -> list[Json]:
        try:
            told = json.loads(self._path.read_bytes())
        except OSError as error:
            raise ConnectorError(f"{self._path} cannot be read: {error.strerror}. Check the path.") from None
        except ValueError as error:
            raise ConnectorError(f"{self._path} is no JSON: {error}. Export it again, as JSON.") from None
        if isinstance(told, dict) and "messages" in told:
            return [told]
        if isinstance(told, dict) and isinstance(told.get("chats"), dict):
            return list(told["chats"].get("list", ()))
        raise ConnectorError(
            f"{self._path} is no export of Telegram Desktop: it has neither messages nor chats."
        )


def _report(chat: Json, post: Json) -> ToldReport | None:
    """None for what is no post (a pinned message, a new photo), or has no words."""
    text = _text(post.get("text", ""))
    if post.get("type") != "message" or not text:
        return None
    channel = str(chat.get("name") or chat.get("id") or "unnamed")
    report: ToldReport = {
        "text": text,
        "id": f"{chat.get('id')}/{post.get('id')}",
        "source": f"telegram:{channel}",
        # a forward is the words of whom it was forwarded from: forty channels that forward one are one origin
        "publisher": str(post.get("forwarded_from") or channel),
        "tags": ["telegram", *(["forwarded"] if post.get("forwarded_from") else [])],
    }
    if published := _published(post):
        report["published_at"] = published
    return report


def _text(told: str | list[str | Json]) -> str:
    """A post with links or bold words is a list of parts."""
    parts = [told] if isinstance(told, str) else told
    return "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in parts).strip()


def _published(post: Json) -> str | None:
    """Seconds since 1970; the field `date` is in the exporting machine's own zone, so it says nothing without them."""
    seconds = str(post.get("date_unixtime", ""))
    return datetime.fromtimestamp(int(seconds), UTC).isoformat() if seconds.isdecimal() else None
