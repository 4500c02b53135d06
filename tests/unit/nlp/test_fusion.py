"""Rules and encoder together, with an encoder that says what a test tells it to."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from schemas.event import Assertion, ConflictEvent, Kind, Novelty, Phase
from services.nlp.choose import choose
from services.nlp.encoder import ModelBrokenError
from services.nlp.encoder_decode import EventReading, Reading
from services.nlp.fusion import FusedReader
from services.nlp.gazetteer import Gazetteer
from services.nlp.phases import is_quiet
from services.nlp.read import RuleReader
from services.nlp.reader import MAX_CANDIDATES, MAX_UNSCANNED, ReportReader
from services.nlp.text import Span, plain
from services.nlp.trust import FieldTrust, trust, weighed
from tests.unit.nlp.reports import report

NOTHING = Reading(0.0, ())
GAZETTEER = Gazetteer.open()


class Scripted:
    """An encoder that reads a sentence as scripted, and nothing in any other."""

    version = "scripted"

    def __init__(self, script: Mapping[str, Reading]) -> None:
        self._script = script
        self.calls: list[list[tuple[str | None, str]]] = []

    def read(self, pairs: Sequence[tuple[str | None, str]]) -> list[Reading]:
        self.calls.append(list(pairs))
        return [self._script.get(sentence, NOTHING) for _, sentence in pairs]


def saw(
    text: str, kind: Kind, trigger: str, sure: float = 0.97, spans: Mapping[str, str] | None = None,
    assertion: Assertion = Assertion.ASSERTED, novelty: Novelty = Novelty.NEW, phase: Phase = Phase.AGREED,
) -> Reading:  # fmt: skip
    """One event as an encoder reads it."""

    def span(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    event = EventReading(
        kind, sure, span(trigger), _sure(Assertion, assertion), _sure(Novelty, novelty), _sure(Phase, phase),
        {name: (span(words),) for name, words in (spans or {}).items()}, dict.fromkeys(spans or {}, 0.9),
    )  # fmt: skip
    return Reading(sure, (event,))


def _sure(answers: type, said: object) -> dict:  # type: ignore[type-arg]
    return {a: 0.95 if a is said else 0.05 / (len(answers) - 1) for a in answers}  # type: ignore[arg-type,var-annotated]


def read(text: str, script: Mapping[str, Reading], language: str | None = None) -> list[ConflictEvent]:
    reader = ReportReader(GAZETTEER, FusedReader(Scripted(script)))
    given = report(text).model_copy(update={"language": language})
    return list(reader.read(given).events)


STRIKE = "An air strike hit a mill in Idlib, millers said."
PLAIN = "An air strike hit a mill in Idlib on Thursday."


def test_both_agree() -> None:
    (event,) = read(STRIKE, {STRIKE: saw(STRIKE, Kind.AIR_STRIKE, "air strike")})
    assert (event.kind, event.alert_worthy) == (Kind.AIR_STRIKE, True)
    assert event.confidence["kind"] > 0.95
    assert set(event.confidence) >= {"kind", "assertion", "novelty"}
    assert event.reader.startswith("scripted+rules-1")


def test_a_plain_sentence_needs_no_second_reader() -> None:
    encoder = Scripted({})
    reader = ReportReader(GAZETTEER, FusedReader(encoder))
    (event,) = reader.read(report(PLAIN)).events
    assert encoder.calls == []
    assert event.confidence["novelty"] > 0.9
    reader.read(report("Nobody knows of an air strike on the mill in Idlib on Thursday."))
    assert len(encoder.calls) == 1


def test_what_the_encoder_sees_nothing_of_needs_a_rule_that_is_mostly_right() -> None:
    weak = "Gunmen attacked people near Idlib on Thursday."
    assert read(weak, {}) == []


def test_what_no_rule_knows_the_encoder_finds() -> None:
    text = "Four barrels came down on Hobait and killed a baker."
    script = {
        text: saw(text, Kind.AIR_STRIKE, "came down on", spans={"killed": "a baker", "place": "Hobait"})
    }
    (event,) = read(text, script)
    assert event.kind is Kind.AIR_STRIKE
    assert event.killed is not None
    assert event.killed.best == 1


@pytest.mark.parametrize(("where", "events"), [("the northwest", 0), ("Hobait", 1)])
def test_a_clash_that_only_the_encoder_sees_is_somewhere_by_name(where: str, events: int) -> None:
    text = f"The push against the last pocket in {where} was stepped up, a villager told us."
    spans = {"place": where}
    assert len(read(text, {text: saw(text, Kind.GROUND_CLASH, "push", 0.99, spans)})) == events


def test_the_encoder_hears_a_denial_that_no_rule_hears() -> None:
    text = (
        "Talk of an air strike on the mill in Idlib is the work of idle tongues, the army said on Thursday."
    )
    (event,) = read(text, {text: saw(text, Kind.AIR_STRIKE, "air strike", assertion=Assertion.DENIED)})
    assert event.assertion is Assertion.DENIED
    assert {e.field: e.set_by for e in event.evidence}["assertion"] == "encoder"


def test_a_page_of_sport_stays_silent_whatever_the_encoder_says() -> None:
    text = "The striker bombed home a penalty as Real won the league cup final. The coach praised the fans."
    script = {s: saw(s, Kind.AIR_STRIKE, "bombed") for s in [text.split(". ")[0] + "."]}
    assert not any(e.alert_worthy for e in read(text, script))


def test_a_phase_that_no_rule_names_is_the_encoders() -> None:
    text = "The ceasefire of Idlib lies in pieces since Thursday."
    (event,) = read(text, {text: saw(text, Kind.CEASEFIRE, "ceasefire", phase=Phase.VIOLATED)})
    assert (event.phase, event.assertion) == (Phase.VIOLATED, Assertion.ASSERTED)


def test_a_place_that_the_encoder_saw_wins_over_another() -> None:
    text = "From Damascus came word of an air strike that hit a mill beside Idlib on Thursday."
    (event,) = read(text, {text: saw(text, Kind.AIR_STRIKE, "air strike", spans={"place": "Idlib"})})
    assert event.place is not None
    assert event.place.name == "Idlib"


def test_names_that_no_lexicon_holds_are_spans() -> None:
    text = "An air strike by the Ochre Wing hit a mill in Idlib on Thursday, beekeepers told us."
    spans = {"actor": "the Ochre Wing", "claimant": "beekeepers"}
    (event,) = read(text, {text: saw(text, Kind.AIR_STRIKE, "air strike", spans=spans)})
    assert event.actor is not None
    assert (event.actor.text, event.actor.name) == ("Ochre Wing", None)


def test_a_language_without_lexicons_is_read_by_the_encoder() -> None:
    text = "Un dron soltó una granada sobre el mercado de Cali y murieron 3 personas."
    script = {text: saw(text, Kind.AIR_STRIKE, "dron", spans={"killed": "3 personas", "place": "Cali"})}
    (event,) = read(text, script, "es")
    assert event.killed is not None
    assert (event.killed.best, event.alert_worthy) == (3, True)


def test_one_batch_a_report_and_a_bound_on_it() -> None:
    encoder = Scripted({})
    reader = ReportReader(GAZETTEER, FusedReader(encoder))
    reader.read(report("An air strike hit Idlib, millers said. " * 300))
    reader.read(report("Un dron cayó sobre el mercado. " * 300).model_copy(update={"language": "es"}))
    reader.read(report("The council met on Tuesday. " * 300))
    assert [len(call) for call in encoder.calls] == [MAX_CANDIDATES, MAX_UNSCANNED]


def test_rules_alone_where_the_model_is_missing_or_broken(tmp_path: Path) -> None:
    choice = choose(folder=tmp_path)
    assert isinstance(choice.reader, RuleReader)
    assert str(tmp_path) in choice.problem

    def broken(folder: Path) -> Scripted:
        raise ModelBrokenError(f"{folder}: checksum differs; restore it")

    assert "checksum" in choose(folder=tmp_path, load=broken).problem
    with pytest.raises(ModelBrokenError):
        choose("model", tmp_path, broken)
    assert choose("rules", tmp_path, broken).problem == ""


def test_more_probability_of_either_makes_more_of_both() -> None:
    figures = trust()
    doubtful, sure = (
        figures.kind_probability(Kind.AIR_STRIKE, "named", 0.3),
        figures.kind_probability(Kind.AIR_STRIKE, "named", 0.95),
    )
    assert figures.kind_probability(Kind.AIR_STRIKE, "armed_attack", 0.3) < doubtful < sure
    assert figures.kind_probability(Kind.AIR_STRIKE, None, 0.3) < doubtful


def test_a_kind_seldom_seen_is_the_rules() -> None:
    few = trust().model_copy(update={"kind": trust().kind.model_copy(update={"few": (Kind.INTERCEPTION,)})})
    assert few.kind_probability(Kind.INTERCEPTION, "named", None) == pytest.approx(
        few.kind.precision["named"]
    )
    assert few.kind_probability(Kind.AIR_STRIKE, "named", None) < 0.5


def test_a_rule_that_was_never_counted_is_no_evidence() -> None:
    field = FieldTrust(slope=1, rule=1, counts={"claim alleged": {"alleged": 9, "asserted": 1}})
    read_as = {Assertion.ASSERTED: 0.7, Assertion.ALLEGED: 0.3}
    unknown = weighed(field, "new_rule", Assertion.ALLEGED, read_as)
    known = weighed(field, "claim", Assertion.ALLEGED, read_as)
    assert unknown[Assertion.ALLEGED] == pytest.approx(0.3)
    assert known[Assertion.ALLEGED] > 0.3
    assert sum(known.values()) == pytest.approx(1)


def test_the_beginning_of_a_report_whose_lexicon_is_thin_is_read_whole() -> None:
    title, lead = "После атаки дронов двое погибших", "Жертвами ночного налёта на завод в Сызрани стали двое."
    encoder = Scripted({lead: saw(lead, Kind.AIR_STRIKE, "налёта")})
    reader = ReportReader(GAZETTEER, FusedReader(encoder))
    reader.read(report(lead, title))
    assert (title, lead) in [pair for call in encoder.calls for pair in call]


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("No shooting has been recorded along the border since the ceasefire began at midnight.", True),
        ("Not a single violation was counted after the truce took hold, monitors said.", True),
        ("No ceasefire has been agreed, the envoy said.", False),
        ("There is no truce and none is planned, the army said after the shelling.", False),
    ],
)
def test_nothing_since_a_truce_is_a_truce_that_holds(text: str, quiet: bool) -> None:
    assert is_quiet(plain(text)) is quiet


def test_a_truce_that_holds_is_not_denied() -> None:
    text = (
        "The army said that no shooting had been recorded in Si Sa Ket since the ceasefire began at midnight."
    )
    denied = saw(text, Kind.CEASEFIRE, "ceasefire", assertion=Assertion.DENIED, phase=Phase.IN_FORCE)
    (event,) = read(text, {text: denied})
    assert (event.phase, event.assertion) == (Phase.IN_FORCE, Assertion.ASSERTED)


def test_a_sum_in_another_language_is_no_toll_of_the_strike_though_the_encoder_sees_one() -> None:
    strike = "Une frappe a touché Idlib mardi, après plus de 500 morts depuis janvier."
    script = {strike: saw(strike, Kind.AIR_STRIKE, "frappe", spans={"killed": "500 morts"})}
    (event,) = read(strike, script, language="fr")
    assert event.killed is None
