"""Finding the groups of images on which an evaluation is weak, and making slices of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from curate.embeddings.encoder import ENCODER
from curate.evaluations.arrays import resampling_units
from curate.evaluations.kept_arrays import judged_evaluation
from curate.evaluations.parts import fields_of_evaluation, named_parts
from curate.models import Embedding, Evaluation
from curate.query import image_search
from dataset.models import Slice
from dataset.services.slices import store_slice
from jobs.models import Job
from jobs.services import enqueue
from jobs.titles import Title
from science.evaluation.arrays import Ground
from science.evaluation.as_json import json_number
from science.evaluation.matching import Matches
from science.evaluation.types import GroundTruth
from science.evaluation.weak_slices import SIZE, Fact, WeakSlice, weak_slices
from science.learning import clusters

KIND = "find_weak_slices"
CLUSTER = "cluster"
MOST_FACTS = 10
MOST_VALUES = 8  # of one fact, the most frequent
MOST_REPORTED = 40
IMAGES_A_CLUSTER = 60
MOST_CLUSTERS = 12

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Said:
    """How a value of a fact is called, and the query line that means its images; empty where no line can."""

    label: str | None
    low: float | None
    high: float | None
    q: str


@dataclass(frozen=True, eq=False)
class KnownFacts:
    """What is known of an evaluation's images, and how each value is called."""

    facts: list[Fact]
    said: dict[tuple[str, str], Said]


def find(evaluation: Evaluation, ground: Ground, truth: GroundTruth, matches: Matches) -> list[dict[str, Any]]:
    """The weak slices of an evaluation at its operating point, the surest first, as JSON with their images' ids."""
    known = facts_of(evaluation, ground)
    boxes = truth.boxes.astype(np.float64)
    own = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    found = weak_slices(
        matches,
        known.facts,
        confidence=evaluation.conf or 0.0,
        iou=evaluation.iou,
        areas=own if truth.area is None else truth.area,
        groups=resampling_units(ground.image_ids).groups,
    )
    return [_described(one, known, ground) for one in found[:MOST_REPORTED]]


def store(evaluation: Evaluation, found: list[dict[str, Any]]) -> None:
    evaluation.weak_slices = found
    evaluation.save(update_fields=["weak_slices"])


def facts_of(evaluation: Evaluation, ground: Ground) -> KnownFacts:
    """Metadata with few values or numbers, the time, facts of the picture, clusters of embeddings."""
    facts: list[Fact] = []
    said: dict[tuple[str, str], Said] = {}
    for name in [field.name for field in fields_of_evaluation(evaluation)][:MOST_FACTS]:
        values, called = _values(evaluation, ground, name)
        facts.append(Fact(name, values))
        said |= {(name, value): one for value, one in called.items()}
    clustered = _clusters(ground)
    if clustered is not None:
        facts.append(Fact(CLUSTER, clustered))
        said |= {(CLUSTER, value): Said(value, None, None, "") for value in np.unique(clustered).tolist() if value}
    return KnownFacts(facts, said)


def _values(evaluation: Evaluation, ground: Ground, name: str) -> tuple[NDArray[np.str_], dict[str, Said]]:
    """(I,) each image's part by its query line, "" where it has none or a rare one."""
    masks = []
    for part in named_parts(evaluation, name):
        found = image_search.image_ids(evaluation.dataset, part["q"])
        mask = np.isin(ground.image_ids, np.array(found, np.int64))
        masks.append((int(mask.sum()), part, mask))
    masks.sort(key=lambda one: -one[0])
    values, said = np.full(len(ground.image_ids), "", dtype=object), {}
    for count, part, mask in masks[:MOST_VALUES]:
        if count:
            values[mask & (values == "")] = part["q"]
            said[part["q"]] = Said(part.get("label"), part.get("low"), part.get("high"), part["q"])
    return values.astype(str), said


