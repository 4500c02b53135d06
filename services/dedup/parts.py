"""The parts of a score: two tellings in, points for or against their being one happening out. Pure."""

from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.event import CasualtyBand, Kind
from services.common.spelling import Alike, alike
from services.dedup.lanes import Lane
from services.dedup.signature import NEAR_COPY, similarity
from services.dedup.slots import Sharpness, Slots


class Part(NamedTuple):
    """One reason. A veto forbids a merge whatever the other parts say."""

    name: str
    points: float
    why: str
    veto: bool = False


PLACE_SLACK_KM = 3.0

SAME_MINUTE = timedelta(minutes=20)
ANOTHER_MINUTE = timedelta(minutes=35)
FOLLOW_ON = timedelta(hours=3)
"""Two strikes on one spot within this time, both told to the minute: the second follows on the first."""

NOBODY_TWICE = 0.2
"""That nobody was hurt is told of most happenings: it says little of two being one."""

UPDATED = 0.8
"""What an update is allowed of what another toll takes."""

ZONE_SLACK = timedelta(hours=1)
UNKNOWN_ZONE_SLACK = timedelta(hours=4)
MIN_SHARED_TIME = 0.1
"""Of the shorter span; two days that only touch share none."""

LANE_SLACK = {Lane.TERRITORY: timedelta(hours=36), Lane.WARNING: timedelta(hours=3)}
"""A town's fall is told as of the day before or after."""

_PADS = {Sharpness.MINUTE: timedelta(minutes=15), Sharpness.PART_OF_DAY: timedelta(minutes=90)}
_PAD_OF_PARTS = timedelta(minutes=15)
"""Between two parts of a day, of which morning and afternoon are two."""

UNSPECIFIC = {"gunmen", "jihadists", "rebels"}
"""Normalised names that say of what sort somebody is, and not who: an update may call so whom the news named."""

_BLAST = {Kind.AIR_STRIKE, Kind.SHELLING, Kind.EXPLOSION, Kind.CHEMICAL_ATTACK}
_ASSAULT = {Kind.GROUND_CLASH, Kind.ATTACK_ON_CIVILIANS, Kind.ABDUCTION, Kind.EXPLOSION}


def kind_part(a: Slots, b: Slots) -> Part:
    """Reports confuse a drone with a rocket and a blast with either, seldom an air raid with a gun fight."""
    if a.kind is b.kind:
        return Part("kind", 1.0, "same kind")
    pair = {a.kind, b.kind}
    if pair <= _BLAST:
        return Part("kind", 0.3, "kinds often confused")
    if pair <= _ASSAULT:
        return Part("kind", 0.0, "kinds sometimes confused")
    if Kind.ATTACK_ON_CIVILIANS in pair and pair & _BLAST:
        return Part("kind", 0.0 if a.update or b.update else -0.7, "an attack of some kind")
    return Part("kind", -1.5, "other kind")


def time_part(a: Slots, b: Slots) -> Part:
    """Within the joint precision; two days, or two parts of a day, are two happenings."""
    slack = LANE_SLACK.get(a.lane, timedelta(0))
    if a.when.sharpness is b.when.sharpness is Sharpness.MINUTE and not slack:
        return _two_clocks(abs(a.when.start - b.when.start))
    if _shared(_widened(a, b, slack), _widened(b, a, slack)) < MIN_SHARED_TIME:
        return Part("time", 0.0, "another time", veto=True)
    if Sharpness.VAGUE in (a.when.sharpness, b.when.sharpness):
        return Part("time", 0.0, "time not told closely")
    if Sharpness.DAY in (a.when.sharpness, b.when.sharpness):
        return Part("time", 1.0, "same day")
    return Part("time", 1.5, "same part of the day")


def _two_clocks(apart: timedelta) -> Part:
    minutes = f"{apart // timedelta(minutes=1)} minutes apart"
    if apart <= SAME_MINUTE:
        return Part("time", 2.0, minutes)
    if apart <= ANOTHER_MINUTE:
        return Part("time", -1.5, minutes)
    return Part("follow_on" if apart <= FOLLOW_ON else "time", 0.0, minutes, veto=True)


