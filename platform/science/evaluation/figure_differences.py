"""Differences of the figures beside mAP and mAP50: AP at IoU 0.75, by object size, and average recall.

Each is the paired bootstrap of ``bootstrap.compare``, on a part of the matches: matching is not done again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.evaluation.average_precision import accumulate
from science.evaluation.bootstrap import RESAMPLES, Float64s, PairedDifference, difference_of, units_of
from science.evaluation.matching import AREAS, Matches
from science.evaluation.recall_resamples import mean_of_present, recall_of_resamples
from science.evaluation.resampling import draws, group_numbers, prepare, score_resamples
from science.evaluation.threads import side_by_side

SIZES = {"APs": "small", "APm": "medium", "APl": "large"}
Part = Callable[[Matches], Matches]
Groups = NDArray[np.int64]


def compare_figures(
    first: Matches, second: Matches, *, groups: ArrayLike | None = None, resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, PairedDifference]:
    """Return second minus first of AP75, APs, APm, APl and AR100, with 95 % intervals; groups as in ``compare``.

    A size counts the units with a box of that size. Each is judged by itself, without a correction for their number.
    """
    numbers = group_numbers(groups, first.images)
    points = [accumulate(matches).figures() for matches in (first, second)]
    parts: dict[str, Part] = {"AP75": at_075, **{name: _of_size(AREAS.index(size)) for name, size in SIZES.items()}}
    found = {}
    for name, part in parts.items():
        sides = [part(matches) for matches in (first, second)]
        drawn = [mean_of_present(_scores(side, numbers, resamples, seed).mean(axis=2), 1) for side in sides]
        units = min(units_of(side, numbers).overall for side in sides)
        found[name] = difference_of(points[0][name], points[1][name], drawn[1] - drawn[0], units)
    recalls = [recall_of_resamples(matches, numbers, resamples, seed) for matches in (first, second)]
    units = min(units_of(matches, numbers).overall for matches in (first, second))
    found["AR100"] = difference_of(points[0]["AR100"], points[1]["AR100"], recalls[1] - recalls[0], units)
    return found


def at_075(matches: Matches) -> Matches:
    """Return the matches at IoU 0.75 alone."""
    at = matches.threshold(0.75)
    one = np.uint16(1)
    return replace(
        matches,
        iou_thresholds=matches.iou_thresholds[at : at + 1],
        hit=(matches.hit >> np.uint16(at)) & one,
        ignored=(matches.ignored >> np.uint16(at)) & one,
        matched=matches.matched[at : at + 1],
    )


def _of_size(area: int) -> Part:
    """Return a function that gives the matches of one object size, in the place of all sizes.

    Detections that count at no threshold, being of another size, are left out: walking over them is what takes time.
    """
    row = slice(area, area + 1)

    def part(matches: Matches) -> Matches:
        counting = matches.ignored[area] != np.uint16((1 << len(matches.iou_thresholds)) - 1)
        columns = ("det_row", "det_image", "det_class", "det_score", "det_rank")
        return replace(
            matches,
            **{name: getattr(matches, name)[counting] for name in columns},
            hit=matches.hit[row, counting],
            ignored=matches.ignored[row, counting],
            matched=matches.matched[:, counting],
            gt_ignored=matches.gt_ignored[row],
        )

    return part


def _scores(matches: Matches, groups: Groups, resamples: int, seed: int) -> Float64s:
    """Return (B, C, T) average precision of the resamples; the same seed draws the same images."""
    prepared = prepare(matches)
    blocks = side_by_side(lambda weights: score_resamples(prepared, weights), draws(groups, resamples, seed))
    return np.concatenate(blocks) if blocks else np.zeros((0, matches.classes, len(matches.iou_thresholds)))
