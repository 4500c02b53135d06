"""Dates of feeds are read to the second, whatever the publisher's habits; what is no date is none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.dates import read_date


def at(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "read"),
    [
        # RFC 822 and its relatives
        ("Tue, 03 Mar 2026 07:08:09 GMT", "2026-03-03 07:08:09"),
        ("3 Mar 26 07:08 EST", "2026-03-03 12:08:00"),
        ("Tue, 3 March 2026 07:08:09 +0530", "2026-03-03 01:38:09"),
        ("Tue,03 Mar 2026 07:08:09 -0000", "2026-03-03 07:08:09"),
        ("Tue, 03 Mar, 2026 07:08:09 UTC", "2026-03-03 07:08:09"),
        ("Tue, 03 Mar 2026 07:08:09 GMT+2", "2026-03-03 05:08:09"),
        ("Tue, 03 Mar 2026 07:08:09 +0200 (EET)", "2026-03-03 05:08:09"),
        ("Tue, 03 Mar 2026", "2026-03-03 00:00:00"),
        ("03-Mar-2026 07:08:09 MSK", "2026-03-03 04:08:09"),
        ("Mar 3, 2026 7:08 PM", "2026-03-03 19:08:00"),
        ("March 3rd, 2026 at 12:08 a.m. ET", "2026-03-03 05:08:00"),
        ("Tue Mar  3 07:08:09 2026", "2026-03-03 07:08:09"),
        ("Tue Mar 3 07:08:09 EST 2026", "2026-03-03 12:08:09"),
        # ISO 8601
        ("2026-03-03T07:08:09Z", "2026-03-03 07:08:09"),
        ("2026-03-03 07:08:09 +0300", "2026-03-03 04:08:09"),
        ("2026-03-03t07:08:09.25+03", "2026-03-03 04:08:09.25"),
        ("20260303T070809Z", "2026-03-03 07:08:09"),
        ("2026-062", "2026-03-03 00:00:00"),
        ("2024-366", "2024-12-31 00:00:00"),
        ("2026-03", "2026-03-01 00:00:00"),
        ("26-03-03", "2026-03-03 00:00:00"),
        # other languages and habits
        ("вт, 03 мар 2026 07:08:09 +0300", "2026-03-03 04:08:09"),
        ("3 березня 2026, 07:08", "2026-03-03 07:08:00"),
        ("mar. 3 mars 2026 07:08:09 CET", "2026-03-03 06:08:09"),
        ("Mar 13 2026 07:08:09 GMT", "2026-03-13 07:08:09"),
        ("3 de marzo de 2026", "2026-03-03 00:00:00"),
        ("3. März 2026 07:08 MEZ", "2026-03-03 06:08:00"),
        ("الثلاثاء، 3 مارس 2026 07:08:09 +0200".replace("،", ","), "2026-03-03 05:08:09"),
        ("3 Mart 2026 07:08 TRT", "2026-03-03 04:08:00"),
        ("Τρι, 03 Μαρ 2026 07:08:09 EET", "2026-03-03 05:08:09"),
        ("2026-március-03T07:08+01:00", "2026-03-03 06:08:00"),
        ("2026년 3월 3일 오후 4:08:09", "2026-03-03 07:08:09"),
        ("Tue, 2026/03/03 07:08:09 EDT", "2026-03-03 11:08:09"),
        ("03.03.2026 07:08", "2026-03-03 07:08:00"),
    ],
)
def test_reads(told: str, read: str) -> None:
    assert read_date(told) == at(read)


@pytest.mark.parametrize(
    "told",
    [
        "", " ", "today", "5 minutes ago", "2026-02-30", "2026-13-01", "2026-366", "2026-000",
        "Tue, 33 Mar 2026 07:08:09 GMT", "Tue, 03 Xyz 2026 07:08:09 GMT", "Tue, 03 Mar 2026 25:08:09 GMT",
        "Tue, 03 Mar 2026 07:61:09 GMT", "Tue, 03 Mar 2026 07:08:61 GMT", "Tue, 03 Mar 2026 1:2:3:4 GMT",
        "Tue, 03 Mar 2026 07:08:09 +zz:00", "Tue, 03 Mar 2026 07:08:09 +19:00", "Tue, 03 Mar 2026 07:08:09 XYZ",
        "Tue, 03 Mar 2026 07:08:09 IST", "2026-03-03T07:08:09ZZ", "2026-03-03 13:08 PM", "03/04/2026", "26062", "062",
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "Tue, 03 Mar 2026 07:08:09 GMT" + " " * 200,
        "1772359200", "０３ Mar 2026 or so",
    ],
)  # fmt: skip
def test_invents_none(told: str) -> None:
    assert read_date(told) is None


@given(st.integers(min_value=631_152_000, max_value=3_786_825_600))  # 1990 to 2089
def test_reads_what_it_would_write(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    for form in (
        "%a, %d %b %Y %H:%M:%S GMT",
        "%Y-%m-%dT%H:%M:%SZ",
        "%a %b %d %H:%M:%S %Y",
        "%d %B %y %H:%M:%S Z",
    ):
        assert read_date(moment.strftime(form)) == moment
    west = moment - timedelta(hours=3, minutes=30)
    assert read_date(west.strftime("%d %b %Y %H:%M:%S -0330")) == moment


@given(st.text(max_size=60))
def test_any_string_is_a_date_or_none(told: str) -> None:
    assert read_date(told) is None or isinstance(read_date(told), datetime)
