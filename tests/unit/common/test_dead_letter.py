"""Dead letters keep what they were, say why, and know when there are too many."""

from schemas.failure import FailureReason
from services.common.dead_letter import (
    DeadLetterLimit,
    Death,
    Origin,
    dead_letter_headers,
    replay_headers,
    without_dead_letter_headers,
)
from tests.factories import NOON

ORIGINAL = [("ce_id", b"1"), ("traceparent", b"x")]


def headers(reason: FailureReason = FailureReason.DECODE_ERROR) -> list[tuple[str, bytes]]:
    return dead_letter_headers(
        ORIGINAL, Origin("t", 3, 9, 5), Death("nlp", reason, "m" * 9000, NOON, "Bad", 3)
    )


def test_the_original_headers_stay_and_the_reason_is_told() -> None:
    told = dict(headers())
    assert told["ce_id"] == b"1"
    assert told["dlt-reason"] == b"decode_error"
    assert told["dlt-original-partition"] == b"3"
    assert len(told["dlt-error-message"]) == 500
    assert told["dlt-consumer-group"] == b"tocsin-nlp"
    assert (told["dlt-error-class"], told["dlt-attempts"]) == (b"Bad", b"3")
    assert told["dlt-failed-at"] == b"2026-03-04T12:00:00.000+00:00"


def test_a_second_death_replaces_the_first() -> None:
    death = Death("nlp", FailureReason.STUCK, "", NOON)
    again = dead_letter_headers(replay_headers(headers(), NOON), Origin("t", 3, 10, 5), death)
    assert [value for name, value in again if name == "dlt-reason"] == [b"stuck"]
    assert without_dead_letter_headers(again) == ORIGINAL


def test_a_replay_says_so() -> None:
    assert replay_headers(headers(), NOON) == [
        *ORIGINAL,
        ("dlt-replayed-at", b"2026-03-04T12:00:00.000+00:00"),
    ]


def limit(consecutive: int = 3, share: float = 0.5, window: int = 10) -> DeadLetterLimit:
    return DeadLetterLimit(consecutive, share, window)


def test_so_many_in_a_row_reach_the_limit() -> None:
    counts = limit()
    assert [counts.record(died) for died in (True, True, False, True, True)] == [None] * 5
    assert counts.record(True) == "3 dead letters in a row"


def test_a_share_of_a_full_window_reaches_the_limit() -> None:
    counts = limit(consecutive=100)
    for number in range(9):
        assert counts.record(number % 2 == 0) is None
    assert counts.record(True) == "60% of the last 10 records are dead letters"


def test_the_counts_outlive_a_restart() -> None:
    before, after = limit(), limit()
    before.record(True)
    before.record(True)
    after.restore(before.dump())
    assert after.record(True) == "3 dead letters in a row"
    after.reset()
    assert after.record(True) is None
