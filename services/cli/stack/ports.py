"""TCP ports of the local machine: a free one, and a clear word about one that is taken."""

import errno
import socket

import psutil

from services.cli.stack.errors import StackError

LOCALHOST = "127.0.0.1"


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nothing listens on now; another process may yet take it."""
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        return int(probe.getsockname()[1])


def require_free(port: int, user: str, setting: str) -> None:
    """Raise StackError where `port` cannot be bound, naming its holder and the setting that changes the port.

    user: who wants the port, for the message ("Kafka").  setting: the environment variable ("KAFKA_PORT").
    """
    reason = _bind_error(port)
    if reason is None:
        return
    if reason == errno.EADDRINUSE:
        holder = port_holder(port)
        raise StackError(
            f"{user} needs port {port}, which is in use{f' by {holder}' if holder else ''}. "
            f"Stop that process, or set {setting} to another port."
        )
    name = errno.errorcode.get(reason, str(reason))
    raise StackError(f"{user} cannot use port {port} ({name}). Set {setting} to another port.")


def _bind_error(port: int) -> int | None:
    """Try to bind the port as a server does; SO_REUSEADDR, so that connections still closing do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
        except OSError as error:
            return error.errno
    return None


def port_holder(port: int) -> str | None:
    """Name the process that listens on `port` ("pid 4711 (java)"); None where the system does not tell us."""
    try:
        open_ones = [c for c in psutil.net_connections(kind="tcp") if c.status == psutil.CONN_LISTEN]
        pids = [c.pid for c in open_ones if c.laddr.port == port and c.pid is not None]
        return f"pid {pids[0]} ({psutil.Process(pids[0]).name()})" if pids else None
    except psutil.Error:  # other users' processes, and all of macOS without root
        return None


def accepts(port: int, timeout_s: float = 0.2) -> bool:
    """Say whether something accepts TCP connections on 127.0.0.1:`port`."""
    try:
        socket.create_connection((LOCALHOST, port), timeout=timeout_s).close()
    except OSError:
        return False
    return True
