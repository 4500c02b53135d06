"""What rings and what does not: one sentence or two for each way in which reports mislead a reader."""

import json
from pathlib import Path

import pytest

from schemas.event import Assertion, Kind, Novelty, Phase
from services.nlp.batch import report_from
from services.nlp.reader import ReportReader
from tests.unit.nlp.reports import events, ringing

REPORTS = Path(__file__).parents[2] / "data" / "reports.jsonl"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A drone hit a fuel depot in Kharkiv on Thursday and wounded two guards.", Kind.AIR_STRIKE),
        ("Three mortar shells landed in the market of Taiz this morning, killing a woman.", Kind.SHELLING),
        (
            "Mortar rounds fired from across the border struck a bazaar in Batken on Friday. Stalls caught fire.",
            Kind.SHELLING,
        ),
        ("A roadside bomb killed four soldiers near Maiduguri on Friday.", Kind.EXPLOSION),
        ("Soldiers clashed with rebels outside Goma on Thursday night.", Kind.GROUND_CLASH),
        ("Gunmen opened fire on villagers near Djibo on Friday and killed nine.", Kind.ATTACK_ON_CIVILIANS),
        ("Bandits abducted 30 pupils from a school near Gusau on Thursday.", Kind.ABDUCTION),
        ("The rebels captured the town of Walikale on Friday, residents said.", Kind.TERRITORY_CHANGE),
        ("The army ordered residents of three villages near Tyre to leave at once.", Kind.EVACUATION_WARNING),
        ("Air defences shot down a drone over Odesa overnight.", Kind.INTERCEPTION),
        (
            "Barrels of chlorine were dropped on Saqba on Thursday; six people were treated.",
            Kind.CHEMICAL_ATTACK,
        ),
        ("استشهد ستة أشخاص في غارة إسرائيلية استهدفت فجر اليوم منزلا وسط رفح", Kind.AIR_STRIKE),
        ("Російські військові вранці ударили з артилерії по центру Нікополя, загинув водій.", Kind.SHELLING),
        (
            "Утром украинский беспилотник ударил по автобусу у села Головчино, погибли два человека.",
            Kind.AIR_STRIKE,
        ),
    ],
)
def test_rings(reader: ReportReader, text: str, kind: Kind) -> None:
    assert [event.kind for event in ringing(reader, text)] == [kind]


@pytest.mark.parametrize(
    "behind",
    [
        "The attack came nine hours after two constables had died in a bombing there.",
        "The town has been on guard since a bomb killed four people in its bazaar.",
    ],
)
def test_what_the_story_came_after_is_background(reader: ReportReader, behind: str) -> None:
    found = events(
        reader,
        f"Gunmen attacked a police station in Peshawar late on Thursday and killed an officer. {behind}",
    )
    assert any(e.alert_worthy for e in found)
    assert {e.novelty for e in found if e.kind is Kind.EXPLOSION} == {Novelty.BACKGROUND}


@pytest.mark.parametrize(
    "text",
    [
        "Russia denied that its jets had bombed the hospital in Idlib on Thursday.",
        "There was no air strike on the plant in Arak last night, the governor said.",
        "The navy held a live-fire exercise off Odesa on Thursday and fired twelve missiles.",
        "Ten years ago an air strike killed 30 people in this town, and on Friday its people laid wreaths.",
        "Messi strikes twice as Barcelona bomb out of the league; the coach praised his strikers' goals.",
        "If Iran attacks, Israel will respond with air strikes, the minister said.",
        "A gas explosion killed five people in a bakery in Leicester on Thursday.",
        "Rail strike to hit commuters on Friday, the union said.",
        "Syria's war has killed more than 500,000 people since 2011.",
        "He was jailed for life on Thursday over the 2017 bombing of a market in Aleppo; the court heard 40 witnesses.",
        "Residents fear an assault on the town.",
        "The United Nations called for a ceasefire in Tripoli on Thursday.",
        "Sappers defused a bomb found under a bridge in Maiduguri on Friday.",
        "It was the deadliest air strike since the truce of last August.",
        "Airbus and the US traded arguments over state aid for aircraft on Thursday.",
    ],
)
def test_stays_silent(reader: ReportReader, text: str) -> None:
    assert [(event.kind, event.alert_rule) for event in ringing(reader, text)] == []


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        (
            "The army and the rebels agreed on Thursday on a ceasefire that will start on Sunday.",
            Phase.AGREED,
        ),
        ("The militia declared a unilateral ceasefire on Thursday.", Phase.DECLARED),
        ("The ceasefire between Israel and Hamas came into force at five this morning.", Phase.IN_FORCE),
        ("The truce in Yemen was extended by a week on Thursday.", Phase.EXTENDED),
        ("The army accused the rebels of violating the ceasefire on Thursday.", Phase.VIOLATED),
        ("The rebels rejected a ceasefire proposed by the government on Thursday.", Phase.REJECTED),
        ("The ceasefire in Gaza collapsed on Thursday.", Phase.ENDED),
        (
            "The rebels said that they would halt their offensive for a week so that aid can reach the valley.",
            Phase.DECLARED,
        ),
        ("The pope appealed for a ceasefire on Thursday.", Phase.CALLED_FOR),
        ("Qatar proposed a two-week ceasefire to both sides on Thursday.", Phase.PROPOSED),
    ],
)
def test_phases(reader: ReportReader, text: str, phase: Phase) -> None:
    assert phase in [event.phase for event in events(reader, text)]


