"""Signing in by an OpenID provider: one made here, whose tokens are really signed."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client

from accounts import services
from accounts.models import ApiToken, AuditLine, User
from tests.accounts.oidc_provider import CLIENT, Provider, running
from tests.factories import call, make_cast, make_user

pytestmark = pytest.mark.django_db
BACKENDS = ["django.contrib.auth.backends.ModelBackend", "accounts.openid.Backend"]


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    cache.clear()
    with running() as provider:
        settings.OIDC_ISSUER, settings.OIDC_RP_CLIENT_ID = provider.issuer, CLIENT
        settings.OIDC_RP_CLIENT_SECRET, settings.AUTHENTICATION_BACKENDS = "s", BACKENDS
        yield provider


def sign_in(provider: Provider, browser: Client, **claims: Any) -> Any:
    """Go to the provider, be who it says, and come back; returns the answer to coming back."""
    away = browser.get("/openid/begin?next=/jobs")
    assert away["Location"].startswith(f"{provider.issuer}/authorize?")
    asked = {name: values[0] for name, values in parse_qs(urlparse(away["Location"]).query).items()}
    assert (asked["client_id"], asked["code_challenge_method"]) == (CLIENT, "S256")
    provider.claims = {"nonce": asked["nonce"], **claims}
    return browser.get("/openid/callback", {"code": "c", "state": asked["state"]})


def person(email: str, *, verified: object = True, sub: str = "7") -> dict[str, Any]:
    return {"sub": sub, "email": email, "email_verified": verified, "name": "Dora"}


def is_signed_in(browser: Client) -> bool:
    return browser.get("/api/v1/auth/me").status_code == 200


def test_it_works(provider: Provider) -> None:
    dora, browser = make_user("Dora"), Client()
    provider.person = person(dora.email.upper())
    assert sign_in(provider, browser)["Location"] == "/jobs"
    assert browser.get("/api/v1/auth/me").json()["email"] == dora.email
    lines = AuditLine.objects.order_by("pk").values_list("action", flat=True)
    assert list(lines) == ["person.link_openid", "person.sign_in"]
    assert call(None, "GET", "auth/ways").json() == {"openid": "OpenID"}


def test_the_second_time_the_provider_alone_says_who_it_is(provider: Provider) -> None:
    dora = make_user("Dora")
    provider.person = person(dora.email)
    sign_in(provider, Client())
    provider.person, browser = person("another@example.org", verified=False), Client()
    sign_in(provider, browser)
    assert browser.get("/api/v1/auth/me").json()["email"] == dora.email


def test_what_somebody_else_may_have_chosen_before_is_gone(provider: Provider) -> None:
    cast = make_cast()
    cast.bob.set_password("the words of a song")
    cast.bob.save()
    services.create_token(name="CI", project=cast.project, role="viewer", by=cast.bob)
    provider.person = person(cast.bob.email)
    sign_in(provider, Client())
    assert not ApiToken.objects.filter(user=cast.bob).exists()
    assert not User.objects.get(pk=cast.bob.pk).has_usable_password()


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_it_rejects_an_address_that_the_provider_has_not_verified(provider: Provider, verified: object) -> None:
    dora, browser = make_user("Dora"), Client()
    provider.person = person(dora.email, verified=verified)
    assert sign_in(provider, browser)["Location"] == "/login?refused=openid"
    assert not is_signed_in(browser)


def test_it_makes_no_account_but_for_who_was_invited_or_where_that_is_configured(
    provider: Provider, settings: Any
) -> None:
    provider.person = person("new@example.org")
    assert sign_in(provider, Client())["Location"] == "/login?refused=openid"
    cast = make_cast()
    call(cast.alice, "POST", f"projects/{cast.project.pk}/invitations", {"email": "new@example.org", "role": "viewer"})
    browser = Client()
    sign_in(provider, browser)
    assert is_signed_in(browser)
    assert not User.objects.get(email="new@example.org").memberships.exists()  # the link makes one
    settings.OIDC_CREATE = True
    provider.person, browser = person("other@example.org", sub="8"), Client()
    sign_in(provider, browser)
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another"},
        {"aud": "another-client"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
        {"exp": None},
        {"sub": "another"},  # than userinfo speaks of
    ],
)
def test_it_rejects_a_token_that_is_not_for_this(provider: Provider, claims: dict[str, Any]) -> None:
    dora, browser = make_user("Dora"), Client()
    provider.person = person(dora.email)
    assert sign_in(provider, browser, **claims)["Location"] == "/login?refused=openid"
    assert not is_signed_in(browser)


def test_it_rejects_a_token_that_somebody_else_signed(provider: Provider) -> None:
    dora, browser = make_user("Dora"), Client()
    provider.person = person(dora.email)
    provider.signed_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert sign_in(provider, browser)["Location"] == "/login?refused=openid"
    assert not is_signed_in(browser)


def test_it_rejects_who_comes_back_without_having_gone(provider: Provider) -> None:
    browser = Client()
    assert browser.get("/openid/callback", {"code": "c", "state": "s"})["Location"] == "/login?refused=openid"
    assert not is_signed_in(browser)


def test_somebody_inactive_does_not_come_in(provider: Provider) -> None:
    dora, browser = make_user("Dora", is_active=False), Client()
    provider.person = person(dora.email)
    sign_in(provider, browser)
    assert not is_signed_in(browser)


def test_a_password_is_tried_without_asking_the_provider(provider: Provider) -> None:
    dora = make_user("Dora")
    dora.set_password("the words of a song")
    dora.save()
    body = {"email": dora.email, "password": "the words of a song"}
    assert Client().post("/api/v1/auth/login", body, content_type="application/json").status_code == 200
    assert provider.asked == []


def test_where_none_is_configured_there_is_none() -> None:
    assert Client().get("/openid/begin").status_code == 404
    assert Client().get("/openid/callback").status_code == 404
    assert call(None, "GET", "auth/ways").json() == {"openid": None}
