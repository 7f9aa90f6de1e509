"""Fetching what a stranger's badge names, without becoming their way into our network.

Only https on its usual port, only public addresses, a name resolved once and the connection made
to that very address, redirects only within the host, little time and few bytes. Anything else is
refused with a reason, before a connection is made where that can be known before.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from io import BytesIO
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, cast
from urllib.parse import SplitResult, urljoin, urlsplit

from core.errors import Invalid

PORT = 443
CONNECT_SECONDS = 2.0
TOTAL_SECONDS = 5.0
LARGEST = 256 * 1024
LARGEST_HEAD = 16 * 1024
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_ADDRESS = 2_000
# IPv4 addresses written as IPv6 ones, for networks that translate (RFC 6052).
TRANSLATED = IPv6Network("64:ff9b::/96")
ACCEPT = "application/vc, application/vc+ld+json, application/ld+json, application/json;q=0.9"

Resolve = Callable[[str], Sequence[str]]
Dial = Callable[[str, str, float], socket.socket]


class NotFetched(Invalid):
    """The address was refused, or what it answers cannot be taken; the reason is for everybody."""


def resolve(host: str) -> Sequence[str]:
    """Return the addresses that a host name has now; none when nobody answers in time."""
    found: list[str] = []

    def ask() -> None:
        with suppress(OSError, UnicodeError):
            answers = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(one[4][0]) for one in answers))

    # The system's resolver knows no time limit, so it gets a thread that may be left behind.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(CONNECT_SECONDS)
    return list(found)


def dial(address: str, host: str, seconds: float) -> socket.socket:
    """Return a connection to one address over TLS, its certificate checked against the host."""
    plain = socket.create_connection((address, PORT), timeout=seconds)
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


@dataclass(frozen=True)
class Network:
    """The two ways to the outside: what a name means, and a connection to an address."""

    resolve: Resolve = resolve
    dial: Dial = dial
    now: Callable[[], float] = time.monotonic


INTERNET = Network()


def fetch(url: str, network: Network = INTERNET) -> bytes:
    """Return what an address answers; raise NotFetched with the reason when it is refused."""
    deadline = network.now() + TOTAL_SECONDS
    wanted = _checked(url)
    for _ in range(MOST_REDIRECTS + 1):
        status, headers, body = _ask(wanted, network, deadline)
        if status not in REDIRECTS:
            return _content(status, headers, body)
        onward = _checked(urljoin(wanted.geturl(), headers.get("location", "")))
        if onward.hostname != wanted.hostname:
            raise NotFetched("It sends us on to another host, where we do not follow.")
        wanted = onward
    raise NotFetched("It sends us on too often.")


def objection_to(url: str) -> str | None:
    """Return why an address would be refused unseen, or None if it may be looked up."""
    try:
        _checked(url)
    except NotFetched as error:
        return error.reason
    return None


def _checked(url: str) -> SplitResult:
    if len(url) > LONGEST_ADDRESS or not url.isascii() or any(ord(one) <= 32 for one in url):
        raise NotFetched("This is not a plain web address.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotFetched("This is not a plain web address.") from None
    if parts.scheme != "https":
        raise NotFetched("Only addresses that begin with https:// are fetched.")
    if not parts.hostname or "\\" in url or "@" in parts.netloc:
        raise NotFetched("The address must name a host, and no user.")
    if port not in (None, PORT):
        raise NotFetched("Only the usual port of https is used.")
    return parts


def _ask(
    wanted: SplitResult, network: Network, deadline: float
) -> tuple[int, dict[str, str], bytes]:
    host = cast(str, wanted.hostname)
    address = _public_address(host, network)
    try:
        with network.dial(address, host, CONNECT_SECONDS) as connection:
            connection.sendall(_request(wanted, host))
            return _parsed(_read(connection, network, deadline))
    except (OSError, HTTPException, ValueError):
        raise NotFetched("It could not be reached, or did not answer in time.") from None


def _public_address(host: str, network: Network) -> str:
    """Return the address to connect to; refuse a name of which any address is not public."""
    addresses = network.resolve(host)
    if not addresses:
        raise NotFetched("There is no such host.")
    if not all(is_public(one) for one in addresses):
        raise NotFetched("The host is not on the public internet.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also when wrapped in another kind."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in TRANSLATED:
            inner = IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None and not is_public(str(inner)):
            return False
        if found.scope_id is not None:
            return False
    return found.is_global and not found.is_multicast


def _request(wanted: SplitResult, host: str) -> bytes:
    path = (wanted.path or "/") + (f"?{wanted.query}" if wanted.query else "")
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        f"Accept: {ACCEPT}",
        "Accept-Encoding: identity",
        "User-Agent: Assay badge check",
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _read(connection: socket.socket, network: Network, deadline: float) -> bytes:
    """Return all bytes until the other side ends, within the size and the time."""
    received = bytearray()
    while True:
        left = deadline - network.now()
        if left <= 0:
            raise NotFetched("It took too long to answer.")
        connection.settimeout(left)
        try:
            piece = connection.recv(16 * 1024)
        except TimeoutError:
            raise NotFetched("It took too long to answer.") from None
        if not piece:
            return bytes(received)
        received += piece
        if len(received) > LARGEST + LARGEST_HEAD:
            raise NotFetched(f"It is longer than {LARGEST // 1024} KiB, which no badge needs.")


class _Received:
    """What HTTPResponse takes for a socket: bytes that are all here already."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, *_mode: Any) -> BytesIO:
        return BytesIO(self._content)


def _parsed(received: bytes) -> tuple[int, dict[str, str], bytes]:
    response = HTTPResponse(cast(socket.socket, _Received(received)))
    response.begin()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return response.status, headers, response.read(LARGEST + 1)


def _content(status: int, headers: dict[str, str], body: bytes) -> bytes:
    if status != 200:
        raise NotFetched(f"It answered with the status {status}.")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise NotFetched("It answered with packed content, which is not unpacked here.")
    if len(body) > LARGEST:
        raise NotFetched(f"It is longer than {LARGEST // 1024} KiB, which no badge needs.")
    return body
