"""`docs/configuration.md` and `.env.example`: takes the settings classes, gives every variable with its default."""

import importlib
import inspect
import json
from collections.abc import Iterator

from pydantic_settings import BaseSettings

from services.cli.docs.json_schemas import JsonObject
from services.cli.stack.layout import PROJECT
from services.cli.supervise.settings import UpSettings
from services.common.settings import CommonSettings

FLOW = ("ingest", "nlp", "dedup", "alerting")
"""The services, in the order of the flow."""

_HEAD = """\
# Configuration

Made from the settings classes by `make docs`; do not edit.

Settings come from the environment alone. Where it says *secret*, and for every other setting of a service too,
`<NAME>_FILE` may name a file that holds the value instead, which is how secrets are mounted into containers.
A setting that is missing or wrong stops the service at its start with a line that names the setting.
"""

_ENV_HEAD = """\
# Every setting with its default (docs/configuration.md says what each means). Made by `make docs`.
# No service reads this file by itself. Copy it to .env, take out the # of what you change, and load it into the shell
# that starts things: set -a; . ./.env; set +a   (docker compose reads .env too, for what docker-compose.yml names.)
"""


def configuration_page() -> str:
    """The page: what all services share, then what each adds, then the local stack."""
    parts = [_HEAD, _section("Every service", CommonSettings, frozenset())]
    shared = frozenset(CommonSettings.model_fields)
    parts += [_section(f"`{name}`", cls, shared) for name, cls in service_settings()]
    parts.append(_section("The local stack (`make run`, `tocsin up`, the tests)", UpSettings, frozenset()))
    return "\n".join(parts)


def env_example() -> str:
    """All settings as comments, `NAME=default`."""
    shared = frozenset(CommonSettings.model_fields)
    groups: list[tuple[str, type[BaseSettings], frozenset[str]]] = [
        ("every service", CommonSettings, frozenset())
    ]
    groups += [(name, cls, shared) for name, cls in service_settings()]
    seen = shared | {name for _, cls, _ in groups for name in cls.model_fields}
    groups.append(("the local stack", UpSettings, seen))
    return _ENV_HEAD + "".join(_env_group(*group) for group in groups)


def service_settings() -> Iterator[tuple[str, type[CommonSettings]]]:
    """The settings class of each service, by the service's name."""
    for name in (name for name in FLOW if (PROJECT / "services" / name / "settings.py").exists()):
        module = importlib.import_module(f"services.{name}.settings")
        for _, cls in inspect.getmembers(module, inspect.isclass):
            if issubclass(cls, CommonSettings) and cls.__module__ == module.__name__:
                yield name, cls


def _section(title: str, cls: type[BaseSettings], without: frozenset[str]) -> str:
    rows = [_row(name, schema) for name, schema in _own_fields(cls, without)]
    if not rows:
        return f"## {title}\n\nNothing of its own.\n"
    table = ["| variable | kind | default | meaning |", "|---|---|---|---|", *rows]
    return f"## {title}\n\n" + "\n".join(table) + "\n"


def _own_fields(cls: type[BaseSettings], without: frozenset[str]) -> Iterator[tuple[str, JsonObject]]:
    """Fields that `without` does not have, or that have another default than in `CommonSettings`."""
    schemas = cls.model_json_schema()["properties"]
    for name, field in cls.model_fields.items():
        changed = name in CommonSettings.model_fields and (
            field.default != CommonSettings.model_fields[name].default
        )
        if name not in without or (changed and issubclass(cls, CommonSettings)):
            yield name.upper(), schemas.get(name) or schemas[field.alias or name]


def _row(name: str, schema: JsonObject) -> str:
    meaning = " ".join(str(schema.get("description", "")).split())
    default = _default(schema)
    cell = f"`{default}`" if default is not None else ("*required*" if "default" not in schema else "unset")
    return f"| `{name}` | {_kind(schema)} | {cell} | {_escape(meaning)} |"


def _kind(schema: JsonObject) -> str:
    one = next((s for s in schema.get("anyOf", ()) if s.get("type") != "null"), schema)
    if "enum" in one:
        return "one of " + ", ".join(f"`{value}`" for value in one["enum"])
    if one.get("writeOnly"):
        return "secret"
    names = {"integer": "whole number", "boolean": "`true` or `false`", "array": "JSON list"}
    kind = names.get(one.get("type", ""), "number" if one.get("type") == "number" else "text")
    return kind + _bounds(one)


def _bounds(schema: JsonObject) -> str:
    words = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    told = [f"{sign} {schema[name]:g}" for name, sign in words.items() if name in schema]
    return f" ({', '.join(told)})" if told else ""


def _default(schema: JsonObject) -> str | None:
    """As one would write it in the environment; a path of this checkout is told relative to it."""
    value = schema.get("default")
    if value is None or value == "":
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    return text.replace(f"{PROJECT}/", "")


def _escape(text: str) -> str:
    return text.replace("|", "\\|")


def _env_group(title: str, cls: type[BaseSettings], without: frozenset[str]) -> str:
    fields = list(_own_fields(cls, without))
    if not fields:
        return ""
    return f"\n# {title}\n" + "".join(f"#{name}={_default(schema) or ''}\n" for name, schema in fields)
