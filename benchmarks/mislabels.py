"""How much of what is wrong the finder of mislabels finds, on simulated scenes and judges whose errors are known.

    PYTHONPATH=platform:. python benchmarks/mislabels.py [--images 300] [--seeds 3]

Each line: a judge and a rate of errors; of as many suggestions as there are errors, the part that is right (in
brackets of the first half), what the report expected, and the part of each kind that was found. The last column
is a simpler rule on the same detections: the doubt of a label is how little the judge sees its class there (as
confident learning ranks by self-confidence), that of a lone detection its score.
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np

from science.autocurate.doubts import build_case
from science.autocurate.evidence import leaders
from science.autocurate.mislabels import LabelErrorKind, MislabelSettings, find_mislabels
from tests.science.autocurate.judge_world import CLASSES, NAMES, World, world

JUDGES = {"poor": 0.0, "fair": 1.0, "good": 2.0}  # skill
RATES = (0.25, 0.1, 0.03)


def main() -> None:
    """Read the options and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    print(f"{'judge':<6}{'rate':>6}{'errors':>8}{'right':>8}{'(half)':>8}{'expected':>10}   found by kind")
    for judge, skill in JUDGES.items():
        for rate in RATES:
            worlds = [world(seed=seed, images=options.images, skill=skill, rate=rate) for seed in range(options.seeds)]
            print(f"{judge:<6}{rate:>6}{line(worlds)}", flush=True)


def line(worlds: list[World]) -> str:
    """Return the figures of one row, over all worlds."""
    right, first, expected, peer, found, planted = [], [], [], [], Counter[LabelErrorKind](), Counter[LabelErrorKind]()
    for labels in worlds:
        report = find_mislabels(
            labels.given,
            labels.detections,
            class_names=NAMES,
            image_sizes=labels.sizes,
            settings=MislabelSettings(smallest_score=0.0, limit=len(labels.errors)),
        )
        pairs = labels.right(report.suggestions)
        right += [error is not None for _, error in pairs]
        first += [error is not None for _, error in pairs[: len(pairs) // 2]]
        expected += [each.score for each, _ in pairs]
        found.update(error.kind for _, error in pairs if error)
        planted.update(error.kind for error in labels.errors)
        peer.append(self_confidence(labels))
    kinds = "  ".join(f"{kind.value} {found[kind] / max(planted[kind], 1):.2f}" for kind in LabelErrorKind)
    errors = sum(planted.values())
    return (
        f"{errors:>8}{np.mean(right):>8.2f}{np.mean(first):>8.2f}{np.mean(expected):>10.2f}   {kinds}   "
        f"by self-confidence {np.mean(peer):.2f}"
    )


def self_confidence(labels: World) -> float:
    """Return the part that is right of as many labels and lone detections as there are errors, by score alone."""
    case = build_case(labels.given, labels.detections, labels.sizes, CLASSES, seed=0)
    scene, own = case.scene, case.evidence.strength[np.arange(len(case.labels)), case.labels]
    leader, _ = leaders(scene, scene.det_score)
    lone = np.flatnonzero((leader == np.arange(len(leader))) & (scene.any_iou < 0.45))
    doubt = np.concatenate([1 - own, scene.det_score[lone]])
    wrong = {each.annotation_id for each in labels.errors}
    missing = [each for each in labels.errors if each.kind is LabelErrorKind.MISSING]
    image = np.repeat(np.arange(labels.given.images), np.diff(scene.det_start))
    right = 0
    for rank in np.argsort(-doubt)[: len(labels.errors)]:
        if rank < len(own):
            right += int(labels.given.annotation_ids[scene.gt_row[rank]]) in wrong
        else:
            row = lone[rank - len(own)]
            right += any(each.image_index == image[row] and _near(scene.det_box[row], each.box) for each in missing)
    return right / max(len(labels.errors), 1)


def _near(a: np.ndarray, b: np.ndarray) -> bool:
    wide, high = np.minimum(a[2:4], b[2:4]) - np.maximum(a[:2], b[:2])
    shared = max(wide, 0) * max(high, 0)
    return bool(shared / ((a[2:4] - a[:2]).prod() + (b[2:4] - b[:2]).prod() - shared) >= 0.5)


if __name__ == "__main__":
    main()