def _clusters(ground: Ground) -> NDArray[np.str_] | None:
    """(I,) the cluster of each image by its embedding; None where most images have none."""
    rows = Embedding.objects.filter(image__in=ground.image_ids.tolist(), encoder=ENCODER, annotation_id=None)
    found = list(rows.values_list("image_id", "vector"))
    if len(found) * 2 < len(ground.image_ids) or len(found) < 2 * IMAGES_A_CLUSTER:
        return None
    count = min(MOST_CLUSTERS, len(found) // IMAGES_A_CLUSTER)
    vectors = np.array([vector for _, vector in found], np.float32)
    labels = clusters(vectors, count)
    values = np.full(len(ground.image_ids), "", dtype=object)
    values[ground.image_index(np.array([pk for pk, _ in found], np.int64))] = [str(label + 1) for label in labels]
    return values.astype(str)


def _described(found: WeakSlice, known: KnownFacts, ground: Ground) -> dict[str, Any]:
    facts = [
        {"name": SIZE, "label": value, "low": None, "high": None, "q": ""}
        if name == SIZE
        else {"name": name, **vars(known.said[name, value])}
        for name, value in found.facts
    ]
    label = found.class_index
    return {
        "facts": facts,
        "class_id": None if label is None else int(ground.class_ids[label]),
        "measure": found.measure.value,
        "value": json_number(found.value),
        "rest": json_number(found.rest),
        "difference": json_number(found.value - found.rest),
        "low": json_number(found.low),
        "high": json_number(found.high),
        "q_value": json_number(found.q_value),
        "boxes": found.boxes,
        "q": line_of(facts),
        "image_ids": ground.image_ids[found.images].tolist(),
    }


def line_of(facts: list[dict[str, Any]]) -> str | None:
    """The query line of the images; None where no line can say which they are, "" where it is all."""
    lines = [fact["q"] for fact in facts if fact["name"] != SIZE]
    if not all(lines):
        return None
    return " and ".join(lines)


def start(*, evaluation: Evaluation, by: User) -> Job:
    """Look for the weak slices of an evaluation made before they were looked for, or again. Reviewers and above."""
    access.check(by, evaluation.dataset.project_id, Role.REVIEWER)
    name, project = evaluation.prediction_set.name, evaluation.dataset.project
    with transaction.atomic():
        data = {"evaluation": evaluation.pk}
        audit.record(by=by, action="weak_slices.find", target=name, project=project, data=data)
        return enqueue(
            kind=KIND,
            project=project,
            dataset=evaluation.dataset,
            author=by,
            params=data,
            title=Title.of("weak_slices", "Find weak slices of {name}", name=name),
            link=f"/evaluations/{evaluation.pk}",
        )


def search(evaluation: Evaluation) -> list[dict[str, Any]]:
    """What the job does."""
    arrays = judged_evaluation(evaluation)
    found = find(evaluation, arrays.ground, arrays.truth, arrays.matches)
    store(evaluation, found)
    return found


def make_slice(*, evaluation: Evaluation, place: int, name: str, by: User) -> Slice:
    """A slice of the images of one weak slice, by its place in the list. Managers and above.

    Raises BadInput where there is none there.
    """
    access.check(by, evaluation.dataset.project_id, Role.MANAGER)
    found = evaluation.weak_slices
    if found is None:
        raise Conflict("The weak slices of this evaluation were not looked for yet.")
    if not 0 <= place < len(found):
        sentence = f"There are {len(found)} weak slices; there is none at place {place}."
        raise BadInput(sentence, errors={"place": [sentence]})
    one = found[place]
    origin = {
        "kind": "diagnosis",
        "evaluation": evaluation.pk,
        "weak_slice": {name: one[name] for name in ("facts", "class_id", "measure", "value", "rest", "low", "high")},
    }
    with transaction.atomic():
        return store_slice(dataset=evaluation.dataset, name=name, image_ids=one["image_ids"], origin=origin, author=by)
