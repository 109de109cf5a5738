"""For each kind of label error: what is known about each label, and the chance that it is such an error.

Each kind compares the judge's answers at the labels with its answers at planted errors of that kind (``planting``),
in a few features that mean something to a person; ``density_ratio`` turns the comparison into a chance. So the measure
fits itself to how good this judge is on this data: where a weak detector misses many small objects, a small label
that it does not see is no reason for doubt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from science.autocurate.crops import Crops, Opinion, opinion_of, queries_at
from science.autocurate.density_ratio import (
    LARGEST_RATE,
    Rate,
    Ratio,
    density_ratio,
    rate_by_contradiction,
    rate_by_degree,
    rate_by_silence,
)
from science.autocurate.evidence import BoxScene, Evidence, Queries, evidence_of, leaders, most_overlap, scene_of
from science.autocurate.left_out import Seen, exponent_of, left_out, reweighted
from science.autocurate.planting import moved_boxes, other_classes, redrawn_boxes
from science.evaluation.matching import compact_boxes
from science.evaluation.types import Detections, GroundTruth

COPIES = 2  # planted errors per label
MOST_PLANTED = 40_000
PRIOR_BOXES = 10  # a rare class's confidence is drawn towards the mean of all as if it had so many more boxes
FREE_IOU = 0.45  # a detection that overlaps no label by more may be an unlabelled object
FOUND_IOU = 0.5  # one that overlaps a label by so much has found it
SUREST = 0.99
BENT = 0.9  # of the highest chance, from which on rate x ratio no longer counts in full
HELD = 0.49  # the highest chance where the rate of errors is not known
SPURIOUS_FLAT = 0.6  # quantile of the planted errors at which the bound is taken where it is flat
BORDER = 0.01  # of the image's shorter side: a box that comes so near the border is probably cut off by it
FLOOR = 0.03  # detections below are not taken for objects

Ints = NDArray[np.int64]
Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Doubt:
    """The chance of one kind of error, for labels or (missing) for detections."""

    chance: Float64s  # (K,) 0 … 1
    ratio: Float64s  # (K,) how much likelier the judge's answer is at such an error: chance = rate x ratio
    rate: Rate  # of errors among the K
    errors: float  # estimated number of errors of this kind, found or not
    planted_chance: Float64s  # (m,) the same measure at planted errors
    plants: int  # how many were planted, m or more

    def doubt(self, row: int) -> float:
        """Return rate x ratio of a row, neither held nor cut off at 1: what verdicts refit the chance from."""
        return float(self.rate.share * self.ratio[row])

    def held(self) -> Doubt:
        """Return the same order with half the chances, below HELD, and an unknown rate: the judge cannot be trusted."""
        return replace(
            self,
            chance=np.minimum(self.chance / 2, HELD),
            planted_chance=np.minimum(self.planted_chance / 2, HELD),
            rate=Rate(self.rate.share / 2, known=False),
            errors=self.errors / 2,
        )

    def found_again(self, least: float) -> float:
        """Return the share of planted errors with a chance of at least this: what can be hoped to be found."""
        return float((self.planted_chance >= least).sum() / self.plants) if self.plants else float("nan")


@dataclass(frozen=True, eq=False)
class DoubtCase:
    """All that the four kinds look at; rows of labels and detections are those of ``scene``."""

    scene: BoxScene
    evidence: Evidence  # at the labels
    sizes: Float64s  # (I, 2) width and height in pixels
    image: Ints  # (N,) of each label
    self_confidence: Float64s  # (C,) how strongly the judge sees a class where it is labelled, on average
    seed: int
    opinion: Opinion | None = None  # by what is inside the boxes; labels and detections in the scene's order

    @property
    def classes(self) -> int:
        """The number of classes, C."""
        return len(self.self_confidence)

    @property
    def labels(self) -> Ints:
        """The class (N,) of each label."""
        return self.scene.gt_class

    def standing(self, strength: Float64s) -> Float64s:
        """Return log-odds of strengths (…, C) against those usual where the class is labelled: 0 = as usual.

        This is confident learning's threshold per class (Northcutt, Jiang, Chuang 2021): a rare class that the judge
        never scores high is compared with itself.
        """
        return log_odds(strength) - log_odds(self.self_confidence)

    @property
    def given(self) -> Queries:
        """The labels as boxes to ask about."""
        return Queries(self.image, self.scene.gt_box, np.arange(len(self.image)))

    def surroundings(self, queries: Queries) -> tuple[Float64s, Float64s, Float64s]:
        """Return what makes an object hard to see, (K,) each: its size, a label beside it, the border of the image."""
        boxes, room = queries.box[:, :4], self.sizes[queries.image]
        margin = np.concatenate([boxes[:, :2], room - boxes[:, 2:]], axis=1).min(axis=1)
        at_border = (margin <= BORDER * room.min(axis=1)).astype(np.float64)
        return self.relative_size(boxes, queries.image), most_overlap(self.scene, queries), at_border

    def relative_size(self, boxes: Float64s, image: Ints) -> Float64s:
        """Return (K,) log of the box's side over the image's side (geometric means)."""
        area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
        size: Float64s = np.log(np.maximum(area, 1.0) / self.sizes[image].prod(axis=1)) / 2
        return size

    def sample(self, random: np.random.Generator) -> Ints:
        """Return labels to plant errors at: each of them COPIES times, or fewer where there are very many."""
        rows = np.repeat(np.arange(len(self.labels)), COPIES)
        return rows if len(rows) <= MOST_PLANTED else random.choice(rows, MOST_PLANTED, replace=False)


def log_odds(chance: Float64s) -> Float64s:
    """Return the log-odds of a score, which is held off 0 and 1."""
    held = np.clip(chance, 2e-3, 0.998)
    odds: Float64s = np.log(held / (1 - held))
    return odds


def build_case(
    truth: GroundTruth,
    detections: Detections,
    sizes: Float64s,
    classes: int,
    seed: int,
    crops: Crops | None = None,
) -> DoubtCase:
    """Ask the judge about every label, and the encoder where there are crops."""
    scene = scene_of(truth, detections)
    image = truth.image_index[scene.gt_row]
    evidence = evidence_of(scene, Queries(image, scene.gt_box, np.arange(len(image))), classes)
    own = evidence.strength[np.arange(len(image)), scene.gt_class]
    boxes = np.bincount(scene.gt_class, minlength=classes)
    usual = float(own.mean()) if len(own) else 0.0
    confidence = (np.bincount(scene.gt_class, own, minlength=classes) + PRIOR_BOXES * usual) / (boxes + PRIOR_BOXES)
    opinion = opinion_of(crops, truth, detections, classes) if crops else None
    if opinion:
        opinion = replace(opinion, labels=opinion.labels[scene.gt_row], detections=opinion.detections[scene.det_row])
    return DoubtCase(scene, evidence, sizes, image, np.clip(confidence, 0.01, 0.99), seed, opinion)


def wrong_class(case: DoubtCase) -> Doubt:
    """Doubt a class where the judge sees another one as strongly as that one is usually seen, and this one less."""
    random = np.random.default_rng([case.seed, 1])
    rows = case.sample(random)
    planted = other_classes(case.labels[rows], confusions(case), random)
    rows, planted = rows[planted != case.labels[rows]], planted[planted != case.labels[rows]]
    given = _class_features(case, np.arange(len(case.labels)), case.labels)
    ratio = density_ratio(
        given,
        _class_features(case, rows, planted),
        case.image,
        case.image[rows],
        monotone=(-1, 1, 1, -1, 1, 0, *((-1, 1, 1) if case.opinion else ())),
        seed=case.seed,
        smooth=True,
    )
    return doubt_of(ratio, rate_by_contradiction(ratio), len(rows))


def confusions(case: DoubtCase) -> Float64s:
    """Return (C, C) how often a thing of the row's class is labelled as the column's, in any unit.

    By the judge's own confusions; or where there are crops by what the labels are taken for, which has the errors that
    were really made in it.
    """
    confusion = np.zeros((case.classes, case.classes))
    if case.opinion is None:
        np.add.at(confusion, case.labels, case.evidence.strength)
        return confusion
    np.add.at(confusion, case.labels, np.exp(case.opinion.labels[:, : case.classes]))
    return confusion.T


def _class_features(case: DoubtCase, rows: Ints, given: Ints) -> Float64s:
    """Return (K, 6) features of labels if they were given these classes; (K, 9) with an opinion."""
    strength, at = case.evidence.strength[rows], np.arange(len(rows))
    other = proposed_classes(case, rows, given)
    standing = case.standing(strength)
    own, best = standing[at, given], standing[at, other]
    size = case.relative_size(case.scene.gt_box[rows], case.image[rows])
    seen = [own, best, best - own, log_odds(strength[at, given]), log_odds(strength[at, other]), size]
    if case.opinion:
        said, against = case.opinion.labels[rows, given], case.opinion.labels[rows, other]
        seen += [said, against, against - said]
    return np.stack(seen, axis=1)


def proposed_classes(case: DoubtCase, rows: Ints, given: Ints) -> Ints:
    """Return (K,) the class other than the given one that stands highest at each label, by judge and encoder."""
    standing = case.standing(case.evidence.strength[rows])
    if case.opinion:
        standing = standing + case.opinion.labels[rows, : case.classes]
    standing[np.arange(len(rows)), given] = -np.inf
    highest: Ints = standing.argmax(axis=1).astype(np.int64)
    return highest


def spurious_doubt(case: DoubtCase) -> Doubt:
    """Doubt a label at which the judge sees nothing, as at boxes that are planted where nothing is labelled."""
    rows, queries = empty_boxes(case)
    given = _spurious_features(case, case.given, case.evidence, case.labels)
    planted = _spurious_features(case, queries, evidence_of(case.scene, queries, case.classes), case.labels[rows])
    if case.opinion:
        given = np.concatenate([given, _emptiness(case.opinion.labels, case.labels)], axis=1)
        planted = np.concatenate([planted, _emptiness(case.opinion.empty, case.labels[rows])], axis=1)
    ratio = density_ratio(
        given,
        planted,
        case.image,
        queries.image,
        monotone=(-1, -1, -1, -1, 1, 0, 0, 0, *((1, -1) if case.opinion else ())),
        seed=case.seed,
    )
    return doubt_of(ratio, rate_by_silence(ratio, flat=SPURIOUS_FLAT), len(rows))


def empty_boxes(case: DoubtCase) -> tuple[Ints, Queries]:
    """Return boxes around nothing to plant, and the labels whose size and class they have: those that were cut out."""
    if case.opinion is None:
        random = np.random.default_rng([case.seed, 2])
        return elsewhere(case, case.sample(random), random)
    place = np.empty(int(case.scene.gt_row.max()) + 1, np.int64)
    place[case.scene.gt_row] = np.arange(len(case.scene.gt_row))
    return place[case.opinion.places.row], queries_at(case.opinion.places)


def _emptiness(opinion: Float64s, given: Ints) -> Float64s:
    """Return (K, 2) by what is inside: how surely nothing of any class, and how surely the given one."""
    return np.stack([opinion[:, -1], opinion[np.arange(len(given)), given]], axis=1)


def elsewhere(case: DoubtCase, rows: Ints, random: np.random.Generator) -> tuple[Ints, Queries]:
    """Return boxes of these labels' size where nothing is labelled, and the labels for which a place was found."""
    boxes, placed = moved_boxes(case.scene, case.scene.gt_box[rows, :4], case.image[rows], case.sizes, random)
    rows, boxes = rows[placed], boxes[placed]
    return rows, Queries(case.image[rows], compact_boxes(boxes, None), np.full(len(rows), -1))


