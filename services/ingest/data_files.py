"""Ingest's data files: a name in, what the YAML says out."""

from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"


def read_yaml(name: str) -> Any:
    """One data file of this package, parsed."""
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
