"""The parts of a running Tocsin, for `run.json`: processes in, names with pid, port and log out."""

import os
from collections.abc import Sequence

from services.cli.stack import KafkaServer, LocalStack, RedisServer, ServerProcess
from services.cli.supervise.run_file import Member
from services.cli.supervise.services import Service
from services.cli.supervise.settings import UpSettings


def members(
    settings: UpSettings, services: Sequence[Service], stack: LocalStack | None
) -> tuple[Member, ...]:
    """Services, receiver, broker and cache; a given broker or cache has no process here."""
    told = [_process(service.name, service.process, service.port, pages=True) for service in services]
    told.append(Member(name="receiver", pid=os.getpid(), port=settings.receiver_port))
    if stack is not None:
        told += [_server("Kafka", stack.kafka), _server("Redis", stack.redis)]
    return tuple(told)


def _process(name: str, process: ServerProcess, port: int, *, pages: bool = False) -> Member:
    pid = process.pid if process.running else None
    return Member(name=name, pid=pid, port=port, log=str(process.log_file), pages=pages)


def _server(name: str, server: KafkaServer | RedisServer | None) -> Member:
    return _process(name, server.process, server.port) if server else Member(name=name, pid=None, port=None)
