"""Reads subscriptions from a YAML file: path in, endpoints out, or every problem with its place in the file."""

import os
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BeforeValidator, SecretStr

from services.alerting.draft import Draft, DraftError, DraftTarget, FieldProblem, drafted, listed, refuse_http
from services.alerting.endpoint import Endpoint
from services.alerting.formats import FORMATS
from services.alerting.signing import SecretError, check_secret


class SubscriptionsError(Exception):
    """The file cannot be used; the text names file, item and field of each problem, and never a secret."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))
        self.problems = tuple(problems)


class _Target(DraftTarget):
    """`target:`; each kind of secret may be one or a list, and all of them sign."""

    secret_env: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    secret_file: Annotated[tuple[Path, ...], BeforeValidator(listed)] = ()


class _Item(Draft):
    """One subscription as the file has it."""

    target: _Target


class Loader(yaml.SafeLoader):
    """YAML 1.1 reads `NO` as false and would lose Norway: here only true and false are booleans."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def load(
    path: Path, environment: Mapping[str, str] | None = None, *, allow_http: bool = False
) -> tuple[Endpoint, ...]:
    """All subscriptions of the file, in its order. Raises `SubscriptionsError` with all problems at once."""
    problems: list[str] = []
    endpoints: list[Endpoint] = []
    for number, raw in enumerate(_items(path), start=1):
        where = _name_of(raw, number)
        if not isinstance(raw, dict):
            problems.append(f"{where}: must be a mapping with id and target")
            continue
        try:
            endpoints.append(_endpoint(drafted(_Item, raw), path, environment, allow_http))
        except DraftError as error:
            problems += [f"{where}: {problem}" for problem in error.problems]
    counted = Counter(endpoint.id for endpoint in endpoints)
    problems += [f"id {name!r} is given {times} times" for name, times in counted.items() if times > 1]
    if problems:
        raise SubscriptionsError(path, problems)
    return tuple(endpoints)


def secret_files(path: Path) -> tuple[Path, ...]:
    """The files that the list's secrets come from, so that a rotation there is seen; none if it is unreadable."""
    try:
        items = [drafted(_Item, raw) for raw in _items(path)]
    except (SubscriptionsError, DraftError):
        return ()
    return tuple(path.parent / name for item in items for name in item.target.secret_file)


def _items(path: Path) -> list[object]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise SubscriptionsError(path, [f"cannot be read ({error.strerror})"]) from None
    except UnicodeDecodeError:
        raise SubscriptionsError(path, ["is not UTF-8"]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise SubscriptionsError(path, [f"line {line}: not YAML ({error.problem})"]) from None
    except yaml.YAMLError:
        raise SubscriptionsError(path, ["not YAML"]) from None
    if not isinstance(document, dict) or set(document) != {"subscriptions"}:
        raise SubscriptionsError(path, ["must hold one key, `subscriptions`, with a list"])
    items = document["subscriptions"]
    if items is not None and not isinstance(items, list):
        raise SubscriptionsError(path, ["subscriptions: must be a list"])
    return items or []


def _name_of(raw: object, number: int) -> str:
    name = raw.get("id") if isinstance(raw, dict) else None
    return f"item {number} ({name})" if isinstance(name, str) else f"item {number}"


def _endpoint(item: _Item, path: Path, environment: Mapping[str, str] | None, allow_http: bool) -> Endpoint:
    target = item.target
    if not allow_http:
        refuse_http(item)
    secrets = _secrets(target, path.parent, os.environ if environment is None else environment)
    return Endpoint(item.subscription(), secrets, tuple(target.headers.items()))


def _secrets(target: _Target, folder: Path, environment: Mapping[str, str]) -> tuple[SecretStr, ...]:
    found = list(target.secret)
    for variable in target.secret_env:
        if not environment.get(variable):
            raise _problem("target.secret_env", f"the environment variable {variable} is not set")
        found.append(_checked(f"target.secret_env ({variable})", environment[variable]))
    for name in target.secret_file:
        try:
            text = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not UTF-8"
            raise _problem("target.secret_file", f"{name} cannot be read ({reason})") from None
        found.append(_checked(f"target.secret_file ({name})", text))
    if not found and FORMATS[target.format].signed:
        raise _problem("target", "needs secret, secret_env or secret_file to sign with")
    return tuple(found)


def _checked(where: str, text: str) -> SecretStr:
    try:
        return check_secret(text)
    except SecretError as error:
        raise _problem(where, str(error)) from None


def _problem(field: str, message: str) -> DraftError:
    return DraftError([FieldProblem(field, message)])
