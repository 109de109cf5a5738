"""Where a webhook may be sent: never inside a network, unless an administrator says so; to the address checked."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from typing import Any

import pytest

from notices.webhooks import guard, sending
from notices.webhooks.guard import AddressRefused, Target, target_of


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # what clouds tell their machines
        ("100.64.0.1", False),  # shared by a carrier's customers
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),  # 127.0.0.1 by NAT64
        ("2002:7f00:1::", False),  # 127.0.0.1 by 6to4
        ("2002:a00:1::", False),
    ],
)
def test_it_works(address: str, expected: bool) -> None:
    assert guard.is_outside(ip_address(address)) is expected


@pytest.mark.parametrize(
    "url",
    [
        "ftp://93.184.216.34/", "file:///etc/passwd", "https://", "//93.184.216.34/", "https://user:word@93.184.216.34/",
        "https://93.184.216.34:99999/", "https://[::1", "https://93.184.216.34/a b", "https://93.184.216.34/\r\nX: 1",
        "http://93.184.216.34/", "https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/",
        "https://localhost/", "https://nothing.invalid/",
    ],
)  # fmt: skip
def test_it_rejects_what_is_no_address_outside(url: str, settings: Any) -> None:
    settings.WEBHOOK_ALLOW = []
    with pytest.raises(AddressRefused):
        target_of(url)


@pytest.mark.parametrize(
    ("allow", "url", "expected"),
    [
        (["127.0.0.1"], "http://127.0.0.1:9/", True),
        (["127.0.0.0/8"], "https://127.1.2.3/", True),
        (["localhost"], "http://localhost:9/", True),
        (["10.0.0.0/8"], "https://127.0.0.1/", False),
        (["example.org"], "https://localhost/", False),
    ],
)
def test_an_administrator_allows_hosts_and_networks(allow: list[str], url: str, expected: bool, settings: Any) -> None:
    settings.WEBHOOK_ALLOW = allow
    try:
        target_of(url)
    except AddressRefused:
        assert not expected
    else:
        assert expected


def test_a_name_with_one_address_inside_is_refused_whole(settings: Any, monkeypatch: Any) -> None:
    settings.WEBHOOK_ALLOW = []
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(guard.socket, "getaddrinfo", lambda *args, **kwargs: answers)
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        target_of("https://two.example/")


class Redirecting(BaseHTTPRequestHandler):
    """Sends whoever asks elsewhere, and says more than anybody keeps."""

    hosts: list[str] = []

    def do_POST(self) -> None:
        self.hosts.append(self.headers["Host"])
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b"x" * 5000)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Redirecting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_the_connection_goes_to_the_address_that_was_checked_and_follows_nothing(port: int) -> None:
    """The name means nothing any more, and the request arrives all the same, once."""
    Redirecting.hosts.clear()
    came = sending.send(Target("http", "nothing.invalid", port, "/hook", "127.0.0.1"), b"{}", {})
    assert (came.status, came.is_taken, len(came.answer)) == (302, False, sending.KEPT)
    assert Redirecting.hosts == [f"nothing.invalid:{port}"]


def test_whoever_answers_by_and_by_is_cut_off(monkeypatch: Any) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        came = sending.send(Target("http", "slow.example", port, "/", "127.0.0.1"), b"{}", {})
    assert came.status is None
    assert came.error
