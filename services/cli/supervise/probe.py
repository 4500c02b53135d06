"""Asks a service's `/readyz`: a port in, ready or why not out."""

from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a service can work, and what it says about it."""

    ready: bool
    why: str = ""


def readiness(port: int, timeout_s: float = 2.0) -> Readiness:
    """Ask the service on this machine's `port`; one that does not answer is not ready."""
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=timeout_s, trust_env=False)
    except httpx.TransportError as error:
        return Readiness(False, f"does not answer ({type(error).__name__})")
    told = "; ".join(answer.text.split("\n")).strip("; ")
    return Readiness(answer.status_code == httpx.codes.OK, told)
