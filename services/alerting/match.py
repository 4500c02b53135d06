"""Whether an incident is what a subscription asked for: filters in, a matcher out, and its yes or no. Pure.

A matcher holds only the tests that its filters give, the cheapest first, so that one incident is held against a
thousand subscriptions in a few milliseconds.
"""

from collections.abc import Callable, Iterable, Iterator

from schemas.incident import Incident, Status
from schemas.subscription import Conditions, Filters
from services.alerting.facts import Facts, calling, words
from services.alerting.geography import Within, within_area, within_box, within_circle

Test = Callable[[Facts], bool]
Matcher = Callable[[Facts], bool]

_CONFIRMED = {Status.UNCONFIRMED: 0, Status.CONTESTED: 0, Status.CORROBORATED: 1, Status.RETRACTED: -1}
"""How far a status goes towards `min_status`. What a credible denial contests counts as not confirmed."""


def matches(filters: Filters, incident: Incident) -> bool:
    """Once, for one incident. `changes` is not asked here: see `decide`."""
    return compiled(filters)(Facts(incident))


def compiled(filters: Filters) -> Matcher:
    """The filters made ready to be asked often: all that are given hold, and none of those under `not`."""
    wanted = [*_tests(filters), *_tests_of_their_own(filters)]
    unwanted = list(_tests(filters.negated)) if filters.negated else []

    def matcher(facts: Facts) -> bool:
        for test in wanted:
            if not test(facts):
                return False
        for test in unwanted:  # noqa: SIM110 - any() over a generator takes twice as long
            if test(facts):
                return False
        return True

    return matcher


def _tests(asked: Conditions) -> Iterator[Test]:
    """One test for each condition that is given."""
    if asked.kinds:
        yield lambda facts: facts.incident.kind in asked.kinds
    if asked.phases:
        yield lambda facts: facts.incident.phase in asked.phases
    if asked.countries:
        yield lambda facts: facts.country in asked.countries
    if asked.theatres:
        yield lambda facts: facts.incident.theatre in asked.theatres
    if asked.severities:
        yield lambda facts: facts.severity in asked.severities
    yield from _degrees(asked)
    yield from _names(asked)
    yield from _places(asked)


def _degrees(asked: Conditions) -> Iterator[Test]:
    if asked.min_killed:
        yield lambda facts: facts.killed >= asked.min_killed
    if asked.min_casualties:
        yield lambda facts: facts.casualties >= asked.min_casualties
    if asked.min_status is not None:
        least = _CONFIRMED[asked.min_status]
        yield lambda facts: _CONFIRMED[facts.incident.status] >= least


def _names(asked: Conditions) -> Iterator[Test]:
    if asked.actors:
        actors = _worded(asked.actors)
        yield lambda facts: _any_in(actors, facts.actors)
    if asked.targets:
        targets = _worded(asked.targets)
        yield lambda facts: _any_in(targets, facts.targets)
    if asked.weapons:
        weapons = _worded(asked.weapons)
        yield lambda facts: _any_in(weapons, facts.weapons)
    if asked.languages:
        yield lambda facts: not asked.languages.isdisjoint(facts.languages)
    if asked.sources:
        sources = frozenset(map(calling, asked.sources))
        yield lambda facts: not sources.isdisjoint(facts.sources)


def _places(asked: Conditions) -> Iterator[Test]:
    if asked.bbox is not None:
        yield _placed(within_box(asked.bbox))
    if asked.near is not None:
        yield _placed(within_circle(asked.near))
    if asked.area is not None:
        yield _placed(within_area(asked.area))


def _placed(within: Within) -> Test:
    return lambda facts: facts.point is not None and within(facts.point)


def _tests_of_their_own(filters: Filters) -> Iterator[Test]:
    """What cannot stand under `not`."""
    if not filters.include_unplaced:
        yield lambda facts: facts.incident.place is not None
    if filters.sources_denied:
        allowed, denied = (
            frozenset(map(calling, filters.sources)),
            frozenset(map(calling, filters.sources_denied)),
        )
        yield lambda facts: any(_heard(voice, allowed, denied) for voice in facts.voices)


def _heard(voice: frozenset[str], allowed: frozenset[str], denied: frozenset[str]) -> bool:
    """One report must be of an allowed source and of none that is denied."""
    return denied.isdisjoint(voice) and (not allowed or not allowed.isdisjoint(voice))


def _worded(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(words(name) for name in sorted(names))


def _any_in(wanted: tuple[str, ...], told: tuple[str, ...]) -> bool:
    return bool(told) and any(name in text for text in told for name in wanted)
