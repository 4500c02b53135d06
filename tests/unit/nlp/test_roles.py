"""Who did it and whom it was done to."""

import pytest

from services.nlp.reader import ReportReader
from tests.unit.nlp.reports import ringing


def roles(reader: ReportReader, text: str) -> tuple[str | None, str | None]:
    (event,) = ringing(reader, text)
    return (event.actor.name if event.actor else None, event.target.name if event.target else None)


@pytest.mark.parametrize(
    ("text", "actor", "target"),
    [
        ("Turkish jets bombed the PKK near Zakho on Thursday.", "Turkey", "PKK"),
        ("An air raid against al-Qaeda killed four near Azzan on Thursday.", None, "al-Qaeda"),
        ("US air strikes on Islamic State killed nine near Hajin on Thursday.", "United States", "Islamic State"),
        ("Two Hamas men were killed by an Israeli air strike in Jenin on Thursday.", "Israel", "Hamas"),
        ("Houthi commander wounded in air strike by Saudi warplanes near Taiz on Thursday.",
         "Saudi-led coalition", "Houthis"),
        ("شنت طائرات تركية غارات على مواقع قسد في الحسكة اليوم", "Turkey", "Syrian Democratic Forces"),
        ("غارة روسية ضد داعش قرب تدمر اليوم", "Russia", "Islamic State"),
    ],
)  # fmt: skip
def test_who_suffers_did_not_do_it(
    reader: ReportReader, text: str, actor: str | None, target: str | None
) -> None:
    assert roles(reader, text) == (actor, target)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Russian shelling wounded a nurse in Kupiansk on Thursday.", "Russia"),
        ("Iraq's army shelled a village near Sinjar on Thursday.", "Iraq"),
        ("The military shelled a village near Loikaw on Thursday.", "government forces"),
    ],
)
def test_a_name_is_a_noun(reader: ReportReader, text: str, name: str) -> None:
    assert roles(reader, text)[0] == name


def test_who_only_speaks_did_not_do_it(reader: ReportReader) -> None:
    text = "An air strike hit a school in Dhamar on Thursday, Houthi officials said."
    assert roles(reader, text)[0] is None
