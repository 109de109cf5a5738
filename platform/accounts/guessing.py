"""Guessing of passwords: one count for signing in, also to the administration, and for changing one's password.

Counted are failures, in windows of five minutes: of an account from an address, of an account from anywhere, and of an
address on any account. Nothing is locked: a window ends. Who has signed in with a browser before is counted there by
that browser alone, so that somebody who guesses at an account does not keep its person out.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import Throttled

from accounts.models import User

SECONDS = 300
OF_ONE_ACCOUNT_HERE, OF_ONE_ACCOUNT, OF_ONE_ADDRESS = 10, 50, 50
BROWSER_COOKIE = "halfday_browser"
BROWSER_SECONDS = 180 * 86400
SALT = "accounts.guessing.browser"


def address_of(request: HttpRequest) -> str:
    """Where the call comes from: past the proxies that HALFDAY_TRUSTED_PROXIES names, and no further."""
    trusted = [ip_network(one, strict=False) for one in settings.TRUSTED_PROXIES]
    hops = [request.META.get("REMOTE_ADDR", "")]
    hops += reversed([hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()])
    for nearest, further in zip(hops, [*hops[1:], ""], strict=True):
        if not further or not is_in(nearest, trusted):
            return nearest
    return hops[0]


def is_in(text: str, networks: list) -> bool:
    """Whether the text is an address in one of the networks."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in networks)


@dataclass(frozen=True)
class Attempt:
    """One try of a password; `counters` are the cache's keys and how many failures each may have."""

    counters: dict[str, int]

    def begin(self) -> None:
        """Count it now: tries at the same time count too. Raises Throttled (429) where there were too many."""
        for key, most in self.counters.items():
            if failures_with(key) > most:
                raise Throttled(wait=SECONDS)

    def succeeded(self) -> None:
        """It was right: it does not count, and what its person mistyped before is forgotten."""
        first, *others = self.counters
        cache.delete(first)
        for key in others:
            if cache.get(key, 0) > 0:
                with suppress(ValueError):  # its window has just ended
                    cache.decr(key)


def failures_with(key: str) -> int:
    """How many there are in this window, this one included."""
    cache.add(key, 0, SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # the window ended between the two
        cache.set(key, 1, SECONDS)
        return 1


def attempt_at(request: HttpRequest, email: str) -> Attempt:
    account, address = email.strip().lower(), address_of(request)
    if browser := known_browser(request, account):
        return Attempt({f"guess:browser:{browser}": OF_ONE_ACCOUNT_HERE})
    return Attempt(
        {
            f"guess:here:{address}:{account}": OF_ONE_ACCOUNT_HERE,
            f"guess:account:{account}": OF_ONE_ACCOUNT,
            f"guess:address:{address}": OF_ONE_ADDRESS,
        }
    )


def attempt_of(request: HttpRequest, user: User) -> Attempt:
    """One of somebody who is signed in, and is to show once more who they are."""
    return attempt_at(request, user.email)


def known_browser(request: HttpRequest, account: str) -> str:
    """The name of a browser with which the account has signed in before; empty of any other."""
    try:
        said = signing.loads(request.COOKIES.get(BROWSER_COOKIE, ""), salt=SALT, max_age=BROWSER_SECONDS)
    except signing.BadSignature:
        return ""
    known = User.objects.filter(pk=said["person"], email=account).exists()
    return str(said["browser"]) if known else ""


def remember_browser(response: HttpResponse, user: User) -> None:
    said = {"person": user.pk, "browser": secrets.token_hex(8)}
    response.set_cookie(
        BROWSER_COOKIE,
        signing.dumps(said, salt=SALT),
        max_age=BROWSER_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
