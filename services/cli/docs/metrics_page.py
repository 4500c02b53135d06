"""`docs/metrics.md`: takes the metrics of `services/common/metrics.py`, gives each with its labels and meaning."""

from prometheus_client import Counter, Histogram, Info
from prometheus_client.metrics import MetricWrapperBase

from services.common import metrics

_HEAD = """\
# Metrics

Made from `services/common/metrics.py` by `make docs`; do not edit. Every service serves them at `/metrics`; a
service counts only what it does, and leaves the other series out. The label `service` comes from the scrape
configuration (`deploy/prometheus/prometheus.yml`), where the alert rules are too (`deploy/prometheus/alerts.yml`).

| metric | kind | labels | meaning |
|---|---|---|---|
"""


def metrics_page() -> str:
    """The page, in the order of the module."""
    return _HEAD + "".join(_row(metric) for metric in metrics.ALL) + _buckets()


def sample_names() -> frozenset[str]:
    """Every name that a rule or a dashboard may ask for, a histogram's `_bucket`, `_sum` and `_count` included."""
    return frozenset(name for metric in metrics.ALL for name in _samples(metric))


def _samples(metric: MetricWrapperBase) -> list[str]:
    name = _name(metric)
    return (
        [name + suffix for suffix in ("_bucket", "_sum", "_count")]
        if isinstance(metric, Histogram)
        else [name]
    )


def _described(metric: MetricWrapperBase) -> tuple[str, str, str]:
    told = next(iter(metric.describe()))
    return told.name, told.type, told.documentation


def _name(metric: MetricWrapperBase) -> str:
    name, _, _ = _described(metric)
    suffix = "_total" if isinstance(metric, Counter) else "_info" if isinstance(metric, Info) else ""
    return name + suffix


def _labels(metric: MetricWrapperBase) -> tuple[str, ...]:
    return tuple(metric._labelnames)


def _row(metric: MetricWrapperBase) -> str:
    _, kind, meaning = _described(metric)
    labels = ", ".join(f"`{label}`" for label in _labels(metric))
    return f"| `{_name(metric)}` | {kind} | {labels} | {meaning} |\n"


def _buckets() -> str:
    rows = [
        f"* `{_name(metric)}`: {' '.join(f'{bound:g}' for bound in metric._kwargs['buckets'])}\n"
        for metric in metrics.ALL
        if isinstance(metric, Histogram)
    ]
    return "\n## Buckets, in seconds\n\n" + "".join(rows)
