"""The finder of mislabels on real label errors: KITTI's pedestrians, validated by a crowd.

    git clone https://github.com/JonathanKlees/rechecked
    git clone https://github.com/Aiuan/KITTIdevkit
    PYTHONPATH=platform:. python benchmarks/kitti_pedestrians.py rechecked KITTIdevkit [--parity even] [--draws 1000]

The first has labels that several people validated and the predictions of a Cascade R-CNN that never saw these 1,497
images (MIT); the second KITTI's own labels as VOC (KITTI's licence is non-commercial: nothing of either is kept here).
Even image numbers were used while the finder was mended; odd ones were not.

The protocol is the one published with the validated labels (its ``benchmark_evaluation.py``): pedestrians only, a label
is right where it overlaps a validated pedestrian (probability of ``--probability``, 0.5 as there) by IoU 0.5; a
proposal is right if it overlaps a validated pedestrian that no label and no earlier proposal has by more than 0.1.
Boxes of every height count. The VOC files have no DontCare regions, so theirs is the setting without that filter; nor
have they sitting people. A cyclist is no pedestrian there; the second half gives the finder the labels of those too.

First table: detections away from a label, one of each object, as the finder proposes them, by its chance of *missing*,
by the detector's confidence, and by confidence over the box's side. Second: what so many looks find of all errors,
boxes drawn badly too, beside all predictions by confidence with IoU below 0.5 with a label, one of each object. Then
what suggestions of 0.2 and more promise and how many are right. Intervals: 95 %, by bootstrap over images.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from science.autocurate.mislabels import LabelErrorKind, MislabelReport, MislabelSettings, find_mislabels
from science.evaluation.types import Detections, GroundTruth
from science.geometry.boxes import iou

LABELLED = 0.5  # IoU of a label, or of a second prediction, with what it is of
TOUCHED = 0.1  # a proposal need not fit: whoever looks there sees the pedestrian
SHOWN = 0.2
LOOKS = (50, 100, 200, 400)
BUDGETS = (100, 250, 500)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Boxes:
    """Boxes of images 0 … I-1."""

    image: Ints  # (K,)
    box: Floats  # (K, 4) xyxy pixels
    score: Floats  # (K,) confidence, or probability
    name: tuple[str, ...] = ()

    def take(self, rows: Ints | Bools) -> Boxes:
        """Return these rows."""
        names = tuple(np.array(self.name, dtype=object)[rows]) if self.name else ()
        return Boxes(self.image[rows], self.box[rows], self.score[rows], names)

    def nearest(self, image: int, box: Floats) -> tuple[int, float]:
        """Return the row of this image that overlaps a box most, and the IoU; -1 and 0 where there is none."""
        rows = np.flatnonzero(self.image == image)
        if not len(rows):
            return -1, 0.0
        fit = iou(box[None], self.box[rows])[0]
        return int(rows[fit.argmax()]), float(fit.max())


@dataclass(frozen=True, eq=False)
class Kitti:
    """Labels as given, what people saw, and what the detector says."""

    sizes: Floats  # (I, 2) pixels
    labels: Boxes
    people: Boxes  # validated pedestrians
    predictions: Boxes

    @property
    def pedestrians(self) -> Boxes:
        """The labels of pedestrians."""
        return self.labels.take(np.array(self.labels.name) == "Pedestrian")

    def unlabelled(self) -> Bools:
        """Return which validated pedestrians no label of one fits: the errors to be found."""
        given = self.pedestrians
        pairs = zip(self.people.image.tolist(), self.people.box, strict=True)
        return np.array([given.nearest(image, box)[1] <= LABELLED for image, box in pairs], bool)


@dataclass(frozen=True, eq=False)
class Order:
    """Proposals in an order, and which are right."""

    name: str
    image: Ints  # (K,)
    doubt: Floats  # (K,)
    right: Bools  # (K,)


def main() -> None:
    """Read, search, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rechecked", type=Path)
    parser.add_argument("devkit", type=Path)
    parser.add_argument("--parity", choices=("even", "odd", "all"), default="even")
    parser.add_argument("--probability", type=float, default=0.5)
    parser.add_argument("--draws", type=int, default=1000)
    options = parser.parse_args()
    kitti = read(options.rechecked / "data", options.devkit / "Annotations", options.parity, options.probability)
    errors = int(kitti.unlabelled().sum())
    print(f"{len(kitti.sizes)} images, {len(kitti.pedestrians.image)} pedestrians labelled, {errors} errors to find")
    for names in (("Pedestrian",), ("Pedestrian", "Cyclist")):
        report = search(kitti, names)
        print(f"\nlabelled: {', '.join(names)}")
        tables(kitti, report, options.draws, errors)


