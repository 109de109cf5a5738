"""The second factor: a code from an app, RFC 6238; optional, and once used, used up."""

import time

import pyotp
import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import AuditLine, User
from tests.factories import assert_problem, call, make_user, signed_in

pytestmark = pytest.mark.django_db
WORDS = "the words of a song"


@pytest.fixture
def alice() -> User:
    cache.clear()
    user = make_user("Alice")
    user.set_password(WORDS)
    user.save()
    return user


def code(secret: str, later: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(time.time()) + later)


def set_up(alice: User) -> str:
    """The secret of a second factor that counts; the code of half a minute ago is used up."""
    secret = str(call(alice, "POST", "auth/second-factor").json()["secret"])
    assert call(alice, "POST", "auth/second-factor/confirm", {"code": code(secret, -30)}).status_code == 204
    return secret


def sign_in(alice: User, **more: str) -> "tuple[int, dict]":
    body = {"email": alice.email, "password": WORDS, **more}
    answer = Client().post("/api/v1/auth/login", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_it_works(alice: User) -> None:
    secret = set_up(alice)
    status, problem = sign_in(alice)
    assert (status, list(problem["errors"])) == (400, ["code"])
    assert sign_in(alice, code="000000")[0] == 400
    status, me = sign_in(alice, code=f" {code(secret)[:3]} {code(secret)[3:]}")
    assert (status, me["second_factor"]) == (200, True)


def test_a_code_opens_once(alice: User) -> None:
    now = code(set_up(alice))
    assert [sign_in(alice, code=now)[0] for _ in range(2)] == [200, 400]


def test_the_code_of_rfc_6238() -> None:
    """Its row for 59 s, cut to six digits: the secret is the ASCII of 12345678901234567890."""
    assert pyotp.TOTP("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").at(59) == "287082"


def test_who_lacks_the_password_is_not_asked_for_a_code(alice: User) -> None:
    set_up(alice)
    body = {"email": alice.email, "password": "wrong"}
    answer = Client().post("/api/v1/auth/login", body, content_type="application/json")
    assert "errors" not in assert_problem(answer, 400, mentions="do not go together")


def test_codes_are_not_tried_out(alice: User) -> None:
    set_up(alice)
    assert [sign_in(alice, code=f"{number:06}")[0] for number in range(11)][-1] == 429


def test_it_counts_only_once_a_code_has_confirmed_it(alice: User) -> None:
    call(alice, "POST", "auth/second-factor")
    assert_problem(call(alice, "POST", "auth/second-factor/confirm", {"code": "000000"}), 400)
    assert sign_in(alice)[0] == 200


def test_it_is_removed_with_a_code(alice: User) -> None:
    secret = set_up(alice)
    assert_problem(call(alice, "POST", "auth/second-factor"), 409, mentions="already")
    assert_problem(call(alice, "POST", "auth/second-factor/remove", {"code": "000000"}), 400)
    assert call(alice, "POST", "auth/second-factor/remove", {"code": code(secret)}).status_code == 204
    assert sign_in(alice)[0] == 200
    actions = AuditLine.objects.filter(action__contains="second_factor").order_by("pk")
    assert [line.action for line in actions] == ["person.second_factor.add", "person.second_factor.remove"]


def test_an_administrator_removes_it_for_who_has_lost_it(alice: User) -> None:
    set_up(alice)
    boss = make_user("Boss", is_staff=True, is_superuser=True)
    form = {"action": "remove_second_factor", "_selected_action": [alice.pk]}
    signed_in(boss).post("/admin/accounts/user/", form)
    assert sign_in(alice)[0] == 200
    assert AuditLine.objects.filter(action="admin.user.remove_second_factor", actor=boss, target="Alice").exists()
