"""Keeps requests to URLs of others out of private networks: one in, sent to an address that was checked, or refused.

A name is resolved once an attempt; all of its addresses must be public, and the connection goes to one of those that
were checked, so a second answer of the DNS (rebinding) has no say. `Host` and the name in TLS stay the URL's.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator, Sequence

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_METADATA = frozenset({ipaddress.ip_address("168.63.129.16")})
"""Cloud metadata services on public addresses (Azure); those of the other clouds are link-local or private."""


class ForbiddenAddressError(Exception):
    """The URL leads where requests may not go. The text names the host, not the address it resolved to."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """The host's addresses, in the order in which the system prefers them. Raises `OSError`."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def is_public(text: str) -> bool:
    """Whether an address, and every address embedded in it, is one of the open Internet."""
    address = ipaddress.ip_address(text.partition("%")[0])
    return all(
        each.is_global and not each.is_multicast and not each.is_reserved and each not in _METADATA
        for each in _with_embedded(address)
    )


def _with_embedded(address: Address) -> Iterator[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    if address.ipv4_mapped:
        # the network stack treats it as the IPv4 address that it holds
        yield address.ipv4_mapped
        return
    embedded = [address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    else:
        yield address
    yield from (each for each in embedded if each is not None)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends each request to a checked address. Follows nothing, and takes no proxy from the environment."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        allow_http: bool = False,
        resolve: Resolve = resolve,
        verify: ssl.SSLContext | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._allow_http = allow_http
        self._resolve = resolve
        self._verify = verify or httpx.create_ssl_context()
        # one pool a name: a pool is keyed by address here, and must not lend the TLS session of one name to another
        self._pools: dict[str, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises `ForbiddenAddressError`, or what httpx raises."""
        host = request.url.host
        if request.url.scheme != "https" and not self._allow_http:
            raise ForbiddenAddressError(f"{host}: only https is allowed")
        addresses = await self._checked(host, request.url.port or _default_port(request.url.scheme))
        return await self._send(request, host, addresses)

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"{host} cannot be resolved") from error
        if not addresses:
            raise httpx.ConnectError(f"{host} has no address")
        if not self._allow_private and not all(map(is_public, addresses)):
            raise ForbiddenAddressError(f"{host} leads to an address that is not public")
        return addresses

    async def _send(self, request: httpx.Request, host: str, addresses: Sequence[str]) -> httpx.Response:
        """Try the addresses in turn; nothing was sent where a connection could not be made."""
        for address in addresses[:-1]:
            try:
                return await self._pool(host).handle_async_request(_to(address, request, host))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._pool(host).handle_async_request(_to(addresses[-1], request, host))

    def _pool(self, host: str) -> httpx.AsyncHTTPTransport:
        if host not in self._pools:
            self._pools[host] = httpx.AsyncHTTPTransport(verify=self._verify, trust_env=False)
        return self._pools[host]

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.aclose()
        self._pools.clear()


def _to(address: str, request: httpx.Request, host: str) -> httpx.Request:
    """The same request with the checked address in place of the name; the `Host` header is set already."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": host},
    )


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
