"""Browsers signed in and out, with the line that each leaves in the audit trail; scripts shut out."""

from django.contrib.auth import login, logout
from django.http import HttpRequest

from accounts import audit, guessing
from accounts.models import ApiToken, User


def begin(request: HttpRequest, user: User, *, way: str = "password") -> None:
    """Sign the browser in as that person, who has shown who they are in that way."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    data = {"address": guessing.address_of(request), "way": way}
    audit.record(by=user, action="person.sign_in", target=user.email, project=None, data=data)


def refused(request: HttpRequest, email: str, *, way: str = "password") -> None:
    """Note that somebody could not show that they are that person."""
    data = {"address": guessing.address_of(request), "way": way}
    audit.record(by=None, action="person.sign_in.refused", target=email, project=None, data=data)


def end(request: HttpRequest, user: User) -> None:
    """Sign the browser out."""
    audit.record(by=user, action="person.sign_out", target=user.email, project=None)
    logout(request)


def end_tokens(user: User) -> int:
    """Take back all tokens of a person whose password has changed: who knew the old one may have made some."""
    return ApiToken.objects.filter(user=user).delete()[0]
