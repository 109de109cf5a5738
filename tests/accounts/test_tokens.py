"""tokens: a script's key, stored hashed, held to a project and a role."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts import first_start, services
from accounts.models import ApiToken, Member, Role, User
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


def test_a_token_ends_after_ninety_days_unless_it_is_said_otherwise(cast: Cast) -> None:
    body = {"name": "CI", "project": cast.project.pk, "role": "viewer"}
    made = call(cast.alice, "POST", "tokens", body).json()
    days = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    assert round(days / timedelta(days=1), 3) == 90
    assert call(cast.alice, "POST", "tokens", body | {"days": None}).json()["expires_at"] is None
    assert_problem(call(cast.alice, "POST", "tokens", body | {"days": 0}), 400, mentions="days")


def test_a_token_that_has_ended_opens_nothing_and_is_still_listed(cast: Cast) -> None:
    token = make_token(cast)["token"]
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert_problem(by_script(token, "GET", "projects"), 401)
    (listed,) = call(cast.alice, "GET", "tokens").json()
    assert listed["expires_at"] < timezone.now().isoformat()


def test_it_says_when_a_token_was_last_used(cast: Cast) -> None:
    token = make_token(cast)["token"]
    assert [row["last_used_at"] for row in call(cast.alice, "GET", "tokens").json()] == [None]
    by_script(token, "GET", "projects")
    (first,) = [row["last_used_at"] for row in call(cast.alice, "GET", "tokens").json()]
    by_script(token, "GET", "projects")
    assert [row["last_used_at"] for row in call(cast.alice, "GET", "tokens").json()] == [first]  # to the minute
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(hours=1))
    by_script(token, "GET", "projects")
    assert call(cast.alice, "GET", "tokens").json()[0]["last_used_at"] >= first


def test_tokens_end_with_the_password(cast: Cast) -> None:
    cast.alice.set_password("the words of a song")
    cast.alice.save()
    token = make_token(cast)["token"]
    other = services.create_token(name="Bob's", project=cast.project, role="viewer", by=cast.bob).token
    services.change_password(by=cast.alice, current="the words of a song", new="those of another")
    assert_problem(by_script(token, "GET", "projects"), 401)
    assert by_script(other, "GET", "projects").status_code == 200


def test_no_token_is_made_by_who_was_let_in_with_the_password_before(cast: Cast) -> None:
    """The request that was on its way while the password changed: its token would outlive the change."""
    let_in = User.objects.get(pk=cast.alice.pk)
    cast.alice.set_password("those of another")
    cast.alice.save()
    with pytest.raises(PermissionDenied, match="password"):
        services.create_token(name="CI", project=cast.project, role="viewer", by=let_in)


def test_what_is_no_token_is_refused() -> None:
    assert_problem(by_script("\xff\xfe", "GET", "projects"), 401)


def test_the_machines_own_token_is_made_anew_when_its_password_changes(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    cache.clear()
    admin = make_user("Admin", is_superuser=True)
    admin.set_password("the words of a song")
    admin.save()
    first_start.ensure_token(tmp_path / "admin-token")
    before = (tmp_path / "admin-token").read_text().strip()
    body = {"current": "the words of a song", "new": "those of another"}
    assert call(admin, "POST", "auth/password", body).status_code == 204
    after = (tmp_path / "admin-token").read_text().strip()
    assert_problem(by_script(before, "GET", "projects"), 401)
    assert by_script(after, "GET", "projects").status_code == 200


def test_a_token_to_predict_is_made_by_who_may_predict(cast: Cast) -> None:
    body = {"name": "camera", "project": cast.project.pk, "role": "predict"}
    token = call(cast.bob, "POST", "tokens", body).json()["token"]
    assert by_script(token, "GET", "auth/me").json()["email"] == cast.bob.email
    assert_problem(by_script(token, "GET", f"projects/{cast.project.pk}"), 403, mentions="reads nothing else")
    assert_problem(by_script(token, "GET", "datasets"), 403, mentions="reads nothing else")
    Member.objects.filter(user=cast.bob).update(role=Role.REVIEWER)
    assert_problem(call(cast.bob, "POST", "tokens", body), 403, mentions="manager")