def _spurious_features(case: DoubtCase, queries: Queries, evidence: Evidence, given: Ints) -> Float64s:
    """Return (K, 8) features of boxes that are labelled with these classes."""
    standing = case.standing(evidence.strength)
    seen = [
        standing[np.arange(len(given)), given],
        standing.max(axis=1, initial=-np.inf),
        log_odds(evidence.near_score),
        log_odds(evidence.tight_score),
        log_odds(case.self_confidence)[given],
    ]
    return np.stack([*seen, *case.surroundings(queries)], axis=1)


def badly_drawn(case: DoubtCase) -> Doubt:
    """Doubt a box that the detection of its object fits worse than detections usually fit objects of that class."""
    random = np.random.default_rng([case.seed, 3])
    rows = case.sample(random)
    boxes, drawn = redrawn_boxes(case.scene.gt_box[rows, :4], case.sizes[case.image[rows]], random)
    rows, boxes = rows[drawn], boxes[drawn]
    queries = Queries(case.image[rows], compact_boxes(boxes, None), rows)
    ratio = density_ratio(
        _drawing_features(case, case.given, case.evidence, case.labels),
        _drawing_features(case, queries, evidence_of(case.scene, queries, case.classes), case.labels[rows]),
        case.image,
        case.image[rows],
        monotone=(-1, 0, -1, 1, 0, 0, 0),
        seed=case.seed,
    )
    return doubt_of(ratio, rate_by_degree(ratio), len(rows))