def read(data: Path, annotations: Path, parity: str, probability: float) -> Kitti:
    """Read the validation images of a parity."""
    wanted = {"even": (0,), "odd": (1,), "all": (0, 1)}[parity]
    split = json.loads((data / "train_val_split.json").read_text())["val_imgs"]
    images = sorted(name for name in split if int(name) % 2 in wanted)
    at = {name: row for row, name in enumerate(images)}
    trees = [ElementTree.parse(annotations / f"{name}.xml") for name in images]
    sizes = [[float(tree.findtext(f"size/{side}") or 0) for side in ("width", "height")] for tree in trees]
    people = _csv(data / "validated_gt.csv", "probability", at)
    return Kitti(
        np.array(sizes),
        _labels(trees),
        people.take(people.score >= probability),
        _csv(data / "predictions" / "Cascade R-CNN.csv", "score", at),
    )


def _labels(trees: Sequence[ElementTree.ElementTree[Any]]) -> Boxes:
    corners = ("xmin", "ymin", "xmax", "ymax")
    rows = [(image, each) for image, tree in enumerate(trees) for each in tree.iter("object")]
    boxes = [[float(each.findtext(f"bndbox/{corner}") or 0) for corner in corners] for _, each in rows]
    names = tuple(each.findtext("name") or "" for _, each in rows)
    return Boxes(np.array([image for image, _ in rows]), np.array(boxes), np.ones(len(rows)), names)


def _csv(path: Path, score: str, at: dict[str, int]) -> Boxes:
    with path.open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["filename"][:-4] in at]
    boxes = np.array([[float(row[corner]) for corner in ("xmin", "ymin", "xmax", "ymax")] for row in rows])
    image = np.array([at[row["filename"][:-4]] for row in rows])
    return Boxes(image, boxes, np.array([float(row[score]) for row in rows]))


def search(kitti: Kitti, names: tuple[str, ...]) -> MislabelReport:
    """Return every suggestion about labels of these names; ids are rows of ``labels`` and ``predictions``."""
    rows = np.flatnonzero(np.isin(kitti.labels.name, names))
    given, said = kitti.labels.take(rows), kitti.predictions
    truth = GroundTruth.of(
        image_ids=np.arange(len(kitti.sizes)),
        image_index=given.image,
        class_index=[names.index(name) for name in given.name],
        boxes=given.box.astype(np.float32),
        annotation_ids=rows,
    )
    detections = Detections.of(
        image_index=said.image,
        class_index=np.zeros(len(said.image), np.int64),
        boxes=said.box.astype(np.float32),
        scores=said.score.astype(np.float32),
    )
    everything = MislabelSettings(smallest_score=0.0)
    return find_mislabels(truth, detections, class_names=names, image_sizes=kitti.sizes, settings=everything)


def tables(kitti: Kitti, report: MislabelReport, draws: int, errors: int) -> None:
    """Print the three tables."""
    missing = [each for each in report.suggestions if each.kind is LabelErrorKind.MISSING]
    alone = kitti.predictions.take(np.array([each.prediction_id for each in missing]))
    chance = np.array([each.score for each in missing])
    side = np.sqrt((alone.box[:, 2:] - alone.box[:, :2]).prod(axis=1))
    doubts = {"ours": chance, "confidence": alone.score, "confidence / side": alone.score / side}
    orders = [order(kitti, name, alone, doubt) for name, doubt in doubts.items()]
    print(f"{len(missing)} detections away from a label: share right of the first {LOOKS}, and AUROC")
    figures = bootstrap(orders, len(kitti.sizes), draws)
    for row, each in enumerate(orders):
        print(f"  {each.name:<19}" + "  ".join(interval(values[row]) for values in figures))
    print(f"  {'ours - confidence':<19}" + "  ".join(interval(values[0] - values[1]) for values in figures))
    everything = confidence_of_all(kitti)
    print(f"found of {errors} errors in {BUDGETS} looks; any prediction is at {everything.right.sum() / errors:.2f}")
    for each in (ours_of_all(kitti, report), everything):
        ranked = each.right[np.argsort(-each.doubt, kind="stable")]
        print(f"  {each.name:<19}" + "  ".join(f"{ranked[:look].sum() / errors:.2f}" for look in BUDGETS))
    shown = chance >= SHOWN
    right = orders[0].right[shown]
    print(f"missing of {SHOWN} and more: " + kept(chance[shown], right, report, LabelErrorKind.MISSING))
    print(f"spurious of {SHOWN} and more: " + spurious(kitti, report))


