"""How a job ends, seen from its row; without a worker process."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Member, Role, User
from accounts.problems import Conflict
from jobs import running, services, stopping
from jobs.models import Job
from jobs.sentences import Sentence
from tests.factories import Cast, make_cast, run_jobs
from tests.jobs import handlers

pytestmark = pytest.mark.django_db
assert handlers


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def ask(cast: Cast, kind: str, **params: object) -> Job:
    return services.enqueue(kind=kind, project=cast.project, author=cast.alice, params=params, title=f"Test {kind}")


def test_it_works(cast: Cast) -> None:
    ask(cast, "test_add", a=2, b=3)
    (job,) = run_jobs()
    assert (job.state, job.progress, job.result, job.attempts) == ("succeeded", 1, {"sum": 5}, 1)
    assert job.started_at is not None
    assert job.finished_at is not None
    assert [line.text for line in job.lines.all()] == ["2 + 3"]


def test_a_refusal_is_a_sentence(cast: Cast) -> None:
    ask(cast, "test_refuse")
    (job,) = run_jobs()
    assert (job.state, job.error) == ("failed", "There is nothing to add.")


def test_an_unexpected_error_is_named_and_its_place_logged(cast: Cast) -> None:
    ask(cast, "test_break")
    (job,) = run_jobs()
    assert job.state == "failed"
    assert "ZeroDivisionError: seven by nothing" in job.error
    assert "break_down" in job.lines.get().text


def test_an_unknown_kind_fails(cast: Cast) -> None:
    ask(cast, "test_nobody")
    (job,) = run_jobs()
    assert job.error == "This worker does not know jobs of the kind test_nobody."


def test_who_has_lost_the_role_gets_nothing_done(cast: Cast) -> None:
    """Asked for as a manager, begun when that was over; also where it begins again after its worker died."""
    first, _ = ask(cast, "test_add", a=1, b=1), ask(cast, "test_add", a=2, b=2)
    first.claim("dead")
    first.requeue("dead", message=Sentence("again", ""), attempt_counts=True)
    Member.objects.filter(user=cast.alice, project=cast.project).update(role=Role.REVIEWER)
    sentence = f"{cast.alice} asked for this and has no longer the role manager in the project."
    assert [(job.state, job.error, job.lines.count()) for job in run_jobs()] == [("failed", sentence, 0)] * 2
    Member.objects.filter(user=cast.alice, project=cast.project).update(role=Role.MANAGER)
    ask(cast, "test_add", a=2, b=2)
    assert [job.state for job in run_jobs()] == ["succeeded"]


@pytest.mark.parametrize("gone", ["left the project", "made inactive"])
def test_nothing_is_done_for_somebody_who_is_gone(cast: Cast, gone: str) -> None:
    ask(cast, "test_add", a=1, b=1)
    if gone == "left the project":
        Member.objects.filter(user=cast.alice).delete()
    else:
        User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert [job.state for job in run_jobs()] == ["failed"]


def test_the_platforms_own_jobs_ask_nobody(cast: Cast) -> None:
    services.enqueue(kind="test_add", project=cast.project, author=None, params={"a": 1, "b": 1}, title="Add")
    assert [job.state for job in run_jobs()] == ["succeeded"]


def test_a_job_runs_once_however_often_it_is_sent(cast: Cast) -> None:
    job = ask(cast, "test_add", a=1, b=1)
    running.run(job.pk, beat=False)
    running.run(job.pk, beat=False)
    job.refresh_from_db()
    assert job.attempts == 1


def test_two_workers_cannot_hold_one_job(cast: Cast) -> None:
    job = ask(cast, "test_add", a=1, b=1)
    assert job.claim("first")
    assert not Job.objects.get().claim("second")
    assert not job.succeed("second", {})


def test_a_queued_job_is_cancelled_at_once(cast: Cast) -> None:
    job = services.cancel(job=ask(cast, "test_add", a=1, b=1), by=cast.alice)
    assert job.state == "cancelled"
    assert run_jobs() == []
    with pytest.raises(Conflict):
        services.cancel(job=job, by=cast.alice)


def test_a_running_job_stops_at_its_next_report(cast: Cast, tmp_path: object) -> None:
    job = ask(cast, "test_wait", file=str(tmp_path))
    job.claim("me")
    services.cancel(job=job, by=cast.alice)
    assert job.state == "running"
    report = running.Report(job, "me")
    report.write()
    with pytest.raises(running.JobCancelled):
        report(0.5)
    running.end(job, "me", running.JobCancelled())
    assert job.state == "cancelled"


def test_a_stopped_worker_hands_its_job_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask(cast, "test_wait", file="/nowhere")
    monkeypatch.setattr(stopping, "FLAG", [1])
    running.run(job.pk, beat=False)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.sent_at) == ("queued", 0, None)


def silent(job: Job) -> Job:
    """The job as a dead worker left it."""
    job.claim("dead")
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(seconds=25))
    return job


@pytest.fixture
def old_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that has been up for long enough to have missed a heartbeat."""
    monkeypatch.setattr(services, "database_up_for", lambda span: True)


@pytest.mark.usefixtures("old_database")
def test_a_dead_workers_job_is_started_again_then_failed(cast: Cast) -> None:
    job = silent(ask(cast, "test_wait", file="/nowhere"))
    assert services.recover() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 1)
    silent(job)
    assert services.recover() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 2)
    assert job.error.startswith("The worker that ran this job stopped without a word")


@pytest.mark.usefixtures("old_database")
def test_a_dead_workers_job_that_was_to_be_cancelled_is_cancelled(cast: Cast) -> None:
    job = silent(ask(cast, "test_wait", file="/nowhere"))
    services.cancel(job=job, by=cast.alice)
    services.recover()
    job.refresh_from_db()
    assert job.state == "cancelled"


@pytest.mark.usefixtures("old_database")
def test_a_beating_heart_is_left_alone(cast: Cast) -> None:
    ask(cast, "test_wait", file="/nowhere").claim("alive")
    assert services.recover() == 0


def test_silence_is_forgiven_while_the_database_was_down(cast: Cast) -> None:
    silent(ask(cast, "test_wait", file="/nowhere"))
    assert not services.database_up_for(timedelta(days=1))


def test_a_lost_message_is_sent_again(cast: Cast) -> None:
    job = ask(cast, "test_add", a=1, b=1)
    assert services.send_lost() == 0
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now() - timedelta(minutes=1), queue="quiet")
    assert services.send_lost() == 1
    assert services.waiting_messages("quiet") == 1
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now() - timedelta(minutes=1))
    assert services.send_lost() == 0  # its message waits in the broker: the workers are busy