def _usual_fit(case: DoubtCase) -> Float64s:
    """Return (C,) the median IoU of a label of the class with the detection that found it."""
    found = case.evidence.fit > FOUND_IOU
    overall = float(np.median(case.evidence.fit[found])) if found.any() else FOUND_IOU
    fits = [case.evidence.fit[found & (case.labels == c)] for c in range(case.classes)]
    return np.array([np.median(fit) if len(fit) > PRIOR_BOXES else overall for fit in fits])


def _drawing_features(case: DoubtCase, queries: Queries, evidence: Evidence, given: Ints) -> Float64s:
    """Return (K, 7) features of boxes that are labelled with these classes."""
    usual = log_odds(case.self_confidence)[given]
    seen = [
        log_odds(evidence.fit) - log_odds(_usual_fit(case))[given],
        log_odds(evidence.fit_score) - usual,
        log_odds(evidence.tight_score) - usual,
        log_odds(evidence.near_score) - log_odds(evidence.tight_score),
    ]
    return np.stack([*seen, *case.surroundings(queries)], axis=1)


@dataclass(frozen=True, eq=False)
class LoneDetections:
    """Detections that may show an object without a label, and what such a one looks like: rows of the scene."""

    alone: Ints  # (K,) no label is near
    stripped: Ints  # (m,) of labelled objects, as if their label were gone
    image: Ints  # (M,) of every detection
    standing: Float64s  # (M,)
    leader: Ints  # (M,) see ``leaders``
    followers: Ints  # (M,)


