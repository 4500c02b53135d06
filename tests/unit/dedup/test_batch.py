"""The batch answers with the service's own decisions."""

import pytest

from schemas.event import Assertion, Novelty
from schemas.ids import incident_id
from services.common.partition import partition_of
from services.dedup.batch import Bench
from services.dedup.decide import Outcome
from tests.factories import SARAQIB, event

AT_IDLIB = "air_strike (asserted), Idlib, SY, 2026-03-04 00:00"


async def test_reports_of_one_incident_share_its_id() -> None:
    bench = Bench()
    first = await bench.answer("a", [event(1), event(5, report_number=1, place=SARAQIB)])
    second = await bench.answer("b", [event(2)])
    assert first.incident_ids[0] == second.incident_ids[0]
    assert len(first.incident_ids) == 2
    assert first.origin != second.origin


async def test_one_voice_has_one_origin() -> None:
    bench = Bench()
    first = await bench.answer("a", [event(1, text_signature="0123abcd" * 16)])
    second = await bench.answer("b", [event(2, text_signature="0123abcd" * 16)])
    assert first.origin == second.origin


async def test_the_origin_is_of_what_others_told_before() -> None:
    """A roundup whose first item nobody else tells, and whose second one is another's word."""
    bench = Bench()
    first = await bench.answer("a", [event(1, origin="monitor:one")])
    items = [event(5, place=SARAQIB, origin="monitor:two"), event(6, report_number=5, origin="monitor:one")]
    assert (await bench.answer("b", items)).origin == first.origin == "monitor:one"


async def test_a_report_without_news_tells_no_incident() -> None:
    answer = await Bench().answer("a", [event(1, novelty=Novelty.BACKGROUND)])
    assert (answer.incident_ids, answer.origin) == ((), None)


async def test_theatres_do_not_meet() -> None:
    bench = Bench()
    first = await bench.decide(event(1, theatre="levant"))
    second = await bench.decide(event(2, theatre="ukraine"))
    assert second.outcome is Outcome.NEW
    assert first.incident_id != second.incident_id


async def test_theatres_of_one_partition_do_not_meet_either() -> None:
    names = (f"theatre-{n}" for n in range(1000))
    other = next(name for name in names if partition_of(name) == partition_of("levant"))
    bench = Bench()
    await bench.decide(event(1, theatre="levant"))
    assert (await bench.decide(event(2, theatre=other))).outcome is Outcome.NEW


async def test_an_incident_that_is_not_known_is_named() -> None:
    with pytest.raises(LookupError, match="inc_1"):
        await Bench().incident("inc_1", "levant")


async def test_an_explanation_names_the_parts_that_decided() -> None:
    bench = Bench()
    assert await bench.explain([event(1)]) == [f"  {AT_IDLIB}: a new incident {incident_id(event(1).id)}"]
    same, against = await bench.explain([event(2)])
    assert same == f"  {AT_IDLIB}: merged into {incident_id(event(1).id)}"
    assert "same, score" in against
    assert "place +3.0 (same town)" in against
    _, apart = await bench.explain([event(3, place=SARAQIB)])
    assert "different, score" in apart
    assert "never one: 17 km apart" in apart


async def test_an_explanation_tells_of_what_is_never_compared_and_of_what_others_hear() -> None:
    bench = Bench()
    await bench.explain([event(1)])
    denied = await bench.explain([event(2, assertion=Assertion.DENIED, killed=None)])
    assert (
        f"not held, as levant:violence-denied, against {incident_id(event(1).id)} (levant:violence)"
        in denied[1]
    )
    assert denied[-1] == f"    and {incident_id(event(1).id)} is contested: a report denies it"
    assert await bench.explain([event(9, novelty=Novelty.BACKGROUND)]) == [
        f"  {AT_IDLIB}: makes nothing: background, a threat or a plan, or of an older revision"
    ]
    assert await bench.explain([]) == ["  tells no event"]
