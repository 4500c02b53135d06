"""`python -m services.ingest.feeds.child`: bytes of strangers on stdin, what they say on stdout; may die of them.

A process of its own, without secrets in its environment, bounded in memory: a page or a feed that makes a parser hang,
grow or crash ends this process and no other.
"""

import contextlib
import resource
import struct
import sys
from typing import BinaryIO

from pydantic import BaseModel

LENGTH = struct.Struct(">I")
MEMORY_BYTES = 96 * 1024 * 1024
"""Of data. Enough for 10,000 items of a feed; a parser that wants more is being fooled."""
READ_ERRORS = (ValueError, LookupError, TypeError, AttributeError, RecursionError, ArithmeticError)
"""What libraries raise over markup that nobody foresaw. The answer then is that it cannot be read."""


class Request(BaseModel):
    """What to read, ahead of its bytes."""

    kind: str
    """`feed` or `page`."""
    url: str = ""
    content_type: str = ""


class Reply(BaseModel):
    """What it says, as the JSON of its model; or why it cannot be read."""

    value: str | None = None
    problem: str = ""


def main() -> None:
    """Serve until stdin ends."""
    with contextlib.suppress(
        ValueError, OSError
    ):  # a system without such limits has the parent's clock alone
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while (head := _frame(sys.stdin.buffer)) is not None:
        body = _frame(sys.stdin.buffer) or b""
        reply = _answer(Request.model_validate_json(head), body).model_dump_json().encode()
        sys.stdout.buffer.write(LENGTH.pack(len(reply)) + reply)
        sys.stdout.buffer.flush()


def _frame(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _answer(request: Request, body: bytes) -> Reply:
    from services.ingest.feeds.parse import FeedFormatError, parse_feed

    try:
        if request.kind == "feed":
            return Reply(value=parse_feed(body, request.content_type, request.url).model_dump_json())
        # pages need far more of the library: not before the first one
        from services.ingest.feeds.page import PageError, read_page

        try:
            return Reply(value=read_page(body, request.url).model_dump_json())
        except PageError as error:
            return Reply(problem=str(error))
    except FeedFormatError as error:
        return Reply(problem=str(error))
    except READ_ERRORS as error:
        return Reply(problem=f"cannot be read ({type(error).__name__})")


if __name__ == "__main__":
    main()
