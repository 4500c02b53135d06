"""Neither the index nor the gist leaves out what the score would not veto."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.event import ConflictEvent, Kind, Place, TimePrecision, TimeSpan
from services.dedup.filing import filed_under, looked_up
from services.dedup.gist import gist_from, gist_of, may_be_one
from services.dedup.match import Verdict, compare
from services.dedup.slots import Slots, slots_of_event
from tests.factories import KHARKIV, NOON, day, event, minute

KINDS = st.sampled_from([Kind.AIR_STRIKE, Kind.TERRITORY_CHANGE, Kind.EVACUATION_WARNING, Kind.CEASEFIRE])


@st.composite
def spans(draw: st.DrawFn) -> TimeSpan | None:
    at = NOON + timedelta(minutes=draw(st.integers(-3000, 3000)))
    part = TimeSpan(start=at, end=at + timedelta(hours=5), precision=TimePrecision.PART_OF_DAY)
    return draw(st.sampled_from([None, minute(at), part, day(at)]))


@st.composite
def events(draw: st.DrawFn, kind: Kind, number: int) -> ConflictEvent:
    place = Place(
        name=f"place {number}",
        lat=draw(st.floats(-66, 66)) if draw(st.booleans()) else 10 + draw(st.floats(0, 1)),
        lon=draw(st.floats(-180, 180)) if draw(st.booleans()) else 10 + draw(st.floats(0, 1)),
        radius_km=draw(st.floats(0, 100)),
    )
    where = draw(st.sampled_from([place, place, place, None, KHARKIV]))
    return event(number, kind=kind, place=where, occurred=draw(spans()), killed=None)


def is_found(wanted: Slots, filed: Slots) -> bool:
    """Whether looking up the one finds the other."""
    return any(
        name == shelf and int(least) <= score <= int(most)
        for _, name, least, most in looked_up(wanted)
        for shelf, score in filed_under(filed)
    )


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_what_is_not_looked_at_the_score_vetoes(data: st.DataObject) -> None:
    kind = data.draw(KINDS)
    a, b = (slots_of_event(data.draw(events(kind, n))) for n in (1, 2))
    match = compare(a, "inc_1", b)
    if not match.vetoed or match.verdict is Verdict.FOLLOW_ON:
        assert may_be_one(gist_of(a), gist_of(b)), match.explain()
        assert is_found(b, a), match.explain()


def test_a_gist_is_read_as_it_was_written() -> None:
    for told in (event(), event(place=None), event(kind=Kind.CEASEFIRE)):
        gist = gist_of(slots_of_event(told))
        assert gist_from(str(gist)) == gist
