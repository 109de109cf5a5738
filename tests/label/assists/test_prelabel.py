"""A batch is pre-labelled: look, write into what nobody touched, take back, and what people changed of it."""

from typing import Any

import numpy as np
import pytest

from accounts.models import Role
from curate import tasks as curate_tasks
from dataset.models import PredictionSet
from dataset.services.manifests import freeze
from dataset.services.predictions import store_predictions
from jobs.models import Job
from label import tasks as label_tasks
from label.assists import prelabel_jobs
from label.assists.models import Prelabel
from label.models import Batch
from label.quality.models import GoldTask
from model.models import Checkpoint
from model.services.prediction import ImagePredictions
from tests.factories import assert_charlie_gets_404, assert_problem, call, run_jobs
from tests.label.scene import CAR_BOX, Scene

pytestmark = pytest.mark.django_db

HANDLERS = (curate_tasks, label_tasks)  # imported so that their jobs are known here, as in a worker
ANEW = (300.0, 300.0, 360.0, 340.0)
WEAK = (400.0, 100.0, 440.0, 140.0)


@pytest.fixture
def scene() -> Scene:
    return Scene(bob=Role.LABELLER)


@pytest.fixture
def checkpoint(scene: Scene) -> Checkpoint:
    return Checkpoint.objects.create(
        project=scene.cast.project, name="first", kind="uploaded", architecture="road11t", classes=["car", "rider"],
        location="blobs/none/weights.pt", sha256="1" * 64, size=1,
    )  # fmt: skip


