"""A story for tests of repeats: a merge, another town, a truce and its violation, a denial, revisions."""

from datetime import timedelta

from schemas.event import Assertion, ConflictEvent, Kind, Phase, Superseded
from tests.factories import IDLIB_GOVERNORATE, NOON, SARAQIB, band, event, named, report_ref, superseded

Records = list[ConflictEvent | Superseded]

TRUCE = {
    "kind": Kind.CEASEFIRE,
    "actor": named("Army"),
    "target": named("Rebels"),
    "place": IDLIB_GOVERNORATE,
}
STORY: Records = [
    event(1),
    event(2, killed=band(9, 9)),
    event(3, place=SARAQIB),
    event(4, phase=Phase.IN_FORCE, **TRUCE),
    event(5, kind=Kind.CEASEFIRE, phase=Phase.VIOLATED, place=SARAQIB, actor=named("Army")),
    event(6, assertion=Assertion.DENIED, killed=None),
    event(7, report=report_ref(2, revision="rev_2", fetched_at=NOON + timedelta(hours=1)), killed=band(7, 7)),
    superseded("rep_2"),
    superseded("rep_6"),
    event(8),
]
