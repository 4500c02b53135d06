"""An event on its way to its record: what the stages after reading hand to each other."""

from dataclasses import dataclass
from typing import NamedTuple

from schemas.event import Assertion, CasualtyBand, Kind, Novelty, Phase, TimeSpan
from services.nlp.actors import NamedAt
from services.nlp.effective import Effective
from services.nlp.placed import Placed
from services.nlp.read import HAPPENED, Mention
from services.nlp.tolls import Toll


class Claimant(NamedTuple):
    """Who says so, and where the report names them."""

    start: int
    end: int
    text: str
    in_title: bool
    rule: str = "attribution"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was resolved of a mention, or of several merged."""

    mention: Mention
    placed: Placed | None
    own_place: bool
    """Whether the place stands in the mention's own sentence."""
    occurred: TimeSpan | None
    time_at: tuple[int, int, bool] | None
    """Where the report gives the time; the third says whether in its title."""
    own_time: bool
    effective: Effective
    tolls: tuple[Toll, ...]
    actor: NamedAt | None
    target: NamedAt | None
    weapon: NamedAt | None
    claimants: tuple[Claimant, ...]
    assertion: Assertion
    novelty: Novelty
    body_length: int = 0
    """Characters of the report's body."""
    others: tuple[Mention, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether the report tells it as something that happened now."""
        return self.novelty is not Novelty.BACKGROUND and self.assertion in HAPPENED

    @property
    def kind(self) -> Kind:
        return self.mention.kind

    @property
    def phase(self) -> Phase | None:
        return self.mention.phase


def band_of(draft: Draft, name: str) -> CasualtyBand | None:
    """The first toll of that name that is no sum over many incidents."""
    return next((t.band for t in draft.tolls if t.field == name and not t.band.cumulative), None)


def deaths_differ(a: Draft, b: Draft) -> bool:
    """Whether two tellings count the dead so that both cannot be right."""
    x, y = band_of(a, "killed"), band_of(b, "killed")
    return bool(x and y and (x.min > (y.max or 10**9) or y.min > (x.max or 10**9)))
