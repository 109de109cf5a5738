"""The finder of mislabels beside named peers, on simulated judges, in one run on the same data.

    pip install --no-deps --target /tmp/peers cleanlab==2.9.0 hotcoco==1.3.0 pandas termcolor python-dateutil six
    PYTHONPATH=platform:.:/tmp/peers OMP_NUM_THREADS=1 python benchmarks/mislabel_peers.py [--images 400] [--seeds 2]
        [--noise random hard sparse] [--first-seed 100]

For each noise model of `simulated_judges`, the mean over worlds of

- **any**: average precision of the order of all doubts, whatever they say is wrong. A label is found where it has an
  error, a lone detection where it lies (IoU 0.5) at an object without a label that was not found before. All errors
  count, also those that nobody could find.
- average precision of each kind's own order (that of *spurious* among labels …), and **seconds** of processor.

Peers: *mistakenness* is the formula of FiftyOne's documentation, written anew: a label and the detection that matches
it (any class, IoU 0.5) of confidence c give (1 + c) / 2 where their classes differ and (1 - c) / 2 where they agree,
and c (1 - IoU) / 0.5 for the box; a label without a match is doubted by half. In its favour, only detections that
overlap no label by 0.5 stand for missing ones, by their confidence or, where that ranks better, by (1 + c) / 2.
*cleanlab* is its three scores for object detection (Tkachenko, Thyagarajan, Mueller 2023). *hotcoco* lists the
candidates of its diagnostics. *confidence* is the bare score of those same detections. What is not installed is left
out.

Then, of ours, by kind: how many suggestions of at least 0.2 there are, what their scores promise on average, which
part is right (the label has an error, of whatever kind), and how many errors the report estimates beside the real ones.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulated_judges import KINDS, NAMES, NOISE, SpoiltLabels, spoilt_labels
from science.autocurate.mislabels import (
    LabelErrorKind,
    MislabelReport,
    MislabelSettings,
    SuggestedLabel,
    find_mislabels,
)
from science.geometry.boxes import iou

Floats = NDArray[np.float64]
MATCHED = 0.5  # IoU
SHOWN = 0.2  # the score from which suggestions are shown by default


@dataclass(frozen=True, eq=False)
class Doubts:
    """How much a method doubts each label, by kind and at all, and lone detections."""

    any: Floats  # (N,)
    kinds: dict[LabelErrorKind, Floats]  # (N,) each, of the kinds that it tells apart
    lone: list[tuple[int, Floats, float]]  # image, box, doubt


Method = Callable[[SpoiltLabels], Doubts]


def main() -> None:
    """Read the options and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--first-seed", type=int, default=100)
    parser.add_argument("--noise", nargs="*", choices=list(NOISE), default=[name for name in NOISE if name != "clean"])
    options = parser.parse_args()
    ours(spoilt_labels(seed=0, images=60, noise=NOISE["random"]))  # so that nothing is compiled while timed
    for noise in options.noise:
        seeds = range(options.first_seed, options.first_seed + options.seeds)
        table(noise, [spoilt_labels(seed=seed, images=options.images, noise=NOISE[noise]) for seed in seeds])


def table(noise: str, worlds: list[SpoiltLabels]) -> None:
    """Print how each method does on these worlds, and what ours promised."""
    print(f"\n{noise}: {len(worlds)} worlds, {sum(each.errors for each in worlds)} errors")
    heads = ["any", *(kind.value for kind in KINDS), "seconds"]
    print(f"{'':<14}" + "".join(f"{head:>13}" for head in heads))
    for name, method in methods().items():
        rows = [figures(world, method) for world in worlds]
        print(f"{name:<14}" + "".join(f"{np.mean([row[head] for row in rows]):>13.3f}" for head in heads), flush=True)
    promises(worlds)


def methods() -> dict[str, Method]:
    """Ours and the peers that are installed."""
    found: dict[str, Method] = {"ours": ours, "mistakenness": mistakenness, "confidence": confidence}
    peers: dict[str, Method] = {"cleanlab": cleanlab_scores, "hotcoco": hotcoco_candidates}
    return found | {name: method for name, method in peers.items() if find_spec(name)}


def figures(world: SpoiltLabels, method: Method) -> dict[str, float]:
    """Return average precisions and seconds of one method on one world."""
    begun = time.process_time()
    doubts = method(world)
    seconds = SECONDS.pop("taken", time.process_time() - begun)
    wrong = np.array([kind is not None for kind in world.kind])
    score, right = found_missing(world, doubts.lone)
    row = {
        "any": average_precision(np.r_[doubts.any, score], np.r_[wrong, right], world.errors)
        if len(doubts.any)
        else np.nan,
        "missing": average_precision(score, right, len(world.missing.image)),
        "seconds": seconds,
    }
    for kind in KINDS[:1] + KINDS[2:]:
        mine = np.array([each is kind for each in world.kind])
        row[kind.value] = (
            average_precision(doubts.kinds[kind], mine, int(mine.sum())) if kind in doubts.kinds else np.nan
        )
    return row


SECONDS: dict[str, float] = {}  # of a method that says itself which part of it is to be timed


