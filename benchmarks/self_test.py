"""Whether the self-test of the finder tells the truth: what it reports, beside what the finder really finds.

    PYTHONPATH=platform:. python benchmarks/self_test.py [--images 300] [--seeds 2] [--noise random hard sparse]

Scenes and judges of `simulated_judges.py`, whose labels have errors of their own. The self-test plants its errors into
these labels, anywhere or where the judge is unsure (hard), and reports which part of them is found at a score of 0.2
and more, by kind; *really* is the part of the labels' own errors that the same finder finds so.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from benchmarks.simulated_judges import KINDS, NAMES, NOISE, SpoiltLabels, spoilt_labels
from science.autocurate.mislabels import LabelErrorKind, SuggestedLabel, find_mislabels
from science.autocurate.self_test import RATES, hard_places, plant_errors
from science.autocurate.self_test_result import SAME_IOU, KnownSuggestion, Share, cut, findings
from science.geometry.boxes import iou

Counts = dict[LabelErrorKind, Share]


def main() -> None:
    """Read the options and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--noise", nargs="+", choices=sorted(NOISE), default=["random", "hard", "sparse"])
    options = parser.parse_args()
    print(f"{'errors':<12}{'found':<14}" + "".join(f"{kind.value:>14}" for kind in KINDS) + f"{'CPU s':>8}")
    for name in options.noise:
        worlds = [spoilt_labels(seed=seed, images=options.images, noise=NOISE[name]) for seed in range(options.seeds)]
        began = time.process_time()
        reported = [self_test(one) for one in worlds]
        seconds = (time.process_time() - began) / len(worlds)
        print(line(name, "anywhere", reported) + f"{seconds:>8.1f}")
        print(line("", "hard", [self_test(one, hard=True) for one in worlds]))
        print(line("", "really", [really(one) for one in worlds]), flush=True)


def line(name: str, what: str, counts: list[Counts]) -> str:
    """Return a line of the table: the sums over the worlds, as shares."""
    sums = {kind: (sum(c[kind].part for c in counts), sum(c[kind].whole for c in counts)) for kind in KINDS}
    return f"{name:<12}{what:<14}" + "".join(
        f"{part / max(whole, 1):>8.2f} of {whole:<3}" for part, whole in sums.values()
    )


def suggested(world: SpoiltLabels) -> list[SuggestedLabel]:
    return find_mislabels(world.given, world.detections, class_names=NAMES, image_sizes=world.sizes).suggestions


def self_test(world: SpoiltLabels, *, hard: bool = False) -> Counts:
    """Return what the self-test reports of this world's labels, with errors anywhere or where the judge is unsure."""
    known = [
        KnownSuggestion(one.kind, one.image_index, one.annotation_id, one.proposed_box, rejected=False)
        for one in suggested(world)
    ]
    places = hard_places(world.given, world.detections) if hard else None
    planted = plant_errors(world.given, world.sizes, RATES, len(NAMES), 0, places)
    found = find_mislabels(planted.truth, world.detections, class_names=NAMES, image_sizes=world.sizes).suggestions
    made = cut(findings(found, planted, known), planted, np.arange(len(found)))
    return {kind: made.found[kind] for kind in KINDS}


def really(world: SpoiltLabels) -> Counts:
    """Return the part of the labels' own errors that a suggestion is about."""
    found = suggested(world)
    looked_at = {one.annotation_id for one in found}
    ids = world.given.annotation_ids.tolist()
    counts = {kind: Share(0, 0) for kind in KINDS}
    for pk, kind in zip(ids, world.kind, strict=True):
        if kind is not None:
            counts[kind] = Share(counts[kind].part + (pk in looked_at), counts[kind].whole + 1)
    lone = [one for one in found if one.kind is LabelErrorKind.MISSING]
    hit = sum(
        any(one.image_index == image and _same(one, box) for one in lone)
        for image, box in zip(world.missing.image, world.missing.box, strict=True)
    )
    return counts | {LabelErrorKind.MISSING: Share(hit, len(world.missing.image))}


def _same(one: SuggestedLabel, box: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bool:
    return one.proposed_box is not None and bool(iou(np.array([one.proposed_box]), box[None])[0, 0] >= SAME_IOU)


if __name__ == "__main__":
    main()
