"""A service as a process: its settings read, its logs set up, its errors told in one line each."""

import socket
import sys
from collections.abc import Callable

from services.common import logging
from services.common.agent import StreamService
from services.common.kafka import TopicsDifferError
from services.common.settings import S, SettingsError, load


class StartError(Exception):
    """A service cannot start; the text names the thing, the reason and the remedy."""


def run(service: str, settings_class: type[S], build: Callable[[S], StreamService]) -> int:
    """Run a stream service until SIGTERM: 0 after a clean stop, 1 where it cannot start, 2 for a wrong setting."""
    try:
        settings = load(settings_class)
        logging.configure(service, settings.log_level, settings.log_format)
        built = build(settings)
        refuse_taken_port(settings.http_host, built.port)
        return built.run()
    except SettingsError as error:
        return _told(service, str(error), 2)
    except (StartError, TopicsDifferError) as error:
        return _told(service, str(error), 1)


def refuse_taken_port(host: str, port: int) -> None:
    """Raises `StartError` where the port cannot be bound."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = f"cannot listen on {host}:{port}: {error.strerror}"
            raise StartError(
                f"{why}. Stop what uses the port, or set HTTP_PORT (and HTTP_HOST) to another."
            ) from None


def _told(service: str, why: str, status: int) -> int:
    sys.stderr.write(f"{service}: {why}\n")
    return status