def average_precision(score: Floats, right: NDArray[np.bool_], total: int) -> float:
    """Return the mean, over all there is to find, of the precision where each was found; 0 where it was not."""
    ranked = right[np.argsort(-score, kind="stable")]
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float(precision[ranked].sum() / total) if total else float("nan")


def found_missing(world: SpoiltLabels, lone: list[tuple[int, Floats, float]]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the doubts of lone detections, and which of them are the first at an object without a label."""
    open_at = defaultdict(set)
    for at, image in enumerate(world.missing.image.tolist()):
        open_at[image].add(at)
    right = np.zeros(len(lone), bool)
    for rank in np.argsort([-doubt for *_, doubt in lone], kind="stable"):
        image, box, _ = lone[rank]
        left = sorted(open_at.get(image, ()))
        overlaps = iou(box[None], world.missing.box[left])[0] if left else np.zeros(1)
        if overlaps.max() >= MATCHED:
            right[rank] = True
            open_at[image].discard(left[int(overlaps.argmax())])
    return np.array([doubt for *_, doubt in lone], np.float64), right


def report_of(world: SpoiltLabels, least: float) -> MislabelReport:
    """Return what our finder says."""
    return find_mislabels(
        world.given,
        world.detections,
        class_names=NAMES,
        image_sizes=world.sizes,
        settings=MislabelSettings(smallest_score=least),
    )


def ours(world: SpoiltLabels) -> Doubts:
    """Our finder: the score as the joint order, the named parts as each kind's."""
    return as_doubts(report_of(world, 0.0).suggestions, world)


def as_doubts(found: Sequence[SuggestedLabel], world: SpoiltLabels) -> Doubts:
    """The score as the joint order, the named parts as each kind's."""
    joint = np.zeros(len(world.given))
    kinds: dict[LabelErrorKind, Floats] = {
        kind: np.zeros(len(world.given)) for kind in KINDS if kind is not LabelErrorKind.MISSING
    }
    lone = []
    for each in found:
        if each.kind is LabelErrorKind.MISSING:
            lone.append((each.image_index, np.array(each.proposed_box), each.score))
            continue
        joint[each.annotation_id] = each.score
        for kind, scores in kinds.items():
            scores[each.annotation_id] = each.parts.get(kind.value, 0.0)
    return Doubts(joint, kinds, lone)


def mistakenness(world: SpoiltLabels) -> Doubts:
    """FiftyOne's formula, with the better of two places for detections without a label."""
    label, box = _matched(world)
    lone = confidence(world).lone
    other = [(image, at, (1 + score) / 2) for image, at, score in lone]
    kinds = {
        LabelErrorKind.WRONG_CLASS: np.where(np.isnan(label), 0, label),
        LabelErrorKind.BADLY_DRAWN: box,
        LabelErrorKind.SPURIOUS: np.isnan(label).astype(np.float64),
    }
    joint = np.maximum(np.where(np.isnan(label), 0.5, label), box)
    wrong = np.array([kind is not None for kind in world.kind])

    def rank(detections: list[tuple[int, Floats, float]]) -> float:
        score, right = found_missing(world, detections)
        return average_precision(np.r_[joint, score], np.r_[wrong, right], world.errors)

    return Doubts(joint, kinds, max(lone, other, key=rank))


def _matched(world: SpoiltLabels) -> tuple[Floats, Floats]:
    """Match detections of any class to labels, the surest first; return (N,) class (NaN = no match) and box doubts."""
    label, drawn = np.full(len(world.given), np.nan), np.zeros(len(world.given))
    given, found = world.given, world.detections
    for image in range(given.images):
        rows = np.flatnonzero(given.image_index == image)
        overlaps = iou(found.boxes[found.image_index == image], given.boxes[rows])
        for d, at in zip(np.flatnonzero(found.image_index == image), overlaps, strict=True):
            free = np.where(np.isnan(label[rows]), at, 0) if len(rows) else np.zeros(1)
            score = float(found.scores[d])
            if free.max() < MATCHED:
                continue
            row = rows[int(free.argmax())]
            differs = given.class_index[row] != found.class_index[d]
            label[row] = (1 + score) / 2 if differs else (1 - score) / 2
            drawn[row] = score * (1 - free.max()) / (1 - MATCHED)
    return label, drawn


def confidence(world: SpoiltLabels) -> Doubts:
    """The bare score of the surest detections that overlap no label and no surer one by half."""
    given, found, lone = world.given, world.detections, []
    for image in range(given.images):
        boxes = given.boxes[given.image_index == image]
        for d in np.flatnonzero(found.image_index == image):
            if iou(found.boxes[[d]], boxes).max(initial=0) < MATCHED:
                lone.append((image, found.boxes[d], float(found.scores[d])))
                boxes = np.concatenate([boxes, found.boxes[[d]]])
    return Doubts(np.zeros(0), {}, lone)


def cleanlab_scores(world: SpoiltLabels) -> Doubts:
    """cleanlab's scores of swapped, badly located and overlooked boxes; only the first call is timed, in its favour."""
    from cleanlab.object_detection import rank

    given, found = world.given, world.detections
    labels, predictions, order = [], [], []
    for image in range(given.images):
        mine, said = given.image_index == image, np.flatnonzero(found.image_index == image)
        labels.append({"bboxes": given.boxes[mine], "labels": given.class_index[mine]})
        by_class = [said[found.class_index[said] == k] for k in range(len(NAMES))]
        boxes = np.empty(len(NAMES), dtype=object)
        boxes[:] = [np.column_stack([found.boxes[rows], found.scores[rows]]) for rows in by_class]
        predictions.append(boxes)
        order.append(np.concatenate(by_class).astype(np.int64))
    begun = time.process_time()
    swap = 1 - np.concatenate(rank.compute_swap_box_scores(labels=labels, predictions=predictions))
    SECONDS["taken"] = time.process_time() - begun
    bad = 1 - np.concatenate(rank.compute_badloc_box_scores(labels=labels, predictions=predictions))
    overlooked = rank.compute_overlooked_box_scores(labels=labels, predictions=predictions)
    lone = [
        (image, found.boxes[row], 1 - score)
        for image, (rows, scores) in enumerate(zip(order, overlooked, strict=True))
        for row, score in zip(rows, scores, strict=True)
        if not np.isnan(score)
    ]
    kinds = {LabelErrorKind.WRONG_CLASS: swap, LabelErrorKind.BADLY_DRAWN: bad}
    return Doubts(np.maximum(swap, bad), kinds, lone)


def hotcoco_candidates(world: SpoiltLabels) -> Doubts:
    """hotcoco's candidates for label errors, down to score 0."""
    import hotcoco

    given, found = world.given, world.detections
    truth = {
        "images": [{"id": image, "width": 1280, "height": 720} for image in range(given.images)],
        "categories": [{"id": k, "name": name} for k, name in enumerate(NAMES)],
        "annotations": [
            {"id": at + 1, "image_id": int(given.image_index[at]), "category_id": int(given.class_index[at]),
             "bbox": _xywh(given.boxes[at]), "area": float(np.prod(_xywh(given.boxes[at])[2:])), "iscrowd": 0}
            for at in range(len(given))
        ],
    }  # fmt: skip
    said = [
        {"image_id": int(found.image_index[d]), "category_id": int(found.class_index[d]),
         "bbox": _xywh(found.boxes[d]), "score": float(found.scores[d])}
        for d in range(len(found))
    ]  # fmt: skip
    coco = hotcoco.COCO(truth)
    evaluation = hotcoco.COCOeval(coco, coco.load_res(said), "bbox")
    evaluation.evaluate()
    swap, lone = np.zeros(len(given)), []
    for each in evaluation.image_diagnostics(iou_thr=MATCHED, score_thr=0.0)["label_errors"]:
        if each["type"] == "wrong_label":
            swap[each["gt_id"] - 1] = max(swap[each["gt_id"] - 1], each["dt_score"])
        else:
            lone.append((each["image_id"], found.boxes[each["dt_id"] - 1], each["dt_score"]))
    return Doubts(swap, {LabelErrorKind.WRONG_CLASS: swap}, lone)


def _xywh(box: NDArray[np.float32]) -> list[float]:
    return [float(box[0]), float(box[1]), float(box[2] - box[0]), float(box[3] - box[1])]


def promises(worlds: list[SpoiltLabels]) -> None:
    """Print by kind what the shown suggestions promise and keep, and the errors that the report expects."""
    shown: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    expected, real = Counter[LabelErrorKind](), Counter[LabelErrorKind]()
    for world in worlds:
        report = report_of(world, SHOWN)
        for kind, scores in _kept(world, report).items():
            shown[kind] += scores
        for kind in KINDS:
            expected[kind] += round(report.expected_errors[kind])
            real[kind] += world.kind.count(kind) if kind is not LabelErrorKind.MISSING else len(world.missing.image)
    for kind in KINDS:
        promised, right = (np.array(shown[kind.value]).reshape(-1, 2).T) if shown[kind.value] else (np.zeros(0),) * 2
        means = (promised.mean(), right.mean()) if len(right) else (np.nan, np.nan)
        print(
            f"  {kind.value:<12} {len(right):>5} shown, promised {means[0]:.2f}, right {means[1]:.2f};"
            f" expects {expected[kind]:.0f} errors of {real[kind]:.0f}"
        )


def _kept(world: SpoiltLabels, report: MislabelReport) -> dict[str, list[tuple[float, bool]]]:
    """Return by kind the score of each suggestion and whether it is right."""
    kept: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    missing = [each for each in report.suggestions if each.kind is LabelErrorKind.MISSING]
    scores, right = found_missing(
        world, [(each.image_index, np.array(each.proposed_box), each.score) for each in missing]
    )
    kept[LabelErrorKind.MISSING.value] = list(zip(scores.tolist(), right.tolist(), strict=True))
    for each in report.suggestions:
        if each.kind is not LabelErrorKind.MISSING:
            kept[each.kind.value].append((each.score, world.kind[each.annotation_id] is not None))
    return kept


if __name__ == "__main__":
    main()
