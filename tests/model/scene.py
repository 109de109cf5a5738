"""A dataset of small pictures with coloured boxes, and trainings of it that take seconds."""

import os
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection
from PIL import Image as Picture

from accounts.models import Role
from dataset.models import Dataset, Image, LabelClass, Slice
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import apply_changes
from dataset.services.slices import create_slice
from model.models import Run
from model.services.runs import NewRun, create_run
from storage import blobs
from tests.factories import call, make_cast, make_dataset, make_image

WIDTH, HEIGHT = 160, 120
QUICK = {"epochs": 1, "imgsz": 160, "batch": 5, "threads": 1, "mosaic": 0.0, "warmup_epochs": 0.0}
FROM_SCRATCH = {"kind": "scratch"}
ROOT = Path(__file__).parents[2]


def picture(number: int) -> tuple[bytes, list[tuple[int, tuple[int, int, int, int]]]]:
    """A JPEG of noise with one or two coloured boxes, and for each of them its class index and place."""
    chance = np.random.default_rng(number)
    pixels = chance.integers(90, 130, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    boxes = []
    for index in range(1 + number % 2):
        x, y = int(chance.integers(0, WIDTH - 60)), int(chance.integers(0, HEIGHT - 50))
        place = (x, y, x + 50, y + 40)
        pixels[y : y + 40, x : x + 50] = (220, 40, 40) if index == 0 else (40, 60, 220)
        boxes.append((index, place))
    out = BytesIO()
    Picture.fromarray(pixels).save(out, "JPEG")
    return out.getvalue(), boxes


class Scene:
    """Alice's dataset: 12 images to train on, 4 more, 4 to validate on. Bob is a labeller."""

    def __init__(self, bob: Role = Role.LABELLER) -> None:
        self.cast = make_cast(bob)
        self.dataset: Dataset = make_dataset(self.cast.project)
        classes: list[LabelClass] = list(self.dataset.classes.all())
        self.images: list[Image] = []
        changes = []
        for number in range(20):
            data, boxes = picture(number)
            blob = blobs.put_bytes(data, suffix=".jpg")
            place = {"width": WIDTH, "height": HEIGHT, "sha256": blob.sha256, "location": blob.key}
            self.images.append(make_image(self.dataset, **place))
            for index, box in boxes:
                image = self.images[-1].pk
                changes.append(AnnotationChange("add", image, class_id=classes[index].pk, box=box))
        apply_changes(dataset=self.dataset, by=self.cast.alice, kind="import", message="", changes=changes)
        self.dataset.refresh_from_db()
        self.train = self.slice("train", self.images[:12])
        self.more = self.slice("more", self.images[12:16])
        self.validation = self.slice("validation", self.images[16:])

    def slice(self, name: str, images: list[Image]) -> Slice:
        ids = [image.pk for image in images]
        return create_slice(dataset=self.dataset, name=name, image_ids=ids, origin={"kind": "hand"}, by=self.cast.alice)

    def body(self, **fields: Any) -> dict[str, Any]:
        """What POST runs takes; a training of one epoch from scratch unless told otherwise."""
        return {
            "dataset": self.dataset.pk,
            "name": "first",
            "baseline": "road11t",
            "weights": FROM_SCRATCH,
            "train_slices": [self.train.pk],
            "validation_slice": self.validation.pk,
            "settings": QUICK,
            **fields,
        }

    def post(self, **fields: Any) -> Any:
        return call(self.cast.alice, "post", "runs", self.body(**fields))

    def run(self, **fields: Any) -> Run:
        """Ask for a run without going through HTTP."""
        body = {name: value for name, value in self.body(**fields).items() if name != "dataset"}
        return create_run(dataset=self.dataset, new=NewRun(**body), by=self.cast.alice)

    def get(self, path: str) -> Any:
        return call(self.cast.alice, "get", path).json()


def worker_environment() -> dict[str, str]:
    """What a process needs to work on the tests' own database."""
    place = connection.settings_dict
    url = f"postgresql://{place['USER']}@/{place['NAME']}?host={place['HOST']}&port={place['PORT']}"
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    return {**os.environ, "DATABASE_URL": url, "PYTHONPATH": path}


def worker_command(job_id: int) -> list[str]:
    """A process that runs one job as a worker would, heartbeat and all."""
    code = f"import django; django.setup(); import model.tasks; from jobs import running; running.run({job_id})"
    return [sys.executable, "-c", code]
