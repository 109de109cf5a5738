"""Boxes of one image for the editor: all of them down to a low score, each with the two classes that it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dataset.models import Dataset, Image
from model.class_names import class_ids
from model.endpoints.asking import MINUTE, deployed, form_of
from model.endpoints.serve_client import BoxesAsked, ask_serving
from model.models import Checkpoint, Deployment, Endpoint, ExportedForm
from model.selectors.answering import answering_form
from science.geometry.boxes import iou
from storage import blobs

FLOOR, ROOM = 0.03, 300
# What people choose from may overlap, and small things are found in a larger picture: docs/assist.md has the figures.
ALIKE, ZOOMS = 0.9, (1.0, 1.5, 2.0)
ONE_PLACE = 0.9  # IoU from which on two boxes stand for one place: networks answer each class of it by itself


@dataclass(frozen=True)
class AskedForm:
    """What is asked for boxes: a form, and the endpoint or the version that it answers for, where it does."""

    form: ExportedForm
    checkpoint: Checkpoint
    endpoint: Endpoint | None = None
    version: int | None = None


def candidates_of(image: Image, asked: AskedForm, floor: float) -> dict[str, Any]:
    """The boxes by falling score, in the dataset's classes; those of classes that it lacks are left out."""
    endpoint = asked.endpoint
    idle = endpoint.idle_minutes * MINUTE if endpoint else 600.0
    wanted = BoxesAsked(floor=floor, iou=ALIKE, most=ROOM, idle=idle, zooms=ZOOMS)
    (found,) = ask_serving(asked.form, wanted, [blobs.read(image.location)])
    ids = ids_of(asked.checkpoint, image.dataset)
    return {
        "image": image.pk,
        "endpoint": endpoint.pk if endpoint else None,
        "version": asked.version,
        "checkpoint": asked.checkpoint.pk,
        "floor": floor,
        "candidates": grouped(found, ids) if "boxes" in found else [],
    }


def ids_of(checkpoint: Checkpoint, dataset: Dataset) -> list[int | None]:
    return class_ids(checkpoint.classes, list(dataset.classes.values_list("pk", "name")))


def grouped(found: dict[str, Any], ids: Sequence[int | None]) -> list[dict[str, Any]]:
    """Each place with its box, that of its best class, and its two best classes with their scores."""
    boxes = np.array(found["boxes"], np.float64).reshape(-1, 4)
    alike = iou(boxes, boxes) >= ONE_PLACE  # (N, N)
    left = [row for row in range(len(boxes)) if ids[found["classes"][row]] is not None]
    places = []
    while left:
        first, *rest = left
        same = [row for row in rest if alike[first, row]]
        classes = {found["classes"][row]: found["scores"][row] for row in reversed([first, *same])}
        best = sorted(classes.items(), key=lambda pair: -pair[1])[:2]
        left = [row for row in rest if row not in same]
        places.append(
            {
                "box": found["boxes"][first],
                "classes": [{"class_id": ids[place], "score": score} for place, score in best],
            }
        )
    return places


def asked_of_checkpoint(checkpoint: Checkpoint, project_id: int) -> AskedForm | None:
    """The newest version that is or was deployed with it, else its quickest finished form; None where it has none."""
    found = Deployment.objects.filter(checkpoint=checkpoint, endpoint__project=project_id, form__isnull=False)
    newest = found.select_related("form").order_by("-pk").first()
    if newest is not None:
        return AskedForm(form_of(newest), checkpoint, version=newest.version)
    form = answering_form(checkpoint, project_id)
    return AskedForm(form, checkpoint) if form else None


def asked_of_endpoint(endpoint: Endpoint) -> AskedForm:
    """What is deployed. Raises Conflict where nothing is."""
    now = deployed(endpoint)
    return AskedForm(form_of(now), now.checkpoint, endpoint, now.version)
