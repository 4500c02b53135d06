"""`tocsin subscription`: who hears of what, over the pages of the running alerting service."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from services.alerting.subscriptions import Loader
from services.alerting.vault import new_key
from services.cli.alerting_client import call
from services.cli.errors import CliError, UsageError
from services.cli.moments import moment
from services.cli.output import remark, say, shortened, table

PAGES = "/v1/subscriptions"

app = typer.Typer(help="Say who hears of what: add, change and try subscriptions.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="The subscription's id: a-z, 0-9, _ and -.")]
File = Annotated[
    Path | None, typer.Option("--file", "-f", help="YAML or JSON with name, target, filters, rules, enabled.")
]
Url = Annotated[str | None, typer.Option(help="Where alerts go; the same as --set target.url=URL.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", metavar="FIELD=VALUE", help="One field, its value in YAML; may be repeated."),
]
AsJson = Annotated[bool, typer.Option("--json", help="The answer as JSON.")]
Since = Annotated[str, typer.Option(help="How far back: 30m, 24h, 7d, or a time with its offset.")]
KeepPrevious = Annotated[bool, typer.Option(help="Go on signing with the secret before, too.")]


@app.command()
def add(subscription_id: Id, url: Url = None, file: File = None, fields: Set = None) -> None:
    """Add a subscription. Its signing secret is printed once, and cannot be seen again.

    Example: tocsin subscription add desk --url https://alerts.example.org/tocsin --set filters.kinds=[air_strike]
    """
    saved = call("POST", PAGES, {**_written(url, file, fields), "id": subscription_id})
    remark(f"{subscription_id} was added; within a second it is in force")
    _show_secret(saved)


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """List all subscriptions, those of the file too.

    Example: tocsin subscription list
    """
    found = call("GET", PAGES)["subscriptions"]
    if as_json:
        say(json.dumps(found, ensure_ascii=False))
        return
    table(("id", "name", "target", "state", "kept in"), [_row(one) for one in found])


@app.command()
def show(subscription_id: Id) -> None:
    """Show one subscription as JSON, without its secrets.

    Example: tocsin subscription show desk
    """
    say(json.dumps(call("GET", f"{PAGES}/{subscription_id}"), ensure_ascii=False, indent=2))


@app.command()
def edit(subscription_id: Id, url: Url = None, file: File = None, fields: Set = None) -> None:
    """Change what is named and leave the rest; null takes a field out.

    Example: tocsin subscription edit desk --set filters.min_killed=3 --set filters.near=null
    Example: tocsin subscription edit desk --set enabled=true
    """
    changes = _written(url, file, fields)
    if not changes:
        raise UsageError("name what to change: --set FIELD=VALUE, --url or --file")
    changed = call("PATCH", f"{PAGES}/{subscription_id}", changes)
    remark(f"{subscription_id} was changed: version {changed['version']}")


@app.command()
def test(
    subscription_id: Id,
    since: Since = "24h",
    url: Url = None,
    file: File = None,
    fields: Set = None,
    as_json: AsJson = False,
) -> None:
    """Show what recent incidents would have sent. Sends and saves nothing.

    As it is saved; with --set as it would be if changed; with --file or --url the whole is taken from there.

    Example: tocsin subscription test desk --since 7d --set filters.min_killed=10
    """
    body: dict[str, Any] = {"since": moment(since, datetime.now(UTC)).isoformat()}
    written = _written(url, file, fields)
    if written:
        body["subscription" if url or file else "changes"] = written
    found = call("POST", f"{PAGES}/{subscription_id}/preview", body)
    if as_json:
        say(json.dumps(found, ensure_ascii=False))
        return
    columns = ("told at", "severity", "type", "headline", "incident")
    table(columns, [_alert_row(one) for one in found["alerts"]])
    remark(f"{found['alerts_count']} alerts of {found['versions']} incident versions since {found['since']}")
    if not found["complete"]:
        remark("there were more than one look may take: ask for a shorter time")


@app.command()
def rotate(subscription_id: Id, keep_previous: KeepPrevious = True) -> None:
    """Make a new signing secret, printed once. Both sign until the next rotation, so that receivers can follow.

    Example: tocsin subscription rotate desk
    """
    suffix = "" if keep_previous else "?keep_previous=false"
    _show_secret(call("POST", f"{PAGES}/{subscription_id}/secret{suffix}"))


@app.command()
def remove(subscription_id: Id) -> None:
    """Remove a subscription; what is pending for it goes to the dead letters.

    Example: tocsin subscription remove desk
    """
    call("DELETE", f"{PAGES}/{subscription_id}")
    remark(f"{subscription_id} was removed")


@app.command()
def key() -> None:
    """Print a fresh key for ALERTING_SECRET_KEY. To rotate: put it first, and the old one behind it after a comma.

    Example: tocsin subscription key
    """
    say(new_key())


def _written(url: str | None, file: Path | None, fields: list[str] | None) -> dict[str, Any]:
    """File, then options, as one tree."""
    tree = _from_file(file) if file else {}
    for field in [*([f"target.url={url}"] if url else []), *(fields or [])]:
        path, equals, text = field.partition("=")
        if not equals or not all(path.split(".")):
            raise UsageError(f"--set {path!r}: write FIELD=VALUE, as in filters.min_killed=3")
        _put(tree, path.split("."), _value(path, text))
    return tree


def _from_file(file: Path) -> dict[str, Any]:
    try:
        found = yaml.load(file.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a SafeLoader
    except (OSError, UnicodeDecodeError) as error:
        raise CliError(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}"
        ) from None
    except yaml.YAMLError:
        raise UsageError(f"{file} is not YAML") from None
    if not isinstance(found, dict):
        raise UsageError(f"{file} must hold a mapping with target, filters and so on")
    return found


def _value(path: str, text: str) -> Any:
    try:
        return yaml.load(text, Loader) if text else ""  # noqa: S506
    except yaml.YAMLError:
        raise UsageError(f"--set {path}: the value is not YAML") from None


def _put(tree: dict[str, Any], path: list[str], value: object) -> None:
    for name in path[:-1]:
        inner = tree.setdefault(name, {})
        if not isinstance(inner, dict):
            raise UsageError(f"--set {'.'.join(path)}: {name} is not a mapping")
        tree = inner
    tree[path[-1]] = value


def _show_secret(saved: dict[str, Any]) -> None:
    if saved.get("secret"):
        remark("its signing secret, which is shown this once:")
        say(saved["secret"])


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    state = "on" if one["enabled"] else f"off: {one['disabled_reason'] or 'by hand'}"
    return one["id"], one["name"], one["target"]["url"], one["problem"] or state, one["kept_in"]


def _alert_row(one: dict[str, Any]) -> tuple[str, ...]:
    incident = f"{one['incident_id']} v{one['incident_version']}"
    return one["told_at"], one["severity"], one["type"], shortened(one["headline"], 90), incident
