"""Whether the judge of the labels sees anything at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.doubts import DoubtCase, elsewhere
from science.autocurate.evidence import evidence_of
from science.evaluation.average_precision import accumulate
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth

LEAST_AP = 0.03  # mAP on the labels as given, 0.5 to 0.95
LEAST_APART = 0.65
ASKED = 4000  # labels that the judge is asked about beside as many empty places

Float64s = NDArray[np.float64]


@dataclass(frozen=True)
class Judge:
    """How well the judge sees what is labelled."""

    AP: float  # 0 … 1, COCO's mean over classes and IoU; NaN without labels
    tells_apart: (
        float  # 0.5 … 1, how often it scores a label's class higher there than at an empty place; NaN = unknown
    )

    @property
    def is_weak(self) -> bool:
        """Whether its silence and its contradictions mean too little to call a label wrong."""
        return self.AP < LEAST_AP or self.tells_apart < LEAST_APART


def judge_of(case: DoubtCase, truth: GroundTruth, detections: Detections) -> Judge:
    """Measure the judge against the labels as given, of which most are right."""
    if not len(case.labels):
        return Judge(float("nan"), float("nan"))
    random = np.random.default_rng([case.seed, 4])
    asked = random.permutation(len(case.labels))[:ASKED]
    rows, queries = elsewhere(case, asked, random)
    empty = evidence_of(case.scene, queries, case.classes).strength[np.arange(len(rows)), case.labels[rows]]
    figures = accumulate(match(truth, detections, classes=case.classes)).figures()
    return Judge(float(figures["AP"]), ranked_higher(case.evidence.strength[asked, case.labels[asked]], empty))


def ranked_higher(these: Float64s, others: Float64s) -> float:
    """Return the chance that one of ``these`` exceeds one of ``others``, ties half (Mann and Whitney's U / nm)."""
    if not len(these) or not len(others):
        return float("nan")
    ordered = np.sort(others)
    below, not_above = np.searchsorted(ordered, these, "left"), np.searchsorted(ordered, these, "right")
    return float((below + not_above).sum() / (2 * len(these) * len(others)))
