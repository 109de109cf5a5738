"""An endpoint is asked: boxes in our own shape, bad pictures refused by place, and nobody gets another's boxes."""

import base64
import errno
import json
import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.models import PREDICT
from accounts.services import create_token
from dataset.models import Image
from model.endpoints import asking
from model.endpoints.asking import EndpointQuestion
from model.endpoints.counting import CountedRequest, count_asked
from model.endpoints.serve_client import NotServing, connection_to
from model.models import Deployment, Endpoint, EndpointMinute, KeptPicture
from storage import blobs
from tests.factories import assert_charlie_gets_404, assert_problem, browser_of, call, run_jobs
from tests.model.endpoints.scene import Deployed, coloured, expected_middle, file_named, middle_of, serving
from tests.processes import until

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Deployed:
    return Deployed(images=4)


@pytest.fixture
def endpoint(scene: Deployed, tmp_path: Path) -> Endpoint:
    return scene.endpoint(scene.form(tmp_path))


@pytest.fixture
def served(settings: Any) -> Any:
    with serving(settings) as process:
        yield process


def as_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def predict(scene: Deployed, *pictures: bytes, name: str = "street", **fields: Any) -> Any:
    return call(
        scene.cast.bob, "post", f"endpoints/{name}/predict", {"images": [as_text(p) for p in pictures], **fields}
    )


def test_it_works(scene: Deployed, endpoint: Endpoint, served: Any) -> None:
    pictures = [coloured(200, 50), coloured(40, 120, kind="JPEG", size=(128, 128)), coloured(9, 9, blue=60)]
    answer = predict(scene, *pictures).json()
    assert (answer["endpoint"], answer["version"]) == ({"id": endpoint.pk, "name": "street"}, 1)
    assert (answer["checkpoint"]["name"], answer["conf"], answer["iou"]) == ("now", 0.25, 0.7)
    first, second, third = answer["images"]
    assert [one["class"] for one in first["annotations"]] == ["car", "rider"]
    best = first["annotations"][0]
    assert middle_of(best) == pytest.approx(expected_middle(200, 50), abs=0.02)
    assert best["score"] == pytest.approx(230 / 255, abs=1e-3)
    assert (second["width"], second["height"]) == (128, 128)
    assert middle_of(second["annotations"][0]) == pytest.approx((40 / 255 * 128, 120 / 255 * 128), abs=2)
    assert [one["class"] for one in third["annotations"]] == [
        "rider"
    ]  # the car's score, 0.235, is below the endpoint's
    lower = predict(scene, pictures[2], conf=0.1, name=str(endpoint.pk)).json()
    assert (lower["conf"], len(lower["images"][0]["annotations"])) == (0.1, 2)


def test_files_are_taken_as_well(scene: Deployed, endpoint: Endpoint, served: Any) -> None:
    files = [file_named("a.png", coloured(10, 20)), file_named("b", coloured(250, 240))]
    answer = browser_of(scene.cast.bob).post(
        "/api/v1/endpoints/street/predict", {"file": files, "conf": "0.5"}, headers={}
    )
    assert answer.status_code == 200, answer.content
    middles = [middle_of(one["annotations"][0]) for one in answer.json()["images"]]
    assert middles[0] == pytest.approx(expected_middle(10, 20), abs=5)  # cut at the picture's border
    assert middles[1] == pytest.approx(expected_middle(250, 240), abs=5)


@pytest.mark.parametrize(
    ("images", "status", "says"),
    [
        (["https://example.org/a.jpg"], 400, "A URL is not fetched"),
        (["data:image/png;base64,"], 400, "not a picture"),
        (["%%%"], 400, "images.0: It is not base64"),
        ([as_text(b"%PDF-1.7 no picture at all")], 400, "not a picture of a known kind"),
        ([as_text(coloured(1, 1)), as_text(coloured(1, 1)[:60])], 400, "images.1: The picture"),
        ([as_text(coloured(1, 1))] * 17, 400, ""),
        ([], 400, "Send a picture"),
    ],
)
def test_it_rejects_what_is_no_picture(
    scene: Deployed, endpoint: Endpoint, served: Any, images: list[str], status: int, says: str
) -> None:
    answer = call(scene.cast.bob, "post", "endpoints/street/predict", {"images": images})
    assert_problem(answer, status, mentions=says)


