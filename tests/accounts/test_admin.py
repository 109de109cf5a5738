"""The admin console: every page opens for an administrator, none for anybody else, and invariants cannot be edited."""

from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts import services as token_services
from accounts.models import ApiToken, AuditLine, Project, User
from jobs import services
from jobs.models import Job
from tests.factories import Cast, make_cast, make_dataset, make_image, make_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def boss() -> User:
    return make_user("Boss", is_staff=True, is_superuser=True)


@pytest.fixture
def job(cast: Cast) -> Job:
    return services.enqueue(kind="test_add", project=cast.project, author=cast.alice, params={}, title="Add")


OURS = [model for model in admin.site._registry if model._meta.app_label in ("accounts", "dataset", "jobs")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_it_works(model: type, cast: Cast, boss: User, job: Job) -> None:
    make_image(make_dataset(cast.project))
    services.cancel(job=job, by=cast.alice)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    browser = signed_in(boss)
    assert browser.get(reverse(f"{name}_changelist")).status_code == 200
    if row := model.objects.first():
        assert browser.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    assert browser.get(reverse("admin:index")).status_code == 200


def test_it_is_closed_to_everybody_else(cast: Cast) -> None:
    response = signed_in(cast.alice).get(reverse("admin:accounts_user_changelist"))
    assert (response.status_code, "/admin/login/" in response["Location"]) == (302, True)


def test_a_person_and_a_project_are_made(boss: User) -> None:
    browser = signed_in(boss)
    secret = "a long enough password"
    form = {
        "email": "dora@example.org",
        "name": "Dora",
        "password1": secret,
        "password2": secret,
        "usable_password": "true",
    }
    form |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    browser.post(reverse("admin:accounts_user_add"), form)
    assert User.objects.get(email="dora@example.org").check_password(secret)
    form = {"name": "Streets", "slug": "streets", "members-TOTAL_FORMS": "0", "members-INITIAL_FORMS": "0"}
    browser.post(reverse("admin:accounts_project_add"), form)
    assert Project.objects.get(name="Streets").slug == "streets"


def test_jobs_are_cancelled(boss: User, job: Job) -> None:
    form = {"action": "cancel_jobs", "_selected_action": [job.pk]}
    signed_in(boss).post(reverse("admin:jobs_job_changelist"), form)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert AuditLine.objects.get(action="job.cancel").actor == boss


@pytest.mark.parametrize(
    "name", ["accounts_auditline", "jobs_job", "dataset_revision", "dataset_dataset", "accounts_apitoken"]
)
def test_what_the_platform_writes_cannot_be_added(name: str, boss: User) -> None:
    assert signed_in(boss).get(reverse(f"admin:{name}_add")).status_code == 403


def test_rights_that_change_leave_a_line(boss: User) -> None:
    dora = make_user("Dora")
    form = {"email": dora.email, "name": "Dora", "language": "en", "theme": "dark", "is_active": "on"}
    form |= {"is_staff": "on", "is_superuser": "on", "memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    answer = signed_in(boss).post(reverse("admin:accounts_user_change", args=[dora.pk]), form)
    assert answer.status_code == 302, answer.content
    line = AuditLine.objects.get(action="admin.user.change")
    assert (line.actor, line.target) == (boss, "Dora")
    assert (line.data["is_superuser"], line.data["is_active"]) == (True, True)
    assert "superuser" in str(line.data["changes"]).lower()


def test_a_password_set_here_ends_the_persons_tokens_and_leaves_a_line(boss: User, cast: Cast) -> None:
    token = token_services.create_token(name="CI", project=cast.project, role="viewer", by=cast.bob).row
    secret = "a long enough password"
    form = {"password1": secret, "password2": secret, "usable_password": "true"}
    signed_in(boss).post(reverse("admin:auth_user_password_change", args=[cast.bob.pk]), form)
    assert User.objects.get(pk=cast.bob.pk).check_password(secret)
    assert not ApiToken.objects.filter(pk=token.pk).exists()
    assert AuditLine.objects.filter(action="admin.user.change", actor=boss, target="Bob").exists()


def test_a_member_and_import_roots_set_here_leave_a_line(boss: User, cast: Cast, settings: Any) -> None:
    settings.IMPORT_ROOTS = ["/data/street"]
    form = {"name": "Road", "slug": cast.project.slug, "import_roots": ["/data/street"]}
    form |= {"members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0", "members-MAX_NUM_FORMS": "1000"}
    form |= {"members-0-user": cast.charlie.pk, "members-0-role": "viewer", "members-0-project": cast.project.pk}
    answer = signed_in(boss).post(reverse("admin:accounts_project_change", args=[cast.project.pk]), form)
    assert answer.status_code == 302, answer.content
    assert Project.objects.get(pk=cast.project.pk).import_roots == ["/data/street"]
    line = AuditLine.objects.get(action="admin.project.change")
    assert line.project == cast.project
    assert "viewer of Road" in str(line.data["changes"])


def test_a_token_taken_back_here_leaves_a_line(boss: User, cast: Cast) -> None:
    token = token_services.create_token(name="CI", project=cast.project, role="viewer", by=cast.bob).row
    signed_in(boss).post(reverse("admin:accounts_apitoken_delete", args=[token.pk]), {"post": "yes"})
    assert not ApiToken.objects.filter(pk=token.pk).exists()
    assert AuditLine.objects.filter(action="admin.apitoken.delete", target="CI", project=cast.project).exists()
