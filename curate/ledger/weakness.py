"""What the diagnosis before the iteration said: where the detector was weak."""

from __future__ import annotations

from typing import Any

import numpy as np

from accounts.problems import Conflict
from curate.evaluations.kept_arrays import judged_evaluation
from curate.history.run_steps import judged_by_run
from curate.models import Evaluation
from dataset.models import Dataset
from model.models import Run
from science.evaluation.as_json import json_number

SHOWN = 3  # of each kind of weakness


def evaluation_of_run(run: Run | None) -> Evaluation | None:
    """The evaluation that the end of its training started, else its newest finished one."""
    if run is None:
        return None
    judged = [one.id for one in judged_by_run([run.pk]).get(run.pk, [])]
    if not judged:
        return None
    chosen = run.evaluation_id if run.evaluation_id in judged else judged[0]
    return Evaluation.objects.select_related("dataset", "prediction_set", "manifest").get(pk=chosen)


def weakness_of(evaluation: Evaluation) -> dict[str, Any]:
    """Its mAP, the smallest gain that its images can show, the weakest classes, costs, confusions and weak slices."""
    names = class_names(evaluation.dataset)
    return {
        "evaluation": {"id": evaluation.pk, "name": f"{evaluation.prediction_set.name} · r{evaluation.revision}"},
        "figures": figures_of(evaluation),
        "smallest_shown": (evaluation.interval or {}).get("smallest_shown"),
        "weakest": weakest_classes(evaluation, names),
        "costs": costs(evaluation),
        "confused": confusions(evaluation, names),
        "weak_slices": weak_slices(evaluation, names),
    }


def class_names(dataset: Dataset) -> dict[int, str]:
    return dict(dataset.classes.values_list("pk", "name"))


def figures_of(evaluation: Evaluation | None) -> dict[str, Any] | None:
    """An evaluation's mAP and mAP50 with their intervals, 0 to 1, and what it was judged on."""
    if evaluation is None or not evaluation.figures:
        return None
    interval, interval50 = evaluation.interval or {}, evaluation.interval50 or {}
    return {
        "evaluation": evaluation.pk,
        "revision": evaluation.revision,
        "images": evaluation.manifest.image_count,
        "iou": evaluation.iou,
        "conf": evaluation.conf,
        "evaluator": evaluation.evaluator,
        "AP": bounded(evaluation.figures["AP"], interval),
        "AP50": bounded(evaluation.figures["AP50"], interval50),
        "on_training_images": evaluation.on_training_images,
    }


def bounded(value: float | None, interval: dict[str, Any] | None) -> dict[str, Any]:
    """A figure with its interval."""
    ends = interval or {}
    return {"value": value, "low": ends.get("low"), "high": ends.get("high")}


def weakest_classes(evaluation: Evaluation, names: dict[int, str]) -> list[dict[str, Any]]:
    """The classes with the lowest AP, of those that have boxes."""
    rows = [row for row in evaluation.per_class or [] if row["gt"] and row["AP"] is not None]
    rows.sort(key=lambda row: (row["AP"], row["class_id"]))
    return [
        {
            "class_id": row["class_id"],
            "name": names.get(row["class_id"], f"#{row['class_id']}"),
            "AP": bounded(row["AP"], row.get("interval")),
            "boxes": row["gt"],
        }
        for row in rows[:SHOWN]
    ]


def costs(evaluation: Evaluation) -> list[dict[str, Any]] | None:
    """The types of error that cost most AP; None where the files that say so are gone."""
    try:
        found = judged_evaluation(evaluation).budget(evaluation.iou)
    except Conflict:
        return None
    made = [kind for kind, count in found.counts.items() if count]
    dearest = sorted(made, key=lambda kind: -found.delta_ap[kind])[:SHOWN]
    return [
        {"error": kind, "delta_ap": json_number(found.delta_ap[kind]), "count": found.counts[kind]} for kind in dearest
    ]


def confusions(evaluation: Evaluation, names: dict[int, str]) -> list[dict[str, Any]]:
    """Which class is most often taken for which other, the background left out."""
    stored = evaluation.confusion
    if not stored or not stored["class_ids"]:
        return []
    ids: list[int] = stored["class_ids"]
    counts = np.array(stored["matrix"], np.int64)[: len(ids), : len(ids)].copy()
    np.fill_diagonal(counts, 0)
    order = np.argsort(-counts, axis=None, kind="stable")[:SHOWN]
    pairs = [(int(place) // len(ids), int(place) % len(ids)) for place in order]
    return [
        {
            "labelled": names.get(ids[i], f"#{ids[i]}"),
            "predicted": names.get(ids[j], f"#{ids[j]}"),
            "labelled_id": ids[i],
            "predicted_id": ids[j],
            "boxes": int(counts[i, j]),
        }
        for i, j in pairs
        if counts[i, j]
    ]


def weak_slices(evaluation: Evaluation, names: dict[int, str]) -> list[dict[str, Any]]:
    """The groups of images on which it is worse than on the rest."""
    return [
        {
            "q": found["q"],
            "facts": [{"name": fact["name"], "label": fact.get("label")} for fact in found["facts"]],
            "class": names.get(found["class_id"]) if found["class_id"] is not None else None,
            "measure": found["measure"],
            "difference": found["difference"],
            "low": found["low"],
            "high": found["high"],
        }
        for found in (evaluation.weak_slices or [])[:SHOWN]
    ]
