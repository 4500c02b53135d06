"""What the events of one report say of each other."""

from schemas.event import Assertion, Kind, Novelty, Phase
from services.nlp.reader import ReportReader
from tests.unit.nlp.reports import events, ringing


def test_a_title_that_words_it_otherwise_joins_its_story(reader: ReportReader) -> None:
    text = (
        "Two men blew themselves up in a procession in Khorramabad on Friday. Nine people died, medics said."
    )
    (event,) = events(reader, text, "Procession in Khorramabad bombed")
    assert (event.kind, event.killed and event.killed.min) == (Kind.EXPLOSION, 9)


def test_what_the_title_tells_is_quoted_from_the_title(reader: ReportReader) -> None:
    text = "Jets bombed a market in Idlib on Thursday, residents said."
    (event,) = ringing(reader, text, "Nine killed as jets bomb market in Idlib")
    quotes = {(e.field, e.in_title): e.quote for e in event.evidence}
    assert quotes["killed", True].startswith("Nine")
    assert "residents" in quotes["claimants", False]


def test_two_sources_that_count_otherwise_make_a_range(reader: ReportReader) -> None:
    text = "Gunmen killed 12 people near Mopti on Thursday, the mayor said. A list kept by the imam has 19 names."
    (event,) = ringing(reader, text)
    assert event.killed is not None
    assert (event.killed.min, event.killed.max, event.killed.best) == (12, 19, None)


def test_the_main_event_comes_first(reader: ReportReader) -> None:
    text = "In May the water works of Idlib were shelled and never ran again. Today a shell hit a bakery in Idlib."
    assert [e.novelty for e in events(reader, text)] == [Novelty.NEW, Novelty.BACKGROUND]


def test_a_sentence_that_only_counts_belongs_to_the_strike(reader: ReportReader) -> None:
    text = (
        "An air strike hit a market in Idlib on Friday. At least six people died in the attack, medics said."
    )
    (event,) = ringing(reader, text)
    assert event.killed is not None
    assert (event.kind, event.killed.min) == (Kind.AIR_STRIKE, 6)


def test_who_only_says_so_on_a_day_gives_no_day(reader: ReportReader) -> None:
    text = "The offer had been carried to Luanda on Monday. M23 rejected the offer of a ceasefire, its spokesman said."
    (event,) = [e for e in events(reader, text) if e.phase is Phase.REJECTED]
    assert event.occurred is not None
    assert event.occurred.start.date().isoformat() == "2019-08-30"


def test_two_sides_that_agreed_declare_nothing_alone(reader: ReportReader) -> None:
    text = "Israel and Hamas have both told the mediators yes. Fire is to stop in Gaza at 20:15 local time tonight."
    (event,) = [e for e in events(reader, text) if e.kind is Kind.CEASEFIRE]
    assert event.phase is Phase.AGREED


def test_talks_and_monitors_make_no_truce(reader: ReportReader) -> None:
    for text in (
        "The worst fighting in months put the truce talks in jeopardy on Friday.",
        "The council approved the deployment of a team to monitor the ceasefire in Hodeidah.",
    ):
        assert [e for e in events(reader, text) if e.kind is Kind.CEASEFIRE] == []


def test_old_pages_ring_no_bell(reader: ReportReader) -> None:
    text = "Explosions shook Homs between eight and nine this morning. At least 40 people were killed by the bombs."
    assert ringing(reader, text, "From our issue of 30 August 2009") == []
    assert [e.assertion for e in ringing(reader, text)] == [Assertion.ASSERTED]
