"""Pick the images that a detector finds hardest, without picking the same scene twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.doubts import log_odds
from science.autocurate.evidence import leaders, scene_of
from science.autocurate.grouping import Distinct, distinct_images
from science.autocurate.types import ImageTable
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.verdicts import ERROR_TYPES, FN, FP, ErrorType, verdicts

SHARPNESS = 2.0  # how fast doubt fades as a score's log-odds leave those of the threshold
WEIGHTS = {"missed": 3.0, "false": 2.0, "doubt": 2.0, "confusion": 1.5, "rare": 1.5, "unusual": 0.5}
MOST_OF_A_CLASS = 3  # so many objects of a rare class make an image as rare as it can be by that class

Ints = NDArray[np.int64]
Float64s = NDArray[np.float64]


@dataclass(frozen=True)
class EdgeCase:
    """One image worth labelling or training on."""

    image_index: int
    score: float  # 0 … 1, the weighted mean of the parts
    parts: dict[str, float]  # the named figures behind the score, each 0 … 1
    reason: dict[str, str | float]  # {"code": the part that weighs most, parameters …}
    why: str  # the same as one English sentence


@dataclass(frozen=True)
class EdgeCaseSettings:
    """How many, and how different from each other."""

    budget: int = 100  # images
    per_group: int = 1  # at most so many of one sequence
    hash_bits: int = 6  # images whose hashes differ in at most so many bits are not picked both; -1 = whatever they are
    least_distance: float = 0.02  # nor are images whose embeddings have at most this cosine distance


SENTENCES = {
    "missed": "The detector misses {count:.0f} labelled objects here.",
    "false": "The detector is sure of {count:.0f} objects that are not labelled so.",
    "doubt": "{count:.0f} detections lie close to the threshold, where the detector could as well say no.",
    "confusion": "At {count:.0f} places the detector wavers between two classes.",
    "rare": "The image shows {class_name}, which is rare.",
    "unusual": "Few images have {field} as this one.",
}


def find_edge_cases(
    images: ImageTable,
    detections: Detections,
    *,
    class_names: Sequence[str],
    truth: GroundTruth | None = None,
    labelled: NDArray[np.bool_] | None = None,
    confidence: float = 0.25,
    vectors: NDArray[np.floating] | None = None,
    settings: EdgeCaseSettings | None = None,
) -> list[EdgeCase]:
    """Return up to ``budget`` images, hardest first; fewer where the others are too like those picked.

    Without ``truth`` only the detector's own doubt is used; with it also missed and false boxes, on the images that are
    ``labelled`` (I,) (None: on all). ``confidence`` is the
    score from which on a prediction counts (``confidence.best_confidence``). Detections are of the images in
    their order. ``vectors`` (I, D) are the images' embeddings of length 1, zero where there is none: with them
    near-duplicates are told by how they look too.
    """
    wanted = settings or EdgeCaseSettings()
    signs = _doubt_and_confusion(len(images), detections, confidence)
    signs["rare"] = _rare(images, detections, confidence, len(class_names))
    signs["unusual"] = _unusual(images)
    if truth is not None:
        judged = detections if labelled is None else detections.take(labelled[detections.image_index])
        signs |= _errors(truth, judged, confidence)
    weights = {name: weight for name, weight in WEIGHTS.items() if name in signs}
    parts = np.stack([signs[name].part for name in weights], axis=1)  # (I, P)
    weighted = parts * np.array(list(weights.values()))
    score = weighted.sum(axis=1) / sum(weights.values())
    order = np.lexsort((np.arange(len(score)), -score))
    order = order[score[order] > 0]
    apart = Distinct(wanted.budget, wanted.per_group, wanted.hash_bits, wanted.least_distance)
    picked = distinct_images(images, order, apart, vectors)
    names = list(weights)
    found = []
    for row in picked.tolist():
        code = names[int(weighted[row].argmax())]
        reason = _reason(code, signs[code], row, images, class_names)
        shown = {name: round(float(value), 4) for name, value in zip(names, parts[row], strict=True)}
        found.append(EdgeCase(row, float(score[row]), shown, reason, SENTENCES[code].format(**reason)))
    return found


@dataclass(frozen=True, eq=False)
class _Sign:
    """One reason why an image may be hard."""

    part: Float64s  # (I,) 0 … 1
    count: Float64s  # (I,) how many objects, or (rare, unusual) which class or field is behind it


def _doubt_and_confusion(images: int, detections: Detections, confidence: float) -> dict[str, _Sign]:
    """Look at each place once, however many boxes and classes the detector names there.

    Doubt of a place is 4 p (1 - p) with p the logistic of the distance of its log-odds from the threshold's; confusion
    is the score of the second class over that of the first. An image's part is 1 - exp(-sum over its places).
    """
    scene = scene_of(GroundTruth.of(image_ids=np.arange(images)), detections)
    image = np.repeat(np.arange(images), np.diff(scene.det_start))
    leader, _ = leaders(scene, scene.det_score)
    leads = leader == np.arange(len(leader))
    distance = SHARPNESS * (log_odds(scene.det_score) - log_odds(np.array(confidence)))
    near = 1 / np.cosh(distance / 2) ** 2  # = 4 p (1 - p)
    second = np.zeros(len(leader))
    other = scene.det_class != scene.det_class[leader]
    np.maximum.at(second, leader[other], scene.det_score[other])
    torn = np.divide(second, scene.det_score, out=np.zeros_like(second), where=scene.det_score >= confidence)
    near, torn = np.where(leads, near, 0.0), np.where(leads, torn, 0.0)
    return {
        "doubt": _Sign(1 - np.exp(-_sum(image, near, images) / 3), _sum(image, near > 0.5, images)),
        "confusion": _Sign(1 - np.exp(-_sum(image, torn, images) / 1.5), _sum(image, torn > 0.5, images)),
    }


def _sum(image: Ints, values: NDArray[np.generic], images: int) -> Float64s:
    return np.bincount(image, np.asarray(values, np.float64), minlength=images).astype(np.float64)


def _rare(images: ImageTable, detections: Detections, confidence: float, classes: int) -> _Sign:
    """Count what is labelled and what is detected; a class n times rarer than the commonest one weighs log n."""
    shown = np.zeros((len(images), classes))
    sure = detections.scores >= confidence
    np.add.at(shown, (detections.image_index[sure], detections.class_index[sure]), 1.0)
    if images.class_counts.shape[1] == classes:
        shown = np.maximum(shown, images.class_counts)
    weight = _rarity(shown.sum(axis=0))
    rare = np.minimum(shown, MOST_OF_A_CLASS) * weight
    return _Sign(1 - np.exp(-rare.sum(axis=1)), rare.argmax(axis=1).astype(np.float64) if classes else rare.sum(axis=1))


def _rarity(counts: Float64s) -> Float64s:
    """Return 0 for the most frequent, towards 1 for the rarest; 0 for what does not occur at all."""
    most = np.log1p(counts.max(initial=0.0))
    rarity: Float64s = 1 - np.log1p(counts) / most if most > 0 else np.zeros(len(counts))
    return np.where(counts > 0, rarity, 0.0)


def _unusual(images: ImageTable) -> _Sign:
    """Return how rare each image's metadata values are, the rarest field counting."""
    rarities = [np.zeros(len(images))]
    for values in images.strata.values():
        given = np.maximum(values, 0)
        rarity = _rarity(np.bincount(given[values >= 0], minlength=int(given.max(initial=0)) + 1).astype(np.float64))
        rarities.append(np.where(values >= 0, rarity[given], 0.0))
    stacked = np.stack(rarities, axis=1)
    return _Sign(stacked.max(axis=1), stacked.argmax(axis=1).astype(np.float64) - 1)


def _errors(truth: GroundTruth, detections: Detections, confidence: float) -> dict[str, _Sign]:
    """Count what the detector misses, and what it claims, weighted by how sure it is; duplicates are no object."""
    rows = verdicts(truth, detections, confidence=confidence)
    missed = _sum(rows.image_index, rows.verdict == FN, truth.images)
    wrong = (rows.verdict == FP) & (rows.error_type != ERROR_TYPES.index(ErrorType.DUPLICATE))
    claimed = _sum(rows.image_index, np.where(wrong, rows.score, 0.0), truth.images)
    return {
        "missed": _Sign(1 - np.exp(-missed / 2), missed),
        "false": _Sign(1 - np.exp(-claimed), _sum(rows.image_index, wrong, truth.images)),
    }


def _reason(code: str, sign: _Sign, row: int, images: ImageTable, class_names: Sequence[str]) -> dict[str, str | float]:
    if code == "rare":
        return {"code": code, "class_name": class_names[int(sign.count[row])]}
    if code == "unusual":
        return {"code": code, "field": list(images.strata)[int(sign.count[row])]}
    return {"code": code, "count": max(1.0, float(sign.count[row]))}
