"""Which address a webhook may be sent to: never one inside a network, but for what an administrator allows.

A name is looked up once, every address that it stands for is checked, and the connection goes to one of these, so that
a name that says something else a moment later leads nowhere.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

from accounts.problems import BadInput

Address = IPv4Address | IPv6Address
# Networks of IPv6 that carry an address of IPv4 within: what counts is the one within.
NAT64 = ip_network("64:ff9b::/96")
PORTS = {"https": 443, "http": 80}
INSIDE = "{host} is at {address}, an address inside a network. An administrator can allow it by HALFDAY_WEBHOOK_ALLOW."
PLAIN = "Use https: over http anybody on the way reads and changes what is sent. {host} is not allowed without it."


class AddressRefused(BadInput):
    """A webhook may not be sent there."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, errors={"url": [detail]})


@dataclass(frozen=True)
class Target:
    """Where a request goes: to `address`, for the host and path of the URL."""

    scheme: str
    host: str
    port: int
    path: str
    address: str


def target_of(url: str) -> Target:
    """Look the URL's host up and check it. Raises AddressRefused."""
    scheme, host, port, path = parts_of(url)
    addresses = looked_up(host, port)
    for address in addresses:
        if not (is_outside(address) or is_allowed(host, address)):
            raise AddressRefused(INSIDE.format(host=host, address=address))
    if scheme == "http" and not all(is_allowed(host, one) for one in addresses):
        raise AddressRefused(PLAIN.format(host=host))
    return Target(scheme, host, port, path, str(addresses[0]))


def parts_of(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path with query."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("This is no address: write https://host/path.") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise AddressRefused("The address must begin with https:// and name a host.")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("The address may not hold a name or a password. The signature says who sends.")
    if any(not "!" <= letter <= "~" for letter in url):
        raise AddressRefused("The address may hold no spaces and no letters but those of ASCII.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port or PORTS[parts.scheme], path


def looked_up(host: str, port: int) -> Sequence[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"Nothing is known of the host {host}.") from error
    return [ip_address(str(place[4][0]).partition("%")[0]) for place in found]


def is_outside(address: Address) -> bool:
    """Whether anybody on the internet could reach it: neither private, local, shared, reserved nor multicast."""
    within = carried_in(address)
    return within.is_global and not within.is_multicast and not within.is_reserved


def carried_in(address: Address) -> Address:
    """The address of IPv4 that one of IPv6 stands for; else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def is_allowed(host: str, address: Address) -> bool:
    """Whether an administrator names the host, or a network that the address is in."""
    return any(entry.lower() == host.lower() or holds(entry, address) for entry in settings.WEBHOOK_ALLOW)


def holds(entry: str, address: Address) -> bool:
    try:
        network = ip_network(entry, strict=False)
    except ValueError:
        return False  # a host
    return carried_in(address) in network or address in network
