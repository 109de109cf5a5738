"""Signing in by an OpenID Connect provider, where HALFDAY_OIDC_ISSUER names one.

mozilla-django-oidc does the talking: state, nonce, PKCE, signature. Here stands whom an answer means. An account is
known by the provider's issuer and subject; the first time by an address that the provider has verified. From then on
its password and its tokens are gone: whoever chose them may have been somebody else.
"""

from typing import Any

import jwt
import requests
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.utils import import_from_settings
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from accounts import audit, guessing, sessions
from accounts.invitations import may_still_invite
from accounts.models import Invitation, User

DISCOVERED = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}
REFUSED = "/login?refused=openid"
TIMEOUT, KEPT = 10, 3600  # seconds


def provider() -> dict[str, Any]:
    """What the provider says of itself. Raises SuspiciousOperation where it says that it is another."""
    issuer = settings.OIDC_ISSUER
    said = cache.get(f"openid:{issuer}")
    if said is None:
        answer = requests.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration", timeout=TIMEOUT)
        answer.raise_for_status()
        said = answer.json()
        if said.get("issuer") != issuer:
            raise SuspiciousOperation(f"{issuer} says that it is {said.get('issuer')}.")
        cache.set(f"openid:{issuer}", said, KEPT)
    return dict(said)


def setting(name: str, *default: Any) -> Any:
    """A setting of the library: where the provider's addresses are it says itself."""
    return provider()[DISCOVERED[name]] if name in DISCOVERED else import_from_settings(name, *default)


class Backend(OIDCAuthenticationBackend):
    """Whom the provider's answer means."""

    get_settings = staticmethod(setting)

    def __init__(self) -> None:
        """Ask the provider nothing: Django makes one of each backend whenever anybody signs in, also by password."""

    def authenticate(self, request: HttpRequest, *, nonce: str, code_verifier: str | None = None) -> User | None:
        """A password comes without a nonce, and so never here."""
        super().__init__()
        found: User | None = super().authenticate(request, nonce=nonce, code_verifier=code_verifier)
        return found

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """The library checks signature, time and nonce; here, that it is this provider's and for us."""
        claims = dict(super().verify_token(token, **kwargs))
        audience = claims.get("aud")
        audience = [audience] if isinstance(audience, str) else audience or []
        if claims.get("iss") != settings.OIDC_ISSUER or settings.OIDC_RP_CLIENT_ID not in audience:
            raise SuspiciousOperation("The token is not from our provider, or not for us.")
        if "exp" not in claims or not claims.get("sub"):
            raise SuspiciousOperation("The token lacks its end or its subject.")
        return claims

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> User | None:
        said = self.get_userinfo(access_token, id_token, payload)
        if said.get("sub") != payload["sub"]:
            raise SuspiciousOperation("The provider spoke of two persons.")
        return person_of(f"{payload['iss']} {payload['sub']}", payload | said)


@transaction.atomic
def person_of(openid: str, claims: dict[str, Any]) -> User | None:
    """The person, or None where nobody here is meant."""
    known = User.objects.filter(openid=openid).first()
    if known is not None:
        return known
    email = str(claims.get("email", "")).strip().lower()
    if claims.get("email_verified") is not True or not email:
        return None
    user = User.objects.select_for_update().filter(email=email, openid=None).first()
    if user is None and may_be_made(email):
        user = User(email=email, name=str(claims.get("name", ""))[:150])
        audit_action = "person.create"
    else:
        audit_action = "person.link_openid"
    return linked(user, openid, audit_action) if user is not None else None


def may_be_made(email: str) -> bool:
    """Whether somebody without an account gets one: who was invited, or everybody where that is configured."""
    if User.objects.filter(email=email).exists():
        return False
    rows = Invitation.objects.filter(email=email, accepted_at=None).select_related("invited_by")
    invited = any(one.is_open and may_still_invite(one) for one in rows)
    return settings.OIDC_CREATE or invited


def linked(user: User, openid: str, action: str) -> User:
    user.openid = openid
    user.set_unusable_password()
    user.save()
    sessions.end_tokens(user)
    audit.record(by=user, action=action, target=user.email, project=None, data={"openid": openid})
    return user


class Begin(OIDCAuthenticationRequestView):
    """Leads to the provider."""

    get_settings = staticmethod(setting)


class Callback(OIDCAuthenticationCallbackView):
    """Where the provider leads back to."""

    get_settings = staticmethod(setting)
    failure_url = REFUSED

    def login_success(self) -> HttpResponse:
        leads_to = self.success_url
        sessions.begin(self.request, self.user, way="openid")
        response = HttpResponseRedirect(leads_to)
        guessing.remember_browser(response, self.user)
        return response

    def login_failure(self) -> HttpResponse:
        sessions.refused(self.request, "", way="openid")
        return super().login_failure()


def begin(request: HttpRequest) -> HttpResponse:
    return answered(Begin, request)


def callback(request: HttpRequest) -> HttpResponse:
    return answered(Callback, request)


def answered(view: Any, request: HttpRequest) -> HttpResponse:
    """The view's answer; the sign-in page where the provider does not answer, or answers what cannot be."""
    try:
        return view.as_view()(request)
    except (requests.RequestException, jwt.PyJWTError, SuspiciousOperation, KeyError, ValueError) as error:
        sessions.refused(request, "", way=f"openid: {type(error).__name__}")
        return HttpResponseRedirect(REFUSED)
