"""Reports: one HTML file with the figures that the API gives, that points at nothing and holds what people wrote."""

from base64 import b64decode, b64encode
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from PIL import Image as Picture

from accounts.models import Role
from curate.evaluations import creation
from curate.evaluations.creation import Thresholds
from curate.models import Comparison, Evaluation
from curate.reports import preparation
from dataset.models import Dataset, Image, LabelClass, PredictionSet, Slice
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.predictions import store_predictions
from dataset.services.revisions import apply_changes
from jobs.models import Job
from storage import blobs
from tests.curate.judged_scene import Scene, make_scene
from tests.curate.reports.report_file import Element, read
from tests.factories import assert_charlie_gets_404, assert_problem, call, jpeg, make_cast, run_jobs

pytestmark = pytest.mark.django_db
MOST_BYTES = 3_000_000
HOSTILE = """<script>alert("1")</script>'"><img src=x onerror=alert(2)>&lt;{0}%s"""


@pytest.fixture
def scene() -> Scene:
    return make_scene(make_cast(bob=Role.REVIEWER))


def answer(scene: Scene, path: str) -> Any:
    response = call(scene.cast.bob, "GET", path)
    assert response.status_code == 200, response.content
    return response


def report(scene: Scene, asked: str = "") -> Element:
    return read(answer(scene, f"evaluations/{scene.evaluation}/report?{asked}").content.decode())


def points(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.1f}"


def give_pictures(scene: Scene) -> None:
    """Each image gets bytes of its own: copies of one picture would count as one."""
    for place, image in enumerate(scene.images):
        blob = blobs.put_bytes(jpeg(640, 480, colour=(6 * place, 120, 60)), suffix=".jpg")
        Image.objects.filter(pk=image.pk).update(sha256=blob.sha256, location=blob.key)


def test_it_works(scene: Scene) -> None:
    response = answer(scene, f"evaluations/{scene.evaluation}/report")
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["Content-Disposition"].startswith("inline")
    assert len(response.content) < MOST_BYTES
    page, row = read(response.content.decode()), Evaluation.objects.get(pk=scene.evaluation)
    inputs = page.section("inputs").text
    for said in ("uneven", scene.dataset.name, "revision r1", "confidence 0.4, IoU 0.5", row.evaluator, "Bob"):
        assert said in inputs
    assert row.manifest.content_hash in inputs
    assert f"http://testserver/api/v1/evaluations/{scene.evaluation}" in page.section("method").text
    anchors = [link.attributes["href"] for link in page.all("nav")[0].all("a")]
    assert anchors == [f"#{section.attributes['id']}" for section in page.all("section")]


def test_it_contains_the_figures_that_the_api_gives(scene: Scene) -> None:
    page, body = report(scene), scene.get(f"evaluations/{scene.evaluation}")
    names = dict(scene.dataset.classes.values_list("id", "name"))
    figures = page.section("figures")
    twelve = {one.all("dt")[0].text: one.all("b")[0].text for one in figures.all("dl")[0].all("div")}
    assert twelve == {name: points(value) for name, value in body["figures"].items()}
    assert f"{points(body['interval']['low'])} to {points(body['interval']['high'])}" in figures.text
    assert f"{points(body['interval']['smallest_shown'])} points" in figures.text
    assert "1,000 resamples" in figures.text
    assert [row[:3] + row[-3:] for row in page.section("classes").rows()] == [
        [names[one["class_id"]], str(one["gt"]), points(one["AP"]), *(str(one[name]) for name in ("tp", "fp", "fn"))]
        for one in body["per_class"]
    ]


def test_of_a_part_of_the_images_it_says_how_to_export_them(scene: Scene) -> None:
    assert '"slice"' not in report(scene).section("method").text
    judged, within = PredictionSet.objects.get(dataset=scene.dataset), Slice.objects.get(name="first ten")
    row = creation.start(prediction_set=judged, by=scene.cast.alice, within=within)
    run_jobs()
    page = read(answer(scene, f"evaluations/{row.pk}/report").content.decode())
    assert f'"revision": 1, "slice": {within.pk}}}' in page.section("method").text
    assert "first ten" in page.section("inputs").text


