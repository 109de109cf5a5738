"""jobs: what is at work, how far it is, and stopping it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from jobs import services
from jobs.models import Job
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs
from tests.jobs import handlers

pytestmark = pytest.mark.django_db
assert handlers


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.LABELLER)


def ask(cast: Cast, **fields: object) -> Job:
    job = services.enqueue(
        kind="test_add", project=cast.project, author=cast.alice, params={"a": 1, "b": 2}, title="Add"
    )
    Job.objects.filter(pk=job.pk).update(**fields) if fields else None
    return job


def test_it_works(cast: Cast) -> None:
    job = ask(cast)
    run_jobs()
    body = call(cast.bob, "GET", f"jobs/{job.pk}").json()
    assert (body["state"], body["progress"], body["result"]) == ("succeeded", 1, {"sum": 3})
    assert (body["error"], body["link"], body["eta_seconds"]) == (None, None, None)
    assert body["created_by"]["name"] == "Alice"


def test_the_list_is_filtered_and_newest_first(cast: Cast) -> None:
    first, second = ask(cast, dataset_id=7), ask(cast)
    listed = call(cast.bob, "GET", f"jobs?project={cast.project.pk}&state=queued").json()
    assert [job["id"] for job in listed["items"]] == [second.pk, first.pk]
    assert [job["id"] for job in call(cast.bob, "GET", "jobs?dataset=7").json()["items"]] == [first.pk]
    assert call(cast.bob, "GET", "jobs?state=failed").json() == {"items": [], "next": None}
    assert_problem(call(cast.bob, "GET", "jobs?state=lost"), 400, mentions="state")


def test_the_time_left_is_what_the_pace_says(cast: Cast) -> None:
    job = ask(cast, state="running", progress=0.25, started_at=timezone.now() - timedelta(seconds=10))
    assert call(cast.bob, "GET", f"jobs/{job.pk}").json()["eta_seconds"] == pytest.approx(30, abs=2)


def test_the_log_is_followed(cast: Cast) -> None:
    job = ask(cast)
    assert call(cast.bob, "GET", f"jobs/{job.pk}/log").json() == {"lines": [], "next": 0}
    run_jobs()
    log = call(cast.bob, "GET", f"jobs/{job.pk}/log").json()
    assert [line["text"] for line in log["lines"]] == ["1 + 2"]
    assert call(cast.bob, "GET", f"jobs/{job.pk}/log?after={log['next']}").json() == {"lines": [], "next": log["next"]}


def test_a_manager_cancels(cast: Cast) -> None:
    job = ask(cast)
    assert_problem(call(cast.bob, "POST", f"jobs/{job.pk}/cancel"), 403)
    assert call(cast.alice, "POST", f"jobs/{job.pk}/cancel").json()["state"] == "cancelled"
    assert_problem(call(cast.alice, "POST", f"jobs/{job.pk}/cancel"), 409, mentions="already ended")


def test_charlie(cast: Cast) -> None:
    job = ask(cast)
    assert_charlie_gets_404(cast, "GET", f"jobs/{job.pk}")
    assert_charlie_gets_404(cast, "POST", f"jobs/{job.pk}/cancel")
    assert_charlie_gets_404(cast, "GET", f"jobs/{job.pk}/log")
    assert call(cast.charlie, "GET", f"jobs?project={cast.project.pk}").json()["items"] == []
