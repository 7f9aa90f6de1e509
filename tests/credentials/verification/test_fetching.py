"""Fetching for strangers: what is refused unseen, and what a hostile server gets from us."""

import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from core.errors import Invalid
from credentials.issuing.multikey import did_document_url
from credentials.verification.fetching import (
    LARGEST,
    Network,
    NotFetched,
    fetch,
    is_public,
    objection_to,
)
from tests.credentials.samples import SHARED

CASES = json.loads((SHARED / "badinput" / "generated" / "ssrf_urls.json").read_text("utf-8"))
PUBLIC = "93.184.216.34"
PRIVATE = {
    "localhost": "127.0.0.1",
    "LOCALHOST.": "127.0.0.1",
    "metadata.google.internal": "169.254.169.254",
    "127.0.0.1.nip.example": "127.0.0.1",
    "127.1": "127.0.0.1",
    "0": "0.0.0.0",
    "2130706433": "127.0.0.1",
    "0x7f000001": "127.0.0.1",
    "0177.0.0.1": "127.0.0.1",
}


class Outside:
    """An internet of one server that answers as told, and notes to whom we connected."""

    def __init__(self, *answers: bytes, addresses: tuple[str, ...] = (PUBLIC,)) -> None:
        self.answers = list(answers)
        self.addresses = addresses
        self.dialled: list[tuple[str, str]] = []
        self.asked: list[bytes] = []
        self.resolved: list[str] = []
        self.pause: Callable[[], object] = bool

    def resolve(self, host: str) -> tuple[str, ...]:
        self.resolved.append(host)
        return (PRIVATE[host],) if host in PRIVATE else self.addresses

    def dial(self, address: str, host: str, _seconds: float) -> socket.socket:
        self.dialled.append((address, host))
        ours, theirs = socket.socketpair()
        answer = self.answers.pop(0)

        def serve() -> None:
            with theirs:
                self.asked.append(theirs.recv(4096))
                with suppress(OSError):
                    theirs.sendall(answer)
                    self.pause()

        threading.Thread(target=serve, daemon=True).start()
        return ours

    @property
    def network(self) -> Network:
        return Network(self.resolve, self.dial)


def answer(body: bytes = b"{}", status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def refusal(url: str, outside: Outside) -> str:
    with pytest.raises(NotFetched) as found:
        fetch(url, outside.network)
    return found.value.reason


def plain(case: str) -> str:
    """Return the address of a case, without the note behind it."""
    return case.split(" (")[0]


def test_the_corpus_has_its_sixty_cases():
    assert len(CASES) == 60


@pytest.mark.parametrize("case", CASES)
def test_ss1_every_case_is_refused_without_a_connection(case: str):
    outside = Outside(addresses=("127.0.0.1",))

    assert refusal(plain(case), outside)
    assert outside.dialled == []


@pytest.mark.parametrize("case", [case for case in CASES if case.startswith("http://")])
def test_ss1_the_same_hosts_over_https_are_refused_too(case: str):
    outside = Outside(addresses=("10.1.2.3",))

    assert refusal(plain(case).replace("http://", "https://"), outside)
    assert outside.dialled == []


@pytest.mark.parametrize("case", [case for case in CASES if case.startswith("did:web:")])
def test_ss1_issuers_on_hosts_of_our_own_network_are_refused(case: str):
    outside = Outside(addresses=("127.0.0.1",))

    try:
        url = did_document_url(case)
    except Invalid:
        return
    assert refusal(url, outside)
    assert outside.dialled == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
        ("fd00:ec2::254", False),
        ("not an address", False),
    ],
)
def test_only_addresses_of_the_public_internet_are_public(address: str, public: bool):
    assert is_public(address) is public


def test_a_public_address_is_fetched_from_the_address_its_name_had():
    outside = Outside(answer(b'{"a": 1}'))

    body = fetch("https://badges.example/a/b?c=d", outside.network)

    assert body == b'{"a": 1}'
    assert outside.dialled == [(PUBLIC, "badges.example")]
    assert outside.asked[0].startswith(b"GET /a/b?c=d HTTP/1.1\r\nHost: badges.example\r\n")
    assert b"Cookie" not in outside.asked[0]


def test_ss2_a_name_is_resolved_once_so_that_it_cannot_change_in_between():
    outside = Outside(answer())

    fetch("https://rebind.example/", outside.network)

    assert outside.resolved == ["rebind.example"]
    assert outside.dialled == [(PUBLIC, "rebind.example")]