def test_its_charts_are_those_of_the_api(scene: Scene) -> None:
    page, below = report(scene), f"evaluations/{scene.evaluation}"
    matrix = scene.get(f"{below}/at")["confusion"]["matrix"]
    cells = [cell.text for cell in page.section("confusion").all("text", **{"text-anchor": "middle"})]
    assert cells == [str(n) if n else "·" for row in matrix for n in row][:-1]
    errors = page.section("errors").text
    for one in scene.get(f"{below}/error-budget")["errors"]:
        assert points(one["delta_ap"]) in errors
    sizes = scene.get(f"{below}/parts?by=size")["parts"]
    times = scene.get(f"{below}/parts?by=metadata.time")["parts"]
    rows = [row[1:4] for row in page.section("parts").rows()]
    for one in [*sizes, *times]:
        assert [str(one["images"]), str(one["boxes"]), points(one["AP"])] in rows
    assert "time" in [head.text for head in page.section("parts").all("h3")]
    found = scene.get(f"{below}/over-confidence")
    assert f"{points(found['scores']['error'])} points" in page.section("scores").text
    drawn = page.section("scores").all("svg")[0].all("rect")
    assert len(drawn) == 2 * len(found["scores"]["right"])
    panels = [one.text for one in page.section("curves").all("span", **{"class": "value"})]
    curves = [found["precision_recall"]["mean"], *found["precision_recall"]["classes"]]
    assert panels == [points(one["AP"]) for one in curves]


def test_weak_slices_are_sentences(scene: Scene) -> None:
    said = {"low": None, "high": None, "q": "", "name": "metadata.time", "label": "night"}
    one = {"facts": [said], "class_id": scene.dataset.classes.get(name="bike").pk, "measure": "recall", "value": 0.41}
    one |= {"rest": 0.67, "difference": -0.26, "low": -0.35, "high": -0.17, "boxes": 212, "image_ids": [1]}
    Evaluation.objects.filter(pk=scene.evaluation).update(weak_slices=[one])
    sentence = "Recall of bike is 41.0 where time = night, against 67.0 elsewhere: −26.0 (−35.0 to −17.0), 212 boxes."
    assert sentence in report(scene).section("weak").text


def test_nothing_in_it_points_outside(scene: Scene) -> None:
    give_pictures(scene)
    response = answer(scene, f"evaluations/{scene.evaluation}/report")
    page = read(response.content.decode())
    allowed = ("#", "data:image/jpeg;base64,")
    for element in page.all():
        assert element.name not in ("script", "link", "iframe", "object", "embed", "form", "base", "img", "use")
        for name, value in element.attributes.items():
            assert not name.startswith("on")
            assert name not in ("style", "src", "srcset", "action", "ping")
            if name.endswith("href"):
                assert str(value).startswith(allowed)
    style = "".join(str(one) for one in page.all("style")[0].inside)
    assert "url(" not in style
    assert "@import" not in style
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert f"style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
    assert "unsafe" not in policy
    inner = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0].attributes["content"]
    assert policy.startswith(str(inner))


def test_what_people_wrote_is_text(scene: Scene) -> None:
    give_pictures(scene)
    Dataset.objects.update(name=HOSTILE)
    PredictionSet.objects.update(name=HOSTILE)
    LabelClass.objects.filter(name="car").update(name=HOSTILE)
    Slice.objects.update(name=HOSTILE)
    Image.objects.filter(dataset=scene.dataset, metadata__time="night").update(metadata={"time": HOSTILE, HOSTILE: 1})
    for image in Image.objects.filter(dataset=scene.dataset):
        Image.objects.filter(pk=image.pk).update(key=f"{image.pk}{HOSTILE}")
    cache.clear()  # of what the metadata consists of
    scene.cast.bob.name = HOSTILE
    scene.cast.bob.save()
    page = report(scene)
    assert not page.all("script")
    assert not page.all("img")
    said = " ".join(HOSTILE.split())
    for part in ("inputs", "classes", "confusion", "parts", "examples"):
        assert said in page.section(part).text
    assert said in page.all("title")[0].text


