"""Signing in and out, and one's own account."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import authenticate, update_session_auth_hash
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access, first_start, guessing, second_factor, services, sessions
from accounts.models import User
from accounts.problems import BadInput, validated


class PersonSerializer(serializers.ModelSerializer[User]):
    """A person, as shown beside what they made."""

    name = serializers.CharField(source="__str__")

    class Meta:
        model = User
        fields = ["id", "email", "name"]


class MeSerializer(serializers.ModelSerializer[User]):
    is_admin = serializers.BooleanField(source="is_superuser")
    second_factor = serializers.BooleanField(source="has_second_factor", help_text="Whether signing in takes a code")

    class Meta:
        model = User
        fields = ["id", "email", "name", "language", "theme", "is_admin", "second_factor"]


class LoginSerializer(serializers.Serializer):
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=500, trim_whitespace=False)
    code = serializers.CharField(
        max_length=20, allow_blank=True, default="", help_text="Of the second factor, where there is one"
    )


class WaysSerializer(serializers.Serializer):
    openid = serializers.CharField(allow_null=True, help_text="The name of the OpenID provider; null: there is none")


class CodeSerializer(serializers.Serializer):
    code = serializers.CharField(max_length=20)


class SecondFactorSerializer(serializers.Serializer):
    secret = serializers.CharField(help_text="To be typed into the app")
    uri = serializers.CharField(help_text="The same as an otpauth: address, which apps on this device open")


class MeChangeSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["name", "language", "theme"]


class PasswordSerializer(serializers.Serializer):
    current = serializers.CharField(max_length=500, trim_whitespace=False)
    new = serializers.CharField(max_length=500, trim_whitespace=False)


@extend_schema(operation_id="login", tags=["accounts"], request=LoginSerializer, responses=MeSerializer)
def sign_in(request: Request) -> Response:
    """Sign a browser in; answers with the person and sets the session cookie."""
    SessionAuthentication().enforce_csrf(request)
    given = validated(LoginSerializer, request.data)
    email = given["email"].strip().lower()
    attempt = guessing.attempt_at(request, email)
    attempt.begin()
    user = authenticate(request._request, username=email, password=given["password"])
    if user is None:
        sessions.refused(request, email)
        raise BadInput("That e-mail address and password do not go together.")
    check_second_factor(request, user, given["code"])
    attempt.succeeded()
    sessions.begin(request._request, user)
    response = Response(MeSerializer(user).data)
    guessing.remember_browser(response, user)
    return response


def check_second_factor(request: Request, user: User, code: str) -> None:
    """Raise BadInput, at the field `code`, where one is needed. A wrong one counts as a wrong password does."""
    if not user.totp_secret:
        return
    if not code:
        asked = "Type the code that your app shows."
        raise BadInput(asked, errors={"code": [asked]})
    if not second_factor.is_right(user, code):
        sessions.refused(request, user.email, way="second factor")
        raise BadInput(second_factor.WRONG, errors={"code": [second_factor.WRONG]})


@extend_schema(operation_id="list_ways_in", tags=["accounts"], responses=WaysSerializer, auth=[])
def list_ways_in(request: Request) -> Response:
    """How one can sign in here, besides by password."""
    return Response({"openid": settings.OIDC_NAME if settings.OIDC_ISSUER else None})


@extend_schema(operation_id="begin_second_factor", tags=["accounts"], request=None, responses=SecondFactorSerializer)
def begin_second_factor(request: Request) -> Response:
    """A secret for an app that shows codes; it counts once a code has confirmed it."""
    begun = second_factor.begin(by=request.user)
    return Response(SecondFactorSerializer(begun).data, headers={"Cache-Control": "no-store"})


@extend_schema(operation_id="confirm_second_factor", tags=["accounts"], request=CodeSerializer, responses={204: None})
def confirm_second_factor(request: Request) -> Response:
    """From now on signing in takes a code too."""
    return by_code(request, second_factor.confirm)


@extend_schema(operation_id="remove_second_factor", tags=["accounts"], request=CodeSerializer, responses={204: None})
def remove_second_factor(request: Request) -> Response:
    """Sign in with the password alone again; takes a code."""
    return by_code(request, second_factor.remove)


def by_code(request: Request, change: Callable[..., None]) -> Response:
    """Do what takes a code; a wrong one counts as a wrong password does."""
    access.check_person(request.user)
    attempt = guessing.attempt_of(request, request.user)
    attempt.begin()
    change(by=request.user, **validated(CodeSerializer, request.data))
    attempt.succeeded()
    return Response(status=204)


@extend_schema(operation_id="logout", tags=["accounts"], request=None, responses={204: None})
def sign_out(request: Request) -> Response:
    """Sign the browser out."""
    sessions.end(request._request, request.user)
    return Response(status=204)


@extend_schema(operation_id="get_me", tags=["accounts"], responses=MeSerializer)
def get_me(request: Request) -> Response:
    """Who is signed in; 401 when nobody is. Either way the CSRF cookie is set."""
    get_token(request._request)
    if request.user is None:
        raise NotAuthenticated("Nobody is signed in.")
    return Response(MeSerializer(request.user).data)


@extend_schema(operation_id="change_me", tags=["accounts"], request=MeChangeSerializer, responses=MeSerializer)
def change_me(request: Request) -> Response:
    """Change one's name, language or theme."""
    if request.user is None:
        raise NotAuthenticated("Nobody is signed in.")
    access.check_person(request.user)
    changed = services.change_me(by=request.user, **validated(MeChangeSerializer, request.data, partial=True))
    return Response(MeSerializer(changed).data)


@extend_schema(operation_id="change_password", tags=["accounts"], request=PasswordSerializer, responses={204: None})
def change_password(request: Request) -> Response:
    """Change one's password; other browsers are signed out, and one's tokens end."""
    access.check_person(request.user)
    given = validated(PasswordSerializer, request.data)
    attempt = guessing.attempt_of(request, request.user)
    attempt.begin()
    try:
        services.change_password(by=request.user, **given)
    except BadInput as refused:
        if "current" not in (refused.errors or {}):
            attempt.succeeded()
        raise
    attempt.succeeded()
    update_session_auth_hash(request._request, request.user)
    first_start.renew_token()
    return Response(status=204)
