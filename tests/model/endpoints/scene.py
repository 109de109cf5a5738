"""A dataset with two checkpoints, endpoints whose form is a tiny network, and the process that serves them.

The network has one box for each picture: its middle lies where the picture's mean red and green say (times the
picture's size), its score is the mean blue. So whose picture an answer is about can be told from the answer.
"""

from __future__ import annotations

import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from django.utils import timezone
from onnx import TensorProto, helper, numpy_helper
from PIL import Image as Picture

from dataset.models import Dataset, Image, Manifest, PredictionSet, Slice, SliceImage
from dataset.services import predictions
from embedded.home import ROOT
from model.models import Checkpoint, Deployment, Endpoint, ExportedForm, GateRules
from model.serving.facts import FormFacts, texts_of_facts
from science.evaluation.gate_rules import read_gate
from storage import blobs
from tests.factories import Cast, make_annotation, make_cast, make_dataset, make_image
from tests.processes import started, until

SIDE = 64  # pixels of the network's input, and of the pictures
BOX = 10  # pixels
CLASSES = ("car", "rider")


@cache
def tiny_network(names: tuple[str, ...] = CLASSES) -> bytes:
    """An ONNX file: (B, 3, 64, 64) to (B, 6, 1), the box and the scores of two classes."""
    picked = np.zeros((3, 6), np.float32)
    picked[0, 0] = picked[1, 1] = SIDE
    picked[2, 4] = 1.0
    added = np.array([0, 0, BOX, BOX, 0, 0.3], np.float32)
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["means"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["means", "picked"], ["values"]),
        helper.make_node("Add", ["values", "added"], ["row"]),
        helper.make_node("Unsqueeze", ["row", "last"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 3, "height", "width"])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", 6, 1])],
        [
            numpy_helper.from_array(picked, "picked"),
            numpy_helper.from_array(added, "added"),
            numpy_helper.from_array(np.array([2], np.int64), "last"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=9)
    helper.set_model_props(model, texts_of_facts(FormFacts(class_names=names, imgsz=SIDE)))
    data: bytes = model.SerializeToString()
    return data


def coloured(
    red: int, green: int, blue: int = 230, *, size: tuple[int, int] = (SIDE, SIDE), kind: str = "PNG"
) -> bytes:
    """A picture of one colour."""
    out = BytesIO()
    Picture.new("RGB", size, (red, green, blue)).save(out, kind)
    return out.getvalue()


def expected_middle(red: int, green: int) -> tuple[float, float]:
    return red / 255 * SIDE, green / 255 * SIDE


def middle_of(annotation: dict[str, Any]) -> tuple[float, float]:
    x1, y1, x2, y2 = annotation["box"]
    return (x1 + x2) / 2, (y1 + y2) / 2


@contextmanager
def serving(settings: Any, **environment: str) -> Iterator[Any]:
    """The serving process for the length of a block, which the platform's settings name."""
    with tempfile.TemporaryDirectory(prefix="halfday-serve-") as folder:
        path = Path(folder) / "serve.sock"
        settings.SERVE_ADDRESS, settings.SERVE_SECRET = f"unix:{path}", ""
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}", **environment}
        command = [sys.executable, "-m", "model.serving.server", settings.SERVE_ADDRESS]
        with started(command, env=environment, cwd=ROOT) as process:
            until(lambda: path.exists() or process.poll() is not None)
            yield process


class Deployed:
    """Alice owns the project, Bob labels in it. Images with a car and a rider each; three checkpoints."""

    def __init__(self, images: int = 60, cast: Cast | None = None) -> None:
        self.cast = cast or make_cast()
        self.project = self.cast.project
        self.dataset: Dataset = make_dataset(self.project, classes=CLASSES)
        self.images = [
            make_image(self.dataset, metadata={"timeofday": "night" if k % 2 else "daytime"}) for k in range(images)
        ]
        for image in self.images:
            for place, label in enumerate(self.dataset.classes.order_by("index")):
                make_annotation(image, label, (100 * place, 0, 100 * place + 50, 40))
        Image.objects.filter(dataset=self.dataset).update(labelled_since=1)
        self.dataset.refresh_from_db()
        self.slice = Slice.objects.create(
            dataset=self.dataset, name="held out", image_count=images, origin={"kind": "hand"}
        )
        SliceImage.objects.bulk_create(SliceImage(slice=self.slice, image=image) for image in self.images)
        self.now, self.better, self.worse = (self.checkpoint(name) for name in ("now", "better", "worse"))

    def checkpoint(self, name: str) -> Checkpoint:
        return Checkpoint.objects.create(
            project=self.project, name=name, kind="uploaded", architecture="road11t", classes=list(CLASSES),
            location="blobs/none/weights.pt", sha256=f"{len(name)}" * 64, size=1, imgsz=SIDE,
        )  # fmt: skip

    def gate(self, *rules: dict[str, Any], **scenarios: Any) -> GateRules:
        document = {"rules": list(rules) or [{"figure": "mAP", "drop": 2.0}], "scenarios": scenarios}
        name = f"gate {GateRules.objects.count()}"
        return GateRules.objects.create(dataset=self.dataset, name=name, document=read_gate(document).as_json())

    def predicted(self, checkpoint: Checkpoint, *, cars: float, riders: float, seed: int = 1) -> PredictionSet:
        """Boxes of a checkpoint as the gate would have made them: this share of each class is found."""
        from model.gate.asking import frozen_images

        manifest: Manifest = frozen_images(self.slice)
        random = np.random.default_rng(seed)
        rows = [
            (image.pk, label.pk, (100 * place, 0, 100 * place + 50, 40))
            for image in self.images
            for place, label in enumerate(self.dataset.classes.order_by("index"))
            if random.random() < (cars, riders)[place]
        ]
        return predictions.store_predictions(
            dataset=self.dataset, manifest=manifest, name=f"{checkpoint.name} at the gate", kind="run",
            checkpoint_id=checkpoint.pk, image_ids=[row[0] for row in rows], class_ids=[row[1] for row in rows],
            boxes=[row[2] for row in rows], scores=[0.9] * len(rows),
        )  # fmt: skip

    def form(self, folder: Path) -> ExportedForm:
        """The tiny network, packed and stored as a form that has passed."""
        with zipfile.ZipFile(folder / "form.zip", "w") as archive:
            archive.writestr("model.onnx", tiny_network())
        blob = blobs.put_file(folder / "form.zip", suffix=".zip")
        return ExportedForm.objects.create(
            project=self.project, checkpoint=self.now, form="onnx", imgsz=SIDE, allowed_drop=0.001, verdict="passed",
            location=blob.key, sha256=blob.sha256, size=blob.size, finished_at=timezone.now(),
        )  # fmt: skip

    def endpoint(self, form: ExportedForm, *, gate: GateRules | None = None, **fields: Any) -> Endpoint:
        """`street`, at which `now` is deployed."""
        row = Endpoint.objects.create(
            project=self.project, dataset=self.dataset, name=fields.pop("name", "street"), gate=gate,
            validation_slice=self.slice, **fields,
        )  # fmt: skip
        version = Deployment.objects.create(
            endpoint=row, version=1, kind="first", checkpoint=self.now, form=form, deployed_at=timezone.now(),
            expected={"images": 60, "scores": [0] * 17 + [60, 60, 0], "classes": [60, 60]},
        )  # fmt: skip
        row.current = version
        row.save()
        return row


def file_named(name: str, data: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, data)


assert onnx
