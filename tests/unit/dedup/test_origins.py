"""Independence: one voice in many reports is one origin."""

from schemas.incident import IncidentEvidence
from services.dedup.origins import independent_origins, origin_in, origin_of
from services.dedup.picture import telling_of
from services.dedup.signature import is_near_copy, similarity
from tests.factories import event, incident, report_ref


def told(number: int, origin: str, text: str = "", **report: str) -> IncidentEvidence:
    """One telling."""
    return telling_of(event(number, origin=origin, text_signature=text, report=report_ref(number, **report)))


def test_forty_outlets_that_cite_one_monitor_are_one_origin() -> None:
    assert independent_origins([told(n, "monitor") for n in range(40)]) == ("monitor",)


def test_outlets_of_one_house_are_one_origin_whatever_they_cite() -> None:
    evidence = [told(1, "a", publisher_family="House"), told(2, "b", publisher_family="house ")]
    assert independent_origins(evidence) == ("a",)


def test_a_reprint_belongs_to_the_first_that_told_it() -> None:
    text = "0123abcd" * 16
    evidence = [told(1, "a", text), told(2, "b"), told(3, "c", text)]
    assert independent_origins(evidence) == ("a", "b")
    assert origin_of(evidence[2], evidence[:2]) == "a"


def test_one_report_is_one_voice() -> None:
    evidence = [told(1, "a"), telling_of(event(5, origin="b", report=report_ref(1)))]
    assert independent_origins(evidence) == ("a",)


def test_what_is_not_kept_in_full_has_no_origin_to_show() -> None:
    made = incident()
    assert origin_in(made, made.evidence[0].event_id) == made.evidence[0].origin
    assert origin_in(made, "evt_beyond") is None


def test_texts_are_compared_by_equal_minima() -> None:
    a, b = "00000001" * 10, "00000001" * 7 + "00000002" * 3
    assert similarity(a, b) == 0.7
    assert is_near_copy(a, b)
    assert similarity(a, "") == similarity("", "") == similarity(a, a + a) == 0.0
