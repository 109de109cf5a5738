"""The client against a real server: what it sends, what it gives back, and how errors read."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from accounts import services
from accounts.models import Project
from client import Conflict, Forbidden, Halfday, HalfdayError, JobFailed, NotFound, Unreachable
from client.errors import from_response
from client.jobs import Jobs
from curate.tasks import run_evaluation
from dataset.models import Dataset
from dataset.tasks import run_export, run_prediction_import
from jobs import services as jobs
from jobs.news.hub import HUB
from jobs.sentences import Sentence
from tests.factories import make_image, make_user, run_jobs
from tests.jobs.streams import started
from tests.processes import until

assert run_evaluation
assert run_export
assert run_prediction_import

# knox brings a table that no app lists; naming all apps lets Django empty the database between tests
pytestmark = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)


@pytest.fixture
def halfday(live_server):
    admin = make_user("Alice", is_superuser=True)
    token = services.create_token(name="test", project=None, role=None, by=admin).token
    with Halfday(live_server.url, token) as client:
        yield client


def test_it_works(halfday):
    project = halfday.projects.create("Streets")
    dataset = halfday.datasets.create(project=project["id"], name="Day one", classes=["car", "person"])
    assert [c["name"] for c in halfday.datasets.get(dataset["id"])["classes"]] == ["car", "person"]
    assert [d["name"] for d in halfday.datasets.list(project["id"])] == ["Day one"]


def test_lists_are_read_to_their_end(halfday):
    project = halfday.projects.create("P")["id"]
    for number in range(7):
        halfday.datasets.create(project=project, name=f"D{number}")
    names = [d["name"] for d in halfday.transport.items("datasets", limit=3)]
    assert sorted(names) == [f"D{number}" for number in range(7)]
    assert [p["name"] for p in halfday.projects.list()] == ["P"]


def test_it_rejects_with_the_platforms_sentence(halfday):
    with pytest.raises(HalfdayError) as caught:
        halfday.datasets.create(project=10**6, name="x")
    assert caught.value.status in (400, 404)
    with pytest.raises(NotFound) as missing:
        halfday.datasets.get(10**6)
    assert str(missing.value)


def test_it_rejects_an_unknown_token(live_server):
    with Halfday(live_server.url, "no such token") as stranger, pytest.raises(Forbidden):
        stranger.projects.list()


def test_an_upload_becomes_a_job(halfday, tmp_path):
    archive = tmp_path / "none.zip"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("readme.txt", "no images here")
    archive.write_bytes(content.getvalue())
    dataset = halfday.datasets.create(project=halfday.projects.create("P")["id"], name="D")
    job = halfday.datasets.upload(dataset["id"], archive, format="auto", metadata={"part": "a"})
    run_jobs()
    assert halfday.jobs.get(job["id"])["state"] in ("succeeded", "failed")


def test_a_job_is_waited_for_without_asking_again_and_again(halfday, monkeypatch):
    project = Project.objects.get(pk=halfday.projects.create("P")["id"])
    job = jobs.enqueue(kind="test_add", project=project, author=None, params={}, title="Add")
    asked, told = [], []
    monkeypatch.setattr(halfday.jobs, "get", lambda number: asked.append(number) or Jobs.get(halfday.jobs, number))
    waiting = ThreadPoolExecutor().submit(halfday.jobs.wait, job.pk, lambda now: told.append(now["message"]))
    until(lambda: len(asked) == 2)  # at once, and when nothing can be missed any more
    report = started(job)
    for step in range(5):
        report((step + 1) / 10, Sentence.of("step", f"step {step}"))
        report.write()
        until(lambda step=step: told[-1] == f"step {step}")
    job.succeed("here", {"sum": 3})
    assert waiting.result()["result"] == {"sum": 3}
    assert len(asked) == 3


def test_a_message_may_hold_what_ends_a_line_elsewhere(halfday):
    project = Project.objects.get(pk=halfday.projects.create("P")["id"])
    job = jobs.enqueue(kind="test_add", project=project, author=None, params={}, title="Add")
    told = []
    waiting = ThreadPoolExecutor().submit(halfday.jobs.wait, job.pk, lambda now: told.append(now["message"]))
    report = started(job)
    until(lambda: HUB.count() == 1)
    report(0.5, Sentence.of("odd", "one\u2028two\x85three\u2029\x0bfour"))
    report.write()
    until(lambda: len(told) > 1 or waiting.done())
    job.succeed("here", {})
    assert waiting.result()["state"] == "succeeded"
    assert "one\u2028two\x85three\u2029\x0bfour" in told


def test_a_job_is_waited_for_where_there_is_no_news(halfday, monkeypatch):
    monkeypatch.setattr("jobs.news.api.MOST", 0)
    project = Project.objects.get(pk=halfday.projects.create("P")["id"])
    job = jobs.enqueue(kind="test_add", project=project, author=None, params={}, title="Add")
    waiting = ThreadPoolExecutor().submit(halfday.jobs.wait, job.pk)
    started(job)
    job.fail("here", "There is nothing to add.")
    with pytest.raises(JobFailed, match="nothing to add"):
        waiting.result()


def test_an_export_is_asked_for_and_fetched(halfday, tmp_path, settings):
    settings.STORAGE_ROOT = tmp_path / "storage"
    number = halfday.datasets.create(project=halfday.projects.create("P")["id"], name="D", classes=["car"])["id"]
    make_image(Dataset.objects.get(pk=number), key="a.jpg", labelled_since=0)
    job = halfday.datasets.export(number, "coco")
    run_jobs()
    assert halfday.jobs.wait(job)["result"]["images"]["exported"] == 1
    with zipfile.ZipFile(halfday.datasets.fetch_export(job, tmp_path / "out.zip")) as archive:
        assert "annotations/instances_default.json" in archive.namelist()


def test_nobody_at_the_address():
    with Halfday("http://127.0.0.1:9", "t") as client, pytest.raises(Unreachable, match="does not answer"):
        client.projects.create("x")


def test_a_failed_job_is_an_exception_with_its_reason():
    job = {"id": 3, "title": "Import", "state": "failed", "progress": 0.4, "message": "Reading", "error": "No images."}
    seen = []
    with answering(200, job) as client, pytest.raises(JobFailed, match="Import: No images"):
        client.jobs.wait(3, progress=seen.append)
    assert seen == [job]


def test_remarks_by_field_are_part_of_the_sentence():
    problem = {"title": "Bad input", "detail": "That cannot be.", "errors": {"name": ["Too long."]}}
    with answering(409, problem) as client, pytest.raises(Conflict, match=r"That cannot be\. name: Too long\."):
        client.projects.create("x")


def test_an_answer_without_json_has_a_sentence_too():
    assert str(from_response(httpx.Response(502, text="<html>bad gateway</html>"))) == "The server answered 502."


def test_the_environment_must_name_the_platform(monkeypatch):
    monkeypatch.delenv("HALFDAY_URL", raising=False)
    monkeypatch.setenv("HALFDAY_TOKEN", "t")
    with pytest.raises(HalfdayError, match="HALFDAY_URL"):
        Halfday.from_environment()


def test_a_download_is_saved(tmp_path):
    with answering(200, {"weights": 1}) as client:
        saved = client.checkpoints.download(1, tmp_path / "w.pt")
    assert Path(saved).read_bytes() == b'{"weights":1}'


def test_a_report_is_bytes():
    with answering(200, {"html": 1}) as client:
        assert client.evaluations.report(1, pictures=False, language="ko") == b'{"html":1}'
        assert client.comparisons.report(1) == b'{"html":1}'
    with answering(409, {"title": "Conflict", "detail": "Not finished."}) as client, pytest.raises(Conflict):
        client.evaluations.report(1)


def answering(status, content):
    """A client whose server always gives this answer."""
    client = Halfday("http://test", "t")
    client.close()
    transport = httpx.MockTransport(lambda request: httpx.Response(status, json=content))
    client.transport.http = httpx.Client(transport=transport, base_url="http://test/api/v1/")
    return client


def test_tags_and_objects_in_bulk(halfday):
    from tests.curate.factories import Picture, make_dataset, make_images

    dataset = make_dataset()
    pictures = [Picture(boxes=[("car", 0, 0, 20, 20), ("bike", 0, 0, 90, 90)], metadata={"time": "night"}), Picture()]
    images = make_images(dataset, pictures)
    assert halfday.datasets.tag(dataset.pk, "odd", q='time = "night"') == 1
    assert halfday.datasets.tag(dataset.pk, "odd", images=[image.pk for image in images]) == 1
    assert halfday.datasets.tags(dataset.pk)[0]["images"] == 2
    assert halfday.datasets.tag(dataset.pk, "odd", q="", remove=True) == 2
    small = list(halfday.datasets.objects(dataset.pk, sizes=["small"]))
    assert [one["box"] for one in small] == [[0, 0, 20, 20]]
    rider = dataset.classes.get(name="rider").pk
    made = halfday.datasets.relabel(dataset.pk, class_id=rider, q="", conditions={"sizes": ["small"]})
    assert made["counts"]["changed"] == 1
    with pytest.raises(ValueError):
        halfday.datasets.tag(dataset.pk, "odd")


def test_predictions_are_brought_judged_listed_and_deleted(halfday, tmp_path, settings):
    from tests.curate.factories import Picture, make_dataset, make_images

    settings.STORAGE_ROOT = tmp_path / "storage"
    dataset = make_dataset()
    make_images(dataset, [Picture(boxes=[("car", 0, 0, 20, 20)], key="a.jpg")])
    results, truth = tmp_path / "mine.json", tmp_path / "truth.json"
    results.write_text('[{"image_id": 7, "category_id": 2, "bbox": [0, 0, 20, 20], "score": 0.9}]')
    truth.write_text('{"images": [{"id": 7, "file_name": "a.jpg"}], "categories": [{"id": 2, "name": "car"}]}')
    job = halfday.evaluations.import_predictions(dataset.pk, results, annotations=truth)
    run_jobs()
    judged = halfday.jobs.wait(job)["result"]["prediction_set"]
    assert halfday.evaluations.preview(dataset.pk, prediction_set=judged)["boxes"] == 1
    halfday.evaluations.start(prediction_set=judged)
    run_jobs()
    (made,) = halfday.evaluations.of_project(dataset.project_id, newest="true")
    assert made["figures"]["AP"] == 1
    assert list(halfday.evaluations.lineage(dataset.project_id)) == []
    halfday.evaluations.delete(made["id"])
    assert list(halfday.evaluations.of_project(dataset.project_id)) == []
