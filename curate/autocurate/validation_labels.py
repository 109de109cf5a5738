"""Labels of a validation slice under search: checkpoints scored on the old and on the new ones, before anything else.

A change of these labels changes the measure and not the network: whoever looks at such a search sees the table first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from curate.autocurate.lifecycle import source_of
from curate.evaluations.reads import states
from curate.models import AutoCurate, Comparison, Evaluation
from dataset.models import Annotation, PredictionSet, Slice
from dataset.selectors import slices as slice_reads
from jobs.errors import JobFailed
from model.models import Run

MODELS = 2  # the newest checkpoints that were judged on the slice
Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LabelStates:
    """At which revisions the labels of some images changed: between two changes they are the same."""

    changes: Ids  # rising

    def at(self, revision: int) -> int:
        """Which state the labels are in at a revision."""
        return int(np.searchsorted(self.changes, revision, side="right"))


def label_states(image_ids: Ids) -> LabelStates:
    rows = Annotation.objects.filter(image_id__in=image_ids.tolist())
    born = rows.order_by().values_list("born", flat=True).distinct()
    died = rows.exclude(died=None).order_by().values_list("died", flat=True).distinct()
    return LabelStates(np.unique(np.array([*born, *died], np.int64)))


def validation_tables(run: AutoCurate) -> list[dict[str, Any]]:
    """One for each validation slice of the dataset's runs that has images which this run looked at."""
    used = Run.objects.filter(dataset=run.dataset_id, validation_slice__isnull=False)
    slices = Slice.objects.filter(pk__in=used.values("validation_slice")).order_by("pk")
    looked_at = looked_at_ids(run) if slices else np.zeros(0, np.int64)
    tables = [(one, slice_reads.image_ids(one)) for one in slices]
    return [_table(run, one, ids, shared) for one, ids in tables if (shared := len(np.intersect1d(ids, looked_at)))]


def looked_at_ids(run: AutoCurate) -> Ids:
    """The images that the run looked at; those of its predictions where its slice is gone."""
    try:
        return source_of(run).image_ids(run.dataset)
    except JobFailed:
        kept = PredictionSet.objects.filter(pk=run.report.get("prediction_set") or 0).select_related("manifest").first()
        return np.asarray(kept.manifest.image_ids if kept else [], np.int64)


def _table(run: AutoCurate, within: Slice, image_ids: Ids, shared: int) -> dict[str, Any]:
    labels = label_states(np.asarray(image_ids, np.int64))
    old, new = run.source["revision"], run.dataset.head_revision
    judged = _judged(run, within, np.asarray(image_ids, np.int64))
    rows = [
        {
            "prediction_set": sets.pk,
            "name": sets.name,
            "old": _cell(evaluations, labels, old),
            "new": _cell(evaluations, labels, new),
        }
        for sets, evaluations in judged
    ]
    return {
        "slice": {"id": within.pk, "name": within.name},
        "images": shared,
        "old_revision": old,
        "new_revision": new,
        "changed": labels.at(old) != labels.at(new),
        "rows": rows,
        "comparison": _comparison(rows),
    }


def _judged(run: AutoCurate, within: Slice, image_ids: Ids) -> list[tuple[PredictionSet, list[Evaluation]]]:
    """The newest prediction sets that were judged on the slice, the earlier first, with their evaluations there.

    Images and labels that were frozen before are not frozen again for another slice, so the images count too.
    """
    made_of = Q(manifest__slices__contains=[{"id": within.pk}]) | Q(manifest__image_ids=image_ids.tolist())
    rows = Evaluation.objects.filter(made_of, dataset=run.dataset_id, of=None)
    rows = rows.exclude(prediction_set__kind=PredictionSet.Kind.FOLD).select_related("prediction_set")
    found: dict[int, tuple[PredictionSet, list[Evaluation]]] = {}
    for one in rows.only("revision", "figures", "interval", "job_id", "finished_at", "prediction_set").order_by("-pk"):
        found.setdefault(one.prediction_set_id, (one.prediction_set, []))[1].append(one)
    return sorted(found.values(), key=lambda each: each[0].pk)[-MODELS:]


def _cell(evaluations: list[Evaluation], labels: LabelStates, revision: int) -> dict[str, Any] | None:
    """The newest evaluation on the labels of the revision; None where there is none."""
    wanted = labels.at(revision)
    found = next((one for one in evaluations if labels.at(one.revision) == wanted), None)
    if found is None:
        return None
    figures = found.figures or {}
    return {
        "evaluation": found.pk,
        "state": states([found])[found.pk],
        "AP": figures.get("AP"),
        "interval": {end: found.interval[end] for end in ("low", "high")} if found.interval else None,
    }


def _comparison(rows: list[dict[str, Any]]) -> int | None:
    """The comparison of the first row's old cell with the last row's new one, which has all the differences."""
    if not rows or not rows[0]["old"] or not rows[-1]["new"]:
        return None
    ends = {"a": rows[0]["old"]["evaluation"], "b": rows[-1]["new"]["evaluation"]}
    return Comparison.objects.filter(**ends).values_list("pk", flat=True).first()
