"""What a self-test found, as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from curate.autocurate.image_order import DoubtRow, boxes_by_class, costs_of
from curate.autocurate.measurements import measured_costs
from curate.autocurate.review_seconds import review_seconds
from curate.models import AutoCurate, Suggestion
from science.autocurate.mislabels import LabelErrorKind, SuggestedLabel
from science.autocurate.review_order import review_order
from science.autocurate.self_test import PlantedLabels
from science.autocurate.self_test_result import Findings, KnownSuggestion, SelfTestCut, Share, cut, findings
from science.evaluation.arrays import Ground
from science.evaluation.as_json import json_number
from science.proportion import wilson

MINUTES = 30.0
SCORES = (0.2, 0.5)


@dataclass(frozen=True, eq=False)
class Tested:
    """A run, what was planted in its labels, and what the finder suggested of them."""

    run: AutoCurate
    ground: Ground
    planted: PlantedLabels
    suggestions: Sequence[SuggestedLabel]


def result_json(tested: Tested) -> dict[str, Any]:
    """How many were planted, and what the suggestions found that half an hour holds, or that have so high a score."""
    found = findings(tested.suggestions, tested.planted, known_suggestions(tested.run, tested.ground))
    score = np.array([one.score for one in tested.suggestions], np.float64)
    cuts = [("minutes", MINUTES, _within_minutes(tested))]
    cuts += [("score", least, np.flatnonzero(score >= least)) for least in SCORES]
    return {
        "at": timezone.now().isoformat(),
        "images": len(tested.ground.image_ids),
        "planted": {kind.value: tested.planted.kind.count(kind) for kind in LabelErrorKind},
        "cuts": [_cut_json(tested, found, by, value, rows) for by, value, rows in cuts],
    }


def known_suggestions(run: AutoCurate, ground: Ground) -> list[KnownSuggestion]:
    """What the run suggested of the labels as they are."""
    place = {int(pk): at for at, pk in enumerate(ground.image_ids)}
    rows = run.suggestions.values_list("kind", "image_id", "annotation_id", "proposed", "verdict")
    return [
        KnownSuggestion(
            LabelErrorKind(kind),
            place[image_id],
            -1 if annotation_id is None else annotation_id,
            tuple(proposed["box"]) if proposed else None,
            verdict == Suggestion.Verdict.REJECTED,
        )
        for kind, image_id, annotation_id, proposed, verdict in rows
        if image_id in place
    ]


def _within_minutes(tested: Tested) -> NDArray[np.int64]:
    """The suggestions that half an hour of review gets to, in its order."""
    class_ids, run = tested.ground.class_ids, tested.run

    def shape(label: int) -> dict[str, Any] | None:
        return {"class_id": int(class_ids[label])} if label >= 0 else None

    rows = [
        DoubtRow(one.image_index, one.kind.value, one.score, shape(one.given_class), shape(one.proposed_class))
        for one in tested.suggestions
    ]
    order = review_order(
        image=[row.image_id for row in rows],
        chance=[row.score for row in rows],
        cost=costs_of(rows, boxes_by_class(run.dataset_id), measured_costs(run.dataset)),
        redrawn=[row.is_drawn for row in rows],
        seconds=review_seconds(run.dataset).seconds,
    )
    return order.rows[: order.within(60 * MINUTES)]


def _cut_json(tested: Tested, found: Findings, by: str, value: float, rows: NDArray[np.int64]) -> dict[str, Any]:
    made: SelfTestCut = cut(found, tested.planted, rows)
    class_ids = tested.ground.class_ids
    return {
        "by": by,
        "value": value,
        "looks": made.looks,
        "unknown": made.unknown,
        "found": [{"kind": kind.value if kind else None, **_share(share)} for kind, share in made.found.items()],
        "classes": [
            {"class_id": int(class_ids[label]), **_share(share)} for label, share in made.found_of_class.items()
        ],
        "precision": [
            {"kind": kind.value if kind else None, **_share(one.right), "promised": json_number(one.promised, 4)}
            for kind, one in made.precision.items()
        ],
    }


def _share(share: Share) -> dict[str, Any]:
    """So many of so many, with Wilson's interval."""
    ends: dict[str, float] | dict[str, None] = wilson(share.part, share.whole) or {"low": None, "high": None}
    return {
        "part": share.part,
        "whole": share.whole,
        "share": share.part / share.whole if share.whole else None,
        **ends,
    }
