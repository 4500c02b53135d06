"""`conflict.subscription.v1`: who wants to hear of what, and where the alerts go."""

from typing import Annotated, Literal, Self, TypeVar

from pydantic import ConfigDict, Discriminator, Field, PlainSerializer, StringConstraints, model_validator

from schemas.alert import Severity
from schemas.base import Model, Record, UtcDatetime
from schemas.event import Kind, Phase
from schemas.incident import ChangeType, Status

CountryCode = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
LanguageCode = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
SubscriptionId = Annotated[str, StringConstraints(pattern="^[a-z0-9][a-z0-9_-]{0,63}$")]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]

T = TypeVar("T", bound=str)
Set = Annotated[frozenset[T], PlainSerializer(sorted, when_used="json")]
"""Written in order: Python's own changes from run to run, and the same record must give the same bytes."""

DEFAULT_CHANGES = frozenset(ChangeType) - {ChangeType.SOURCE_ADDED}
"""A copy adds a source; by default that alerts nobody."""


class Target(Model):
    """Where alerts go, and how they are signed."""

    url: str
    format: str = "standard"
    """`standard`: Standard Webhooks 1.0.0; `slack`: a Slack incoming webhook."""
    secrets_encrypted: tuple[str, ...] = ()
    """Signing secrets, encrypted; several during a rotation. Never in clear on a topic."""
    headers: dict[str, str] = Field(default_factory=dict)
    headers_encrypted: dict[str, str] = Field(default_factory=dict)
    """Further request headers, their values encrypted: they may be credentials."""


class Near(Model):
    """A circle on the ground."""

    lat: Latitude
    lon: Longitude
    radius_km: Annotated[float, Field(gt=0, le=20_038, allow_inf_nan=False)]
    """Kilometres; half of the equator is the most."""


Position = tuple[Longitude, Latitude]
"""Longitude first, as GeoJSON has it."""
Ring = Annotated[tuple[Position, ...], Field(min_length=4, max_length=5_000)]
Rings = Annotated[tuple[Ring, ...], Field(min_length=1, max_length=100)]


class Polygon(Model):
    """A GeoJSON geometry (RFC 7946): the outer ring, then the holes in it; each ring closed."""

    type: Literal["Polygon"]
    coordinates: Rings


class MultiPolygon(Model):
    """A GeoJSON geometry of several polygons; also for what crosses the antimeridian, cut there."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[tuple[Rings, ...], Field(min_length=1, max_length=100)]


Area = Annotated[Polygon | MultiPolygon, Discriminator("type")]
BoundingBox = tuple[Longitude, Latitude, Longitude, Latitude]
"""West, south, east, north, as GeoJSON has it; west above east crosses the antimeridian."""


class Conditions(Model):
    """What may be asked of an incident. One that is left empty asks nothing."""

    kinds: Set[Kind] = frozenset()
    phases: Set[Phase] = frozenset()
    countries: Set[CountryCode] = frozenset()
    theatres: Set[str] = frozenset()
    min_killed: Annotated[int, Field(ge=0)] = 0
    """By the lower end of the toll."""
    min_status: Status | None = None
    min_casualties: Annotated[int, Field(ge=0)] = 0
    """Killed and injured together, by the lower ends of their tolls."""
    severities: Set[Severity] = frozenset()
    near: Near | None = None
    bbox: BoundingBox | None = None
    area: Area | None = None
    actors: Set[Name] = frozenset()
    """Who acts: a normalised name, or words of the text's own."""
    targets: Set[Name] = frozenset()
    """Who or what is hit, in the same way."""
    weapons: Set[Name] = frozenset()
    languages: Set[LanguageCode] = frozenset()
    """ISO 639 codes; one of the incident's reports is in one of them."""
    sources: Set[Name] = frozenset()
    """Names or web domains; one of the incident's reports comes from one of them."""

    @model_validator(mode="after")
    def _box_stands_upright(self) -> Self:
        if self.bbox is not None and self.bbox[1] > self.bbox[3]:
            raise ValueError("bbox: south lies above north; the order is west, south, east, north")
        return self


class Filters(Conditions):
    """All that are given must hold; an empty one lets everything through."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)

    changes: Set[ChangeType] = DEFAULT_CHANGES
    include_unplaced: bool = True
    sources_denied: Set[Name] = frozenset()
    """Reports from these do not count: what only they tell is passed over."""
    silent_sources: bool = False
    """Hear, too, of sources that fall silent and are heard of again: of `sources` alone where these are given."""
    negated: Conditions | None = Field(None, alias="not")
    """None of these may hold."""


class Rules(Model):
    """How alerts are sent."""

    hold_seconds: Annotated[int, Field(ge=0, le=6 * 3600)] = 0
    """How long an unconfirmed incident's first alert waits for corroboration before it is sent anyway."""
    max_per_hour: Annotated[int, Field(ge=1)] | None = None
    """Alerts sent in any hour; those beyond are told together in one digest when the hour is over."""


class Subscription(Record):
    """One subscription. A null value on the topic removes it."""

    id: SubscriptionId
    version: Annotated[int, Field(ge=1)] = 1
    name: str
    target: Target
    filters: Filters = Filters()
    rules: Rules = Rules()
    enabled: bool = True
    disabled_reason: str | None = None
    updated_at: UtcDatetime | None = None
