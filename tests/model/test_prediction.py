"""A network's boxes in a dataset's terms; and what is checked before images are predicted."""

from typing import Any

import numpy as np
import pytest

from model.engines import Predictions
from model.models import Checkpoint
from model.services.prediction import in_terms_of
from tests.factories import NOT_THERE, assert_problem, call
from tests.model.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def found(names: tuple[str, ...], classes: list[int]) -> Predictions:
    """One box per class index, on the images in turn."""
    count = len(classes)
    return Predictions(
        image_index=np.arange(count, dtype=np.int32),
        class_index=np.array(classes, np.int32),
        boxes=np.zeros((count, 4), np.float32),
        scores=np.linspace(1, 0.5, count, dtype=np.float32),
        class_names=names,
    )


def test_classes_go_by_name_and_unknown_ones_are_counted(scene: Scene) -> None:
    car, rider = scene.dataset.classes.values_list("pk", flat=True)
    answer = in_terms_of(scene.dataset, found(("Rider", "dog", "car"), [0, 1, 2, 1]), [11, 12, 13, 14])
    assert answer.class_ids.tolist() == [rider, car]
    assert answer.image_ids.tolist() == [11, 13]
    assert answer.dropped == {"dog": 2}


def test_no_boxes_are_no_boxes(scene: Scene) -> None:
    answer = in_terms_of(scene.dataset, found(("car",), []), [])
    assert (len(answer), answer.boxes.shape, answer.dropped) == (0, (0, 4), {})


def checkpoint(scene: Scene, **fields: Any) -> Checkpoint:
    columns = {
        "project": scene.cast.project, "name": "c", "kind": "uploaded", "architecture": "road11t", "classes": ["car"],
        "location": "blobs/none", "sha256": "0" * 64, "size": 1,
    }  # fmt: skip
    return Checkpoint.objects.create(**{**columns, **fields})


def test_a_query_line_says_which_images(scene: Scene) -> None:
    body = {"dataset": scene.dataset.pk, "q": "count(rider) >= 1", "name": "Riders"}
    job = call(scene.cast.alice, "post", f"checkpoints/{checkpoint(scene).pk}/predict", body)
    assert (job.status_code, job.json()["queue"], job.json()["title"]) == (202, "gpu", "Predict Riders")


@pytest.mark.parametrize(
    ("body", "mentions"),
    [
        ({"q": "count(bus) >= 1"}, ""),
        ({"q": "id < 0"}, "No image"),
        ({"slice": NOT_THERE}, f"no slice {NOT_THERE}"),
        ({"imgsz": 100}, "multiple of 32"),
    ],
)
def test_it_rejects(scene: Scene, body: dict[str, Any], mentions: str) -> None:
    path = f"checkpoints/{checkpoint(scene).pk}/predict"
    assert_problem(call(scene.cast.alice, "post", path, {"dataset": scene.dataset.pk, **body}), 400, mentions=mentions)


def test_it_rejects_weights_that_know_none_of_the_classes(scene: Scene) -> None:
    path = f"checkpoints/{checkpoint(scene, classes=['dog']).pk}/predict"
    answer = call(scene.cast.alice, "post", path, {"dataset": scene.dataset.pk, "slice": scene.more.pk})
    assert_problem(answer, 400, mentions="knows none of this dataset's classes")


def test_it_rejects_another_projects_weights(scene: Scene) -> None:
    strange = checkpoint(scene, project=Scene().cast.project)
    path, body = f"checkpoints/{strange.pk}/predict", {"dataset": scene.dataset.pk}
    assert call(scene.cast.alice, "post", path, body).status_code == 404