def test_the_pictures_are_in_it(scene: Scene) -> None:
    give_pictures(scene)
    page = report(scene)
    images = page.section("examples").all("image")
    assert 12 < len(images) <= 25
    for image in images:
        data = b64decode(str(image.attributes["href"]).removeprefix("data:image/jpeg;base64,"))
        assert max(Picture.open(BytesIO(data)).size) <= 320
    crops = page.section("examples").all("figure")
    drawn = [[box.attributes.get("stroke-dasharray") for box in crop.all("rect")[1::2]] for crop in crops]
    assert drawn[0].count("5 3") == 1  # a false positive is a prediction
    wrong = scene.get(f"evaluations/{scene.evaluation}/at")["errors"]
    counted = sum(one["fp"] for one in wrong if one["error"] != "class")
    assert f"of {counted}." in page.section("examples").text


def test_the_pictures_can_be_left_out(scene: Scene) -> None:
    give_pictures(scene)
    page = report(scene, "pictures=0")
    assert not page.all("image")
    assert "without pictures" in page.section("examples").text


def test_where_the_bytes_are_gone_it_says_so(scene: Scene) -> None:
    assert "cannot be read" in report(scene).section("examples").text


def test_it_is_in_the_readers_language(scene: Scene) -> None:
    asked = report(scene, "language=ko")
    assert asked.all("html")[0].attributes["lang"] == "ko"
    assert "혼동 행렬" in asked.text
    scene.cast.bob.language = "ko"
    scene.cast.bob.save()
    assert "혼동 행렬" in report(scene).text
    assert "Confusion matrix" in report(scene, "language=en").text


def test_it_is_kept_as_a_file(scene: Scene) -> None:
    PredictionSet.objects.update(name='night/day: "v2"')
    response = answer(scene, f"evaluations/{scene.evaluation}/report?download=1")
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert "night-day-%20-v2-" in response["Content-Disposition"]
    assert response["Content-Disposition"].endswith(".html")


def test_it_warns_where_it_is_no_test(scene: Scene) -> None:
    assert not report(scene).all("p", **{"class": "warning"})
    Evaluation.objects.filter(pk=scene.evaluation).update(on_training_images=7)
    assert "7 of these 40 images were used to train" in report(scene).all("p", **{"class": "warning"})[0].text


@pytest.mark.parametrize("asked", ["language=de", "pictures=some", "download=2"])
def test_it_rejects_what_it_cannot_do(scene: Scene, asked: str) -> None:
    assert_problem(call(scene.cast.bob, "GET", f"evaluations/{scene.evaluation}/report?{asked}"), 400)


def test_of_an_unfinished_one_there_is_none_and_charlie_sees_nothing(scene: Scene) -> None:
    assert_charlie_gets_404(scene.cast, "GET", f"evaluations/{scene.evaluation}/report")
    judged = PredictionSet.objects.get(dataset=scene.dataset)
    waiting = creation.ask(prediction_set=judged, author=None)
    assert_problem(call(scene.cast.alice, "GET", f"evaluations/{waiting.pk}/report"), 409, mentions="not finished")


def test_it_waits_for_the_intervals(scene: Scene) -> None:
    row = Evaluation.objects.get(pk=scene.evaluation)
    Evaluation.objects.filter(pk=row.pk).update(interval=None)
    assert "no interval was computed" in report(scene).section("figures").text
    Job.objects.filter(pk=row.job_id).update(state=Job.State.RUNNING)
    early = call(scene.cast.bob, "GET", f"evaluations/{row.pk}/report")
    assert_problem(early, 409, mentions="still being computed")


