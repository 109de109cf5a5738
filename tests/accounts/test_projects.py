"""projects, members, audit: who is in, as what, and what they did."""

import base64

import pytest

from accounts import services
from accounts.models import ApiToken, Member, Project, Role
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, make_dataset, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.LABELLER)


def test_it_works(cast: Cast) -> None:
    response = call(cast.alice, "POST", "projects", {"name": "밤길 Night roads"})
    assert response.status_code == 201
    made = response.json()
    assert (made["role"], made["datasets"], made["slug"]) == ("owner", 0, "night-roads")
    again = call(cast.alice, "POST", "projects", {"name": "Night roads"}).json()
    assert again["slug"] == "night-roads-2"
    make_dataset(cast.project)
    listed = call(cast.alice, "GET", "projects").json()
    assert [(project["name"], project["role"], project["datasets"]) for project in listed] == [
        ("Night roads", "owner", 0), ("Road", "owner", 1), ("밤길 Night roads", "owner", 0)
    ]  # fmt: skip
    assert [project["role"] for project in call(cast.bob, "GET", "projects").json()] == ["labeller"]


def test_an_owner_renames_it(cast: Cast) -> None:
    path = f"projects/{cast.project.pk}"
    assert call(cast.alice, "PATCH", path, {"name": "Streets"}).json()["name"] == "Streets"
    assert call(cast.bob, "GET", path).json()["name"] == "Streets"
    assert_problem(call(cast.bob, "PATCH", path, {"name": "Mine"}), 403, mentions="needs the role owner")
    assert_problem(call(cast.alice, "PATCH", path, {"name": ""}), 400, mentions="name")


def test_members_come_and_go(cast: Cast) -> None:
    path = f"projects/{cast.project.pk}/members"
    dora = Member.objects.create(project=cast.project, user=make_user("Dora"), role=Role.REVIEWER)
    listed = call(cast.bob, "GET", path).json()
    assert [member["role"] for member in listed] == ["owner", "reviewer", "labeller"]
    changed = call(cast.alice, "PATCH", f"members/{dora.pk}", {"role": "manager"})
    assert changed.json()["role"] == "manager"
    assert call(cast.alice, "DELETE", f"members/{dora.pk}").status_code == 204
    assert not Member.objects.filter(pk=dora.pk).exists()


def test_it_rejects_leaving_a_project_without_an_owner(cast: Cast) -> None:
    alone = Member.objects.get(user=cast.alice)
    assert_problem(call(cast.alice, "PATCH", f"members/{alone.pk}", {"role": "viewer"}), 409, mentions="needs an owner")
    assert_problem(call(cast.alice, "DELETE", f"members/{alone.pk}"), 409)


def test_it_rejects_members_who_are_not_owners(cast: Cast) -> None:
    own = Member.objects.get(user=cast.bob)
    assert_problem(call(cast.bob, "PATCH", f"members/{own.pk}", {"role": "owner"}), 403)
    assert_problem(call(cast.bob, "GET", f"projects/{cast.project.pk}/audit"), 403)


def test_the_audit_trail_is_read_page_by_page(cast: Cast) -> None:
    for name in ("One", "Two", "Three"):
        call(cast.alice, "PATCH", f"projects/{cast.project.pk}", {"name": name})
    path = f"projects/{cast.project.pk}/audit"
    first = call(cast.alice, "GET", f"{path}?limit=2").json()
    assert [(line["action"], line["target"]) for line in first["items"]] == [
        ("project.rename", "Three"), ("project.rename", "Two")
    ]  # fmt: skip
    second = call(cast.alice, "GET", f"{path}?limit=2&after={first['next']}").json()
    assert ([line["target"] for line in second["items"]], second["next"]) == (["One"], None)
    deep = base64.urlsafe_b64encode(b"[" * 3000).decode()
    for nonsense in ("nonsense", deep):
        assert_problem(call(cast.alice, "GET", f"{path}?after={nonsense}"), 400, mentions="after")
    assert_problem(call(cast.alice, "GET", f"{path}?limit=0"), 400, mentions="limit")


def test_charlie(cast: Cast) -> None:
    member, project = Member.objects.get(user=cast.bob).pk, cast.project.pk
    assert_charlie_gets_404(cast, "GET", f"projects/{project}")
    assert_charlie_gets_404(cast, "PATCH", f"projects/{project}", {"name": "Mine"})
    assert_charlie_gets_404(cast, "GET", f"projects/{project}/members")
    assert_charlie_gets_404(cast, "GET", f"projects/{project}/audit")
    assert_charlie_gets_404(cast, "PATCH", f"members/{member}", {"role": "owner"})
    assert_charlie_gets_404(cast, "DELETE", f"members/{member}")
    assert call(None, "GET", f"projects/{project}").status_code == 401


def test_who_leaves_takes_their_tokens_of_the_project_along_and_nobody_elses(cast: Cast) -> None:
    other = call(cast.bob, "POST", "projects", {"name": "Bob's own"}).json()["id"]
    for person, project in ((cast.alice, cast.project.pk), (cast.bob, cast.project.pk), (cast.bob, other)):
        body = {"name": "CI", "project": project, "role": "labeller"}
        assert call(person, "POST", "tokens", body).status_code == 201
    bob = Member.objects.get(user=cast.bob, project=cast.project)
    assert call(cast.alice, "DELETE", f"members/{bob.pk}").status_code == 204
    left = ApiToken.objects.order_by("pk").values_list("user", "project")
    assert list(left) == [(cast.alice.pk, cast.project.pk), (cast.bob.pk, other)]


def test_two_who_make_the_same_at_once_are_told_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has looked for a free address before the other took it: the second was a 500."""
    monkeypatch.setattr(services, "free_slug", lambda name: cast.project.slug)
    assert_problem(call(cast.alice, "POST", "projects", {"name": "Road"}), 409, mentions="at this moment")
    assert Project.objects.filter(slug=cast.project.slug).count() == 1
