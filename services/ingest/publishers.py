"""Whose an article is: the host of its URL in, its publisher and the publisher's house out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from services.ingest.data_files import read_yaml


@dataclass(frozen=True, slots=True)
class Publisher:
    """An outlet. Outlets of one family count as one origin."""

    name: str
    family: str


def publisher_of(host: str) -> Publisher | None:
    """The publisher at a host, or at the nearest domain above it; None where nobody is known there."""
    labels = host.lower().split(".")
    domains = _by_domain()
    for start in range(len(labels) - 1):
        if found := domains.get(".".join(labels[start:])):
            return found
    return None


def publisher_named(name: str) -> Publisher | None:
    """The publisher of that name, however it is capitalised."""
    return _by_name().get(name.casefold())


@cache
def _by_domain() -> Mapping[str, Publisher]:
    entries = read_yaml("publishers.yaml")["publishers"]
    return {domain: Publisher(one["name"], one["family"]) for one in entries for domain in one["domains"]}


@cache
def _by_name() -> Mapping[str, Publisher]:
    return {publisher.name.casefold(): publisher for publisher in _by_domain().values()}
