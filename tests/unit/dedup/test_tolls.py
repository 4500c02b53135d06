"""Casualties over time: which toll stands, and how much of the history is kept."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.incident import MAX_EVIDENCES, Toll
from services.dedup.tolls import extended, standing_band, standing_toll
from tests.factories import NOON, band


def toll(least: int, origin: str = "a", hours: int = 0, field: str = "killed") -> Toll:
    """One telling of a toll."""
    told_at = NOON + timedelta(hours=hours)
    return Toll(field=field, band=band(least, least), origin=origin, event_id=f"evt_{least}", told_at=told_at)


def test_the_last_of_one_origin_stands() -> None:
    assert standing_toll([toll(31), toll(24, hours=2)], "killed") == toll(24, hours=2)
    assert standing_toll([toll(24, hours=2), toll(31)], "killed") == toll(24, hours=2)


def test_the_highest_of_several_origins_stands() -> None:
    assert standing_band([toll(12, "a"), toll(19, "b"), toll(15, "c", hours=9)], "killed") == band(19, 19)


def test_fields_do_not_mix() -> None:
    assert standing_band([toll(12), toll(40, field="injured")], "killed") == band(12, 12)
    assert standing_band([toll(12)], "displaced") is None


@given(
    st.lists(st.builds(toll, st.integers(0, 99), st.sampled_from("abc"), st.integers(0, 99)), max_size=120)
)
def test_a_long_history_is_cut_and_what_stands_is_kept(tolls: list[Toll]) -> None:
    history: tuple[Toll, ...] = ()
    for one in tolls:
        history = extended(history, [one])
    assert len(history) <= MAX_EVIDENCES
    if tolls:
        assert toll_in(history)


def toll_in(history: tuple[Toll, ...]) -> bool:
    """Whether the toll that stands is part of the history."""
    return standing_toll(history, "killed") in history