def order(kitti: Kitti, name: str, proposals: Boxes, doubt: Floats) -> Order:
    """Say which proposals are right: each validated pedestrian counts once, for the first that touches it."""
    free, right = kitti.unlabelled(), np.zeros(len(doubt), bool)
    for row in np.argsort(-doubt, kind="stable"):
        person, fit = kitti.people.nearest(int(proposals.image[row]), proposals.box[row])
        if fit > TOUCHED and free[person]:
            free[person], right[row] = False, True
    return Order(name, proposals.image, doubt, right)


def bootstrap(orders: list[Order], images: int, draws: int) -> list[Floats]:
    """Return for each of LOOKS and for AUROC (orders, 1 + draws): of the images as they are, then drawn again."""
    random = np.random.default_rng(0)
    again = [np.bincount(random.integers(0, images, images), minlength=images) for _ in range(draws)]
    drawn = [np.ones(images), *again]
    rows = [[_figures(each, count[each.image].astype(np.float64)) for count in drawn] for each in orders]
    return list(np.moveaxis(np.array(rows), 2, 0))


def _figures(of: Order, weight: Floats) -> list[float]:
    ranked = np.argsort(-of.doubt, kind="stable")
    right, weight = of.right[ranked], weight[ranked]
    reached = np.cumsum(weight)
    shares = [float((np.diff(np.minimum(reached, look), prepend=0) * right).sum() / look) for look in LOOKS]
    wrong_before = np.cumsum(weight * ~right)
    return [*shares, 1 - float((wrong_before * weight * right).sum() / (wrong_before[-1] * (weight * right).sum()))]


def interval(values: Floats) -> str:
    """Return the first value, and the middle 95 % of the others."""
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return f"{values[0]:5.2f} [{low:5.2f}, {high:5.2f}]"


def ours_of_all(kitti: Kitti, report: MislabelReport) -> Order:
    """Return the suggestions to draw a box, or to draw it anew."""
    kinds = (LabelErrorKind.MISSING, LabelErrorKind.BADLY_DRAWN)
    drawn = [each for each in report.suggestions if each.kind in kinds and each.proposed_box]
    boxes = np.array([each.proposed_box for each in drawn])
    scores = np.array([each.score for each in drawn])
    return order(kitti, "ours", Boxes(np.array([each.image_index for each in drawn]), boxes, scores), scores)


def confidence_of_all(kitti: Kitti) -> Order:
    """Return all predictions that fit no label and no surer prediction."""
    said, given = kitti.predictions, kitti.pedestrians
    kept_rows: list[int] = []
    for row in np.argsort(-said.score, kind="stable").tolist():
        surer = said.take(np.array(kept_rows, np.int64))
        if surer.nearest(int(said.image[row]), said.box[row])[1] <= LABELLED:
            kept_rows.append(row)
    rows = [row for row in kept_rows if given.nearest(int(said.image[row]), said.box[row])[1] < LABELLED]
    proposals = said.take(np.array(rows))
    return order(kitti, "confidence", proposals, proposals.score)


def spurious(kitti: Kitti, report: MislabelReport) -> str:
    """Return how many of the labels called spurious have no validated pedestrian."""
    about = [each for each in report.suggestions if each.kind is LabelErrorKind.SPURIOUS and each.score >= SHOWN]
    rows = [each.annotation_id for each in about]
    fits = [kitti.people.nearest(int(kitti.labels.image[row]), kitti.labels.box[row])[1] for row in rows]
    return kept(np.array([each.score for each in about]), np.array(fits) < LABELLED, report, LabelErrorKind.SPURIOUS)


def kept(promised: Floats, right: Bools, report: MislabelReport, kind: LabelErrorKind) -> str:
    """Return what was promised and how much of it was kept."""
    rate = "known" if report.rates[kind].known else "unknown"
    means = f"promised {promised.mean():.2f}, right {right.mean():.2f} of " if len(right) else ""
    return f"{means}{len(right)} (rate {rate})"


if __name__ == "__main__":
    main()
