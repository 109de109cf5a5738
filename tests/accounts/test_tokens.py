"""tokens: a script's key, stored hashed, held to a project and a role."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiToken, Member, Role
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.MANAGER)


def by_script(token: str, method: str, path: str, body: Any = None) -> Any:
    return Client().generic(
        method, f"/api/v1/{path}", data=body or "", content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip


def make_token(cast: Cast, role: str = "labeller") -> dict[str, Any]:
    response = call(cast.alice, "POST", "tokens", {"name": "CI", "project": cast.project.pk, "role": role})
    assert response.status_code == 201, response.content
    return dict(response.json())


def test_it_works(cast: Cast) -> None:
    made = make_token(cast)
    assert by_script(made["token"], "GET", f"projects/{cast.project.pk}").json()["role"] == "labeller"
    assert made["token"] not in str(ApiToken.objects.values().get())
    (listed,) = call(cast.alice, "GET", "tokens").json()
    assert (listed["name"], listed["role"], "token" in listed) == ("CI", "labeller", False)
    assert call(cast.alice, "DELETE", f"tokens/{made['id']}").status_code == 204
    assert_problem(by_script(made["token"], "GET", "projects"), 401)


def test_a_scoped_token_stays_in_its_scope(cast: Cast) -> None:
    token = make_token(cast)["token"]
    other = call(cast.alice, "POST", "projects", {"name": "Other"}).json()["id"]
    assert [project["id"] for project in by_script(token, "GET", "projects").json()] == [cast.project.pk]
    assert_problem(by_script(token, "GET", f"projects/{other}"), 404)
    assert_problem(by_script(token, "PATCH", f"projects/{cast.project.pk}", '{"name": "Mine"}'), 403)
    assert_problem(by_script(token, "PATCH", "auth/me", '{"name": "Mallory"}'), 403)
    assert_problem(by_script(token, "GET", "tokens"), 403)
    assert_problem(by_script(token, "POST", "projects", '{"name": "Mine"}'), 403)


@pytest.mark.parametrize("role", ["viewer", "labeller", "reviewer", "manager"])
def test_a_token_is_as_strong_as_it_says(cast: Cast, role: str) -> None:
    """Whatever its maker may, and however the two words compare."""
    token = make_token(cast, role)["token"]
    assert by_script(token, "GET", f"projects/{cast.project.pk}").json()["role"] == role


@pytest.mark.parametrize("role", [Role.VIEWER, Role.LABELLER, Role.REVIEWER])
def test_a_token_is_never_stronger_than_its_maker_is_now(cast: Cast, role: Role) -> None:
    body = {"name": "CI", "project": cast.project.pk, "role": "manager"}
    token = call(cast.bob, "POST", "tokens", body).json()["token"]
    Member.objects.filter(user=cast.bob, project=cast.project).update(role=role)
    assert by_script(token, "GET", f"projects/{cast.project.pk}").json()["role"] == role


def test_it_rejects_a_token_stronger_than_its_maker(cast: Cast) -> None:
    body = {"name": "CI", "project": cast.project.pk, "role": "owner"}
    assert_problem(call(cast.bob, "POST", "tokens", body), 403)
    assert_problem(call(cast.bob, "POST", "tokens", {"name": "CI"}), 403, mentions="administrator")


def test_an_administrators_token_reaches_everything(cast: Cast) -> None:
    admin = make_user("Admin", is_superuser=True)
    token = call(admin, "POST", "tokens", {"name": "Ops"}).json()["token"]
    assert by_script(token, "GET", f"projects/{cast.project.pk}").json()["role"] == "owner"


def test_an_owner_takes_back_a_members_token(cast: Cast) -> None:
    body = {"name": "CI", "project": cast.project.pk, "role": "viewer"}
    made = call(cast.bob, "POST", "tokens", body).json()["id"]
    assert_charlie_gets_404(cast, "DELETE", f"tokens/{made}")
    assert call(cast.alice, "DELETE", f"tokens/{made}").status_code == 204


def test_charlie_cannot_make_one(cast: Cast) -> None:
    assert_charlie_gets_404(cast, "POST", "tokens", {"name": "x", "project": cast.project.pk, "role": "viewer"})
