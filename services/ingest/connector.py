"""The contract of a connector: any source that can yield reports in, the same reports at ingest's door out.

A connector is a class, made with the name of its source, with one method that yields reports as a door takes them;
`tocsin ingest --connector MODULE:CLASS SOURCE` sends them. It knows nothing of Kafka, ids or revisions: what it yields
twice is known the second time, and what it yields changed is a revision.
"""

from collections.abc import Iterator
from typing import NotRequired, Protocol, TypedDict


class ToldReport(TypedDict):
    """A report as `POST /v1/reports` takes it. `text` is required; without `url`, `id` and `source` name it."""

    text: str
    title: NotRequired[str]
    url: NotRequired[str]
    id: NotRequired[str]
    source: NotRequired[str]
    publisher: NotRequired[str]
    publisher_family: NotRequired[str]
    language: NotRequired[str]
    published_at: NotRequired[str]
    tags: NotRequired[list[str]]


class Connector(Protocol):
    """A source of reports."""

    def reports(self) -> Iterator[ToldReport]:
        """Every report that the source has now, oldest first where it can; then it returns. Run it again for more.

        Raises `ConnectorError` where the source cannot be read; what was yielded before stays sent.
        """
        ...


class ConnectorError(Exception):
    """The source cannot be read. The text names the source, the reason and the remedy, and holds no credential."""
