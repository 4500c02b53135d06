"""Crowds, communities and the reports of those who look back at crimes; and sport and business that sound like them."""

import pytest

from schemas.event import Kind
from services.nlp.reader import ReportReader
from tests.unit.nlp.reports import ringing


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Rioters burned down two churches in Jos on Thursday night.", Kind.ATTACK_ON_CIVILIANS),
        ("Herdsmen set several houses ablaze in Barkin Ladi on Thursday.", Kind.ATTACK_ON_CIVILIANS),
        ("An angry mob beat a trader to death near Kitale on Thursday.", Kind.ATTACK_ON_CIVILIANS),
        ("Soldiers shot and wounded four women in Baidoa on Thursday.", Kind.ATTACK_ON_CIVILIANS),
        ("Two rival clans clashed near Galkayo on Thursday.", Kind.GROUND_CLASH),
    ],
)
def test_rings(reader: ReportReader, text: str, kind: Kind) -> None:
    assert [event.kind for event in ringing(reader, text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "A careless cook set two houses on fire in Jos on Thursday.",
        "Fans clashed after the derby; a steward was injured.",
        "The keeper was injured in Sunday's clash with the leaders.",
        "It was a thorough 31-7 pounding of the visitors on Sunday.",
        "Crude rose again on Thursday on fears of a strike at Nigerian oil terminals.",
        "A new report by Human Rights Watch documented war crimes: fighters shot dead dozens of villagers near Goma. "
        "Survivors told investigators of atrocities.",
    ],
)
def test_stays_silent(reader: ReportReader, text: str) -> None:
    assert ringing(reader, text) == []
