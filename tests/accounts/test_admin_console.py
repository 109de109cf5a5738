"""The administration pages open for an administrator, and for nobody else."""

import pytest
from django.test import Client

from accounts.models import AuditLine, Project, User
from jobs import services as jobs
from jobs.models import Job

pytestmark = pytest.mark.django_db

PAGES = [
    "accounts/user",
    "accounts/project",
    "accounts/apitoken",
    "accounts/auditline",
    "jobs/job",
    "dataset/dataset",
    "dataset/labelclass",
    "dataset/revision",
    "dataset/slice",
    "dataset/predictionset",
]


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@example.org", "a long password"))
    return client


@pytest.mark.parametrize("page", PAGES)
def test_it_lists(admin: Client, page: str) -> None:
    assert admin.get(f"/admin/{page}/").status_code == 200


def test_a_person_page_opens_and_cannot_delete(admin: Client) -> None:
    person = User.objects.create_user("bob@example.org", "a long password")
    assert admin.get(f"/admin/accounts/user/{person.pk}/change/").status_code == 200
    assert admin.post(f"/admin/accounts/user/{person.pk}/delete/", {"post": "yes"}).status_code == 403


def test_it_cancels_a_job_and_leaves_an_audit_line(admin: Client) -> None:
    project = Project.objects.create(name="Roads", slug="roads")
    job = jobs.enqueue(kind="nothing", project=project, author=None, params={}, title="Wait")
    admin.post("/admin/jobs/job/", {"action": "cancel_jobs", "_selected_action": [job.pk]})
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert AuditLine.objects.filter(action="job.cancel", project=project).exists()


@pytest.mark.parametrize("page", ["", "accounts/user/", "jobs/job/"])
def test_it_is_closed_to_everybody_else(client: Client, page: str) -> None:
    client.force_login(User.objects.create_user("charlie@example.org", "a long password"))
    answer = client.get(f"/admin/{page}")
    assert answer.status_code == 302
    assert "/admin/login" in answer["Location"]
