"""One report as told (a JSON object) in; a `Report`, or every field that is wrong with it, out. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from schemas.ids import content_hash, external_report_id, report_id
from schemas.report import MAX_TEXT_BYTES, Report, TimeProvenance
from services.ingest.credits import credited
from services.ingest.language import recognise
from services.ingest.published import Published, TimeError, read_published
from services.ingest.publishers import Publisher, publisher_named, publisher_of
from services.ingest.text import clean_line, clean_text
from services.ingest.urls import UrlError, canonical_url, host_of

UNKNOWN_SOURCE = "unknown"
MAX_TITLE_CHARACTERS = 2_000
MAX_NAME_CHARACTERS = 200
MAX_TAGS = 50
MAX_IGNORED_NAMES = 50
MAX_UNREAD_BYTES = 8 * MAX_TEXT_BYTES
"""A text beyond this is refused before it is normalised: bounded work."""

FIELDS = frozenset(
    (
        "id",
        "text",
        "title",
        "url",
        "source",
        "publisher",
        "publisher_family",
        "language",
        "published_at",
        "tags",
    )
)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8}){0,8}")

T = TypeVar("T")


class ProblemKind(StrEnum):
    """What sort of wrong, for the answer's status."""

    MALFORMED = "malformed"  # no JSON
    INVALID = "invalid"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field that is wrong, and why; never what it held."""

    field: str
    """Empty: the report as a whole."""
    message: str
    kind: ProblemKind = ProblemKind.INVALID


class RefusedError(ValueError):
    """The report cannot be taken as it is."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__("; ".join(f"{problem.field}: {problem.message}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Normalised:
    """A report that can be taken, what in it was ignored, and what was read otherwise than told."""

    report: Report
    ignored_fields: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def normalise(told: object, fetched_at: datetime, published: Published | None = None) -> Normalised:
    """Read one report. Raises `RefusedError` with every field that is wrong.

    The report's id comes from its canonical URL; without one from its source and the sender's `id`; without
    either from its content. `source` falls back to the URL's host, then to "unknown"; publisher and family to those
    known at that host; the language to the one recognised. `published` stands for `published_at` where a door has
    read the time itself.
    """
    if not isinstance(told, Mapping):
        raise RefusedError((FieldProblem("", "a report must be a JSON object"),))
    reading = _Reading(told, published)
    report = reading.report(fetched_at)
    if reading.problems:
        raise RefusedError(tuple(reading.problems))
    return Normalised(report, _ignored(told), tuple(reading.notes))


def _ignored(told: Mapping[str, object]) -> tuple[str, ...]:
    """The names that say nothing to us; bounded, since they go back to the sender."""
    names = sorted(clean_line(name[:MAX_NAME_CHARACTERS]) for name in told if name not in FIELDS)
    return tuple(names[:MAX_IGNORED_NAMES])