def test_it_rejects_a_url_and_too_many_pixels_and_takes_a_single_one(
    scene: Deployed, endpoint: Endpoint, served: Any, settings: Any
) -> None:
    body = {"url": "https://example.org/a.jpg"}
    assert_problem(call(scene.cast.bob, "post", "endpoints/street/predict", body), 400, mentions="A URL is not fetched")
    assert predict(scene, coloured(200, 50, size=(1, 1))).json()["images"][0]["width"] == 1
    hundred_million = coloured(1, 1, size=(10_000, 10_000), kind="PNG")
    assert_problem(predict(scene, hundred_million), 400, mentions="10000 x 10000 pixels")
    asking_too_much = "A" * ((asking.LARGEST_PICTURE + 5) * 4 // 3)
    answer = call(scene.cast.bob, "post", "endpoints/street/predict", {"images": [asking_too_much]})
    assert_problem(answer, 413, mentions="32 MiB")


def test_who_may(scene: Deployed, endpoint: Endpoint, served: Any) -> None:
    body = {"images": [as_text(coloured(200, 50))]}
    token = create_token(name="camera", project=scene.project, role=PREDICT, by=scene.cast.alice).token
    headers = {"Authorization": f"Bearer {token}"}
    asked = {"data": body, "content_type": "application/json", "headers": headers}
    assert Client().post("/api/v1/endpoints/street/predict", **asked).status_code == 200
    assert Client().get("/api/v1/endpoints/street", headers=headers).status_code == 403
    assert_charlie_gets_404(scene.cast, "post", "endpoints/street/predict", body)
    assert_charlie_gets_404(scene.cast, "post", f"endpoints/{endpoint.pk}/predict", body)
    assert_charlie_gets_404(scene.cast, "get", f"images/{scene.images[0].pk}/candidates")


def test_what_is_not_up_says_so(scene: Deployed, endpoint: Endpoint, settings: Any) -> None:
    settings.SERVE_ADDRESS = ""
    answer = predict(scene, coloured(1, 1))
    assert_problem(answer, 503, mentions="run_serve")
    assert answer["Retry-After"]
    settings.SERVE_ADDRESS = "unix:/nowhere/serve.sock"
    assert_problem(predict(scene, coloured(1, 1)), 503, mentions="does not answer")
    call(scene.cast.alice, "patch", "endpoints/street", {"stopped": True})
    assert_problem(predict(scene, coloured(1, 1)), 409, mentions="was stopped")
    Endpoint.objects.update(stopped=False, current=None)
    assert_problem(predict(scene, coloured(1, 1)), 409, mentions="Nothing is deployed")
    assert sum(row.failed for row in EndpointMinute.objects.all()) == 2


def test_it_is_counted_and_its_drift_seen(scene: Deployed, endpoint: Endpoint, served: Any) -> None:
    for _ in range(3):
        predict(scene, coloured(200, 50), coloured(20, 60, blue=100))
    predict(scene, b"no picture")
    metrics = call(scene.cast.bob, "get", "endpoints/street/metrics?minutes=5").json()
    totals = metrics["totals"]
    assert (totals["requests"], totals["images"], totals["refused"], totals["failed"]) == (4, 6, 1, 0)
    assert 0 < totals["p50"] <= totals["p95"]
    drift = metrics["drift"]
    # Six pictures, each a car at .9 or .39 and a rider at .3: many scores where none were expected.
    assert [(one["name"], one["seen"], one["expected"]) for one in drift["per_class"]] == [
        ("car", 6, 60), ("rider", 6, 60),
    ]  # fmt: skip
    assert drift["classes"] == 0
    assert drift["confidence"] > 0.25  # scores lie elsewhere than expected
    assert_charlie_gets_404(scene.cast, "get", "endpoints/street/metrics")


def test_sampled_pictures_become_a_dataset(scene: Deployed, endpoint: Endpoint, served: Any) -> None:
    import dataset.tasks
    import model.tasks

    assert dataset.tasks
    assert model.tasks
    predict(scene, coloured(9, 9))
    assert not KeptPicture.objects.exists()  # off unless asked for
    call(scene.cast.alice, "patch", "endpoints/street", {"sample_share": 1, "sample_pictures": 2})
    predict(scene, *[coloured(10 * k, 9) for k in range(4)], coloured(0, 9))
    assert KeptPicture.objects.count() == 2  # the budget
    shown = call(scene.cast.bob, "get", "endpoints/street").json()
    assert (shown["kept_pictures"], shown["to_bring"]) == (2, 2)
    asked = call(scene.cast.alice, "post", "endpoints/street/kept")
    assert asked.status_code == 202, asked.content
    brought, imported = run_jobs()
    assert (brought.error, imported.error) == ("", "")
    production = Image.objects.filter(dataset__name="street from production")
    assert production.count() == 2
    assert {image.metadata["endpoint"] for image in production} == {"street"}
    assert [one.name for one in production[0].dataset.classes.order_by("index")] == ["car", "rider"]
    assert_problem(call(scene.cast.alice, "post", "endpoints/street/kept"), 409, mentions="no picture")


def test_a_full_disk_costs_the_picture_that_was_to_be_kept_and_not_the_boxes(
    scene: Deployed, endpoint: Endpoint, served: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: Any, **__: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    call(scene.cast.alice, "patch", "endpoints/street", {"sample_share": 1, "sample_pictures": 2})
    monkeypatch.setattr(blobs, "put_known", full)
    assert predict(scene, coloured(9, 9)).status_code == 200
    assert not KeptPicture.objects.exists()
    assert "was not kept: [Errno 28] No space left on device" in caplog.text


def test_candidates_for_the_editor(scene: Deployed, endpoint: Endpoint, served: Any) -> None:
    image = scene.images[0]
    image.location = blobs.put_bytes(coloured(200, 50), suffix=".png").key
    image.save()
    car, rider = scene.dataset.classes.order_by("index")
    answer = call(scene.cast.bob, "get", f"images/{image.pk}/candidates?endpoint=street&floor=0.05").json()
    # One at the form's own size; this network answers otherwise in the larger ones, where it is looked at too.
    own = pytest.approx(expected_middle(200, 50), abs=0.02)
    (found,) = [one for one in answer["candidates"] if middle_of(one) == own]
    assert [one["class_id"] for one in found["classes"]] == [car.pk, rider.pk]
    assert (answer["floor"], answer["version"]) == (0.05, 1)
    by_checkpoint = call(scene.cast.bob, "get", f"images/{image.pk}/candidates?checkpoint={scene.now.pk}").json()
    assert by_checkpoint["candidates"] == answer["candidates"]
    path = f"images/{image.pk}/candidates"
    assert_problem(
        call(scene.cast.bob, "get", f"{path}?checkpoint={scene.better.pk}"), 400, mentions="no exported form"
    )
    assert_problem(call(scene.cast.bob, "get", path), 400, mentions="Name an endpoint or a checkpoint")
    assert_problem(call(scene.cast.bob, "get", f"{path}?endpoint=street&floor=2"), 400, mentions="floor")


def answers(endpoint: Endpoint) -> bool:
    try:
        return bool(asking.answer(endpoint, EndpointQuestion([coloured(99, 9)]))["images"])
    except NotServing:
        return False


def children_of(process: Any) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


@pytest.mark.django_db(transaction=True, available_apps=django_settings.INSTALLED_APPS)
def test_killed_under_load_it_answers_503_and_comes_back_and_never_with_anothers_boxes(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six ask at once, each with pictures of its own colours, while the processes that answer are killed."""
    scene = Deployed(images=1)
    endpoint = scene.endpoint(scene.form(tmp_path))
    endpoint = Endpoint.objects.select_related("current__checkpoint", "current__form").get(pk=endpoint.pk)
    monkeypatch.setattr(asking, "count_asked", lambda *_: None)  # the database is no part of this
    outcomes: Counter[str] = Counter()

    def ask(number: int) -> None:
        for turn in range(25):
            red, green = (number * 40 + 20) % 230 + 10, (turn * 9 + 20) % 230 + 10
            try:
                answer = asking.answer(endpoint, EndpointQuestion([coloured(red, green)]))
            except NotServing as passing:
                outcomes["503" if passing.headers["Retry-After"] else "503 without a time"] += 1
                continue
            (found, _) = answer["images"][0]["annotations"]
            own = middle_of(found) == pytest.approx(expected_middle(red, green), abs=5)
            outcomes["its own" if own else "another's"] += 1

    with serving(settings, HALFDAY_SERVE_PROCESSES="2") as process, ThreadPoolExecutor(6) as pool:
        asking.answer(endpoint, EndpointQuestion([coloured(9, 9)]))
        asked = [pool.submit(ask, number) for number in range(5)]
        for _ in range(3):
            for child in children_of(process):
                os.kill(child.pid, signal.SIGKILL)
            seen = outcomes.total()
            until(lambda seen=seen: outcomes.total() > seen + 10 or all(one.done() for one in asked))  # type: ignore[misc]
        for one in asked:
            one.result()
        assert outcomes["another's"] == outcomes["503 without a time"] == 0
        assert outcomes["its own"] > 0
        for child in children_of(process):
            os.kill(child.pid, signal.SIGKILL)
        until(lambda: answers(endpoint))  # with one of the next requests, by a process of its own


def test_counts_add_up_within_a_minute(scene: Deployed, endpoint: Endpoint) -> None:
    version = Deployment.objects.select_related("checkpoint").get(pk=endpoint.current_id)
    found = [{"scores": [0.9, 0.3, 0.1], "classes": [0, 1, 1]}]
    count_asked(endpoint, version, CountedRequest(1, milliseconds=10.0, found=found))
    count_asked(endpoint, version, CountedRequest(1, milliseconds=20.0, found=found))
    count_asked(endpoint, version, CountedRequest(1, failed=True))
    rows = list(EndpointMinute.objects.all())  # two, where the minute ended meanwhile
    assert sum(row.requests for row in rows) == 3
    assert sum(sum(row.latencies) for row in rows) == 2
    assert [sum(row.classes[place] for row in rows) for place in (0, 1)] == [2, 2]  # 0.1 is below the endpoint's own


def processes_up() -> int:
    """How many processes of forms wait at the serving process."""
    connection = connection_to(django_settings.SERVE_ADDRESS)
    connection.request("GET", "/")
    found = json.loads(connection.getresponse().read())["processes"]
    connection.close()
    return sum(found.values())


def test_a_stopped_endpoint_costs_nothing_even_where_it_never_ends_by_itself(
    scene: Deployed, endpoint: Endpoint, served: Any, django_capture_on_commit_callbacks: Any
) -> None:
    Endpoint.objects.update(idle_minutes=0)
    predict(scene, coloured(1, 1))
    assert processes_up() == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert call(scene.cast.alice, "patch", "endpoints/street", {"stopped": True}).status_code == 200
    assert processes_up() == 0


def test_a_deleted_dataset_leaves_no_process_of_its_endpoints(
    scene: Deployed, endpoint: Endpoint, served: Any, django_capture_on_commit_callbacks: Any
) -> None:
    Endpoint.objects.update(idle_minutes=0)
    predict(scene, coloured(1, 1))
    assert processes_up() == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert call(scene.cast.alice, "delete", f"datasets/{scene.dataset.pk}").status_code == 204
    assert processes_up() == 0


def test_endpoints_that_share_a_form_do_not_end_each_others_processes(
    scene: Deployed, endpoint: Endpoint, served: Any
) -> None:
    assert endpoint.current is not None
    assert endpoint.current.form is not None
    scene.endpoint(endpoint.current.form, name="lane", idle_minutes=3)
    predict(scene, coloured(1, 1))
    (before,) = children_of(served)
    call(scene.cast.bob, "post", "endpoints/lane/predict", {"images": [as_text(coloured(1, 1))]})
    assert children_of(served) == [before]


def test_candidates_of_a_checkpoint_that_is_exported_and_not_deployed(
    scene: Deployed, served: Any, tmp_path: Path
) -> None:
    scene.form(tmp_path)
    image = scene.images[0]
    image.location = blobs.put_bytes(coloured(200, 50), suffix=".png").key
    image.save()
    answer = call(scene.cast.bob, "get", f"images/{image.pk}/candidates?checkpoint={scene.now.pk}").json()
    assert (answer["version"], answer["endpoint"], answer["checkpoint"]) == (None, None, scene.now.pk)
    assert answer["candidates"][0]["classes"][0]["class_id"] == scene.dataset.classes.get(name="car").pk
