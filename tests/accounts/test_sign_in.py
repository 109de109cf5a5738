"""auth/*: signing in by cookie, one's own account, and what a wrong password costs."""

from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client, RequestFactory

from accounts import guessing
from accounts.models import AuditLine, User
from tests.factories import assert_problem, call, make_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    user = make_user("Alice")
    user.set_password("a long enough password")
    user.save()
    cache.clear()
    return user


def sign_in(client: Client, email: str, password: str = "a long enough password") -> Any:
    body = {"email": email, "password": password}
    return client.post("/api/v1/auth/login", body, content_type="application/json")


def test_it_works(alice: User) -> None:
    client = Client()
    response = sign_in(client, alice.email.upper())
    assert response.status_code == 200
    me = client.get("/api/v1/auth/me").json()
    assert me == {
        "id": alice.pk, "email": alice.email, "name": "Alice", "language": "en", "theme": "system", "is_admin": False,
        "second_factor": False,
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


class Counted(MD5PasswordHasher):
    """Counts how often a password is hashed, which is dear on purpose."""

    times = 0

    def encode(self, password: str, salt: str) -> str:
        Counted.times += 1
        return super().encode(password, salt)


def test_a_change_hashes_each_password_once(alice: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]
    client = signed_in(alice)
    Counted.times = 0
    body = {"current": "a long enough password", "new": "another long password"}
    assert client.post("/api/v1/auth/password", body, content_type="application/json").status_code == 204
    assert Counted.times == 2


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


def lines() -> list[tuple[str, str]]:
    return list(AuditLine.objects.order_by("pk").values_list("action", "target"))


def test_signing_in_and_out_leave_lines_and_failing_does_too(alice: User) -> None:
    client = Client()
    sign_in(client, alice.email, "wrong")
    sign_in(client, alice.email)
    client.post("/api/v1/auth/logout")
    assert lines() == [
        ("person.sign_in.refused", alice.email), ("person.sign_in", alice.email), ("person.sign_out", alice.email)
    ]  # fmt: skip
    assert AuditLine.objects.get(action="person.sign_in").data == {"address": "127.0.0.1", "way": "password"}


def test_who_guesses_at_an_account_does_not_keep_its_person_out(alice: User) -> None:
    """From the browser that they have signed in with before they come in, however many others guess from anywhere."""
    own = Client()
    sign_in(own, alice.email)
    own.post("/api/v1/auth/logout")
    for number in range(60):
        guess(alice.email, f"guess {number}", address=f"10.0.{number}.1")
    assert guess(alice.email, "one more", address="10.1.0.1").status_code == 429
    assert sign_in(own, alice.email).status_code == 200


def guess(email: str, password: str, *, address: str, client: Client | None = None) -> Any:
    body = {"email": email, "password": password}
    return (client or Client()).post(
        "/api/v1/auth/login", body, content_type="application/json", REMOTE_ADDR=address
    )  # fmt: skip


def test_a_known_browsers_guesses_are_counted_too(alice: User) -> None:
    own = Client()
    sign_in(own, alice.email)
    own.post("/api/v1/auth/logout")
    answers = [sign_in(own, alice.email, f"guess {number}").status_code for number in range(11)]
    assert answers == [400] * 10 + [429]


def test_one_address_does_not_try_many_accounts(alice: User) -> None:
    answers = [guess(f"nobody{number}@example.org", "x", address="10.0.0.9").status_code for number in range(51)]
    assert answers == [400] * 50 + [429]
    assert guess(alice.email, "a long enough password", address="10.0.0.8").status_code == 200


def test_a_right_password_forgets_what_was_mistyped(alice: User) -> None:
    client = Client()
    for _ in range(3):
        assert [sign_in(client, alice.email, "wrong").status_code for _ in range(6)] == [400] * 6
        assert sign_in(client, alice.email).status_code == 200


def test_guessing_at_the_present_password_is_slowed_by_the_same_count(alice: User) -> None:
    browser = signed_in(alice)
    body = {"current": "wrong", "new": "another long password"}
    path = "/api/v1/auth/password"
    answers = [browser.post(path, body, content_type="application/json").status_code for _ in range(11)]
    assert answers == [400] * 10 + [429]
    assert sign_in(Client(), alice.email).status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        ([], "198.51.100.7", "127.0.0.1"),  # nobody's word is taken
        (["127.0.0.0/8"], "198.51.100.7", "198.51.100.7"),
        (["127.0.0.0/8"], "203.0.113.1, 198.51.100.7", "198.51.100.7"),  # the first is what the caller wrote
        (["127.0.0.0/8", "198.51.100.0/24"], "203.0.113.1, 198.51.100.7", "203.0.113.1"),
        (["127.0.0.0/8"], "", "127.0.0.1"),
        (["127.0.0.0/8"], "nonsense", "nonsense"),
    ],
)
def test_the_address_is_what_trusted_proxies_say(
    settings: Any, proxies: list[str], forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded} if forwarded else {})
    assert guessing.address_of(request) == address


def test_the_administration_has_no_door_of_its_own(alice: User) -> None:
    answer = Client().get("/admin/login/?next=/admin/jobs/job/")
    assert (answer.status_code, answer["Location"]) == (302, "/login?next=%2Fadmin%2Fjobs%2Fjob%2F")
    assert Client().get("/admin/login/?next=//elsewhere.example/")["Location"] == "/login?next=%2Fadmin%2F"
    body = {"username": alice.email, "password": "a long enough password"}
    assert "sessionid" not in Client().post("/admin/login/", body).cookies
    browser = signed_in(alice)
    assert browser.post("/admin/logout/")["Location"] == "/login"
    assert browser.get("/api/v1/auth/me").status_code == 401
    assert lines()[-1] == ("person.sign_out", alice.email)


@pytest.mark.parametrize(("asked", "language"), [("ko-KR,ko;q=0.9,en;q=0.8", "ko"), ("fr,en;q=0.5", "en"), ("", "en")])
def test_a_new_account_begins_in_the_browsers_language_and_theme(alice: User, asked: str, language: str) -> None:
    browser = Client(headers={"Accept-Language": asked})
    me = sign_in(browser, alice.email).json()
    assert (me["language"], me["theme"]) == (language, "system")
    browser.patch("/api/v1/auth/me", {"language": "en", "theme": "light"}, content_type="application/json")
    again = sign_in(Client(headers={"Accept-Language": "ko"}), alice.email).json()
    assert (again["language"], again["theme"]) == ("en", "light")
