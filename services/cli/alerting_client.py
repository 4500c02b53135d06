"""Speaks to the running alerting service: a request in, its answer out, or its problem as one readable error."""

import os
from typing import Any

import httpx

from services.cli.errors import CliError, UsageError
from services.cli.output import printable

URL_VARIABLE, KEY_VARIABLE = "TOCSIN_ALERTING_URL", "TOCSIN_API_KEY"
DEFAULT_URL = "http://127.0.0.1:8004"
TIMEOUT_SECONDS = 60.0


def call(method: str, path: str, body: object = None) -> Any:
    """The answer's JSON; None where it has no body. Raises `UsageError` for what was wrong, `CliError` for the rest."""
    base = os.environ.get(URL_VARIABLE) or DEFAULT_URL
    key = os.environ.get(KEY_VARIABLE)
    headers = {"authorization": f"Bearer {key}"} if key else {}
    try:
        answer = httpx.request(
            method,
            base.rstrip("/") + path,
            json=body,
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CliError(
            f"alerting at {base} cannot be reached: {type(error).__name__}. Is it running (`tocsin up` starts it), "
            f"and is {URL_VARIABLE} right?"
        ) from None
    if answer.is_success:
        return answer.json() if answer.content else None
    raise _told(answer)


def _told(answer: httpx.Response) -> CliError:
    try:
        problem = answer.json()
        detail, errors = str(problem["detail"]), problem.get("errors", [])
    except (ValueError, KeyError, TypeError):
        return CliError(f"alerting answered {answer.status_code}, which this command does not understand")
    fields = "".join(f"\n  {one['field']}: {one['message']}" for one in errors)
    hint = f" ({KEY_VARIABLE} holds the key)" if answer.status_code in (401, 403) else ""
    text = f"{printable(detail)}{hint}" + "\n".join(map(printable, fields.split("\n")))
    return UsageError(text) if answer.status_code == 422 else CliError(text)
