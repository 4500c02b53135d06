"""Reports in batches to ingest's HTTP door, what became of each out; waits where the door asks for it."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import httpx
from pydantic import BaseModel, ValidationError

from services.cli.errors import CliError
from services.cli.reports import Told

BATCH_REPORTS = 100
BATCH_BYTES = 4 * 1024 * 1024
TRIES = 8
LONGEST_WAIT_SECONDS = 30.0
TIMEOUT = httpx.Timeout(60.0, connect=5.0)

COME_BACK: dict[int, str] = {
    httpx.codes.SERVICE_UNAVAILABLE: "ingest cannot store now",
    httpx.codes.TOO_MANY_REQUESTS: "this key has sent its share",
}

Outcome = Literal["accepted", "known", "refused"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one report."""

    where: str
    outcome: Outcome
    reason: str = ""


class _Receipt(BaseModel):
    item: int
    status: Literal["accepted", "known"]


class _ItemError(BaseModel):
    item: int
    field: str
    message: str


class _Answer(BaseModel):
    reports: list[_Receipt] = []
    refused: list[_ItemError] = []


class _Problem(BaseModel):
    detail: str = ""
    errors: list[_ItemError] = []


@dataclass
class Poster:
    """Posts to one door."""

    client: httpx.Client
    url: str
    sleep: Callable[[float], None] = time.sleep
    waited: Callable[[str], None] = field(default=lambda _: None)
    """Told why a batch waits."""

    def post(self, reports: Iterable[Told]) -> Iterator[Result]:
        """What became of every report, in order. Raises `CliError` when the door stays shut."""
        for batch in batches(reports):
            yield from self._post_batch(batch)

    def _post_batch(self, batch: Sequence[Told]) -> Iterator[Result]:
        sent = [told for told in batch if told.problem is None]
        answers = iter(self._results(sent) if sent else ())
        for told in batch:
            yield next(answers) if told.problem is None else Result(told.where, "refused", told.problem)

    def _results(self, sent: Sequence[Told]) -> list[Result]:
        response = self._answered(b"".join(map(_line, sent)))
        try:
            if response.status_code == httpx.codes.ACCEPTED:
                return _results(sent, _Answer.model_validate_json(response.content))
            problem = _Problem.model_validate_json(response.content)
        except ValidationError:
            raise CliError(
                f"{self.url} answered {response.status_code}, not in ingest's form: is it ingest's address?"
            ) from None
        if problem.errors:
            return _refused(sent, problem.errors, otherwise=problem.detail)
        raise CliError(f"{self.url} answered {response.status_code}: {problem.detail}")

    def _answered(self, body: bytes) -> httpx.Response:
        """The first answer that asks for no patience (429, 503); waits as told in between."""
        for attempt in range(1, TRIES + 1):
            response = self._sent(body)
            if response.status_code not in COME_BACK:
                return response
            if attempt < TRIES:
                wait = _retry_after(response)
                why = COME_BACK[response.status_code]
                self.waited(f"{why}; trying again in {wait:.0f} s ({attempt} of {TRIES - 1})")
                self.sleep(wait)
        raise CliError(
            f"{self.url} answered {response.status_code} {TRIES} times: {COME_BACK[response.status_code]}. "
            "See its /readyz for why; sending the same file again is harmless."
        )

    def _sent(self, body: bytes) -> httpx.Response:
        try:
            return self.client.post(
                f"{self.url}/v1/reports",
                params={"partial": "true"},
                content=body,
                headers={"content-type": "application/x-ndjson"},
                timeout=TIMEOUT,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise CliError(
                f"ingest at {self.url} cannot be reached: {type(error).__name__}: {error}. "
                "Is it running (`tocsin up`, `tocsin status`)? --url names another address."
            ) from None


def batches(reports: Iterable[Told]) -> Iterator[list[Told]]:
    """At most `BATCH_REPORTS` and about `BATCH_BYTES` at a time."""
    batch: list[Told] = []
    size = 0
    for told in reports:
        batch.append(told)
        size += len(_line(told))
        if len(batch) >= BATCH_REPORTS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _line(told: Told) -> bytes:
    return json.dumps(told.report, ensure_ascii=False).encode() + b"\n"


def _retry_after(response: httpx.Response) -> float:
    told = response.headers.get("retry-after", "")
    return min(float(told) if told.isdecimal() else 1.0, LONGEST_WAIT_SECONDS)


def _results(sent: Sequence[Told], answer: _Answer) -> list[Result]:
    results = _refused(sent, answer.refused, otherwise="ingest did not say what became of it")
    for receipt in answer.reports:
        results[receipt.item] = Result(sent[receipt.item].where, receipt.status)
    return results


def _refused(sent: Sequence[Told], errors: Sequence[_ItemError], otherwise: str) -> list[Result]:
    reasons: dict[int, list[str]] = {}
    for error in errors:
        reasons.setdefault(error.item, []).append(f"{error.field} {error.message}".strip())
    return [
        Result(told.where, "refused", "; ".join(reasons.get(place, [otherwise])))
        for place, told in enumerate(sent)
    ]
