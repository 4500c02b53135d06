"""Logs on stdout: one JSON object a line, or readable text on a terminal, with trace and record ids."""

import logging
import sys
import time
from collections.abc import Callable
from typing import Literal

import structlog

LogFormat = Literal["auto", "json", "text"]

REPEAT_SECONDS = 30.0
"""A library's identical line is told once in so long: a client without its broker says the same ten times a second."""


class RepeatFilter(logging.Filter):
    """Lets a line through unless the same one was told just before."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is told. Lines of our own loggers always are."""
        if isinstance(record.msg, dict):
            return True
        line, now = f"{record.name} {record.getMessage()}", self._clock()
        if now - self._told.get(line, -REPEAT_SECONDS) < REPEAT_SECONDS:
            return False
        if len(self._told) > 1000:
            self._told.clear()
        self._told[line] = now
        return True


def configure(service: str, level: str = "INFO", fmt: LogFormat = "auto") -> None:
    """Set up structlog and the standard library's logging, so that libraries' lines have the same form."""
    text = fmt == "text" or (fmt == "auto" and sys.stdout.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
        if text
        else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(RepeatFilter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # chatty at INFO, and nothing there that an operator acts on
    for noisy in ("faust", "mode", "aiokafka", "kafka", "httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.contextvars.bind_contextvars(service=service)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose lines carry the bound context (service, trace id, record id)."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
