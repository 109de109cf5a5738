"""Generated road scenes on which the base checkpoint finds things, and a run whose checkpoint it is said to be."""

import zipfile
from pathlib import Path
from typing import Any

import cv2

from accounts.models import Role
from dataset.models import Dataset, Slice
from dataset.services import manifests
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import apply_changes
from dataset.services.slices import create_slice
from demo.scenes import scenes
from jobs.models import Job
from model.models import Checkpoint, ExportedForm, Run
from model.services.base import base_checkpoint
from storage import blobs
from tests.factories import Cast, call, make_cast, make_dataset, make_image, run_jobs

SIDE = 128  # pixels
FIRST_SEED = 4_000_000


class ExportedScene:
    """Alice's dataset of scenes with one class, `object`, and a run that left the base checkpoint's weights."""

    def __init__(self, count: int = 4) -> None:
        self.cast: Cast = make_cast(Role.LABELLER)
        self.dataset: Dataset = make_dataset(self.cast.project, classes=("object",))
        self.slice = self._slice(count)
        shipped = base_checkpoint()
        assert shipped is not None
        self.base: Checkpoint = shipped
        self.dataset.refresh_from_db()
        manifest = manifests.freeze(dataset=self.dataset, slices=[self.slice], revision=self.dataset.head_revision)
        self.run = Run.objects.create(
            dataset=self.dataset, name="night", baseline="road11t", weights=Run.Weights.BASE, classes=["object"],
            revision=manifest.revision, settings={"epochs": 1, "imgsz": SIDE},
            validation_slice=self.slice, validation_manifest=manifest,
        )  # fmt: skip
        columns = ("architecture", "classes", "imgsz", "location", "sha256", "size")
        self.checkpoint = Checkpoint.objects.create(
            project=self.cast.project, run=self.run, name="night · best", kind="best",
            **{name: getattr(shipped, name) for name in columns},
        )  # fmt: skip

    def _slice(self, count: int) -> Slice:
        label_class = self.dataset.classes.get()
        changes, ids = [], []
        for scene in scenes(count, seed=FIRST_SEED):
            height, width = scene.pixels.shape[:2]
            _, encoded = cv2.imencode(".jpg", scene.pixels[..., ::-1])
            blob = blobs.put_bytes(encoded.tobytes(), suffix=".jpg")
            place = {"sha256": blob.sha256, "location": blob.key}
            image = make_image(self.dataset, width=width, height=height, **place)
            ids.append(image.pk)
            changes += [
                AnnotationChange("add", image.pk, class_id=label_class.pk, box=tuple(box))
                for box in scene.boxes.tolist()
            ]
        apply_changes(dataset=self.dataset, by=self.cast.alice, kind="import", message="", changes=changes)
        name = {"dataset": self.dataset, "name": "night", "image_ids": ids, "origin": {"kind": "hand"}}
        return create_slice(**name, by=self.cast.alice)

    def post(self, form: str = "onnx", *, checkpoint: Checkpoint | None = None, **fields: Any) -> Any:
        asked = {"form": form, "imgsz": SIDE, **fields}
        return call(self.cast.alice, "post", f"checkpoints/{(checkpoint or self.checkpoint).pk}/exports", asked)

    def exported(self, form: str = "onnx", **fields: Any) -> ExportedForm:
        """The form, made and checked by its job."""
        answer = self.post(form, **fields)
        assert answer.status_code == 202, answer.content
        (job,) = run_jobs()
        assert job.state == Job.State.SUCCEEDED, job.error
        return ExportedForm.objects.get(pk=job.result["form"])

    def picture(self) -> Path:
        """One of the images."""
        image = self.dataset.images.order_by("pk")[0]
        return blobs.local_path(image.location)


def unpacked(form: ExportedForm, folder: Path) -> Path:
    """The files of its download, with a picture beside them."""
    with zipfile.ZipFile(blobs.local_path(form.location)) as archive:
        archive.extractall(folder)
    return folder
