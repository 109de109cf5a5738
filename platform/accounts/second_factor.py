"""A second factor: six digits that an app on the person's telephone shows anew every half minute (RFC 6238)."""

import time
from dataclasses import dataclass

import pyotp
from django.core.cache import cache
from django.db import transaction

from accounts import access, audit
from accounts.models import User
from accounts.problems import BadInput, Conflict

BEGUN_SECONDS = 600
STEP = 30  # seconds
WRONG = "That is not the code that your app shows now."


@dataclass(frozen=True)
class Begun:
    """What the app is to be told: the secret, alone and as an address that apps read."""

    secret: str
    uri: str


def begin(*, by: User) -> Begun:
    """A secret for the app; it counts once `confirm` has seen a code made from it, within ten minutes."""
    access.check_person(by)
    if by.totp_secret:
        raise Conflict("A second factor is set up already. Remove it first.")
    secret = pyotp.random_base32()
    cache.set(_begun(by), secret, BEGUN_SECONDS)
    return Begun(secret, pyotp.TOTP(secret).provisioning_uri(name=by.email, issuer_name="Halfday"))


def _begun(user: User) -> str:
    return f"second-factor:begun:{user.pk}"


@transaction.atomic
def confirm(*, by: User, code: str) -> None:
    """From now on signing in takes a code too. Raises BadInput, at the field `code`."""
    access.check_person(by)
    secret = cache.get(_begun(by))
    if secret is None:
        raise Conflict("This took longer than ten minutes. Begin again.")
    if not is_right(by, code, secret=secret):
        raise BadInput(WRONG, errors={"code": [WRONG]})
    cache.delete(_begun(by))
    by.totp_secret = secret
    by.save(update_fields=["totp_secret"])
    audit.record(by=by, action="person.second_factor.add", target=by.email, project=None)


@transaction.atomic
def remove(*, by: User, code: str) -> None:
    """Sign in with the password alone again. Takes a code: a browser left open is not enough."""
    access.check_person(by)
    if not by.totp_secret or not is_right(by, code):
        raise BadInput(WRONG, errors={"code": [WRONG]})
    by.totp_secret = ""
    by.save(update_fields=["totp_secret"])
    audit.record(by=by, action="person.second_factor.remove", target=by.email, project=None)


def is_right(user: User, code: str, *, secret: str = "") -> bool:
    """Whether the code is that of now, or of the half minute before or after; each counts once."""
    totp, now, digits = pyotp.TOTP(secret or user.totp_secret), int(time.time()), "".join(code.split())
    for moment in (now, now - STEP, now + STEP):
        if pyotp.utils.strings_equal(totp.at(moment), digits):
            return bool(cache.add(f"second-factor:used:{user.pk}:{moment // STEP}", 1, 4 * STEP))
    return False
