"""Whose word two reports rest on."""

import pytest

from services.dedup.picture import telling_of
from services.dedup.voices import rest_on_one_word
from tests.factories import event, report_ref


@pytest.mark.parametrize(
    ("ours", "theirs", "one"),
    [
        (["the mayor"], ["the mayor"], True),
        (["the district police officer of the town"], ["the district police officer"], True),
        (["IGAD's ceasefire monitors"], ["IGAD's monitors"], True),
        (["SOHR"], ["SOHR", "residents"], True),
        (["SOHR"], ["the White Helmets"], False),
        (["SOHR", "the White Helmets"], ["SOHR", "the mayor"], False),
        (["a hospital worker"], ["a hospital worker"], False),
        (["residents"], ["residents"], False),
        (["two security sources"], ["two security sources"], False),
        (["the medical source"], ["the medical source"], False),
        (["the mayor"], [], False),
    ],
)
def test_claimants(ours: list[str], theirs: list[str], one: bool) -> None:
    a, b = (telling_of(event(n, claimants=tuple(names))) for n, names in ((1, ours), (2, theirs)))
    assert rest_on_one_word(a, b) is rest_on_one_word(b, a) is one


def test_a_report_that_credits_the_other_ones_publisher_relays_it() -> None:
    agency = telling_of(event(1, report=report_ref(1, source="Plains News Agency", publisher=None)))
    paper = telling_of(event(2, claimants=("the Plains News Agency",)))
    assert rest_on_one_word(agency, paper)
