"""What the finder makes of planted errors: recall by kind and class, precision by kind, promised and kept.

A planted error counts as found if a suggestion is about it, of whichever kind: whoever looks there sees it. A
suggestion about a label that was not planted is *unknown*, and counts neither as right nor as wrong, if the finder
suggested the same about the labels as they are and nobody rejected that: it may well be an error of theirs. All others
are wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.self_test import PlantedLabels
from science.autocurate.suggestions import LabelErrorKind, SuggestedLabel
from science.geometry.boxes import iou

SAME_IOU = 0.5  # a proposed box overlaps the one taken away by so much: that is the one
RIGHT, WRONG, UNKNOWN = 1, 0, -1

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Findings:
    """Which of S suggestions are right, and which of P planted errors each finds first."""

    verdict: Ints  # (S,) RIGHT, WRONG or UNKNOWN
    planted: Ints  # (S,) the planted error that it is about; -1 = none
    suggestions: Sequence[SuggestedLabel]

    def found(self, rows: Ints, planted: int) -> Bools:
        """Return (P,) which planted errors these suggestions find."""
        found = np.zeros(planted, bool)
        about = self.planted[rows]
        found[about[about >= 0]] = True
        return found


@dataclass(frozen=True)
class KnownSuggestion:
    """What the finder suggested about the labels as they are."""

    kind: LabelErrorKind
    image: int  # image index
    annotation_id: int  # -1 for a missing label
    box: tuple[float, ...] | None  # proposed
    rejected: bool


def findings(
    suggestions: Sequence[SuggestedLabel], planted: PlantedLabels, known: Sequence[KnownSuggestion]
) -> Findings:
    """Hold the suggestions about the spoilt labels against what was planted, and against those of before."""
    by_label = {
        int(pk): at for at, pk in enumerate(planted.annotation_id) if planted.kind[at] != LabelErrorKind.MISSING
    }
    gone: dict[int, list[int]] = {}
    for at, kind in enumerate(planted.kind):
        if kind is LabelErrorKind.MISSING:
            gone.setdefault(int(planted.image[at]), []).append(at)
    about = [_planted_by(one, by_label, gone, planted.box) for one in suggestions]
    before = _Before(known)
    verdict = [RIGHT if at >= 0 else before.verdict(one) for one, at in zip(suggestions, about, strict=True)]
    return Findings(np.array(verdict, np.int64), np.array(about, np.int64), suggestions)


def _planted_by(
    one: SuggestedLabel, by_label: Mapping[int, int], gone: Mapping[int, list[int]], boxes: Float64s
) -> int:
    """Return the planted error that a suggestion is about, -1 for none."""
    if one.kind is not LabelErrorKind.MISSING:
        return by_label.get(one.annotation_id, -1)
    rows = gone.get(one.image_index, [])
    if not rows or one.proposed_box is None:
        return -1
    fit = iou(np.array([one.proposed_box]), boxes[rows])[0]
    return rows[int(fit.argmax())] if fit.max() >= SAME_IOU else -1


class _Before:
    """The suggestions about the labels as they are, by label and by place."""

    def __init__(self, known: Sequence[KnownSuggestion]) -> None:
        self.of_label = {(one.kind, one.annotation_id): one for one in known if one.annotation_id >= 0}
        self.lone: dict[int, list[KnownSuggestion]] = {}
        for one in known:
            if one.annotation_id < 0 and one.box is not None:
                self.lone.setdefault(one.image, []).append(one)

    def verdict(self, one: SuggestedLabel) -> int:
        """UNKNOWN where it was suggested before and nobody rejected it, else WRONG."""
        same = self.of_label.get((one.kind, one.annotation_id)) if one.annotation_id >= 0 else self._at(one)
        return UNKNOWN if same is not None and not same.rejected else WRONG

    def _at(self, one: SuggestedLabel) -> KnownSuggestion | None:
        near = self.lone.get(one.image_index, [])
        if not near or one.proposed_box is None:
            return None
        fit = iou(np.array([one.proposed_box]), np.array([each.box for each in near]))[0]
        return near[int(fit.argmax())] if fit.max() >= SAME_IOU else None


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    part: int
    whole: int


@dataclass(frozen=True)
class KindPrecision:
    """Of the suggestions of a kind that can be judged: how many are right, and how many were promised to be."""

    right: Share
    promised: float  # mean score; NaN of nothing


@dataclass(frozen=True)
class SelfTestCut:
    """What the first suggestions found, or those with at least some score."""

    looks: int
    unknown: int  # of the looks
    found: dict[LabelErrorKind | None, Share]  # by kind of planted error; None: all
    found_of_class: dict[int, Share]  # by true class
    precision: dict[LabelErrorKind | None, KindPrecision]  # by suggested kind; None: all


def cut(found: Findings, planted: PlantedLabels, rows: Ints) -> SelfTestCut:
    """Return what these of the suggestions found."""
    hit = found.found(rows, len(planted.kind))
    kinds = np.array([kind.value for kind in planted.kind], dtype=object)
    suggested = np.array([found.suggestions[at].kind.value for at in rows], dtype=object)
    score = np.array([found.suggestions[at].score for at in rows], np.float64)
    every: list[LabelErrorKind | None] = [None, *LabelErrorKind]
    return SelfTestCut(
        looks=len(rows),
        unknown=int((found.verdict[rows] == UNKNOWN).sum()),
        found={kind: _share(hit, kinds == kind if kind else np.ones(len(kinds), bool)) for kind in every},
        found_of_class={int(label): _share(hit, planted.label == label) for label in np.unique(planted.label)},
        precision={
            kind: _precision(found.verdict[rows], score, suggested == kind if kind else np.ones(len(rows), bool))
            for kind in every
        },
    )


def _share(hit: Bools, mine: Bools) -> Share:
    return Share(int((hit & mine).sum()), int(mine.sum()))


def _precision(verdict: Ints, score: Float64s, mine: Bools) -> KindPrecision:
    known = mine & (verdict != UNKNOWN)
    promised = float(score[known].mean()) if known.any() else float("nan")
    return KindPrecision(Share(int((verdict[known] == RIGHT).sum()), int(known.sum())), promised)
