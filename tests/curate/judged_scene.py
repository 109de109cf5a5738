"""Forty images with an uneven detector, evaluated by way of the API: every kind of error is there."""

from dataclasses import dataclass
from typing import Any

import numpy as np

import curate.tasks  # noqa: F401  registers the jobs
from dataset.models import Dataset, Image
from dataset.services.predictions import store_predictions
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest, make_slice
from tests.factories import Cast, call, run_jobs

IMAGES = 40


@dataclass
class Scene:
    """What the tests of charts look at."""

    cast: Cast
    dataset: Dataset
    images: list[Image]
    evaluation: int

    def get(self, path: str) -> Any:
        response = call(self.cast.bob, "GET", path)
        assert response.status_code == 200, response.content
        return response.json()

    def point(self, **asked: Any) -> int:
        """The evaluation whose rows are the boxes at an operating point."""
        response = call(self.cast.bob, "POST", f"evaluations/{self.evaluation}/points", asked)
        assert response.status_code == 200, response.content
        return int(response.json()["evaluation"])

    def objects(self, evaluation: int, conditions: str) -> int:
        """How many crops the object grid shows."""
        path = f"datasets/{self.dataset.pk}/objects/count?evaluation={evaluation}&{conditions}"
        return int(self.get(path)["count"])


def make_scene(cast: Cast, *, conf: float = 0.4, count: int = IMAGES) -> Scene:
    """Cars, bikes and riders of three sizes, by day and by night; half of what lies in the dark is missed."""
    random = np.random.default_rng(7)
    dataset = make_dataset(cast.project)
    pictures = [picture(random, night=place % 4 == 0) for place in range(count)]
    images = make_images(dataset, pictures)
    make_slice(dataset, "first ten", images[:10])
    classes = dict(dataset.classes.values_list("name", "id"))
    found = [
        (image.pk, classes[name], box, score)
        for image, one in zip(images, pictures, strict=True)
        for name, box, score in predicted(random, one)
    ]
    judged = store_predictions(
        dataset=dataset,
        manifest=make_manifest(dataset, images),
        name="uneven",
        kind="imported",
        image_ids=[row[0] for row in found],
        class_ids=[row[1] for row in found],
        boxes=[row[2] for row in found],
        scores=[row[3] for row in found],
    )
    response = call(cast.bob, "POST", "evaluations", {"prediction_set": judged.pk, "conf": conf})
    assert response.status_code == 202, response.content
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    return Scene(cast, dataset, images, job.result["evaluation"])


def picture(random: np.random.Generator, *, night: bool) -> Picture:
    """A few boxes on a lattice, so that they do not hide each other."""
    places = random.permutation(20)[: random.integers(3, 8)]
    boxes = []
    for place in places.tolist():
        side = float(random.choice([20, 50, 110]))
        left, top = 10 + 120.0 * (place % 5), 5 + 118.0 * (place // 5)
        boxes.append(
            (str(random.choice(["car", "bike", "rider"], p=[0.6, 0.25, 0.15])), left, top, left + side, top + side)
        )
    return Picture(boxes=boxes, metadata={"time": "night" if night else "day", "speed": int(random.integers(0, 90))})


def predicted(random: np.random.Generator, one: Picture) -> list[tuple[str, np.ndarray, float]]:
    """Boxes found well, placed badly, taken for another class, found twice, imagined, and some below the floor."""
    found: list[tuple[str, np.ndarray, float]] = []
    for name, *box in one.boxes:
        kind = random.random() * (2 if one.metadata["time"] == "night" else 1)
        if kind > 0.85:
            continue
        side = box[2] - box[0]
        spread = side * (0.35 if kind < 0.12 else 0.04)
        said = "rider" if 0.12 <= kind < 0.22 and name != "rider" else name
        found.append(
            (said, np.asarray(box) + random.normal(0, spread, 4) * [1, 1, 0, 0], float(random.uniform(0.06, 1)))
        )
        if kind < 0.3:
            found.append((said, np.asarray(box) + random.normal(0, 0.03 * side, 4), float(random.uniform(0.01, 0.6))))
    air = random.uniform(0, 400, 2)
    return [*found, ("car", np.concatenate([air, air + 30]), float(random.choice([0.03, 0.2, 0.7])))]
