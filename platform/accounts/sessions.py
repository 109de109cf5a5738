"""Browsers signed in and out, with the line that each leaves in the audit trail; scripts shut out."""

from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts import audit, guessing
from accounts.models import ApiToken, User


def begin(request: HttpRequest, user: User, *, way: str = "password") -> None:
    """Sign the browser in as that person, who has shown who they are in that way."""
    if user.last_login is None:
        settle_in(request, user)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    data = {"address": guessing.address_of(request), "way": way}
    audit.record(by=user, action="person.sign_in", target=user.email, project=None, data=data)


def settle_in(request: HttpRequest, user: User) -> None:
    """A new account begins in the language and the theme of the browser that it is first used in."""
    asked = [name[:2] for name, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    known = [name for name, _ in User._meta.get_field("language").choices or ()]
    user.language = next((name for name in asked if name in known), user.language)
    user.theme = "system"
    user.save(update_fields=["language", "theme"])


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
