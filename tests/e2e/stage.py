"""A project as somebody would have it after a first run: scenes with some wrong labels, predictions, their diagnosis.

Everything goes through the REST API, as a script would do it; jobs run here and now. Nothing is trained: predictions
are the true boxes, a little off, some under another class, some left out.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from accounts.models import User
from curate import tasks as curate_tasks
from dataset import tasks as dataset_tasks
from demo.scenes import CLASSES, Scene, scenes
from tests.factories import Cast, call, make_cast, run_jobs

HANDLERS = (curate_tasks, dataset_tasks)  # imported so that their jobs are known here, as in a worker
IMAGES = 18
SEED = 5
CONFUSED = ("car", "truck")  # some cars are labelled cars, and predicted trucks


@dataclass
class Stage:
    """What the browser tests walk on."""

    cast: Cast
    password: str
    dataset: int
    evaluation: int
    slice: int
    scenes: list[Scene]

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON of a call as Alice; fails the test where the API refuses."""
        response = call(self.cast.alice, method, path, body, **headers)
        assert response.status_code < 300, response.content
        return response.json()

    def all(self, path: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.api("GET", path)["items"]
        return items


def set_stage(root: Path) -> Stage:
    """Import, predict, diagnose and make a slice; `root` is a folder that may be imported from."""
    cast = make_cast()
    password = "correct horse battery"
    give_password(cast.alice, password)
    drawn = drawn_scenes()
    write_images(root / "scenes", drawn)
    (root / "scenes" / "labels.json").write_text(json.dumps(labels(drawn)))
    stage = Stage(cast, password, 0, 0, 0, drawn)
    stage.dataset = stage.api("POST", "datasets", {"project": cast.project.pk, "name": "Road scenes"})["id"]
    job(stage, f"datasets/{stage.dataset}/imports", {"path": str(root / "scenes"), "format": "coco"})
    (root / "predictions.json").write_text(json.dumps(predictions(drawn, np.random.default_rng(SEED))))
    body = {"path": str(root / "predictions.json"), "name": "Detector of last week"}
    judged = job(stage, f"datasets/{stage.dataset}/prediction-sets", body)["prediction_set"]
    stage.evaluation = job(stage, "evaluations", {"prediction_set": judged, "conf": 0.25})["evaluation"]
    new_slice = {"name": "train v1", "images": sorted(image_ids(stage).values())}
    stage.slice = stage.api("POST", f"datasets/{stage.dataset}/slices", new_slice)["id"]
    return stage


@cache
def drawn_scenes() -> list[Scene]:
    """Drawn once a process: that takes longer than most of what is done to them."""
    return list(scenes(IMAGES, SEED))


def give_password(user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])


def job(stage: Stage, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask for long work and let it run; returns its result."""
    asked = stage.api("POST", path, body)
    ended = {one.pk: one for one in run_jobs()}[asked["id"]]
    assert ended.state == "succeeded", (ended.error, [line.text for line in ended.lines.all()])
    result: dict[str, Any] = ended.result
    return result


def write_images(folder: Path, drawn: list[Scene]) -> None:
    (folder / "images").mkdir(parents=True)
    for scene in drawn:
        Image.fromarray(scene.pixels).save(folder / "images" / f"{scene.key}.jpg", quality=90)


def labels(drawn: list[Scene]) -> dict[str, Any]:
    """COCO with metadata, as drawn."""
    boxes = [
        {"image_id": i, "category_id": int(of) + 1, "bbox": xywh(box), "area": 1, "iscrowd": 0}
        for i, scene in enumerate(drawn)
        for box, of in zip(scene.boxes, scene.classes, strict=True)
    ]
    images = [
        {
            "id": i,
            "file_name": f"images/{scene.key}.jpg",
            "width": scene.pixels.shape[1],
            "height": scene.pixels.shape[0],
            "sequence": scene.sequence,
            **scene.metadata,
        }
        for i, scene in enumerate(drawn)
    ]
    return {
        "images": images,
        "categories": [{"id": at + 1, "name": name} for at, name in enumerate(CLASSES)],
        "annotations": [{"id": at, **box} for at, box in enumerate(boxes)],
    }


def xywh(box: Any) -> list[float]:
    x1, y1, x2, y2 = (float(side) for side in box)
    return [x1, y1, x2 - x1, y2 - y1]


def image_ids(stage: Stage) -> dict[str, int]:
    rows = stage.all(f"datasets/{stage.dataset}/images?limit=200")
    return {row["key"]: row["id"] for row in rows}


def predictions(drawn: list[Scene], rng: np.random.Generator) -> list[dict[str, Any]]:
    """COCO results: most boxes, a little off; every third car as a truck; one false alarm an image."""
    found, cars = [], 0
    car, truck = (list(CLASSES).index(name) for name in CONFUSED)
    for scene in drawn:
        for box, of in zip(scene.boxes, scene.classes, strict=True):
            if rng.random() < 0.15:
                continue
            cars += int(of) == car
            seen = truck if int(of) == car and cars % 3 == 0 else int(of)
            found.append((scene.key, seen, np.asarray(box) + rng.normal(0, 0.6, 4), rng.uniform(0.4, 0.95)))
        found.append((scene.key, car, np.array([2.0, 2.0, 40.0, 26.0]), 0.5))
    return [
        {"image_id": key, "category_id": CLASSES[of], "bbox": xywh(box), "score": float(score)}
        for key, of, box, score in found
    ]