def test_one_private_address_among_several_is_enough_to_refuse():
    outside = Outside(answer(), addresses=(PUBLIC, "192.168.0.1"))

    assert refusal("https://badges.example/", outside) == (
        "The host is not on the public internet."
    )
    assert outside.dialled == []


def test_a_redirect_within_the_host_is_followed_and_checked_again():
    outside = Outside(answer(b"", "302 Found", Location="/there"), answer(b"[]"))

    assert fetch("https://badges.example/here", outside.network) == b"[]"
    assert outside.resolved == ["badges.example", "badges.example"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("https://other.example/", "It sends us on to another host, where we do not follow."),
        ("http://badges.example/", "Only addresses that begin with https:// are fetched."),
        ("http://127.0.0.1/", "Only addresses that begin with https:// are fetched."),
        ("https://badges.example:8443/", "Only the usual port of https is used."),
        ("file:///etc/passwd", "Only addresses that begin with https:// are fetched."),
    ],
)
def test_a_redirect_elsewhere_is_not_followed(target: str, reason: str):
    outside = Outside(answer(b"", "302 Found", Location=target))

    assert refusal("https://badges.example/", outside) == reason
    assert len(outside.dialled) == 1


def test_redirects_in_a_ring_end():
    outside = Outside(*[answer(b"", "301 Moved", Location="/again")] * 9)

    assert refusal("https://badges.example/", outside) == "It sends us on too often."
    assert len(outside.dialled) == 4


def test_an_answer_beyond_256_kib_is_cut_off():
    outside = Outside(answer(b"x" * (LARGEST * 3)))

    assert "longer than 256 KiB" in refusal("https://big.example/", outside)


def test_a_chunked_answer_is_measured_by_what_it_holds():
    body = b"x" * (LARGEST + 1)
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(
        [b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)]
    )

    assert "longer than 256 KiB" in refusal("https://big.example/", Outside(chunked))


def test_packed_content_is_not_unpacked():
    bomb = gzip.compress(b"x" * 1_000_000)
    outside = Outside(answer(bomb, Content_Encoding="gzip"))

    assert refusal("https://gzip.example/", outside) == (
        "It answered with packed content, which is not unpacked here."
    )


@contextmanager
def silence(outside: Outside) -> Iterator[None]:
    """Keep the other side open without another word until the block ends."""
    ended = threading.Event()
    outside.pause = lambda: ended.wait(30)
    try:
        yield
    finally:
        ended.set()


def test_a_server_that_drips_is_given_up_after_five_seconds():
    outside = Outside(b"HTTP/1.1 200 OK\r\n")
    times = iter([0.0, 1.0, 6.0])

    with silence(outside):
        network = Network(outside.resolve, outside.dial, lambda: next(times))
        with pytest.raises(NotFetched) as found:
            fetch("https://slow.example/", network)

    assert found.value.reason == "It took too long to answer."


@pytest.mark.parametrize("received", [b"", b"nonsense", b"HTTP/1.1 999999 x\r\n\r\n", b"\x00" * 99])
def test_what_is_not_http_is_not_taken(received: bytes):
    assert refusal("https://odd.example/", Outside(received)) == (
        "It could not be reached, or did not answer in time."
    )


def test_a_refusing_server_is_said_to_refuse():
    outside = Outside(answer(b"no", "404 Not Found"))

    assert refusal("https://badges.example/", outside) == "It answered with the status 404."


def test_a_connection_that_fails_is_a_reason_and_no_trace():
    def dial(_address: str, _host: str, _seconds: float) -> socket.socket:
        raise ConnectionRefusedError

    network = Network(Outside().resolve, dial)

    with pytest.raises(NotFetched) as found:
        fetch("https://badges.example/", network)
    assert found.value.reason == "It could not be reached, or did not answer in time."


@pytest.mark.parametrize(
    "url",
    [
        "https://user:secret@badges.example/",
        "https://badges.example\\@127.0.0.1/",
        "https://badges.example/\r\nHost: other",
        "https://bädges.example/",
        "https://badges.example/" + "a" * 2_000,
        "https://:443/",
        "https://[::1",
    ],
)
def test_addresses_that_two_readers_read_differently_are_refused_unseen(url: str):
    assert objection_to(url) is not None
