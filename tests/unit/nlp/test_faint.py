"""What a report tells only faintly, with an encoder that reads what a test tells it to."""

from schemas.event import Assertion, Kind, Novelty, Phase, judge
from services.nlp.encoder_decode import Reading
from tests.unit.nlp.test_fusion import read, saw

FUNERAL = "Nine people were carried to the cemetery of Idlib on Wednesday."
WIDOW = "A widow counted the bodies beside the bakery."
BURIED = f"{FUNERAL} {WIDOW}"


def faintly(text: str, trigger: str, kind: Kind = Kind.AIR_STRIKE, sure: float = 0.45) -> Reading:
    """A kind that the encoder is not sure of, in a sentence that it takes for live."""
    reading = saw(text, kind, trigger, sure, {"killed": text.split(" were")[0]} if " were" in text else None)
    return Reading(0.9, reading.events)


def test_sentences_that_leave_doubt_add_up_to_an_update_that_rings_no_bell() -> None:
    script = {FUNERAL: faintly(FUNERAL, "cemetery"), WIDOW: faintly(WIDOW, "bodies")}
    (event,) = read(BURIED, script)
    assert (event.kind, event.novelty) == (Kind.AIR_STRIKE, Novelty.UPDATE)
    assert (event.alert_worthy, event.alert_rule) == (False, "told_faintly")
    assert event.place is not None
    assert event.place.name == "Idlib"
    assert {e.set_by for e in event.evidence if e.field == "trigger"} == {"faint"}


def test_one_weak_reading_is_nothing() -> None:
    assert read(BURIED, {WIDOW: faintly(WIDOW, "bodies", sure=0.3)}) == []


def test_kinds_that_do_not_agree_are_an_attack_of_no_told_kind() -> None:
    script = {
        FUNERAL: faintly(FUNERAL, "cemetery", Kind.SHELLING),
        WIDOW: faintly(WIDOW, "bodies", Kind.EXPLOSION),
    }
    (event,) = read(BURIED, script)
    assert event.kind is Kind.ATTACK_ON_CIVILIANS


def test_a_report_with_plain_news_tells_nothing_faintly() -> None:
    strike = "An air strike hit a mill in Idlib on Thursday."
    (event,) = read(f"{strike} {WIDOW}", {WIDOW: faintly(WIDOW, "bodies", Kind.SHELLING)})
    assert (event.kind, event.alert_worthy) == (Kind.AIR_STRIKE, True)


def test_a_report_that_denies_tells_nothing_faintly() -> None:
    denial = "The army denied bombing the bakery in Idlib."
    script = {
        denial: saw(denial, Kind.AIR_STRIKE, "bombing", assertion=Assertion.DENIED),
        WIDOW: faintly(WIDOW, "bodies"),
        FUNERAL: faintly(FUNERAL, "cemetery"),
    }
    assert {e.assertion for e in read(f"{denial} {BURIED}", script)} == {Assertion.DENIED}


def test_an_event_without_a_place_is_not_told() -> None:
    where = "Nine people were carried to the cemetery."
    assert read(f"{where} {WIDOW}", {where: faintly(where, "cemetery", sure=0.5)}) == []


def test_the_alert_rule_is_silent_of_what_is_faint() -> None:
    for kind, phase in ((Kind.SHELLING, None), (Kind.CEASEFIRE, Phase.AGREED)):
        assert judge(kind, phase, Assertion.ASSERTED, Novelty.UPDATE, faint=True) == (False, "told_faintly")