@dataclass(frozen=True, eq=False)
class Unlabelled:
    """The doubt that all is labelled where a detection stands alone."""

    detection: Ints  # (K,) rows of the scene
    leader: Ints  # (M,) of every detection, see ``leaders``
    doubt: Doubt


def lone_detections(case: DoubtCase) -> LoneDetections:
    """Find the surest detection of each object that has no label, and of each that has one."""
    scene = case.scene
    image = np.repeat(np.arange(len(scene.det_start) - 1), np.diff(scene.det_start))
    standing = log_odds(scene.det_score) - log_odds(case.self_confidence)[scene.det_class]
    leader, followers = leaders(scene, standing)
    leads = (leader == np.arange(len(leader))) & (scene.det_score >= FLOOR)
    alone = np.flatnonzero(leads & (scene.any_iou < FREE_IOU))
    stripped = np.flatnonzero(leads & (scene.any_iou >= FOUND_IOU) & (scene.any_second < FREE_IOU))
    stripped = stripped[np.argsort(-standing[stripped], kind="stable")]
    stripped = stripped[np.unique(scene.any_owner[stripped], return_index=True)[1]]  # the best one of each label
    return LoneDetections(alone, stripped, image, standing, leader, followers)


def missing_doubt(case: DoubtCase) -> Unlabelled:
    """Doubt that all is labelled where a detection stands alone, as it would where a label is taken away.

    A detector that never saw the image does not know which objects are labelled: what it says at a missing label is
    what it says at the labels that are there, of those that people leave out (``left_out``).
    """
    scene, found = case.scene, lone_detections(case)
    ratio = density_ratio(
        _lone_features(case, found, found.alone, scene.any_iou),
        _lone_features(case, found, found.stripped, scene.any_second),
        found.image[found.alone],
        found.image[found.stripped],
        monotone=(1, 1, -1, 1, 0, 0, *((1, -1) if case.opinion else ())),
        seed=case.seed,
        smooth=True,
    )
    alone, stripped = _seen(case, found, found.alone), _seen(case, found, found.stripped)
    exponent = exponent_of(alone, stripped)
    ratio = reweighted(ratio, left_out(alone, stripped, exponent), left_out(stripped, stripped, exponent))
    labels = round(left_out(_seen_labels(case), stripped, exponent).sum())
    return Unlabelled(found.alone, found.leader, _missing_doubt(ratio, labels))


