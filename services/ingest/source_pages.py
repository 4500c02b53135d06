"""`GET /v1/sources`: the health of this worker's sources out."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from pydantic import BaseModel

from schemas.source import SourceHealth
from services.common.api_keys import Scope
from services.ingest.keys import Gate


class Sources(BaseModel):
    """The sources of this worker, the silent ones first. `conflict.source.v1` has those of all workers."""

    sources: list[SourceHealth]


def sources_router(healths: Callable[[], list[SourceHealth]], gate: Gate) -> APIRouter:
    """The route."""
    router = APIRouter()

    @router.get("/v1/sources", summary="How each source is doing")
    async def sources(request: Request) -> Sources:
        """Last success, last new item, errors in a row, and whether it is silent: no news is not calm."""
        gate.admit(Scope.READ, request.headers.get("authorization"))
        return Sources(sources=healths())

    return router
