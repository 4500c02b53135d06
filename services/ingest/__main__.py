"""`python -m services.ingest`: serve the door until SIGTERM or SIGINT."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from schemas.topics import REPORT, SOURCE, Topic
from services.common import logging
from services.common.kafka import TopicsDifferError, require_topics
from services.common.retry import OutageError
from services.common.settings import SettingsError, load
from services.ingest.app import create_app
from services.ingest.feeds.feed_list import FeedListError
from services.ingest.settings import IngestSettings

GRACEFUL_SECONDS = 15
TOPICS_SECONDS = 3.0


def main() -> int:
    """0 after a clean stop, 1 where it cannot start, 2 for a wrong setting."""
    try:
        settings = load(IngestSettings)
    except SettingsError as error:
        sys.stderr.write(f"ingest: {error}\n")
        return 2
    logging.configure("ingest", settings.log_level, settings.log_format)
    log = logging.get_logger(__name__)
    try:
        listening = _listen(settings.http_host, settings.http_port)
    except OSError as error:
        sys.stderr.write(
            f"ingest: cannot listen on {settings.http_host}:{settings.http_port}: {error.strerror}. "
            "Stop what uses the port, or set HTTP_PORT to another.\n"
        )
        return 1
    try:
        require_topics(settings.kafka_bootstrap_servers, _topics(settings), TOPICS_SECONDS)
    except TopicsDifferError as error:
        sys.stderr.write(f"ingest: {error}\n")
        return 1
    except OutageError as error:
        # the door opens all the same: it answers 503, and /readyz says why
        log.warning("broker_not_ready", why=str(error))
    try:
        app = create_app(settings)
    except FeedListError as error:
        sys.stderr.write(f"ingest: {error}\n")
        return 2
    config = uvicorn.Config(
        app, log_config=None, access_log=False, timeout_graceful_shutdown=GRACEFUL_SECONDS
    )
    log.info("listening", host=settings.http_host, port=settings.http_port)
    _Server(config).run(sockets=[listening])
    return 0


def _topics(settings: IngestSettings) -> list[Topic]:
    return [REPORT, *([SOURCE] if settings.ingest_feeds or settings.pushed_sources else ())]


class _Server(uvicorn.Server):
    """Uvicorn raises the signal again once it has stopped; here a clean stop is status 0."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals, and keep them."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # with the protocol named, asyncio sets TCP_NODELAY: else an answer waits 40 ms for a delayed acknowledgement
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


if __name__ == "__main__":
    sys.exit(main())
