"""One report as told becomes a Report, or every wrong field is named."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.ids import content_hash
from schemas.report import MAX_TEXT_BYTES, TimeProvenance
from services.ingest.clock import FetchClock
from services.ingest.normalise import FIELDS, ProblemKind, RefusedError, normalise
from services.ingest.text import clean_line, clean_text

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def problems_of(told: object) -> dict[str, str]:
    with pytest.raises(RefusedError) as refused:
        normalise(told, NOW)
    return {problem.field: problem.message for problem in refused.value.problems}


def test_reads_every_field() -> None:
    done = normalise(
        {
            "text": " Shells hit the port.\r\nTwo men were hurt. ",
            "title": "Port\n shelled",
            "url": "HTTPS://News.Example:443/a?utm_source=x&id=7#top",
            "source": "wire",
            "publisher": "Example News",
            "publisher_family": "Example House",
            "language": "EN-gb",
            "published_at": "2026-03-01T10:00:00+02:00",
            "tags": ["a", "a", " b "],
        },
        NOW,
    )
    report = done.report
    assert report.text == "Shells hit the port.\nTwo men were hurt."
    assert report.title == "Port shelled"
    assert report.url == "https://news.example/a?id=7"
    assert (report.source, report.publisher, report.publisher_family) == (
        "wire",
        "Example News",
        "Example House",
    )
    assert report.language == "en"
    assert report.published_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert report.published_at_provenance is TimeProvenance.GIVEN
    assert report.fetched_at == NOW
    assert report.tags == ("a", "b")
    assert report.revision == content_hash(report.title, report.text)
    assert (done.ignored_fields, done.notes) == ((), ())


def test_names_every_wrong_field_at_once() -> None:
    assert set(problems_of({"text": 5, "url": "ftp://a", "published_at": "soon", "tags": "x"})) == {
        "text",
        "url",
        "published_at",
        "tags",
    }


@pytest.mark.parametrize("told", [None, 5, "text", ["text"], True])
def test_refuses_what_is_no_object(told: object) -> None:
    assert problems_of(told) == {"": "a report must be a JSON object"}


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\x01", "\ufeff"])
def test_refuses_a_blank_text(text: str) -> None:
    assert problems_of({"text": text}) == {"text": "must not be empty or blank"}


@pytest.mark.parametrize("told", [{}, {"text": None}])
def test_requires_a_text(told: object) -> None:
    assert problems_of(told) == {"text": "is required"}


@pytest.mark.parametrize(
    "text", ["x" * (MAX_TEXT_BYTES + 1), "ж" * (MAX_TEXT_BYTES // 2 + 1), "x" * 10_000_000]
)
def test_refuses_a_text_over_the_limit(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        normalise({"text": text}, NOW)
    assert [problem.kind for problem in refused.value.problems] == [ProblemKind.TOO_LARGE]


def test_takes_a_text_at_the_limit() -> None:
    assert len(normalise({"text": "x" * MAX_TEXT_BYTES}, NOW).report.text) == MAX_TEXT_BYTES


def test_ignores_unknown_fields_and_names_them() -> None:
    done = normalise({"text": "a", "colour": 1, "fetched_at": "2001-01-01"}, NOW)
    assert done.ignored_fields == ("colour", "fetched_at")
    assert done.report.fetched_at == NOW


def test_keeps_a_missing_time_missing_and_marks_it() -> None:
    done = normalise({"text": "a"}, NOW)
    assert done.report.published_at is None
    assert done.report.published_at_provenance is TimeProvenance.MISSING
    assert done.notes == ("published_at: missing, and left so",)


def test_clamps_a_future_time_and_marks_it() -> None:
    done = normalise({"text": "a", "published_at": "2031-01-01"}, NOW)
    assert done.report.published_at == NOW
    assert done.report.published_at_provenance is TimeProvenance.CLAMPED
    assert "future" in done.notes[0]


@pytest.mark.parametrize(
    ("told", "read", "noted"),
    [
        ("2026-02-28T10:00:00Z", datetime(2026, 2, 28, 10, tzinfo=UTC), False),
        ("2026-02-28t10:00:00.5z", datetime(2026, 2, 28, 10, 0, 0, 500_000, tzinfo=UTC), False),
        ("2026-02-28 10:00+0300", datetime(2026, 2, 28, 7, tzinfo=UTC), False),
        ("2026-02-28T10:00:00", datetime(2026, 2, 28, 10, tzinfo=UTC), True),
        ("2026-02-28", datetime(2026, 2, 28, tzinfo=UTC), True),
    ],
)
def test_reads_times(told: str, read: datetime, noted: bool) -> None:
    done = normalise({"text": "a", "published_at": told}, NOW)
    assert done.report.published_at == read
    assert bool(done.notes) is noted


@pytest.mark.parametrize(
    "told",
    [
        "yesterday",
        "2026-13-01",
        "2026-02-30T00:00:00Z",
        "20260228",
        "0001-01-01T00:00:00+14:00",
        "1772359200",
    ],
)
def test_refuses_what_is_no_time(told: str) -> None:
    assert set(problems_of({"text": "a", "published_at": told})) == {"published_at"}


def test_id_comes_from_the_url_then_the_senders_id_then_the_content() -> None:
    url = {"url": "https://a.example/1"}
    by_url = [normalise({"text": text, **url}, NOW).report.id for text in ("one", "two")]
    by_id = [normalise({"text": text, "id": "7", "source": "s"}, NOW).report.id for text in ("one", "two")]
    by_content = [normalise({"text": text, "source": "s"}, NOW).report.id for text in ("one", "two")]
    assert by_url[0] == by_url[1]
    assert by_id[0] == by_id[1]
    assert by_content[0] != by_content[1]
    assert normalise({"text": "one", "id": "7", "source": "t"}, NOW).report.id != by_id[0]
    with_both = normalise({"text": "one", "id": "7", **url}, NOW)
    assert with_both.report.id == by_url[0]
    assert any(note.startswith("id:") for note in with_both.notes)


def test_source_falls_back_to_the_host_then_to_unknown() -> None:
    assert normalise({"text": "a", "url": "https://www.a.example/1"}, NOW).report.source == "a.example"
    assert normalise({"text": "a"}, NOW).report.source == "unknown"


def test_a_language_that_is_no_tag_is_noted_and_costs_nothing() -> None:
    done = normalise({"text": "a", "language": "plain English"}, NOW)
    assert done.report.language is None
    assert any(note.startswith("language:") for note in done.notes)


def test_the_same_words_in_other_bytes_are_the_same_revision() -> None:
    composed, decomposed = "Al-Bāb", "Al-Ba\u0304b"
    first, second = (normalise({"text": text}, NOW).report for text in (composed, decomposed))
    assert (first.id, first.revision) == (second.id, second.revision)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)) | st.text(), json_values, max_size=8))
def test_reads_or_refuses_anything(told: dict[str, object]) -> None:
    try:
        done = normalise(told, NOW)
    except RefusedError as refused:
        assert refused.problems
    else:
        assert done.report.to_bytes().decode()


@given(st.text())
@example("à¢\n0")
def test_cleaning_twice_changes_nothing(told: str) -> None:
    assert clean_text(clean_text(told)) == clean_text(told)
    assert clean_line(clean_line(told)) == clean_line(told)


def test_no_two_reports_are_fetched_at_one_instant() -> None:
    clock = FetchClock(lambda: NOW)
    instants = [clock() for _ in range(5)]
    assert instants == sorted(set(instants))
