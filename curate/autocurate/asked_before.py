"""Suggestions that a person rejected in an earlier search of the dataset."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from curate.models import AutoCurate, Suggestion
from science.autocurate.asked_before import RejectedSuggestion, not_asked_before
from science.autocurate.mislabels import LabelErrorKind, MislabelReport
from science.evaluation.arrays import Ground


def without_rejected(run: AutoCurate, ground: Ground, found: MislabelReport) -> tuple[MislabelReport, int]:
    """The report without what was rejected before on labels that did not change since, at most as many as asked for,
    and how many were left out."""
    kept, left_out = not_asked_before(found.suggestions, rejected_before(run, ground))
    kept = kept[: run.params.get("limit")]
    expected = float(np.mean([one.score for one in kept])) if kept else float("nan")
    return replace(found, suggestions=kept, expected_precision=expected), left_out


def rejected_before(run: AutoCurate, ground: Ground) -> list[RejectedSuggestion]:
    """What was rejected in the dataset's other searches, about these images."""
    image = {int(pk): at for at, pk in enumerate(ground.image_ids)}
    label = {int(pk): at for at, pk in enumerate(ground.class_ids)}
    rejected = Suggestion.objects.filter(auto_curate__dataset=run.dataset_id, verdict=Suggestion.Verdict.REJECTED)
    rows = rejected.exclude(auto_curate=run).values_list("kind", "image_id", "annotation_id", "proposed")
    return [
        RejectedSuggestion(
            kind=LabelErrorKind(kind),
            image_index=image[image_id],
            annotation_id=-1 if annotation_id is None else annotation_id,
            proposed_class=label.get(proposed["class_id"], -1) if proposed else -1,
            proposed_box=_drawn_anew(kind, proposed),
        )
        for kind, image_id, annotation_id, proposed in rows
        if image_id in image
    ]


def _drawn_anew(kind: str, proposed: dict | None) -> tuple[float, float, float, float] | None:
    """The proposed box where the suggestion is about the box: stored rows have the label's own one otherwise."""
    if proposed is None or kind not in (Suggestion.Kind.MISSING, Suggestion.Kind.BADLY_DRAWN):
        return None
    left, top, right, bottom = proposed["box"]
    return left, top, right, bottom
