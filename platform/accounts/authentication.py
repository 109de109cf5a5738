"""Who is calling: a script by bearer token, a browser by session cookie."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from accounts.models import ApiToken, User

NOTED_EVERY = timedelta(minutes=1)  # a busy script must not write a row at each call


class BearerAuthentication(TokenAuthentication):
    """`Authorization: Bearer <token>`; tokens are stored hashed (knox)."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """knox reads the token as UTF-8, and stumbles over what is none."""
        if not token.isascii():
            raise exceptions.AuthenticationFailed("Invalid token.")
        found: tuple[User, ApiToken] = super().authenticate_credentials(token)
        return found

    def validate_user(self, auth_token: ApiToken) -> tuple[User, ApiToken]:
        """Hang the token on the user, so that whatever asks for the user's role is held to the token's scope."""
        user, token = super().validate_user(auth_token)
        user.token = token
        note_use(token)
        return user, token

    def _cleanup_token(self, auth_token: ApiToken) -> bool:
        """Whether it has ended. knox would delete it, and with it what its owner is to see: that it ended, and when."""
        return auth_token.expiry is not None and auth_token.expiry <= timezone.now()


def note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
        lately = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
        ApiToken.objects.filter(lately, pk=token.pk).update(last_used_at=now)


class CookieAuthentication(SessionAuthentication):
    """Session cookie with CSRF check. Names a scheme, so that nobody signed in is 401 and not 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class BearerScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document names the bearer token."""

    target_class = BearerAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class CookieScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document names the session cookie."""

    target_class = CookieAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
