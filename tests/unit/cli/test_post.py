"""Batches to ingest's door, and what became of each report."""

import json
from collections.abc import Callable

import httpx
import pytest

from services.cli.errors import CliError
from services.cli.post import BATCH_REPORTS, TRIES, Poster, batches
from services.cli.reports import Told


def poster(answer: Callable[[httpx.Request], httpx.Response], waits: list[float] | None = None) -> Poster:
    client = httpx.Client(transport=httpx.MockTransport(answer))
    return Poster(client, "http://ingest", sleep=(waits if waits is not None else []).append)


def told(count: int) -> list[Told]:
    return [Told(f"f:{place}", {"text": str(place)}) for place in range(count)]


def accept_all(request: httpx.Request) -> httpx.Response:
    count = len(request.content.splitlines())
    return httpx.Response(
        202, json={"reports": [{"item": place, "status": "accepted"} for place in range(count)]}
    )


def test_sends_in_batches_and_in_order() -> None:
    sizes = []

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["content-type"] == "application/x-ndjson"
        sizes.append(len(request.content.splitlines()))
        return accept_all(request)

    results = list(poster(answer).post(told(BATCH_REPORTS + 1)))
    assert sizes == [BATCH_REPORTS, 1]
    assert [result.where for result in results] == [one.where for one in told(BATCH_REPORTS + 1)]


def test_a_large_report_goes_alone() -> None:
    large = Told("f:1", {"text": "x" * 5_000_000})
    assert [len(batch) for batch in batches([large, large, *told(2)])] == [1, 1, 2]


def test_tells_the_refused_with_their_reasons_in_their_place() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        refused = [{"item": 1, "field": "text", "message": "is required"}]
        kept = [{"item": 0, "status": "known"}, {"item": 2, "status": "accepted"}]
        return httpx.Response(202, json={"reports": kept, "refused": refused})

    unreadable = Told("f:bad", None, "is not JSON")
    results = list(poster(answer).post([told(1)[0], unreadable, *told(2)]))
    assert [result.outcome for result in results] == ["known", "refused", "refused", "accepted"]
    assert [result.reason for result in results] == ["", "is not JSON", "text is required", ""]


def test_all_refused() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        errors = [{"item": 0, "field": "", "message": "must be an object"}]
        return httpx.Response(422, json={"detail": "2 of 2", "errors": errors})

    results = list(poster(answer).post(told(2)))
    assert [result.reason for result in results] == ["must be an object", "2 of 2"]


def test_waits_as_told_then_goes_on() -> None:
    waits: list[float] = []
    answers = iter([httpx.Response(503, headers={"retry-after": "7"}), httpx.Response(503, text="busy")])
    results = list(poster(lambda request: next(answers, None) or accept_all(request), waits).post(told(1)))
    assert [result.outcome for result in results] == ["accepted"]
    assert waits == [7, 1]


def test_gives_up_after_a_bounded_number_of_tries() -> None:
    waits: list[float] = []
    with pytest.raises(CliError, match="503"):
        list(poster(lambda _: httpx.Response(503, headers={"retry-after": "100000"}), waits).post(told(1)))
    assert len(waits) == TRIES - 1
    assert max(waits) == 30


@pytest.mark.parametrize(
    "response",
    [httpx.Response(404, text="<html>"), httpx.Response(202, text="hello"), httpx.Response(415, json={})],
)
def test_another_server_is_told_as_such(response: httpx.Response) -> None:
    with pytest.raises(CliError, match="http://ingest answered"):
        list(poster(lambda _: response).post(told(1)))


def test_no_server() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(CliError, match="cannot be reached"):
        list(poster(refuse).post(told(1)))


def test_sends_unicode_as_it_is() -> None:
    bodies = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return accept_all(request)

    list(poster(answer).post([Told("f", {"text": "Київ\n2"})]))
    assert json.loads(bodies[0]) == {"text": "Київ\n2"}
