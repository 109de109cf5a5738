"""auth/*: signing in by cookie, one's own account, and what a wrong password costs."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.factories import assert_problem, call, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    user = make_user("Alice")
    user.set_password("a long enough password")
    user.save()
    cache.clear()
    return user


def sign_in(client: Client, email: str, password: str = "a long enough password") -> object:
    body = {"email": email, "password": password}
    return client.post("/api/v1/auth/login", body, content_type="application/json")


def test_it_works(alice: User) -> None:
    client = Client()
    response = sign_in(client, alice.email.upper())
    assert response.status_code == 200
    me = client.get("/api/v1/auth/me").json()
    assert me == {
        "id": alice.pk, "email": alice.email, "name": "Alice", "language": "en", "theme": "dark", "is_admin": False
    }  # fmt: skip
    assert client.post("/api/v1/auth/logout").status_code == 204
    assert client.get("/api/v1/auth/me").status_code == 401


def test_nobody_signed_in_is_a_problem_and_gets_the_csrf_cookie() -> None:
    client = Client()
    assert_problem(client.get("/api/v1/auth/me"), 401)
    assert "csrftoken" in client.cookies


def test_it_rejects_a_wrong_password(alice: User) -> None:
    assert_problem(sign_in(Client(), alice.email, "wrong"), 400, mentions="do not go together")
    assert_problem(sign_in(Client(), "nobody@example.org"), 400, mentions="do not go together")


def test_it_rejects_guessing(alice: User) -> None:
    answers = [sign_in(Client(), alice.email, f"guess {number}").status_code for number in range(11)]
    assert answers == [400] * 10 + [429]


def test_it_rejects_a_browser_without_the_csrf_token(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert_problem(sign_in(client, alice.email), 403, mentions="CSRF")


def test_a_person_changes_name_language_and_theme(alice: User) -> None:
    response = call(alice, "PATCH", "auth/me", {"language": "ko", "theme": "light"})
    assert (response.json()["language"], response.json()["theme"], response.json()["name"]) == ("ko", "light", "Alice")
    assert_problem(call(alice, "PATCH", "auth/me", {"language": "xx"}), 400, mentions="language")


def test_a_person_changes_the_password(alice: User) -> None:
    body = {"current": "a long enough password", "new": "short"}
    assert "new" in assert_problem(call(alice, "POST", "auth/password", body), 400)["errors"]
    body["new"] = alice.email  # long enough, and the first that somebody would try
    assert "new" in assert_problem(call(alice, "POST", "auth/password", body), 400, mentions="similar")["errors"]
    body["new"] = "another long password"
    assert call(alice, "POST", "auth/password", body).status_code == 204
    alice.refresh_from_db()
    assert "current" in assert_problem(call(alice, "POST", "auth/password", body), 400)["errors"]
    assert sign_in(Client(), alice.email, "another long password").status_code == 200
