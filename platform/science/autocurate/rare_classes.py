"""Take the best images of some classes: those that show most of what there is least of, and none twice.

An image's worth is

    (classes + 0.25 facts) · novelty

with the parts of `to_label`: a class's objects, at most three of an image, each worth 1 / (1 + objects there / enough),
brought up to date with every image taken, so that one class does not take all places; 0 for a class that nobody asked
for. What there is already is left out, and so is what looks like it or like an image taken before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from science.autocurate.greedy import TAKEN, Candidates, take
from science.autocurate.label_case import WEIGHTS, LabelCase, PoolKnowledge, label_case
from science.autocurate.label_reasons import ChosenImages, Reason, chosen_images
from science.autocurate.to_label import (
    ToLabel,
    ToLabelSettings,
    candidates_of,
    left_out_of,
    limits_of,
    needs_of,
    picks_of,
)
from science.autocurate.types import ImageTable
from science.autocurate.worth import SeenObjects
from science.evaluation.types import Detections

SHOWS = 0.5  # objects of a class that are expected on an image, from which on it is said to show one
MOST_NAMED = 3  # classes that are asked for where none is named

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Float64s = NDArray[np.float64]

SENTENCES = {
    "shows_class": "It shows {count:.0f} of {class_name}, of which there are {there:.0f} so far.",
    "may_show_class": "It may show {class_name}, of which there are {there:.0f} so far.",
}


def rarest(there: Float64s, offered: Float64s, most: int = MOST_NAMED) -> Ints:
    """Return up to ``most`` classes of which there is least (C,), of those of which one is ``offered`` (C,).

    Where there is as little of several, it is those of which least is offered: of all, where nothing is there yet.
    """
    order = np.lexsort((offered, there))
    return np.sort(order[offered[order] >= SHOWS][:most]).astype(np.int64)


def choose_rare(
    images: ImageTable,
    there: Bools,
    seen: Detections,
    asked: Ints,
    *,
    class_names: Sequence[str],
    sure: Bools,
    vectors: NDArray[np.floating] | None = None,
    settings: ToLabelSettings | None = None,
) -> ToLabel:
    """Choose from the images that are not ``there`` (I,) up to ``budget`` ones that show a class that is ``asked`` for.

    ``seen`` are the objects of the images, in ``images``' order: labels with a score of 1, predictions with theirs.
    ``sure`` (I,) says of which images they are labels. ``images.class_counts`` count what there is.
    """
    wanted = settings or ToLabelSettings()
    known = PoolKnowledge(len(class_names), seen, vectors)
    case = _asked_case(label_case(images, there, known, wanted.budget, wanted.seed), asked)
    shows: Bools = np.any(case.seen.objects[:, asked] >= SHOWS, axis=1).astype(bool)
    candidates = _showing(candidates_of(case, wanted), shows)
    taken = take(candidates, needs_of(case), limits_of(case, wanted))
    chosen = chosen_images(case, taken.rows, taken.novelty)
    reasons = [_reason(case, chosen, at, sure, class_names) for at in range(len(taken.rows))]
    return ToLabel(
        picks_of(case, taken, chosen, [(one, SENTENCES[str(one["code"])].format(**one)) for one in reasons]),
        measure=case.likeness.measure,
        objects=case.seen.objects,
        left_out=left_out_of(candidates.state),
    )


def _showing(candidates: Candidates, shows: Bools) -> Candidates:
    """Return the candidates of which only those that show a class are open: by that alone, whatever they cost."""
    state = np.where(shows, candidates.state, TAKEN)
    return candidates._replace(fixed=np.zeros(len(shows)), cost=np.ones(len(shows)), state=state)


def _reason(case: LabelCase, chosen: ChosenImages, place: int, sure: Bools, class_names: Sequence[str]) -> Reason:
    """Name the class that weighs most on the image."""
    row, index = int(chosen.rows[place]), int(chosen.of_class[place].argmax())
    there = float(case.classes.there[index])
    if not sure[row]:
        return {"code": "may_show_class", "class_name": class_names[index], "there": there}
    count = float(case.seen.objects[row, index])
    return {"code": "shows_class", "class_name": class_names[index], "count": count, "there": there}


def _asked_case(case: LabelCase, asked: Ints) -> LabelCase:
    """Return the case in which no other class is worth anything, and nothing is worth a look for being unsure."""
    weight = np.zeros(len(case.classes.there))
    worth = case.seen.counted[case.pool][:, asked] / (1 + case.classes.there[asked] / case.classes.enough)
    mean = float(worth.sum(axis=1).mean()) if len(worth) else 0.0
    weight[asked] = WEIGHTS["classes"] / mean if mean > 0 else 0.0
    seen = SeenObjects(np.zeros_like(case.seen.entropy), np.zeros_like(case.seen.unsure), case.seen.objects)
    return replace(case, classes=replace(case.classes, weight=weight), seen=seen)
