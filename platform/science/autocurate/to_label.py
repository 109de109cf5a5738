"""Choose the images that are worth labelling next: uncertain, of rare and weak classes, diverse, none twice.

An image's worth is the sum of its parts, each 1 for an average image of the pool, times what of it is new and
how usual it is, over what labelling it costs:

    uncertain   sum over its detections from .05 on of the entropy of their score, in bits. The sum and not the mean:
                Brust, Käding, Denzler, *Active learning for deep object detection*, 2019
    classes     sum over classes of the expected number of its objects, min(sum of scores from .01 on, 3), times what
                the class still needs, (1 - AP) / (1 + objects there / enough): inverse frequency, brought up to date
                with every image taken
    facts       for each metadata field the same need of its value, 1 / (1 + images there / enough)
    typical     where there are no detections: the root of the part of the pool that looks like it, so that what stands
                for many comes before outliers (density weighting: Settles and Craven 2008)
    novelty     distance to the nearest image that is labelled or taken, over the reach, at most 1: as in k-centre
                greedy (Sener and Savarese, *Active learning for convolutional neural networks: a core-set approach*,
                2018), but what is far enough is not preferred for being farther. The reach is the distance within
                which an average image has the pool divided by the budget
    usual       with detections: the fourth root of the part of the pool that looks like it, over the mean: outliers are
                cheap to label and full of doubts, and teach little of the rest (density weighting, as above)
    cost        with detections: its expected boxes in those of an average image, and a fifth as much for itself
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from science.autocurate.greedy import DUPLICATE, OPEN, SEQUENCE, TAKEN, Candidates, Limits, Needs, TakenImages, take
from science.autocurate.label_case import LabelCase, PoolKnowledge, label_case
from science.autocurate.label_reasons import ChosenImages, Reason, chosen_images, reason_to_label, sentence
from science.autocurate.likeness import apart, nearest, neighbours
from science.autocurate.types import ImageTable
from science.evaluation.types import Detections

OLD = 0.25  # with detections, what looks like something that is there already keeps this part of its worth
MOST_LABELLED = 2000  # labelled images that novelty is measured from

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Float64s = NDArray[np.float64]


@dataclass(frozen=True)
class ToLabelSettings:
    """How many, and how different from each other."""

    budget: int = 100  # images
    per_sequence: int = 1  # at most so many of one sequence
    hash_bits: int = 6  # images whose hashes differ in at most so many bits may be near-duplicates; -1 = none are
    alike_distance: float = 0.1  # and are if the cosine distance of their embeddings is at most this
    sure_bits: int = 2  # or if, without embeddings, at most so many bits differ
    least_distance: float = 0.05  # cosine distance up to which they are whatever the hashes; -1 = none are
    seed: int = 0


@dataclass(frozen=True)
class PickToLabel:
    """One image that is worth labelling."""

    image_index: int
    score: float  # 0 … 1, its worth when it was taken over that of the first
    parts: dict[str, float]  # in units of an average image of the pool; novelty 0 … 1
    reason: Reason  # {"code": …, parameters …}
    why: str  # the same as one English sentence
    nearest: int  # the labelled image most like it; -1 where there is none
    distance: float  # to that one: cosine distance, or how many bits of the hash differ


@dataclass(frozen=True, eq=False)
class ToLabel:
    """What was chosen, in the order to label, and by what."""

    picks: list[PickToLabel]
    measure: str  # what likeness was measured by: "embedding", "hash" or "none"
    objects: Float64s  # (I, C) that the detections let expect on each image
    left_out: dict[str, int] = field(default_factory=dict)  # images that would have been taken, by why they were not


def choose_to_label(
    images: ImageTable,
    labelled: Bools,
    *,
    class_names: Sequence[str] = (),
    detections: Detections | None = None,
    vectors: NDArray[np.floating] | None = None,
    average_precision: Float64s | None = None,
    settings: ToLabelSettings | None = None,
) -> ToLabel:
    """Choose from the images that are not ``labelled`` (I,) up to ``budget`` ones, the most worth labelling first.

    ``detections`` point into ``images``; ``vectors`` (I, D) are of length 1, or zero where an image has none;
    ``average_precision`` (C,) 0 … 1 says how well each class is found, NaN where that is not known. All three may be
    left out: then facts and hashes decide.
    """
    wanted = settings or ToLabelSettings()
    evidence = PoolKnowledge(len(class_names), detections, vectors, average_precision)
    case = label_case(images, labelled, evidence, wanted.budget, wanted.seed)
    candidates = candidates_of(case, wanted)
    taken = take(candidates, needs_of(case), limits_of(case, wanted))
    chosen = chosen_images(case, taken.rows, taken.novelty)
    reasons = [reason_to_label(case, chosen, place, class_names) for place in range(len(taken.rows))]
    return ToLabel(
        picks=picks_of(case, taken, chosen, [(reason, sentence(reason)) for reason in reasons]),
        measure=case.likeness.measure,
        objects=case.seen.objects,
        left_out=left_out_of(candidates.state),
    )


def left_out_of(state: Ints) -> dict[str, int]:
    """Return how many images would have been taken (I,), by why they were not."""
    return {"near_duplicate": int((state == DUPLICATE).sum()), "sequence": int((state == SEQUENCE).sum())}


def candidates_of(case: LabelCase, wanted: ToLabelSettings) -> Candidates:
    """Return all images, of which those that are labelled, or look just like one that is, are not open."""
    likeness, images = case.likeness, case.images
    there = np.flatnonzero(case.labelled & likeness.known)
    if len(there) > MOST_LABELLED:
        there = np.sort(np.random.default_rng([wanted.seed, 2]).choice(there, MOST_LABELLED, replace=False))
    near, distance = nearest(likeness.points, case.pool, there)
    squared, state = np.full(len(images), np.inf), np.where(case.labelled, TAKEN, OPEN)
    squared[case.pool] = distance.astype(np.float64) ** 2
    maybe = squared[case.pool] <= _least(case, wanted)
    same = apart(likeness.vectors, case.pool[maybe], near[maybe]) <= _least(case, wanted)
    state[case.pool[maybe][same]] = DUPLICATE
    return Candidates(
        fixed=case.uncertain() + case.typical(),
        amounts=case.seen.counted,
        values=case.places,
        cost=case.cost() / case.usual(),
        points=likeness.points,
        vectors=likeness.vectors,
        known=likeness.known,
        squared=squared,
        hashes=images.hashes,
        hashed=images.hashed,
        there=np.flatnonzero(case.labelled & images.hashed),
        sequence=images.sequence,
        state=state,
    )


def _least(case: LabelCase, wanted: ToLabelSettings) -> float:
    """Return the squared distance up to which two vectors are near-duplicates; hashes are compared by themselves."""
    return 2 * wanted.least_distance if case.likeness.measure == "embedding" else -1.0


def _alike(case: LabelCase, wanted: ToLabelSettings) -> float:
    """Return the same of two whose hashes are near each other; a bit of a hash is a sixteenth, see `likeness_of`."""
    return 2 * wanted.alike_distance if case.likeness.measure == "embedding" else (wanted.sure_bits + 0.5) / 16


def needs_of(case: LabelCase) -> Needs:
    classes, values = case.classes, case.values
    return Needs(
        classes.weight, classes.there.copy(), classes.enough, values.weight, values.there.copy(), values.enough
    )


def limits_of(case: LabelCase, wanted: ToLabelSettings) -> Limits:
    return Limits(
        budget=wanted.budget,
        per_sequence=wanted.per_sequence,
        hash_bits=wanted.hash_bits,
        sure_bits=wanted.sure_bits,
        reach=case.around.reach,
        floor=OLD if case.detected else 0.0,
        least=_least(case, wanted),
        alike=_alike(case, wanted),
    )


def picks_of(
    case: LabelCase, taken: TakenImages, chosen: ChosenImages, reasons: Sequence[tuple[Reason, str]]
) -> list[PickToLabel]:
    """Describe what was taken, each by what was needed when it was taken, with its reason and that as a sentence."""
    near, distance = neighbours(case.likeness, taken.rows, case.labelled)
    score = taken.worth / taken.worth[0] if len(taken.worth) and taken.worth[0] > 0 else taken.worth
    picks = []
    for place, (row, (reason, why)) in enumerate(zip(taken.rows.tolist(), reasons, strict=True)):
        parts = {name: round(float(values[place]), 4) for name, values in chosen.parts.items()}
        picks.append(PickToLabel(row, float(score[place]), parts, reason, why, near[place], distance[place]))
    return picks
