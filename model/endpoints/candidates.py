"""Boxes of one image for the editor: all of them down to a low score, each with the two classes that it may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dataset.models import Dataset, Image
from model.class_names import class_ids
from model.endpoints.asking import MINUTE, deployed, form_of
from model.endpoints.serve_client import BoxesAsked, ask_serving
from model.models import Checkpoint, Deployment, Endpoint
from science.geometry.boxes import iou
from storage import blobs

FLOOR, ROOM = 0.03, 300
ONE_PLACE = 0.9  # IoU from which on two boxes stand for one place: networks answer each class of it by itself


def candidates_of(image: Image, deployment: Deployment, endpoint: Endpoint | None, floor: float) -> dict[str, Any]:
    """The boxes by falling score, in the dataset's classes; those of classes that it lacks are left out."""
    idle = endpoint.idle_minutes * MINUTE if endpoint else 600.0
    wanted = BoxesAsked(floor=floor, iou=endpoint.iou if endpoint else 0.7, most=ROOM, idle=idle)
    (found,) = ask_serving(form_of(deployment), wanted, [blobs.read(image.location)])
    checkpoint = deployment.checkpoint
    ids = ids_of(checkpoint, image.dataset)
    return {
        "image": image.pk,
        "endpoint": endpoint.pk if endpoint else None,
        "version": deployment.version,
        "checkpoint": checkpoint.pk,
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


def deployment_of(checkpoint: Checkpoint, project_id: int) -> Deployment | None:
    """The newest version that has a form of the checkpoint, whatever the project's endpoint."""
    found = Deployment.objects.filter(checkpoint=checkpoint, endpoint__project=project_id, form__isnull=False)
    return found.select_related("checkpoint", "form").order_by("-pk").first()


def deployment_at(endpoint: Endpoint) -> Deployment:
    """What is deployed. Raises Conflict where nothing is."""
    return deployed(endpoint)
