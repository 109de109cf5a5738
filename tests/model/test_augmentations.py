"""Pictures as a training would see them, drawn by the engines' own augmentation."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from PIL import Image as Picture

import model.tasks
from jobs.models import Job
from tests.factories import assert_charlie_gets_404, assert_problem, call, run_jobs
from tests.model.scene import Scene

assert model.tasks
pytestmark = pytest.mark.django_db
STILL = {
    "imgsz": 160, "mosaic": 0.0, "scale": 0.0, "translate": 0.0, "fliplr": 0.0, "hsv_h": 0.0, "hsv_s": 0.0,
    "hsv_v": 0.0,
}  # fmt: skip
RED, BLUE = (220, 40, 40), (40, 60, 220)  # of the scene's two classes


@pytest.fixture
def scene() -> Scene:
    return Scene()


def body(scene: Scene, **more: Any) -> dict[str, Any]:
    return {
        "dataset": scene.dataset.pk,
        "train_slices": [scene.train.pk],
        "baseline": "road11t",
        "weights": {"kind": "scratch"},
        "settings": STILL,
        "count": 4,
        **more,
    }


def drawn(scene: Scene, **more: Any) -> list[dict[str, Any]]:
    """The pictures of a job, with their pixels."""
    asked = call(scene.cast.alice, "post", "augmentations", body(scene, **more))
    assert asked.status_code == 202, asked.content
    assert [(job.state, job.error) for job in run_jobs()] == [("succeeded", "")]
    rows: list[dict[str, Any]] = scene.get(f"augmentations/{asked.json()['id']}")
    for row in rows:
        answer = call(scene.cast.alice, "get", row["url"].removeprefix("/api/v1/"))
        row["pixels"] = np.asarray(Picture.open(BytesIO(answer.content)).convert("RGB")).astype(int)
    return rows


def colours_match(scene: Scene, pictures: list[dict[str, Any]]) -> int:
    """How many boxes there are; each holds an object of its class's colour, whatever was done to the picture."""
    colour = dict(zip([one.pk for one in scene.dataset.classes.order_by("index")], (RED, BLUE), strict=False))
    boxes = [(one, box) for one in pictures for box in one["boxes"]]
    for picture, box in boxes:
        x1, y1, x2, y2 = box["box"]
        inside = picture["pixels"][round(y1) : round(y2), round(x1) : round(x2)]
        own = np.abs(inside - colour[box["class_id"]]).max(2) < 40
        assert own.mean() > 0.2  # the other class may lie over it
    return len(boxes)


@pytest.mark.slow
@pytest.mark.parametrize("baseline", ["road11t", "yolov6n6"])
def test_it_works(scene: Scene, baseline: str) -> None:
    """Switched off, augmentation leaves the images as they are, on the network's canvas; flipped they are mirrored."""
    side = {"imgsz": 192}  # yolov6 takes multiples of 64
    still = drawn(scene, baseline=baseline, settings={**STILL, **side})
    assert [(one["width"], one["height"]) for one in still] == [(192, 192)] * 4
    assert [one["pixels"].shape for one in still] == [(192, 192, 3)] * 4
    assert colours_match(scene, still) >= 4
    flipped = drawn(scene, baseline=baseline, settings={**STILL, **side, "fliplr": 1.0})
    for one, other in zip(still, flipped, strict=True):
        mirrored = sorted([192 - x2, y1, 192 - x1, y2] for x1, y1, x2, y2 in (box["box"] for box in one["boxes"]))
        assert np.array(mirrored) == pytest.approx(np.array(sorted(b["box"] for b in other["boxes"])), abs=1)
    again = drawn(scene, baseline=baseline, settings={**STILL, **side}, seed=1)
    assert [one["boxes"] for one in again] != [one["boxes"] for one in still]
    mosaics = drawn(scene, baseline=baseline, settings={**STILL, **side, "mosaic": 1.0})
    assert colours_match(scene, mosaics) > colours_match(scene, still)


def test_pictures_are_gone_after_a_while(scene: Scene) -> None:
    asked = call(scene.cast.alice, "post", "augmentations", body(scene)).json()
    path = f"augmentations/{asked['id']}"
    assert_problem(call(scene.cast.alice, "get", path), 409)
    Job.objects.filter(pk=asked["id"]).update(state="succeeded")
    cache.delete(f"augmentations:{asked['id']}")
    assert_problem(call(scene.cast.alice, "get", path), 410, mentions="again")
    assert_problem(call(scene.cast.alice, "get", f"{path}/pictures/0"), 410)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"settings": {"mosaic": 2}}, "settings.mosaic"),
        ({"train_slices": [0]}, "train_slices"),
        ({"baseline": "yolo99"}, "baseline"),
        ({"count": 17}, "count"),
        ({"seed": -1}, "seed"),
    ],
)
def test_it_rejects_what_no_run_could_have(scene: Scene, wrong: dict[str, Any], field: str) -> None:
    answer = call(scene.cast.alice, "post", "augmentations", body(scene, **wrong))
    assert_problem(answer, 400)
    assert field in answer.json()["errors"]
    assert not Job.objects.exists()


def test_only_managers_ask_and_members_look(scene: Scene) -> None:
    assert_problem(call(scene.cast.bob, "post", "augmentations", body(scene)), 403)
    assert_charlie_gets_404(scene.cast, "post", "augmentations", body(scene))
    asked = call(scene.cast.alice, "post", "augmentations", body(scene)).json()
    assert_charlie_gets_404(scene.cast, "get", f"augmentations/{asked['id']}")
    assert_charlie_gets_404(scene.cast, "get", f"augmentations/{asked['id']}/pictures/0")
