"""One object's boxes of several people made one: by vote, or left to somebody who decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

SURE = 0.6  # share of all weight from which on a vote stands; two of three are .67, one of two is a conflict
CLOSE = 1e-9
PRIOR, PRIOR_RIGHT = 10, 0.8  # answers that everybody is credited with, and the share of them that is right

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Vote:
    """What a vote on one object came to. A conflict has a question that somebody must answer."""

    keep: bool  # whether there is an object at all; of a conflict, what most say
    class_id: int  # of a conflict, the class with most weight
    box: Box  # xyxy pixels: the median of each side over those who drew it
    question: str | None = None  # presence, class


def vote(classes: Mapping[int, int], boxes: Mapping[int, ArrayLike], weights: Mapping[int, float]) -> Vote:
    """Vote on an object: class and box by person who drew it; ``weights`` are all people's, also of those who did not.

    It is there where those who drew it carry a share of SURE of all weight, and not where the others do. Its class
    needs the same share of the weight of those who drew it.
    """
    everybody = sum(weights.values())
    drew = sum(weights[person] for person in classes)
    by_class: dict[int, float] = defaultdict(float)
    for person, class_id in classes.items():
        by_class[class_id] += weights[person]
    leading = max(by_class, key=lambda class_id: (by_class[class_id], -class_id))
    box = median_box([boxes[person] for person in classes])
    there, named = drew / everybody, by_class[leading] / drew
    if 1 - SURE + CLOSE < there < SURE - CLOSE:
        return Vote(there >= 0.5, leading, box, "presence")
    if there >= 0.5 and named < SURE - CLOSE:
        return Vote(True, leading, box, "class")
    return Vote(there >= 0.5, leading, box)


def median_box(boxes: list[ArrayLike]) -> Box:
    """Return the median of each side: with three people, one who was careless does not move it."""
    sides: NDArray[np.float64] = np.median(np.asarray(boxes, np.float64), axis=0)
    x1, y1, x2, y2 = (float(side) for side in sides)
    return x1, y1, x2, y2


def weight_of(right: int, answered: int) -> float:
    """Return what a person's vote counts: the share of right answers on known objects, with PRIOR more of which .8 are.

    So people of whom nothing is known count alike, and one image with known labels moves no vote.
    """
    return (right + PRIOR_RIGHT * PRIOR) / (answered + PRIOR)
