"""Shows an alert to a person: the body of a webhook in, a card on a terminal out, plain lines elsewhere."""

from datetime import datetime
from typing import Self

from pydantic import Field, ValidationError, model_validator
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from schemas.base import Model, UtcDatetime, describe
from services.alerting.wording import clean

_COLOURS = {"flash": "bold white on red", "urgent": "bold black on yellow", "routine": "bold white on blue"}
_MAX_SHOWN = 3
_LINE = 400


class _Source(Model):
    origin: str
    url: str | None = None
    publisher: str | None = None


class _Quote(Model):
    quote: str


class _Map(Model):
    osm: str


class _Incident(Model):
    id: str
    version: int
    status: str


class _Health(Model):
    id: str


class _Data(Model):
    alert_id: str
    subscription_id: str
    severity: str
    headline: str
    summary: str
    previous_version: int | None = None
    incident: _Incident | None = None
    source: _Health | None = None
    source_count: int = 0
    sources: tuple[_Source, ...] = ()
    evidence: tuple[_Quote, ...] = ()
    map: _Map | None = Field(default=None)

    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        if self.incident is None and self.source is None:
            raise ValueError("tells of no incident and of no source")
        return self


class AlertBody(Model):
    """What a card shows of a webhook's body."""

    type: str
    timestamp: UtcDatetime
    data: _Data


class NoAlertError(ValueError):
    """The body is not that of an alert; the text says which field is wrong."""


def parse(body: bytes) -> AlertBody:
    """Read a webhook's body; raises `NoAlertError`."""
    try:
        return AlertBody.model_validate_json(body)
    except ValidationError as error:
        raise NoAlertError(describe(error)) from None


def show(console: Console, alert: AlertBody, received_at: datetime) -> None:
    """Print one alert: a card on a terminal, a few plain lines without one."""
    if console.is_terminal:
        console.print(card(alert, received_at))
    else:
        for line in plain(alert, received_at):
            # a line is never wrapped: it may be grepped
            console.print(Text(line), soft_wrap=True)


def card(alert: AlertBody, received_at: datetime) -> RenderableType:
    """The card. All text is data: nothing in it is read as markup."""
    data = alert.data
    title = Text(f" {data.severity.upper()} ", style=_COLOURS.get(data.severity, "bold"))
    title.append(f" {alert.type} ", style="not bold default on default")
    parts = [Text(clean(data.headline, _LINE), style="bold"), Text(clean(data.summary, 2 * _LINE))]
    parts += [Text(line, style="italic") for line in _quotes(data)]
    parts += [Text(line, style="cyan") for line in _links(data)]
    parts.append(Text(_ids(data), style="dim"))
    subtitle = Text(_latency(alert, received_at), style="green")
    return Panel(Group(*parts), title=title, title_align="left", subtitle=subtitle, subtitle_align="right")


def plain(alert: AlertBody, received_at: datetime) -> list[str]:
    """The same without a terminal: the first line alone says what happened."""
    data = alert.data
    first = (
        f"ALERT {data.severity} {alert.type} {clean(data.headline, _LINE)} [{_latency(alert, received_at)}]"
    )
    rest = [clean(data.summary, 2 * _LINE), *_quotes(data), *_links(data), _ids(data)]
    return [first, *(f"  {line}" for line in rest)]


def _latency(alert: AlertBody, received_at: datetime) -> str:
    """From the moment that the alert tells of: as a rule the arrival of the report."""
    seconds = (received_at - alert.timestamp).total_seconds()
    if alert.data.incident is None:
        return f"{seconds / 60:.0f} min later"
    return f"{seconds:.2f} s after the report arrived" if seconds < 120 else f"after {seconds / 60:.0f} min"


def _quotes(data: _Data) -> list[str]:
    return [f"“{clean(each.quote, _LINE)}”" for each in data.evidence[:_MAX_SHOWN]]


def _links(data: _Data) -> list[str]:
    lines = [clean(f"{s.origin}: {s.url or s.publisher or ''}", _LINE) for s in data.sources[:_MAX_SHOWN]]
    if data.source_count > len(lines):
        lines.append(f"and {data.source_count - len(lines)} more")
    return lines + ([f"map: {clean(data.map.osm, _LINE)}"] if data.map else [])


def _ids(data: _Data) -> str:
    incident = data.incident
    if incident is None:
        source = data.source.id if data.source else ""
        return clean(f"source {source} · {data.alert_id} · to {data.subscription_id}", _LINE)
    since = f", last told {data.previous_version}" if data.previous_version else ""
    told = f"{incident.id} version {incident.version} ({incident.status}{since})"
    return clean(f"{told} · {data.alert_id} · to {data.subscription_id}", _LINE)
