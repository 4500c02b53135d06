"""The samples: enough of them, with traps, dated as of now, each fed once and told."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from services.cli.errors import CliError
from services.cli.post import Poster
from services.cli.supervise.samples import Fed, feed, read_samples

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_the_committed_samples_cover_what_a_first_look_should_show() -> None:
    samples = read_samples()
    assert len(samples) >= 14
    traps = {sample.trap for sample in samples if sample.trap}
    assert traps == {"a denial", "a drill", "an anniversary", "a football match", "a labour strike"}
    assert len({sample.url for sample in samples}) == len(samples)
    assert all(".example/" in sample.url for sample in samples)  # no real outlet is made to have said this


def test_a_report_is_published_so_long_before_it_is_fed() -> None:
    sample = read_samples()[0]
    report = sample.report(NOW)
    published = NOW - timedelta(minutes=sample.minutes_ago)
    assert report["published_at"] == published.isoformat().replace("+00:00", "Z")
    assert not {"trap", "minutes_ago"} & report.keys()


def test_all_reports_of_a_run_name_the_same_day_around_midnight() -> None:
    midnight = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)  # a Monday
    told = [str(sample.report(midnight)["text"]) for sample in read_samples() if "{day}" in sample.text]
    assert len(told) >= 10
    assert all("Sunday" in text and "{" not in text for text in told)


def test_a_line_that_is_no_sample_is_named(tmp_path: Path) -> None:
    file = tmp_path / "reports.jsonl"
    file.write_text('\n{"title": "only that"}\n')
    with pytest.raises(CliError, match=r"reports\.jsonl:2: .*text"):
        read_samples(file)
    with pytest.raises(CliError, match="cannot be read"):
        read_samples(tmp_path / "none.jsonl")


def _poster(statuses: list[str]) -> Poster:
    left = iter(statuses)

    def answer(_: httpx.Request) -> httpx.Response:
        status = next(left)
        if status == "refused":
            error = {"item": 0, "field": "text", "message": "is required"}
            return httpx.Response(422, json={"detail": "no", "errors": [error]})
        return httpx.Response(202, json={"reports": [{"item": 0, "status": status}]})

    return Poster(httpx.Client(transport=httpx.MockTransport(answer)), "http://ingest.example")


def test_each_is_told_before_it_goes_and_again_where_it_was_not_taken() -> None:
    samples, fed = read_samples()[:3], Fed()
    poster = _poster(["accepted", "known", "refused"])
    told = list(feed(samples, poster, lambda: NOW, lambda: False, fed))
    assert [became for _, became in told] == ["", "", "known", "", "text is required"]
    assert Counter(sample.url for sample, _ in told) == {
        samples[0].url: 1,
        samples[1].url: 2,
        samples[2].url: 2,
    }
    assert (fed.accepted, fed.known, fed.refused) == ([samples[0]], [samples[1]], [samples[2]])
    assert fed.count == 3


def test_feeding_ends_when_asked_to() -> None:
    fed = Fed()
    list(feed(read_samples(), _poster(["accepted"]), lambda: NOW, lambda: True, fed))
    assert fed.count == 1
