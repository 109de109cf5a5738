"""The audit trail: each change to projects, members, tokens and people says who did what to what, and where."""

from typing import Any

import pytest

from accounts import invitations, services
from accounts.models import AuditLine, Member, Project, Role, User
from tests.factories import Cast, make_cast, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.LABELLER)


def last_line() -> tuple[User | None, str, str, Project | None, dict[str, Any]]:
    line = AuditLine.objects.select_related("actor", "project").latest("pk")
    return line.actor, line.action, line.target, line.project, line.data


def test_it_works_for_a_project(cast: Cast) -> None:
    project = services.create_project(name="Roads", by=cast.bob)
    assert last_line() == (cast.bob, "project.create", "Roads", project, {})
    assert Member.objects.get(project=project).role == Role.OWNER
    services.rename_project(project=project, name="Streets", by=cast.bob)
    assert last_line() == (cast.bob, "project.rename", "Streets", project, {})


def test_it_works_for_members(cast: Cast) -> None:
    alice, project = cast.alice, cast.project
    dora = make_user("Dora")
    made = invitations.invite(project=project, email=f" {dora.email.title()}", role=Role.VIEWER, by=alice)
    assert last_line() == (alice, "invitation.create", dora.email, project, {"role": "viewer"})
    added = invitations.take_up(secret=made.secret, by=dora)
    facts = {"role": "viewer", "invited_by": alice.pk, "member_before": False}
    assert last_line() == (dora, "invitation.take_up", dora.email, project, facts)
    services.change_role(member=added, role=Role.MANAGER, by=alice)
    said = {"from": "viewer", "to": "manager"}
    assert last_line() == (alice, "member.change_role", dora.email, project, said)
    services.remove_member(member=added, by=alice)
    assert last_line() == (alice, "member.remove", dora.email, project, {})


def test_it_works_for_tokens(cast: Cast) -> None:
    alice, project = cast.alice, cast.project
    made = services.create_token(name="CI", project=project, role=Role.LABELLER, by=alice)
    assert last_line() == (alice, "token.create", "CI", project, {"role": "labeller", "days": 90})
    services.delete_token(token=made.row, by=alice)
    assert last_line() == (alice, "token.delete", "CI", project, {})


def test_a_token_without_a_role_says_so(cast: Cast) -> None:
    services.create_token(name="as strong as I am", project=cast.project, role=None, by=cast.bob)
    assert last_line() == (cast.bob, "token.create", "as strong as I am", cast.project, {"role": "", "days": 90})


def test_an_administrators_token_belongs_to_no_project() -> None:
    admin = make_user("Admin", is_superuser=True)
    services.create_token(name="Ops", project=None, role=None, by=admin)
    assert last_line() == (admin, "token.create", "Ops", None, {"role": "", "days": 90})


def test_a_changed_password_is_noted_but_not_said(cast: Cast) -> None:
    cast.bob.set_password("first words of a song")
    services.change_password(by=cast.bob, current="first words of a song", new="second words of a song")
    assert last_line() == (cast.bob, "person.change_password", cast.bob.email, None, {"tokens_ended": 0})
    assert User.objects.get(pk=cast.bob.pk).check_password("second words of a song")


def test_a_long_name_gives_addresses_that_fit_and_differ(cast: Cast) -> None:
    made = [services.create_project(name="a" * 115, by=cast.alice).slug for _ in range(3)]
    assert made == ["a" * 110, "a" * 110 + "-2", "a" * 110 + "-3"]
