"""An endpoint is asked: pictures in, boxes out, and what is counted of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.problems import BadInput, Conflict, Problem
from model.endpoints.counting import CountedRequest, count_asked
from model.endpoints.sampling import keep_some
from model.endpoints.schedule import is_up, next_opening
from model.endpoints.serve_client import BoxesAsked, NotServing, ask_serving
from model.models import Deployment, Endpoint, ExportedForm

MOST_PICTURES = 16  # of a request
LARGEST_PICTURE = 32 << 20  # bytes
MINUTE = 60.0


@dataclass(frozen=True)
class EndpointQuestion:
    """Pictures, and which boxes are wanted of them."""

    pictures: Sequence[bytes]
    conf: float | None = None  # None: the endpoint's own
    iou: float | None = None


def answer(endpoint: Endpoint, question: EndpointQuestion) -> dict[str, Any]:
    """The boxes of each picture, and by what they were found; the caller has been looked at.

    Raises BadInput for a picture that is none, Conflict where nothing is deployed, NotServing where it passes.
    """
    deployment = deployed(endpoint)
    conf = endpoint.conf if question.conf is None else question.conf
    wanted = BoxesAsked(
        floor=conf, iou=endpoint.iou if question.iou is None else question.iou, idle=endpoint.idle_minutes * MINUTE
    )
    began = time.monotonic()
    try:
        found = ask_serving(form_of(deployment), wanted, question.pictures)
        refuse_what_is_no_picture(found)
    except Problem as problem:
        failed = isinstance(problem, NotServing)
        count_asked(endpoint, deployment, CountedRequest(len(question.pictures), failed=failed, refused=not failed))
        raise
    took = (time.monotonic() - began) * 1000
    count_asked(endpoint, deployment, CountedRequest(len(found), milliseconds=took, found=found))
    keep_some(endpoint, deployment, question.pictures)
    return answer_as_json(endpoint, deployment, wanted, found, took)


def deployed(endpoint: Endpoint) -> Deployment:
    """What answers. Raises Conflict where nothing is deployed yet, or it was stopped or is outside its hours."""
    if endpoint.current is None or endpoint.current.form is None:
        raise Conflict(f"Nothing is deployed under {endpoint.name} yet.", extra={"reason": "not_deployed"})
    if endpoint.stopped:
        raise Conflict(f"{endpoint.name} was stopped. Start it on its page.", extra={"reason": "stopped"})
    if not is_up(endpoint.hours):
        opens = next_opening(endpoint.hours)
        raise Conflict(f"{endpoint.name} is up again at {opens}.", extra={"reason": "outside_hours"})
    return endpoint.current


def form_of(deployment: Deployment) -> ExportedForm:
    assert deployment.form is not None  # what is deployed has one
    return deployment.form


def refuse_what_is_no_picture(found: list[dict[str, Any]]) -> None:
    errors = {
        f"images.{place}": [f"The picture: {one['refused']}."] for place, one in enumerate(found) if "refused" in one
    }
    if errors:
        place, said = next(iter(errors.items()))
        raise BadInput(f"{place}: {said[0]}", errors=errors)


def answer_as_json(
    endpoint: Endpoint, deployment: Deployment, wanted: BoxesAsked, found: list[dict[str, Any]], took: float
) -> dict[str, Any]:
    """Boxes as annotations have them: class, [x1, y1, x2, y2] in pixels of the upright picture, score."""
    checkpoint = deployment.checkpoint
    return {
        "endpoint": {"id": endpoint.pk, "name": endpoint.name},
        "version": deployment.version,
        "checkpoint": {"id": checkpoint.pk, "name": checkpoint.name, "run": checkpoint.run_id},
        "conf": wanted.floor,
        "iou": wanted.iou,
        "milliseconds": round(took, 1),
        "images": [image_as_json(one, checkpoint.classes) for one in found],
    }


def image_as_json(one: dict[str, Any], classes: Sequence[str]) -> dict[str, Any]:
    rows = zip(one["classes"], one["boxes"], one["scores"], strict=True)
    boxes = [{"class": classes[place], "class_index": place, "box": box, "score": score} for place, box, score in rows]
    return {"width": one["width"], "height": one["height"], "annotations": boxes}