def _seen(case: DoubtCase, found: LoneDetections, rows: Ints) -> Seen:
    """Return what is seen of detections."""
    scene = case.scene
    return Seen(case.relative_size(scene.det_box[rows], found.image[rows]), scene.det_score[rows], found.standing[rows])


def _seen_labels(case: DoubtCase) -> Seen:
    """Return what the judge sees of the labels, little of some."""
    score = case.evidence.strength[np.arange(len(case.labels)), case.labels]
    standing = log_odds(score) - log_odds(case.self_confidence)[case.labels]
    return Seen(case.relative_size(case.scene.gt_box, case.image), score, standing)


def _lone_features(case: DoubtCase, found: LoneDetections, rows: Ints, nearest: Float64s) -> Float64s:
    """Return (K, 6) features of detections, (K, 8) with an opinion; ``nearest`` (M,) is the IoU with a label."""
    scene = case.scene
    score, followed = log_odds(scene.det_score[rows]), found.followers[rows].astype(np.float64)
    label, size = scene.det_class[rows], case.relative_size(scene.det_box[rows], found.image[rows])
    seen = [found.standing[rows], score, nearest[rows], followed, size, log_odds(case.self_confidence)[label]]
    if case.opinion:
        said = case.opinion.detections[rows]
        seen += [said[np.arange(len(rows)), label], said[:, -1]]
    return np.stack(seen, axis=1)


def _missing_doubt(ratio: Ratio, labels: int) -> Doubt:
    """Bound the share of lone detections that are objects also by the rate of missing labels that follows from it."""
    most = LARGEST_RATE * len(ratio.planted) / max(len(ratio.given), 1)
    rate = rate_by_silence(ratio, flat=0.0, largest=min(1.0, most), weighted=True)
    missed = rate.share * len(ratio.given) / max(len(ratio.planted), 1) * labels
    return replace(doubt_of(ratio, rate, labels), errors=missed)


def doubt_of(ratio: Ratio, rate: Rate, plants: int) -> Doubt:
    """Turn ratios into chances. Where the rate is only bounded, they stay below HELD: an order, hardly a promise."""
    most = SUREST if rate.known else HELD
    return Doubt(
        chance=chance_of(rate.share, ratio.given, most),
        ratio=ratio.given,
        rate=rate,
        errors=rate.share * len(ratio.given),
        planted_chance=chance_of(rate.share, ratio.planted, most),
        plants=plants,
    )


def chance_of(rate: float, ratio: Float64s, most: float = SUREST) -> Float64s:
    """Return the chance that a row is an error: rate x ratio, which comes near ``most`` and keeps its order there."""
    product, bent = rate * ratio, BENT * most
    chance: Float64s = np.where(
        product < bent, product, most - (most - bent) * np.exp(-(np.maximum(product, bent) - bent) / (most - bent))
    )
    return chance