@pytest.fixture
def network(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the engine would find on each image: a labelled car, a new car, a weak rider."""

    def found(*, image_ids: list[int], **_: Any) -> ImagePredictions:
        each = [(CAR_BOX, scene.car, 0.99), (ANEW, scene.car, 0.8), (WEAK, scene.rider, 0.3)]
        rows = [(image, *one) for image in sorted(image_ids) for one in each]
        return ImagePredictions(
            np.array([row[0] for row in rows]), np.array([row[2] for row in rows]),
            np.array([row[1] for row in rows], np.float32), np.array([row[3] for row in rows], np.float32),
        )  # fmt: skip

    monkeypatch.setattr(prelabel_jobs, "predict_images", found)


def looked(scene: Scene, checkpoint: Checkpoint, batch: Batch) -> dict[str, Any]:
    asked = call(scene.cast.alice, "post", f"batches/{batch.pk}/prelabels", {"checkpoint": checkpoint.pk})
    assert asked.status_code == 202, asked.content
    run_jobs()
    answer: dict[str, Any] = call(scene.cast.bob, "get", f"prelabels/{asked.json()['id']}").json()
    assert answer["state"] == "looked", list(Job.objects.values_list("state", "error", "kind"))
    return answer


def applied(scene: Scene, prelabel: int, *thresholds: tuple[int, float]) -> Any:
    body = {"thresholds": [{"class_id": class_id, "threshold": value} for class_id, value in thresholds]}
    answer = call(scene.cast.alice, "post", f"prelabels/{prelabel}/apply", body)
    run_jobs()
    return answer


@pytest.mark.usefixtures("network")
def test_it_works(scene: Scene, checkpoint: Checkpoint) -> None:
    batch = scene.batch()
    scene.save(scene.task(batch, 2), state="in_progress")  # touched: nothing is written here
    row = looked(scene, checkpoint, batch)
    assert (row["tasks"], row["evaluation"]) == (2, None)
    car, rider = row["per_class"]
    assert (car["counts"][10], car["threshold"], car["known"]) == (2, 0.5, False)  # those on labels are left out
    assert (rider["counts"][6], rider["counts"][7]) == (2, 0)
    assert applied(scene, row["id"]).status_code == 202
    now = call(scene.cast.bob, "get", f"tasks/{scene.task(batch).pk}").json()
    (new,) = [box for box in now["boxes"] if box["id"].startswith("nm")]
    assert (new["box"], new["provenance"], now["state"], now["version"]) == (list(ANEW), "model", "to_label", 1)
    assert scene.task(batch, 2).boxes is None
    told = call(scene.cast.bob, "get", f"prelabels/{row['id']}").json()
    assert (told["state"], told["tasks"], told["boxes"], told["checkpoint_name"]) == ("applied", 2, 2, "first")
    given = Prelabel.objects.get().given.order_by("pk").first()
    assert given is not None
    assert given.boxes[0]["score"] == 0.8
    assert_problem(applied(scene, row["id"]), 409, mentions="Look anew")


@pytest.mark.usefixtures("network")
def test_the_report_is_what_people_changed_and_survives_the_merge(scene: Scene, checkpoint: Checkpoint) -> None:
    batch = scene.batch()
    row = looked(scene, checkpoint, batch)
    applied(scene, row["id"], (scene.rider, 0.2))
    first, second, third = (scene.task(batch, place) for place in range(3))
    boxes = call(scene.cast.bob, "get", f"tasks/{first.pk}").json()["boxes"]
    scene.save(first, state="done")  # as it was given
    new_car, _ = call(scene.cast.bob, "get", f"tasks/{second.pk}").json()["boxes"][2:]
    scene.save(second, boxes=[*scene.boxes(1), new_car | {"class_id": scene.rider}], state="done")
    assert len(boxes) == 4
    report = f"prelabels/{row['id']}/report"
    before = call(scene.cast.bob, "get", report).json()
    merged = call(scene.cast.alice, "post", f"batches/{batch.pk}/merge", {"message": "", "resolutions": {}})
    assert merged.status_code in (200, 201), merged.content
    after = call(scene.cast.bob, "get", report).json()
    assert after == before
    car, riders = after["classes"]
    assert (after["finished"], after["tasks"]) == (2, 3)
    assert (car["kept"], car["relabelled"], car["became"]) == (1, 1, [{"class_id": scene.rider, "count": 1}])
    assert (riders["kept"], riders["deleted"], riders["right"]["share"]) == (1, 1, 0.5)
    assert {"kind": "relabelled", "tasks": [second.pk]} in car["tasks"]
    assert third.state == "to_label"
    rows = call(scene.cast.bob, "get", f"batches/{batch.pk}/assists").json()["rows"]
    (counted,) = [one for one in rows if one["kind"] == "prelabel"]
    assert (counted["unchanged"], counted["changed"], counted["refused"]) == (2, 1, 1)


@pytest.mark.usefixtures("network")
def test_it_is_taken_back_where_nobody_touched_it(scene: Scene, checkpoint: Checkpoint) -> None:
    batch = scene.batch()
    row = looked(scene, checkpoint, batch)
    applied(scene, row["id"])
    scene.save(scene.task(batch, 1), state="done")
    answer = call(scene.cast.alice, "post", f"prelabels/{row['id']}/take-back")
    assert answer.json() == {"taken_back": 2, "left": 1}
    assert scene.task(batch, 0).boxes is None
    assert scene.task(batch, 1).boxes is not None
    looked(scene, checkpoint, batch)  # those that are untouched again can be looked at anew


def test_it_rejects_what_cannot_be(scene: Scene, checkpoint: Checkpoint) -> None:
    batch = scene.batch()
    path = f"batches/{batch.pk}/prelabels"
    assert_problem(call(scene.cast.alice, "post", path, {}), 400, mentions="Train a run")
    assert call(scene.cast.bob, "post", path, {"checkpoint": checkpoint.pk}).status_code == 403
    checkpoint.classes = ["cell"]
    checkpoint.save()
    assert_problem(call(scene.cast.alice, "post", path, {"checkpoint": checkpoint.pk}), 400, mentions="knows none")
    assert_charlie_gets_404(scene.cast, "post", path, {"checkpoint": checkpoint.pk})
    row = Prelabel.objects.create(batch=batch, checkpoint=checkpoint, checkpoint_name="first")
    for method, tail in (("get", ""), ("get", "/report"), ("post", "/apply"), ("post", "/take-back")):
        assert_charlie_gets_404(scene.cast, method, f"prelabels/{row.pk}{tail}", {} if method == "post" else None)


@pytest.mark.usefixtures("network")
def test_thresholds_are_those_of_the_diagnosis(scene: Scene, checkpoint: Checkpoint) -> None:
    """Of three cars two are found at .9 and .6 and one wrong box stands at .5: F1 is best from .501 to .6 on."""
    from curate.evaluations import creation

    ids = [image.pk for image in scene.images]
    stored = store_predictions(
        dataset=scene.dataset, manifest=freeze(dataset=scene.dataset, revision=1, image_ids=ids), name="p",
        kind=PredictionSet.Kind.RUN, checkpoint_id=checkpoint.pk, image_ids=ids, class_ids=[scene.car] * 3,
        boxes=[CAR_BOX, CAR_BOX, ANEW], scores=[0.9, 0.6, 0.5],
    )  # fmt: skip
    evaluation = creation.start(prediction_set=stored, by=scene.cast.alice)
    run_jobs()
    car, rider = looked(scene, checkpoint, scene.batch())["per_class"]
    assert 0.5 < car["threshold"] <= 0.6
    assert (car["known"], rider["known"]) == (True, False)
    assert Prelabel.objects.get().evaluation_id == evaluation.pk


@pytest.mark.usefixtures("network")
def test_what_several_people_label_gets_no_proposal(scene: Scene, checkpoint: Checkpoint) -> None:
    batch = scene.batch()
    call(scene.cast.alice, "post", f"batches/{batch.pk}/several", {"people": 2})
    answer = call(scene.cast.alice, "post", f"batches/{batch.pk}/prelabels", {"checkpoint": checkpoint.pk})
    assert_problem(answer, 409, mentions="Every task")


@pytest.mark.usefixtures("network")
def test_a_gold_task_is_pre_labelled_on_top_of_what_it_shows(scene: Scene, checkpoint: Checkpoint) -> None:
    """Without proposals it could be told from the others; on top of its right labels it would be answered."""
    batch = scene.batch()
    wish = {"slice": scene.slice.pk, "share": 0.3, "start": "empty"}
    assert call(scene.cast.alice, "post", f"batches/{batch.pk}/gold", wish).status_code == 201
    gold = GoldTask.objects.get()
    row = looked(scene, checkpoint, batch)
    assert row["per_class"][0]["counts"][10] == 4  # on the gold task, which shows nothing, the labelled car is new too
    applied(scene, row["id"])
    boxes = call(scene.cast.bob, "get", f"tasks/{gold.task_id}").json()["boxes"]
    assert [(box["box"], box["provenance"]) for box in boxes] == [(list(CAR_BOX), "model"), (list(ANEW), "model")]
    back = call(scene.cast.alice, "post", f"prelabels/{row['id']}/take-back").json()
    assert (back["taken_back"], call(scene.cast.bob, "get", f"tasks/{gold.task_id}").json()["boxes"]) == (3, [])
    again = looked(scene, checkpoint, batch)
    applied(scene, again["id"])
    call(scene.cast.alice, "post", f"batches/{batch.pk}/gold/release", {})
    shown = call(scene.cast.bob, "get", f"tasks/{gold.task_id}").json()["boxes"]
    assert [box["provenance"] for box in shown] == ["imported", "imported"]
