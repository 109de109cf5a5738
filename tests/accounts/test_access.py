"""Outside a project everything is 404; inside, a weak role is 403; a token is never stronger than its scope."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts import access
from accounts.models import ApiToken, Role
from tests.factories import make_cast, make_user

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    cast = make_cast(bob=Role.REVIEWER)
    assert access.role_in(cast.alice, cast.project.pk) == Role.OWNER
    assert access.check(cast.bob, cast.project.pk, Role.LABELLER) == Role.REVIEWER
    assert access.project_for(cast.bob, cast.project.pk) == cast.project
    assert list(access.visible_projects(cast.bob)) == [cast.project]


def test_it_rejects_a_weak_role() -> None:
    cast = make_cast(bob=Role.REVIEWER)
    with pytest.raises(PermissionDenied, match="needs the role manager in the project; yours is reviewer"):
        access.check(cast.bob, cast.project.pk, Role.MANAGER)


def test_charlie_sees_nothing() -> None:
    cast = make_cast()
    with pytest.raises(Http404):
        access.project_for(cast.charlie, cast.project.pk)
    assert cast.project not in access.visible_projects(cast.charlie)


def test_an_administrator_sees_everything() -> None:
    cast, admin = make_cast(), make_user("Admin", is_superuser=True)
    assert access.role_in(admin, cast.project.pk) == Role.OWNER
    assert cast.project in access.visible_projects(admin)


@pytest.mark.parametrize(
    ("own", "token", "expected"),
    [
        (Role.OWNER, Role.LABELLER, Role.LABELLER),
        (Role.LABELLER, Role.OWNER, Role.LABELLER),
        (Role.VIEWER, Role.VIEWER, Role.VIEWER),
    ],
)
def test_a_token_is_the_weaker_of_its_role_and_its_makers(own: Role, token: Role, expected: Role) -> None:
    cast = make_cast(bob=own)
    cast.bob.token = ApiToken(user=cast.bob, project=cast.project, role=token)
    assert access.role_in(cast.bob, cast.project.pk) == expected


def test_a_token_does_not_reach_its_makers_other_projects() -> None:
    cast = make_cast()
    cast.charlie.is_superuser = True
    cast.charlie.token = ApiToken(user=cast.charlie, project=cast.charlie.memberships.get().project, role=Role.OWNER)
    assert access.role_in(cast.charlie, cast.project.pk) is None
    assert cast.project not in access.visible_projects(cast.charlie)
