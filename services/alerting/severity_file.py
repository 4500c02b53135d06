"""Reads another severity rule from a YAML file: path in, rule out, or every problem with its field."""

from pathlib import Path

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from services.alerting.draft import problems_of
from services.alerting.severity import SeverityRule


class SeverityFileError(Exception):
    """The file cannot be used; the text names it, and the field of each problem."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class _Rule(SeverityRule):
    """The rule, checked: an unknown field is a typing error."""


def load_rule(path: Path | None) -> SeverityRule:
    """The file's rule: what it names instead of the default, the rest as it is. Raises `SeverityFileError`."""
    if path is None:
        return SeverityRule()
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SeverityFileError(
            f"{path}: cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})"
        ) from None
    except yaml.YAMLError:
        raise SeverityFileError(f"{path}: not YAML") from None
    try:
        return TypeAdapter(_Rule).validate_python(raw or {})
    except ValidationError as error:
        raise SeverityFileError("\n".join(f"{path}: {problem}" for problem in problems_of(error))) from None
