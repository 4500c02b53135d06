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


def test_what_only_the_encoder_read_is_of_the_day_that_the_report_dates() -> None:
    threat = "After the raid on the depot in Idlib the general spoke of revenge."
    dated = "The depot was bombed on 1 April."
    script = {
        threat: saw(threat, Kind.AIR_STRIKE, "raid", 0.99),
        dated: saw(dated, Kind.AIR_STRIKE, "bombed", novelty=Novelty.BACKGROUND),
    }
    assert {e.novelty for e in read(f"{threat} {dated}", script)} == {Novelty.BACKGROUND}


def test_a_sentence_about_a_truce_names_fighting_only_to_stop_it() -> None:
    text = "Families in Idlib bury their dead before the lull of three days."
    lull = saw(text, Kind.CEASEFIRE, "lull", 0.98, assertion=Assertion.PLANNED)
    fight = saw(text, Kind.ATTACK_ON_CIVILIANS, "dead", 0.92, {"killed": "their dead"})
    found = read(text, {text: Reading(0.95, (*lull.events, *fight.events))})
    assert [e.kind for e in found if e.kind is not Kind.CEASEFIRE] == []


def test_the_alert_rule_is_silent_of_what_is_faint() -> None:
    for kind, phase in ((Kind.SHELLING, None), (Kind.CEASEFIRE, Phase.AGREED)):
        assert judge(kind, phase, Assertion.ASSERTED, Novelty.UPDATE, faint=True) == (False, "told_faintly")