@dataclass
class _Reading:
    """Gathers what is wrong and what is worth a note while the fields are read one by one."""

    told: Mapping[str, object]
    published: Published | None = None
    problems: list[FieldProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def report(self, fetched_at: datetime) -> Report:
        """The report; of no use while there are problems."""
        text = self._text()
        title = self._line("title", MAX_TITLE_CHARACTERS)
        url = self._url()
        source = self._line("source", MAX_NAME_CHARACTERS) or (host_of(url) if url else UNKNOWN_SOURCE)
        published = self.published or self._published(fetched_at)
        publisher = self._line("publisher", MAX_NAME_CHARACTERS)
        known = _known_publisher(publisher, host_of(url) if url else source)
        return Report(
            id=self._id(url, source, title, text),
            revision=content_hash(title, text),
            text=text,
            title=title,
            url=url,
            source=source,
            publisher=publisher or (known.name if known else None),
            publisher_family=self._line("publisher_family", MAX_NAME_CHARACTERS)
            or (known.family if known else None),
            credits=credited(text),
            language=self._language() or recognise(text),
            published_at=published.at,
            published_at_provenance=published.provenance,
            fetched_at=fetched_at,
            tags=self._tags(),
        )

    def _wrong(self, name: str, message: str, kind: ProblemKind = ProblemKind.INVALID) -> None:
        self.problems.append(FieldProblem(name, message, kind))

    def _string(self, name: str) -> str | None:
        value = self.told.get(name)
        if value is not None and not isinstance(value, str):
            self._wrong(name, f"must be a string, and is {_json_type(value)}")
            return None
        return value

    def _line(self, name: str, limit: int) -> str | None:
        value = self._string(name)
        if value is None:
            return None
        # bounded before it is cleaned: a title of megabytes must cost nothing
        line = clean_line(value) if len(value) <= 4 * limit else value
        if len(line) > limit:
            self._wrong(name, f"is longer than {limit} characters")
            return None
        return line or None

    def _text(self) -> str:
        if self.told.get("text") is None:
            self._wrong("text", "is required")
            return ""
        told = self._string("text")
        if told is None:
            return ""
        text = clean_text(told) if len(told) <= MAX_UNREAD_BYTES else told
        if len(text) > MAX_TEXT_BYTES or len(text.encode(errors="replace")) > MAX_TEXT_BYTES:
            self._wrong("text", f"is larger than {MAX_TEXT_BYTES // 1024} kB of UTF-8", ProblemKind.TOO_LARGE)
        elif not text:
            self._wrong("text", "must not be empty or blank")
        return text

    def _url(self) -> str | None:
        told = self._string("url")
        if not told or not told.strip():
            return None
        try:
            return canonical_url(told)
        except UrlError as error:
            self._wrong("url", str(error))
            return None

    def _id(self, url: str | None, source: str, title: str | None, text: str) -> str:
        external = self._line("id", MAX_NAME_CHARACTERS)
        if external is None:
            return report_id(url, source, title, text)
        if url is None:
            return external_report_id(source, external)
        self.notes.append("id: not used, because the url names the report")
        return report_id(url, source, title, text)

    def _published(self, fetched_at: datetime) -> Published:
        try:
            published = read_published(self._string("published_at"), fetched_at)
        except TimeError as error:
            self._wrong("published_at", str(error))
            return Published(None, TimeProvenance.MISSING)
        if published.note and "published_at" not in {problem.field for problem in self.problems}:
            self.notes.append(f"published_at: {published.note}")
        return published

    def _language(self) -> str | None:
        told = self._line("language", MAX_NAME_CHARACTERS)
        if told is None:
            return None
        if tag := _LANGUAGE.fullmatch(told):
            return tag[1].lower()
        # a label, not the report: not worth losing the report for
        self.notes.append("language: no BCP 47 tag, so it is left to be recognised")
        return None

    def _tags(self) -> tuple[str, ...]:
        told = self.told.get("tags")
        if told is None:
            return ()
        if not isinstance(told, list) or not all(isinstance(tag, str) for tag in told):
            self._wrong("tags", "must be a list of strings")
            return ()
        if len(told) > MAX_TAGS or any(len(tag) > MAX_NAME_CHARACTERS for tag in told):
            self._wrong(
                "tags", f"must be at most {MAX_TAGS}, each of at most {MAX_NAME_CHARACTERS} characters"
            )
            return ()
        return tuple(dict.fromkeys(tag for tag in map(clean_line, told) if tag))


def _known_publisher(told: str | None, host: str) -> Publisher | None:
    """By its name where one was told: an outlet may publish on a domain of others."""
    return publisher_named(told) if told else publisher_of(host)


def _json_type(value: object) -> str:
    """What JSON calls it."""
    if isinstance(value, bool):
        return "a boolean"
    names = {dict: "an object", list: "a list", int: "a number", float: "a number"}
    return names.get(type(value), "something else")
