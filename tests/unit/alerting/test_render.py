"""An alert's body, words and severity."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Alert, Severity
from schemas.event import Assertion, CasualtyBand, Evidence, Kind, Named, Phase, Place
from schemas.incident import Change, ChangeType, FieldChange, Incident, Status
from services.alerting.render import render
from services.alerting.severity import severity
from services.alerting.wording import MAX_HEADLINE, band_text, headline, summary
from tests.factories import IDLIB, NOON, band, day, event, evidence_of, incident, minute, report_ref
from tests.unit.alerting.build import alert, version

GOLDEN = Path(__file__).parent / "golden"


def corroborated() -> Incident:
    """An air strike told by two outlets, the second of which brought version 2."""
    told = [
        event(
            number,
            report=report_ref(number, url=f"https://outlet-{number}.example/strike"),
            actor=Named(text="Russian warplanes", name="Russian Air Force"),
            target=Named(text="a market"),
            claimants=("residents", "the civil defence"),
            evidence=(
                Evidence(field="trigger", start=0, end=8, quote="struck"),
                Evidence(field="killed", start=9, end=40, quote=f"at least {number + 4} people were killed"),
            ),
        )
        for number in (1, 2)
    ]
    return incident(
        told[0],
        version=2,
        status=Status.CORROBORATED,
        change=Change(
            type=ChangeType.CORROBORATED,
            also=(ChangeType.CASUALTIES_RAISED,),
            fields=(FieldChange(field="killed", old="at least 5", new="at least 6"),),
            reason="a second origin",
            event_id=told[1].id,
        ),
        killed=band(6),
        evidence=tuple(map(evidence_of, told)),
        evidence_count=2,
        origins=tuple(e.origin for e in told),
    )


def test_the_body_is_the_golden_one() -> None:
    made = alert(corroborated()).model_copy(update={"previous_version": 1})
    golden = GOLDEN / "corroborated.json"
    assert json.loads(render(made)) == json.loads(golden.read_bytes())
    pretty = json.dumps(json.loads(render(made)), ensure_ascii=False, indent=2)
    assert pretty + "\n" == golden.read_text(), (
        "the same data in another order: a receiver's diff would show it"
    )


def test_the_body_comes_from_the_record_alone() -> None:
    made = alert(corroborated())
    assert render(made) == render(Alert.from_bytes(made.to_bytes()))


def test_the_cause_of_this_version_is_told_first() -> None:
    body = json.loads(render(alert(corroborated())))
    assert [source["origin"] for source in body["data"]["sources"]] == [
        "publisher:outlet 2",
        "publisher:outlet 1",
    ]
    assert [quote["quote"] for quote in body["data"]["evidence"]] == [
        "struck",
        "at least 6 people were killed",
        "at least 5 people were killed",
    ]


def test_fifty_sources_stay_under_twenty_kilobytes() -> None:
    told = [
        event(
            number,
            report=report_ref(
                number, title="Title " * 30, url=f"https://outlet.example/{'a' * 200}/{number}"
            ),
            evidence=tuple(
                Evidence(field=f, start=0, end=9, quote=f"{number} {f} " + "q" * 250)
                for f in ("trigger", "killed")
            ),
            text_signature="s" * 700,
        )
        for number in range(1, 51)
    ]
    many = incident(
        told[0], evidence=tuple(map(evidence_of, told)), evidence_count=73, claimants=("c" * 70,) * 50
    )
    body = render(alert(many))
    assert len(body) < 20_000
    assert json.loads(body)["data"]["source_count"] == 73


def test_no_coordinates_no_map() -> None:
    assert json.loads(render(alert(incident(event(place=None)))))["data"]["map"] is None
    assert json.loads(render(alert(incident(event(place=Place(name="Idlib"))))))["data"]["map"] is None


def test_the_map_points_at_the_place() -> None:
    assert json.loads(render(alert()))["data"]["map"] == {
        "geo": "geo:35.93060,36.63390;u=3000",
        "osm": "https://www.openstreetmap.org/?mlat=35.93060&mlon=36.63390#map=11/35.93060/36.63390",
    }


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (incident(), "Air strike in Idlib (SY): at least 5 killed"),
        (
            incident(event(assertion=Assertion.ALLEGED)),
            "Air strike in Idlib (SY): at least 5 killed (alleged)",
        ),
        (corroborated(), "Corroborated: Air strike by Russian Air Force in Idlib (SY): at least 6 killed"),
        (
            incident(event(kind=Kind.CEASEFIRE, phase=Phase.CALLED_FOR, place=None)),
            "Ceasefire called for",
        ),
        (
            incident(event(injured=band(24, 99, who="children"), killed=band(0, 0))),
            "Air strike in Idlib (SY): 0 killed, 24 to 99 children injured",
        ),
        (
            incident(event(actor=Named(text="the\u202e army\n" + "a" * 90), killed=None)),
            f"Air strike by the army {'a' * 70}… in Idlib (SY)",
        ),
    ],
)
def test_headlines(told: Incident, expected: str) -> None:
    assert headline(told) == expected


def test_a_summary_is_two_sentences_of_facts() -> None:
    assert summary(corroborated()) == (
        "Air strike on a market by Russian Air Force in Idlib (SY) on 2026-03-04, reported by residents, "
        "the civil defence. At least 6 killed; corroborated, 2 independent origins."
    )


def test_a_truce_tells_its_terms() -> None:
    truce = event(
        kind=Kind.CEASEFIRE,
        assertion=Assertion.PLANNED,
        occurred=minute(),
        effective_from=NOON + timedelta(hours=15),
        effective_until=NOON + timedelta(days=3),
    )
    assert summary(incident(truce)) == (
        "Ceasefire declared in Idlib (SY) on 2026-03-04 12:00 UTC, announced. Effective 2026-03-05 03:00 UTC "
        "until 2026-03-07 12:00 UTC; unconfirmed, 1 independent origin."
    )


@given(
    name=st.text(), who=st.text(max_size=300), change=st.sampled_from(ChangeType), kind=st.sampled_from(Kind)
)
def test_a_headline_is_one_printable_line_of_bounded_length(
    name: str, who: str, change: ChangeType, kind: Kind
) -> None:
    place = IDLIB.model_copy(update={"name": name})
    told = event(kind=kind, place=place, actor=Named(text=who), injured=band(3, who=who))
    line = headline(version(2, change, incident(told)))
    assert 0 < len(line) <= MAX_HEADLINE
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in line)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (CasualtyBand(min=12, best=12, max=12), "12"),
        (CasualtyBand(min=12), "at least 12"),
        (CasualtyBand(min=24, max=99), "24 to 99"),
        (CasualtyBand(min=0, max=5), "up to 5"),
        (CasualtyBand(min=0, max=0), "0"),
        (CasualtyBand(min=0), "an unknown number"),
    ],
)
def test_bands(told: CasualtyBand, expected: str) -> None:
    assert band_text(told) == expected


@pytest.mark.parametrize(
    ("event_changes", "incident_changes", "expected"),
    [
        ({}, {}, Severity.URGENT),
        ({"killed": band(10)}, {}, Severity.FLASH),
        ({"killed": band(10)}, {"status": Status.CONTESTED}, Severity.URGENT),
        ({"killed": band(10), "place": None, "theatre": "unplaced"}, {}, Severity.URGENT),
        ({"killed": band(10), "place": None, "theatre": "ukraine"}, {}, Severity.FLASH),
        ({"killed": band(10), "occurred": day(NOON - timedelta(days=4))}, {}, Severity.URGENT),
        ({"killed": None}, {}, Severity.URGENT),
        ({"kind": Kind.CHEMICAL_ATTACK, "killed": None}, {}, Severity.FLASH),
        ({"kind": Kind.INTERCEPTION, "killed": None}, {}, Severity.ROUTINE),
        ({"kind": Kind.CEASEFIRE}, {}, Severity.URGENT),
        ({"kind": Kind.CEASEFIRE, "phase": Phase.PROPOSED}, {}, Severity.ROUTINE),
        ({"kind": Kind.CEASEFIRE, "phase": Phase.IN_FORCE}, {}, Severity.FLASH),
        ({"kind": Kind.CEASEFIRE}, {"change": ChangeType.TOOK_EFFECT}, Severity.FLASH),
        ({"kind": Kind.CEASEFIRE}, {"change": ChangeType.VIOLATION_REPORTED}, Severity.FLASH),
        ({"killed": band(99)}, {"change": ChangeType.SOURCE_ADDED}, Severity.ROUTINE),
        ({"killed": band(99)}, {"change": ChangeType.RETRACTED, "status": Status.RETRACTED}, Severity.URGENT),
    ],
)
def test_severity(
    event_changes: dict[str, Any], incident_changes: dict[str, Any], expected: Severity
) -> None:
    change = Change(type=incident_changes.pop("change", ChangeType.CREATED), reason="a test")
    assert severity(incident(event(**event_changes), change=change, **incident_changes)) is expected


def test_an_old_article_read_today_was_fresh_when_it_was_written() -> None:
    long_ago = NOON - timedelta(days=2500)
    told = event(report=report_ref(published_at=long_ago), occurred=day(long_ago), killed=band(10))
    assert severity(incident(told)) is Severity.FLASH
