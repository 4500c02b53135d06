"""The lexicons' files: names in, what the YAML says out."""

from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"


def read_yaml(name: str) -> Any:
    """One data file of this package, parsed."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (a safe loader)
