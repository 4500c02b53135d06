"""What all records share: frozen models, UTC times, and the bytes that go on a topic."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
)


def to_utc(moment: datetime) -> datetime:
    """The same instant in UTC, so that equal instants have equal bytes."""
    return moment.astimezone(UTC)


def iso_utc(moment: datetime) -> str:
    """RFC 3339 in UTC with `Z`; fractions of a second only where there are any."""
    return to_utc(moment).isoformat().replace("+00:00", "Z")


UtcDatetime = Annotated[
    AwareDatetime,
    AfterValidator(to_utc),
    PlainSerializer(iso_utc, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant. Naive times are refused: a time without a zone is a guess."""


class Model(BaseModel):
    """A part of a record. Frozen; fields of a newer producer are ignored, never fatal."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class UndecodableError(ValueError):
    """The bytes on a topic are not the record that its schema promises."""


class Record(Model):
    """The value of a Kafka record. The same record always gives the same bytes."""

    def to_bytes(self) -> bytes:
        """Compact UTF-8 JSON in the order of the fields."""
        return self.model_dump_json().encode()

    @classmethod
    def from_bytes(cls, value: bytes) -> Self:
        """Read a record; raises `UndecodableError` naming the first offending field, never its content."""
        try:
            return cls.model_validate_json(value)
        except ValidationError as error:
            raise UndecodableError(describe(error)) from None


def describe(error: ValidationError, name: Callable[[str], str] = str) -> str:
    """The first three problems as `field.path: what is wrong`; nothing of the input, which may be secret."""
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    told = [f"{name('.'.join(map(str, p['loc'])) or 'value')}: {p['msg']}" for p in problems[:3]]
    more = len(problems) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more else "")
