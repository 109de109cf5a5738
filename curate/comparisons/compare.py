"""Two evaluations side by side: asking for a comparison, and what its job does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from curate.comparisons.changes import changes
from curate.evaluations import creation
from curate.evaluations.arrays import ground_of, resampling_units
from curate.evaluations.creation import Thresholds
from curate.evaluations.evaluate import evaluate, matches_on
from curate.grid.object_changes import BROKEN, FIXED, Pair
from curate.models import Comparison, Evaluation
from dataset.selectors.annotations import labels_at
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from jobs.services import enqueue
from jobs.titles import Title
from science.evaluation.arrays import Ground, Ids
from science.evaluation.as_json import json_number
from science.evaluation.bootstrap import ComparisonResult, PairedDifference, compare
from science.evaluation.figure_differences import compare_figures
from science.evaluation.matching import Matches

KIND = "compare"


@transaction.atomic
def start(*, a: Evaluation, b: Evaluation, by: User) -> tuple[Comparison, bool]:
    """The comparison of b − a, and whether it had to be asked for. Reviewers and above.

    Asked for again are one that failed or was cancelled, and one of an older version, which lacks what is computed now.

    Raises BadInput where the two have no images in common, Conflict while either is not finished.
    """
    for one in (a, b):
        access.check(by, one.dataset.project_id, Role.REVIEWER)
    check(a, b)
    comparison, made = Comparison.objects.select_for_update().get_or_create(
        dataset=a.dataset, a=a, b=b, defaults={"created_by": by}
    )
    if not made and (is_complete(comparison) or is_under_way(comparison)):
        return comparison, False
    job = enqueue(
        kind=KIND,
        project=a.dataset.project,
        dataset=a.dataset,
        author=by,
        params={"comparison": comparison.pk},
        title=Title.of("compare", "Compare {b} with {a}", a=a.prediction_set.name, b=b.prediction_set.name),
        link=f"/comparisons/{comparison.pk}",
    )
    comparison.job_id, comparison.result, comparison.finished_at = job.pk, None, None
    comparison.save(update_fields=["job_id", "result", "finished_at"])
    names = f"{b.prediction_set.name} − {a.prediction_set.name}"
    audit.record(by=by, action="comparison.create", target=names, project=a.dataset.project_id)
    return comparison, True


def check(a: Evaluation, b: Evaluation) -> None:
    """Raise BadInput or Conflict where the two cannot be compared."""
    if a.dataset_id != b.dataset_id:
        raise BadInput("The two evaluations are of different datasets.")
    if a.pk == b.pk:
        raise BadInput("An evaluation is not compared with itself.")
    for one in (a, b):
        if one.of_id is not None:
            raise BadInput(f"Evaluation {one.pk} is another operating point of evaluation {one.of_id}; compare that.")
        if one.finished_at is None:
            raise Conflict(f"The evaluation of {one.prediction_set.name} is not finished yet.")
    if not set(a.manifest.image_ids) & set(b.manifest.image_ids):
        raise BadInput("The two evaluations have no image in common.")


def is_complete(comparison: Comparison) -> bool:
    """Whether it is finished and has all that a comparison has by now."""
    return comparison.finished_at is not None and "changes" in (comparison.result or {})


def is_under_way(comparison: Comparison) -> bool:
    """Whether its job waits or runs."""
    return Job.objects.filter(pk=comparison.job_id or 0).exclude(state__in=Job.ENDED).exists()


@dataclass(frozen=True, eq=False)
class Common:
    """What both evaluations are scored on: their common images, and two sets of labels that may be the same."""

    ground: Ground
    old: int  # a's revision
    new: int  # b's revision
    same_labels: bool


def compute_comparison(comparison: Comparison, report: Report) -> dict[str, Any]:
    """Compute and store the comparison; returns the result.

    Both are scored on b's labels; where a's differ, on those too.
    """
    a, b = comparison.a, comparison.b
    report(0.0, Sentence.of("reading_labels_and_predictions", "Reading labels and predictions"))
    common = common_ground(a, b)
    before, after = (matches_on(one.prediction_set, common.ground, common.new) for one in (a, b))
    report(0.3, Sentence.of("drawing_paired", "Drawing paired resamples for the intervals"))
    drawn_by = resampling_units(common.ground.image_ids)
    compared = compare(before, after, groups=drawn_by.groups)
    report(0.45, Sentence.of("drawing_by_size", "Drawing resamples by object size"))
    figures = compare_figures(before, after, groups=drawn_by.groups)
    report(0.6, Sentence.of("scoring_on_both", "Scoring on both sets of labels"))
    table = two_by_two(a, b, common, (before, after), compared.map, drawn_by.groups)
    report(0.7, Sentence.of("finding_changed", "Finding the boxes fixed and broken"))
    earlier = on_same_labels(a, b, common, report, author=comparison.created_by)
    changed = changes(Pair.between(comparison, earlier, b), common.ground.class_ids.tolist())
    result = {
        "pair": {"a": earlier.pk, "b": b.pk},
        "same_labels": common.same_labels,
        "images": len(common.ground.image_ids),
        "groups": drawn_by.kind,
        **comparison_json(common.ground, compared, after),
        "table": table,
        "changes": changed,
        **{word: changed_boxes_json(comparison, changed, word) for word in (FIXED, BROKEN)},
    }
    result["delta"] |= {name: difference_json(found) for name, found in figures.items()}
    comparison.result, comparison.finished_at = result, timezone.now()
    comparison.save(update_fields=["result", "finished_at"])
    return result


def common_ground(a: Evaluation, b: Evaluation) -> Common:
    """The common images, and whether their labels are the same, object version by object version."""
    shared = np.intersect1d(a.manifest.image_ids, b.manifest.image_ids)
    ground = ground_of(b.dataset, shared)
    return Common(ground, a.revision, b.revision, a.revision == b.revision or _same_labels(shared, a, b))


def _same_labels(image_ids: Ids, a: Evaluation, b: Evaluation) -> bool:
    """Whether both judged by the same versions of the same objects."""
    versions = [
        np.sort(labels_at(dataset=b.dataset, revision=one.revision, image_ids=image_ids).annotation_id)
        for one in (a, b)
    ]
    return np.array_equal(versions[0], versions[1])


def two_by_two(
    a: Evaluation, b: Evaluation, common: Common, on_new: tuple[Matches, Matches], new: PairedDifference, groups: Ids
) -> dict[str, Any] | None:
    """mAP of both on the old and the new labels with all four differences; None where the labels are the same.

    So "the labels got easier" (down a column) never passes for "the checkpoint got better" (along a row).
    """
    if common.same_labels:
        return None
    before, after = (matches_on(one.prediction_set, common.ground, common.old) for one in (a, b))
    old = compare(before, after, groups=groups).map
    down = [compare(*pair, groups=groups).map for pair in zip((before, after), on_new, strict=True)]
    return {
        "old_labels": _row(old),
        "new_labels": _row(new),
        "down": {side: difference_json(one) for side, one in zip("ab", down, strict=True)},
        "old_revision": common.old,
        "new_revision": common.new,
    }


def _row(along: PairedDifference) -> dict[str, Any]:
    return {"a": json_number(along.first), "b": json_number(along.second), "difference": difference_json(along)}


def on_same_labels(a: Evaluation, b: Evaluation, common: Common, report: Report, *, author: User | None) -> Evaluation:
    """The evaluation of a's predictions whose rows can be paired with b's: on the same labels, at the same IoU."""
    if common.same_labels and a.iou == b.iou:
        return a
    twin = Evaluation.objects.filter(
        of=None,
        prediction_set=a.prediction_set,
        revision=b.revision,
        iou=b.iou,
        finished_at__isnull=False,
        manifest__image_ids=a.manifest.image_ids,
    ).first()
    if twin is None:
        twin = creation.create(
            prediction_set=a.prediction_set,
            author=author,
            revision=b.revision,
            image_ids=a.manifest.image_ids,
            thresholds=Thresholds(iou=b.iou, conf=a.conf),
        )
        evaluate(twin, report, progress=(0.7, 0.95))
    return twin


def changed_boxes_json(comparison: Comparison, found: dict[str, Any], word: str) -> dict[str, Any]:
    """How many labels only the one or only the other finds, and the query line of their images."""
    return {"boxes": found["objects"][word], "q": f"{word}(*, comparison = {comparison.pk})"}


def comparison_json(ground: Ground, compared: ComparisonResult, after: Matches) -> dict[str, Any]:
    """The differences as JSON."""
    labelled = np.bincount(after.gt_class[~after.gt_ignored[0]], minlength=after.classes)
    return {
        "resamples": compared.resamples,
        "units": compared.groups,
        "delta": {"mAP": difference_json(compared.map), "mAP50": difference_json(compared.map50)},
        "smallest_detectable": json_number(compared.map.smallest_shown) or None,  # 0 where both are alike: says nothing
        "per_class": [
            {"class_id": int(ground.class_ids[c]), **difference_json(one), "gt": int(labelled[c])}
            for c, one in enumerate(compared.classes)
        ],
    }


def difference_json(found: PairedDifference) -> dict[str, Any]:
    """b − a with its interval and verdict."""
    return {
        "a": json_number(found.first),
        "b": json_number(found.second),
        "value": json_number(found.interval.value),
        "low": json_number(found.interval.low),
        "high": json_number(found.interval.high),
        "p": json_number(found.p_value),
        "verdict": found.gain.value,
    }