def _widened(ours: Slots, theirs: Slots, slack: timedelta) -> tuple[datetime, datetime]:
    """The span of an incident in UTC, as far as its precision lets it reach.

    A day is told as a local date, and dated as if in UTC: against a clock time it is moved by the longitude of the
    place, or widened where there is none.
    """
    when = ours.when
    if when.sharpness is not Sharpness.DAY or theirs.when.sharpness in (Sharpness.DAY, Sharpness.VAGUE):
        parts = when.sharpness is theirs.when.sharpness is Sharpness.PART_OF_DAY
        pad = slack + (_PAD_OF_PARTS if parts else _PADS.get(when.sharpness, timedelta(0)))
        return when.start - pad, when.end + pad
    place = ours.place or theirs.place
    if place is None or place.lon is None:
        return when.start - UNKNOWN_ZONE_SLACK - slack, when.end + UNKNOWN_ZONE_SLACK + slack
    shift = timedelta(hours=round(place.lon / 15))
    return when.start - shift - ZONE_SLACK - slack, when.end - shift + ZONE_SLACK + slack


def _shared(a: tuple[datetime, datetime], b: tuple[datetime, datetime]) -> float:
    """The share of the shorter span that lies in the other one."""
    common = min(a[1], b[1]) - max(a[0], b[0])
    shorter = min(a[1] - a[0], b[1] - b[0])
    if not shorter:
        return 1.0 if common >= timedelta(0) else 0.0
    return max(timedelta(0), common) / shorter


def direction_part(a: Slots, b: Slots) -> Part:
    """A hits B is not B hits A. Another culprit is a reason against, not a veto: each side blames the other."""
    if a.actor and a.target and a.actor != a.target and (a.actor, a.target) == (b.target, b.actor):
        return Part("direction", 0.0, f"{a.actor} on {a.target} against the reverse", veto=True)
    vague = (a.update or b.update) and a.actor != b.actor and UNSPECIFIC & {a.actor, b.actor}
    culprits = 0.0 if vague else _agreement(a.actor, b.actor, 0.5, -4.0)
    return Part("direction", culprits + _agreement(a.target, b.target, 0.5, -0.7), "who and whom")


def weapon_part(a: Slots, b: Slots) -> Part:
    """Weapons are told loosely: a weak reason."""
    return Part("weapon", _agreement(a.weapon, b.weapon, 0.3, -0.3), "weapon")


def _agreement(a: str | None, b: str | None, same: float, other: float) -> float:
    if not a or not b:
        return 0.0
    return same if a == b else other


def toll_part(a: Slots, b: Slots) -> Part:
    """Equal tolls speak for one happening, tolls of another order against it; a toll that grew says little.

    An update is told for its other toll: there only one of another order speaks against it.
    """
    points = _two_tolls(a.killed, b.killed) + _two_tolls(a.injured, b.injured) / 2
    if points < 0 and (a.update or b.update):
        return Part("toll", min(0.0, points + UPDATED), "casualties, updated")
    return Part("toll", points, "casualties")


def _two_tolls(a: CasualtyBand | None, b: CasualtyBand | None) -> float:
    if a is None or b is None:
        return 0.0
    if a.min == b.min and (a.max == b.max or None in (a.max, b.max)):  # "at least six" and "six"
        return 1.5 if a.min >= 3 else 0.7 if a.min else NOBODY_TWICE
    low, high = sorted((a, b), key=lambda band: band.min)
    if low.max is None or high.min <= low.max:
        return 0.3 if high.min <= 2 * (low.min + 1) else 0.0
    growth = (high.min + 1) / (low.max + 1)
    return -0.3 if growth <= 2 else -0.8 if growth <= 4 else -1.8


def text_part(a: Slots, b: Slots) -> Part:
    """One text is one telling, unless it names another place or culprit: then it is a template, filled in anew."""
    likeness = max((similarity(x, y) for x in a.signatures for y in b.signatures), default=0.0)
    if likeness < NEAR_COPY:
        return Part("text", 0.0, "another text")
    elsewhere = a.place and b.place and alike(a.place.name, b.place.name) is Alike.OTHER
    if elsewhere or (a.actor and b.actor and a.actor != b.actor):
        return Part("text", -1.5, "same text filled in otherwise")
    return Part("text", 2.0, "same text")
