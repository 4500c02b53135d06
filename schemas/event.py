"""`conflict.event.v1`: one event as one report tells it; or that a report's older events are superseded."""

from enum import StrEnum
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Discriminator, Field, RootModel, ValidationError, model_validator

from schemas.base import Model, Record, UndecodableError, UtcDatetime, describe

MAX_QUOTE = 280
"""Characters of a quote in evidence."""


class Kind(StrEnum):
    """What happened; the codes in ACLED, PLOVER and CAMEO follow from it."""

    AIR_STRIKE = "air_strike"  # drones included
    SHELLING = "shelling"  # artillery, rockets, missiles
    EXPLOSION = "explosion"  # IED, mine, car bomb, suicide bomb, grenade
    GROUND_CLASH = "ground_clash"
    ATTACK_ON_CIVILIANS = "attack_on_civilians"
    ABDUCTION = "abduction"
    CHEMICAL_ATTACK = "chemical_attack"
    TERRITORY_CHANGE = "territory_change"
    CEASEFIRE = "ceasefire"
    EVACUATION_WARNING = "evacuation_warning"
    INTERCEPTION = "interception"


class Phase(StrEnum):
    """What happens to a ceasefire."""

    CALLED_FOR = "called_for"
    PROPOSED = "proposed"
    DECLARED = "declared"  # one side announces
    AGREED = "agreed"
    IN_FORCE = "in_force"
    EXTENDED = "extended"
    VIOLATED = "violated"
    REJECTED = "rejected"
    ENDED = "ended"


class Assertion(StrEnum):
    """How the report vouches for the event."""

    ASSERTED = "asserted"
    ALLEGED = "alleged"  # a belligerent's or an unverified claim
    DENIED = "denied"
    PLANNED = "planned"
    THREATENED = "threatened"
    HYPOTHETICAL = "hypothetical"


class Novelty(StrEnum):
    """Whether the report tells the event as news."""

    NEW = "new"
    UPDATE = "update"  # adds to an incident told before
    BACKGROUND = "background"  # history, context, cumulative, told only as comparison


class TimePrecision(StrEnum):
    """How closely a text gives a time."""

    MINUTE = "minute"
    PART_OF_DAY = "part_of_day"
    DAY = "day"
    MONTH = "month"


class Verdict(NamedTuple):
    """Whether an event may ring the bell, and the rule that decided."""

    alert_worthy: bool
    rule: str


def judge(
    kind: Kind, phase: Phase | None, assertion: Assertion, novelty: Novelty, faint: bool = False
) -> Verdict:
    """The alert rule: the only place where it stands.

    Gates the first alert of an incident; updates of an incident already alerted do not ask it. `faint`: no sentence
    of the report tells the event plainly, so that it may join an incident and never rings by itself.
    """
    if faint:
        return Verdict(False, "told_faintly")
    if novelty is Novelty.BACKGROUND:
        return Verdict(False, "background")
    if assertion in (Assertion.ASSERTED, Assertion.ALLEGED):
        if kind is Kind.CEASEFIRE and phase in (Phase.CALLED_FOR, Phase.PROPOSED):
            return Verdict(False, "ceasefire_only_" + phase.value)
        return Verdict(True, "happened_" + assertion.value)
    if assertion is Assertion.PLANNED:
        if kind is Kind.EVACUATION_WARNING:
            return Verdict(True, "planned_evacuation_warning")
        if kind is Kind.CEASEFIRE and phase in (Phase.DECLARED, Phase.AGREED, Phase.EXTENDED):
            return Verdict(True, "planned_ceasefire_" + phase.value)
    return Verdict(False, "only_" + assertion.value)


class Place(Model):
    """Where. Empty rather than a guess; `radius_km` is the uncertainty around the point."""

    name: str
    within: str | None = None
    """The place that holds it, as the gazetteer knows it, where the gazetteer lacks the place itself: `name` is then
    the place as told, and coordinates and radius are those of the place that holds it."""
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    """ISO 3166 alpha-2, and XK."""
    admin1: str | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    geonames_id: int | None = None
    radius_km: Annotated[float, Field(ge=0)] = 0.0