def test_the_next_item_of_a_list_counts_its_own_victims(reader: ReportReader) -> None:
    text = "Nikopol: artillery hit a bus on Thursday, two injured. Kherson: seven wounded by a mine."
    tolls = {e.kind: e.injured.min for e in events(reader, text) if e.injured}
    assert tolls[Kind.SHELLING] == 2


def test_a_ceasefire_line_is_a_place(reader: ReportReader) -> None:
    assert not events(reader, "Farmers along the ceasefire line brought in the wheat on Thursday.")


def test_denied_by_the_accused_is_not_undone(reader: ReportReader) -> None:
    text = "Shells burst among farmers near Amedi on Thursday and killed five. Turkey denied any involvement."
    assert [event.assertion for event in ringing(reader, text)] == [Assertion.ASSERTED]


def test_two_places_are_two_events_and_a_title_is_none(reader: ReportReader) -> None:
    text = "A shell killed two people in Taiz on Thursday. In Aden a mortar bomb wounded three on Friday."
    found = ringing(reader, text, "Shelling kills two in Taiz")
    assert sorted(event.place.name for event in found if event.place) == ["Aden", "Taiz"]


def test_a_title_names_the_region_and_the_body_the_town(reader: ReportReader) -> None:
    text = (
        "A jet dropped two bombs on the market of Kanbalu on Thursday and killed eight people, a trader said."
    )
    (event,) = ringing(reader, text, "Eight killed in air strike on market in Sagaing")
    assert event.place is not None
    assert (event.place.name, event.killed.min if event.killed else None) == ("Kanbalu", 8)


def test_one_weapon_named_once_is_one_event(reader: ReportReader) -> None:
    text = "A missile strike on a block of flats in Odesa killed three people on Thursday."
    assert [event.kind for event in ringing(reader, text)] == [Kind.SHELLING]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Three herders were killed by militiamen near Gao on Thursday.", Kind.ATTACK_ON_CIVILIANS),
        ("Two policemen were shot dead by gunmen in Quetta on Thursday.", Kind.ATTACK_ON_CIVILIANS),
        ("The rebels were holding nine nurses as hostages in Butembo on Thursday.", Kind.ABDUCTION),
        ("The Syrian army's offensive on Saraqib went on.", Kind.GROUND_CLASH),
        ("Blasts shook the port of Latakia on Thursday.", Kind.EXPLOSION),
        ("هجوم بمسيرات على مطار الخرطوم اليوم", Kind.AIR_STRIKE),
        ("Керовані авіабомби влучили у школу в Харкові сьогодні.", Kind.AIR_STRIKE),
        ("The lorry destroyed from the air near Ras al-Ayn on Thursday carried flour.", Kind.AIR_STRIKE),
        (
            "The rebels said that they overran a convoy of the army near Lashio on Thursday.",
            Kind.GROUND_CLASH,
        ),
        ("Near Orikhiv a shepherd lost his life to a drone on Thursday.", Kind.AIR_STRIKE),
        ("A car bomb of gas cylinders was detonated at a bank in Hat Yai on Thursday.", Kind.EXPLOSION),
        ("Боевики открыли стрельбу на рынке в Махачкале сегодня.", Kind.ATTACK_ON_CIVILIANS),
    ],
)
def test_more_ways_to_say_it(reader: ReportReader, text: str, kind: Kind) -> None:
    assert kind in [event.kind for event in ringing(reader, text)]


def test_the_month_of_may_is_no_doubt(reader: ReportReader) -> None:
    assert [e.assertion for e in events(reader, "On 31 May 2019 shelling went on in Sirte.")] == [
        Assertion.ASSERTED
    ]


def test_related_links_and_old_captions_tell_nothing(reader: ReportReader) -> None:
    text = (
        "The price of bread rose on Thursday. --- READ ALSO --- Ten dead in Baghdad market blast\n"
        "Smoke over Mosul after an air strike, file photo."
    )
    assert not ringing(reader, text)


def test_other_languages_are_passed_on(reader: ReportReader) -> None:
    reading = reader.read(
        report_from({"text": "Une frappe aérienne a tué douze personnes jeudi dans la ville."})
    )
    assert (reading.language, reading.supported, reading.events) == ("fr", False, ())


def test_every_field_has_evidence_in_the_text(reader: ReportReader) -> None:
    text = "An Israeli air strike on a house in Khan Younis killed four people on Thursday, medics said."
    (event,) = ringing(reader, text)
    assert {"trigger", "place", "occurred", "killed", "actor", "target", "claimants"} <= {
        e.field for e in event.evidence
    }
    for evidence in event.evidence:
        assert text[evidence.start : evidence.end] == evidence.quote
    assert (event.novelty, event.theatre, event.origin) == (Novelty.NEW, "levant", "publisher:test_wire")


def decided(reader: ReportReader) -> tuple[float, float]:
    """Precision and recall of the alert decision on the project's own reports."""
    right = wrong = missed = 0
    for line in REPORTS.read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        said = any(e.alert_worthy for e in reader.read(report_from(gold)).events)
        want = gold["expect"]["alert"]
        right, wrong, missed = (
            right + (said and want),
            wrong + (said and not want),
            missed + (want and not said),
        )
    return right / (right + wrong), right / (right + missed)


def test_the_alert_decision_on_the_projects_own_reports(reader: ReportReader) -> None:
    precision, recall = decided(reader)
    assert precision >= 0.92
    assert recall >= 0.87


def test_the_encoder_makes_the_alert_decision_no_worse(reader: ReportReader, trained: ReportReader) -> None:
    alone, together = decided(reader), decided(trained)
    assert together[0] >= min(alone[0], 0.97)
    assert together[1] >= alone[1]