def test_of_a_large_one_the_intervals_are_computed_by_a_job(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"evaluations/{scene.evaluation}/report"
    assert call(scene.cast.bob, "POST", path).status_code == 204
    monkeypatch.setattr(preparation, "SMALL", 10)
    asked = call(scene.cast.bob, "POST", path)
    assert asked.status_code == 202, asked.content
    assert call(scene.cast.alice, "POST", path).json()["id"] == asked.json()["id"]
    assert_charlie_gets_404(scene.cast, "POST", path)
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    assert "metadata.time" in job.result["fields"]
    assert call(scene.cast.bob, "POST", path).status_code == 204
    assert "time" in [head.text for head in report(scene).section("parts").all("h3")]


def compared(scene: Scene, *, relabelled: bool) -> dict[str, Any]:
    """The scene's detector against one that finds every second box, and no other; on newer labels if so asked."""
    give_pictures(scene)
    judged = PredictionSet.objects.get(dataset=scene.dataset)
    annotations = [one for image in scene.images for one in image.annotations.order_by("pk")][::2]
    second = store_predictions(
        dataset=scene.dataset,
        manifest=judged.manifest,
        name="every second",
        kind="imported",
        image_ids=[one.image_id for one in annotations],
        class_ids=[one.label_class_id for one in annotations],
        boxes=[(one.x1, one.y1, one.x2, one.y2) for one in annotations],
        scores=[0.9] * len(annotations),
    )
    if relabelled:
        gone = [AnnotationChange("remove", one.image_id, one.object_id) for one in annotations[:20]]
        apply_changes(dataset=scene.dataset, changes=gone, by=scene.cast.alice, kind="edit", message="fewer")
        second.dataset.refresh_from_db()
    later = creation.start(prediction_set=second, by=scene.cast.alice, thresholds=Thresholds(conf=0.5))
    run_jobs()
    asked = call(scene.cast.bob, "POST", "comparisons", {"a": scene.evaluation, "b": later.pk})
    assert asked.status_code == 202, asked.content
    assert run_jobs()[-1].state == "succeeded"
    return scene.get(f"comparisons/{Comparison.objects.get().pk}")


def test_a_comparison_has_one_too(scene: Scene) -> None:
    body = compared(scene, relabelled=False)
    path = f"comparisons/{body['id']}/report"
    page, found = read(answer(scene, path).content.decode()), body["delta"]["mAP"]
    line = page.all("p", **{"class": "verdict-line"})[0].text
    sign = "+" if found["value"] > 0 else "−"
    assert f"{sign}{points(abs(found['value']))} points of mAP" in line
    assert {"proven": "better", "regressed": "worse", "not_shown": "No difference"}[found["verdict"]] in line
    assert f"{points(body['smallest_detectable'])} points or more" in page.section("difference").text
    words = {"proven": "proven", "not_shown": "not shown", "regressed": "regressed"}
    names = dict(scene.dataset.classes.values_list("id", "name"))
    assert [[*row[:3], row[6], row[-1]] for row in page.section("classes").rows()] == [
        [names[one["class_id"]], points(one["a"]), points(one["b"]), words[one["verdict"]], str(one["gt"])]
        for one in body["per_class"]
    ]
    changed = page.section("changed").text
    assert f"{body['fixed']['boxes']} fixed" in changed
    assert f"{body['broken']['boxes']} broken" in changed
    assert f"{body['changes']['objects']['fp_gone']} false positives gone" in changed
    assert f"{body['changes']['objects']['fp_new']} false positives new" in changed
    figures = {row[0]: row[1:3] for row in page.section("difference").rows()}
    assert figures == {
        name: [points(one["a"]), points(one["b"])] for name, one in body["delta"].items() if one["value"] is not None
    }
    assert len(page.section("examples").all("image")) == 20
    assert [one.attributes["id"] for one in page.all("section")].count("labels") == 0
    assert_charlie_gets_404(scene.cast, "GET", path)
    without = read(answer(scene, path + "?pictures=0&language=ko").content.decode())
    assert not without.all("image")
    assert "클래스별 차이" in without.text


def test_of_other_labels_it_has_the_table(scene: Scene) -> None:
    body = compared(scene, relabelled=True)
    page = read(answer(scene, f"comparisons/{body['id']}/report").content.decode())
    rows = page.section("labels").rows()
    for row, labels in zip(rows, ("old_labels", "new_labels"), strict=False):
        assert row[1:3] == [points(body["table"][labels][side]) for side in "ab"]
    assert rows[2][0] == "New − old labels"
    assert rows[0][0] == "on labels r1"
    Evaluation.objects.exclude(pk__in=[body["a"]["id"], body["b"]["id"]]).delete()
    later = read(answer(scene, f"comparisons/{body['id']}/report").content.decode())
    assert "was removed" in later.section("curves").text
