"""The two jobs of pre-labelling: predict and count; write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from django.db import transaction

from curate.evaluations.thresholds import best_thresholds
from dataset.models import PredictionSet
from dataset.selectors import predictions as prediction_reads
from dataset.services import manifests, predictions
from dataset.services.predictions import PredictionArrays
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from label.assists.models import Prelabel
from label.assists.places import counts_from, new_places
from label.assists.prelabelling import mark_applied, untouched, write_into
from label.models import Task
from label.quality.gold_marks import first_copy
from label.selectors.labels import objects_at
from model.models import Checkpoint
from model.services.prediction import predict_images
from science.geometry.boxes import clip

UNKNOWN = 0.5  # the threshold of a class of which no diagnosis tells
PREDICTED = 0.9  # of the first job's progress
TOGETHER = 200  # tasks read and written at once


def look(row: Prelabel, report: Report) -> dict[str, Any]:
    """Predict the untouched tasks' images and count what would be written. Safe to run twice."""
    if row.state != Prelabel.State.ASKED:
        return {"prelabel": row.pk, "boxes": row.boxes}
    checkpoint = Checkpoint.objects.filter(pk=row.checkpoint_id or 0).first()
    if checkpoint is None:
        raise JobFailed("The checkpoint was deleted before it was asked.")
    tasks = list(untouched(row.batch.tasks.all()).order_by("pk"))
    if not tasks:
        raise JobFailed("Every task of the batch was worked on meanwhile.")
    stored = predicted(row, checkpoint, [task.image_id for task in tasks], report)
    report(PREDICTED, Sentence.of("counting_proposals", "Counting what would be proposed"))
    best = best_thresholds(row.batch.dataset, checkpoint.pk)
    scores = scores_by_class(tasks, prediction_reads.load(stored), row.batch.dataset)
    told = [
        {
            "class_id": class_id,
            "counts": counts_from(np.array(found)),
            "threshold": best.of_class.get(class_id, UNKNOWN),
            "known": class_id in best.of_class,
        }
        for class_id, found in scores.items()
    ]
    thresholds = {str(one["class_id"]): one["threshold"] for one in told}
    Prelabel.objects.filter(pk=row.pk).update(
        state=Prelabel.State.LOOKED, prediction_set=stored, per_class=told, thresholds=thresholds, tasks=len(tasks),
        evaluation_id=best.evaluation,
    )  # fmt: skip
    return {"prelabel": row.pk, "tasks": len(tasks)}


def predicted(row: Prelabel, checkpoint: Checkpoint, image_ids: list[int], report: Report) -> PredictionSet:
    dataset = row.batch.dataset
    found = predict_images(
        checkpoint=checkpoint, dataset=dataset, image_ids=image_ids, report=report, progress=(0.0, PREDICTED)
    )
    return predictions.store_predictions(
        dataset=dataset,
        manifest=manifests.freeze(dataset=dataset, image_ids=image_ids, revision=row.batch.base),
        name=f"{checkpoint.name} for {row.batch.name}",
        kind=PredictionSet.Kind.RUN,
        checkpoint_id=checkpoint.pk,
        image_ids=found.image_ids,
        class_ids=found.class_ids,
        boxes=found.boxes,
        scores=found.scores,
        author=row.created_by,
    )


def scores_by_class(tasks: list[Task], arrays: PredictionArrays, dataset: Any) -> dict[int, list[float]]:
    """The scores of all boxes that could be written, in the order of the dataset's classes."""
    order = list(dataset.classes.order_by("index").values_list("pk", flat=True))
    found: dict[int, list[float]] = {class_id: [] for class_id in order}
    for _, rows in proposals(tasks, arrays):
        for row in rows:
            found[int(arrays.class_ids[row])].append(float(arrays.scores[row]))
    return {class_id: scores for class_id, scores in found.items() if scores}


def proposals(tasks: list[Task], arrays: PredictionArrays) -> Iterator[tuple[Task, list[int]]]:
    """Each task with the rows of the arrays that stand for objects which its labels do not have, by falling score."""
    present = present_boxes(tasks)
    for task in tasks:
        first, last = np.searchsorted(arrays.image_ids, [task.image_id, task.image_id + 1])
        labels = np.array(present.get(task.pk, []), np.float32).reshape(-1, 4)
        kept = new_places(arrays.boxes[first:last], arrays.scores[first:last], labels)
        yield task, (kept + first).tolist()


def present_boxes(tasks: list[Task]) -> dict[int, list[tuple[float, ...]]]:
    """The boxes that each task starts from, by task id: the labels, but of a task that tests people what it shows."""
    found: dict[int, list[tuple[float, ...]]] = {
        task.pk: [tuple(one["box"]) for one in first_copy(task)] for task in tasks if task.withheld
    }
    for base in {task.base for task in tasks}:
        of_base = [task for task in tasks if task.base == base and not task.withheld]
        objects = objects_at(base, [task.image_id for task in of_base])
        found |= {task.pk: [one.box for one in objects.get(task.image_id, {}).values()] for task in of_base}
    return found


def write(row: Prelabel, report: Report) -> dict[str, Any]:
    """Write what lies above the thresholds into the tasks that are untouched still. Safe to run twice."""
    if row.state == Prelabel.State.LOOKED:
        if row.prediction_set is None:
            raise JobFailed("The predictions were deleted. Look anew.")
        write_all(row, prediction_reads.load(row.prediction_set), report)
        given = list(row.given.values_list("boxes", flat=True))
        mark_applied(row, tasks=len(given), boxes=sum(map(len, given)))
    row.refresh_from_db()
    return {"prelabel": row.pk, "tasks": row.tasks, "boxes": row.boxes}


def write_all(row: Prelabel, arrays: PredictionArrays, report: Report) -> None:
    tasks = list(untouched(row.batch.tasks.all()).select_related("image").order_by("pk"))
    for start in range(0, len(tasks), TOGETHER):
        some = tasks[start : start + TOGETHER]
        report(
            start / len(tasks),
            Sentence.of("writing_prelabels", "Writing into {count} {count:task|tasks}", count=len(tasks)),
        )
        with transaction.atomic():
            for task, rows in proposals(some, arrays):
                taken = [one for one in rows if arrays.scores[one] >= threshold_of(row, int(arrays.class_ids[one]))]
                if taken:
                    given = [given_box(row, task, arrays, one) for one in taken]
                    write_into(row, task, first_copy(task), given)


def threshold_of(row: Prelabel, class_id: int) -> float:
    return float(row.thresholds.get(str(class_id), UNKNOWN))


def given_box(row: Prelabel, task: Task, arrays: PredictionArrays, place: int) -> dict[str, Any]:
    inside = clip(arrays.boxes[place][None], task.image.width, task.image.height)[0].astype(np.float32)
    return {
        "id": f"nm{row.pk}-{place}",
        "class_id": int(arrays.class_ids[place]),
        "box": [float(str(value)) for value in inside],  # the shortest decimals that name the float32 values
        "score": round(float(arrays.scores[place]), 4),
    }


def prelabel_of(job: Job) -> Prelabel:
    found = Prelabel.objects.select_related("batch__dataset__project", "prediction_set", "created_by")
    row = found.filter(pk=job.params["prelabel"]).first()
    if row is None:
        raise JobFailed("The batch was deleted.")
    return row