class TimeSpan(Model):
    """When: from `start` to `end`, both UTC, as closely as the text says."""

    start: UtcDatetime
    end: UtcDatetime
    precision: TimePrecision

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError("end lies before start")
        return self


class CasualtyBand(Model):
    """A toll as a range of people: "at least 12" is 12 to no upper bound, "dozens" is 24 to 99."""

    min: Annotated[int, Field(ge=0)]
    best: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=0)] | None = None
    """None: no upper bound was told."""
    who: str | None = None
    """Whom the toll counts, as the text says: civilians, soldiers, children."""
    cumulative: bool = False
    """A toll over many incidents ("since 2011"); never an incident's."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max is not None and self.max < self.min:
            raise ValueError("max lies below min")
        return self


class Named(Model):
    """An actor, target or weapon: as the text has it, and the normalised name where it is known."""

    text: str
    name: str | None = None


class Evidence(Model):
    """The span of the report that a field rests on."""

    field: str
    """The field of the event, or `trigger`."""
    start: Annotated[int, Field(ge=0)]
    """Characters from the beginning of the report's text; of its title where `in_title` says so."""
    end: Annotated[int, Field(ge=0)]
    quote: Annotated[str, Field(max_length=MAX_QUOTE)]
    in_title: bool = False
    set_by: str | None = None
    """The stage or rule that set the field."""


class Codes(Model):
    """The same event in the field's ontologies, from one table (`schemas/codes.py`)."""

    acled_event_type: str
    acled_sub_event_type: str
    plover_type: str
    plover_mode: str | None = None
    cameo: str


class ReportRef(Model):
    """The report that tells an event: all that a reader needs without the report topic."""

    id: str
    revision: str
    url: str | None = None
    title: str | None = None
    source: str
    publisher: str | None = None
    publisher_family: str | None = None
    language: str | None = None
    published_at: UtcDatetime | None = None
    fetched_at: UtcDatetime


class ConflictEvent(Record):
    """One event as one report tells it, each field with its evidence."""

    record: Literal["event"] = "event"
    id: str
    report: ReportRef
    kind: Kind
    phase: Phase | None = None
    """Of a ceasefire; None for every other kind."""
    assertion: Assertion
    novelty: Novelty
    place: Place | None = None
    theatre: str
    occurred: TimeSpan | None = None
    effective_from: UtcDatetime | None = None
    effective_until: UtcDatetime | None = None
    killed: CasualtyBand | None = None
    injured: CasualtyBand | None = None
    displaced: CasualtyBand | None = None
    actor: Named | None = None
    target: Named | None = None
    weapon: Named | None = None
    claimants: tuple[str, ...] = ()
    origin: str
    """A key for whom the report relays; two reports with one key are one origin."""
    evidence: tuple[Evidence, ...]
    confidence: dict[str, float] = Field(default_factory=dict)
    """Field name to probability, 0 to 1."""
    reader: str
    """Versions of the model and the lexicons that read the report."""
    text_signature: str = ""
    """MinHash of the normalised report, hex; equal signatures mean the same text."""
    codes: Codes
    alert_worthy: bool
    alert_rule: str

    @model_validator(mode="after")
    def _phase_belongs_to_a_ceasefire(self) -> Self:
        if (self.phase is not None) != (self.kind is Kind.CEASEFIRE):
            raise ValueError("a ceasefire has a phase, and nothing else has one")
        return self


class Superseded(Record):
    """A report was revised: only `events` of its revision `revision` stand.

    Written to every partition, since the older events may lie on any.
    """

    record: Literal["superseded"] = "superseded"
    id: str
    report_id: str
    revision: str
    fetched_at: UtcDatetime
    """Of the revision that stands; older revisions are ignored from now on."""
    events: tuple[str, ...]


class EventRecord(RootModel[Annotated[ConflictEvent | Superseded, Discriminator("record")]]):
    """What `conflict.event.v1` carries: told apart by the field `record`."""

    @classmethod
    def parse(cls, value: bytes) -> ConflictEvent | Superseded:
        """Read either record; raises `UndecodableError` naming the offending field."""
        try:
            return cls.model_validate_json(value).root
        except ValidationError as error:
            raise UndecodableError(describe(error)) from None
