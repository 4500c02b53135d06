"""All generated files: takes the code, gives path and text of each; writes those that differ."""

import json
import tomllib
from pathlib import Path

from schemas.topics import TOPICS
from services.cli.docs.asyncapi import asyncapi_document
from services.cli.docs.configuration import configuration_page, env_example
from services.cli.docs.flow import topics_table
from services.cli.docs.json_schemas import JsonObject, topic_schema
from services.cli.docs.metrics_page import metrics_page
from services.cli.stack.layout import PROJECT

SCHEMAS = Path("docs/schemas")
BEGIN, END = "<!-- topics: made by `make docs` -->", "<!-- /topics -->"


class MarkersMissingError(Exception):
    """A page has lost the markers between which a generated block stands."""


def pages(root: Path = PROJECT) -> dict[Path, str]:
    """Every generated file, relative to the project, with the text that it should have."""
    made = {SCHEMAS / f"{topic.name}.json": as_text(topic_schema(topic)) for topic in TOPICS}
    return made | {
        Path("docs/asyncapi.yaml"): asyncapi_document(project_version(root)),
        Path("docs/configuration.md"): configuration_page(),
        Path("docs/metrics.md"): metrics_page(),
        Path(".env.example"): env_example(),
        Path("README.md"): with_block(root / "README.md", topics_table()),
    }


def stale(root: Path = PROJECT) -> list[Path]:
    """The generated files whose committed text is not what the code says; schemas of topics that are no more too."""
    made = pages(root)
    differing = [path for path, text in made.items() if _read(root / path) != text]
    return differing + [path for path in _schema_files(root) if path not in made]


def write(root: Path = PROJECT) -> list[Path]:
    """Make all files true; gives those that changed."""
    changed = stale(root)
    made = pages(root)
    for path in changed:
        if path in made:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(made[path], encoding="utf-8")
        else:
            (root / path).unlink()
    return changed


def as_text(document: JsonObject) -> str:
    """JSON as it is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def project_version(root: Path = PROJECT) -> str:
    """From `pyproject.toml`, so that it needs no installation."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def with_block(page: Path, block: str) -> str:
    """The page with `block` between its markers; raises `MarkersMissingError`."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise MarkersMissingError(
            f"{page.name} has no {BEGIN} ... {END}: put both back, then run `make docs`"
        )
    return f"{before}{BEGIN}\n{block}\n{END}{after}"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _schema_files(root: Path) -> list[Path]:
    return sorted(path.relative_to(root) for path in (root / SCHEMAS).glob("*.json"))
