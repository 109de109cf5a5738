"""In which order to look at doubtful labels: expected gain per second of a person's time.

A suggestion is worth its chance times what such an error costs the detector; it takes a decision, perhaps a box drawn
anew, and the image must be opened first, once for all that is looked at in it. Within an image the order is by worth
per second, and one goes on for as long as that raises what the visit brings per second: so a sure error brings along
the doubtful ones beside it that are cheap to look at now. Visits follow by worth per second (the decomposition of
Sidney 1975 for chains, which is optimal for the sum of worth over time).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Float64s = NDArray[np.float64]


@dataclass(frozen=True)
class ReviewSeconds:
    """What a person needs, as medians; the defaults are those of the published experiment's kind of work."""

    decide: float = 2.0  # to look at a suggestion and answer
    redraw: float = 5.0  # to draw or correct a box, on top
    open_image: float = 1.0  # until the image is there and understood


@dataclass(frozen=True, eq=False)
class ReviewOrder:
    """All suggestions in the order to look at them."""

    rows: Ints  # (K,) positions in what was given
    opens: NDArray[np.bool_]  # (K,) whether the image is opened for this one
    seconds: Float64s  # (K,) from the start until this one is answered, as expected
    errors: Float64s  # (K,) mended by then, as expected
    worth: Float64s  # (K,) gained by then, as expected, in the unit of the costs

    def within(self, seconds: float) -> int:
        """How many suggestions are answered in this time."""
        return int(np.searchsorted(self.seconds, seconds, side="right"))


def review_order(
    *, image: ArrayLike, chance: ArrayLike, cost: ArrayLike, redrawn: ArrayLike, seconds: ReviewSeconds | None = None
) -> ReviewOrder:
    """Order K suggestions.

    ``image`` (K,) says which belong together, ``chance`` (K,) 0 … 1 that the label is wrong, ``cost`` (K,) of such an
    error in any unit, ``redrawn`` (K,) whether a box has to be drawn where it is. Ties keep the order given.
    """
    taken = seconds or ReviewSeconds()
    images, chances = np.asarray(image, np.int64), np.asarray(chance, np.float64)
    worth = chances * np.asarray(cost, np.float64)
    answers = taken.decide + taken.redraw * np.where(np.asarray(redrawn, bool), chances, 0.0)
    rows, opens = _visits(images, worth, answers, taken.open_image)
    return ReviewOrder(
        rows=rows,
        opens=opens,
        seconds=np.cumsum(answers[rows] + taken.open_image * opens),
        errors=np.cumsum(chances[rows]),
        worth=np.cumsum(worth[rows]),
    )


def _visits(image: Ints, worth: Float64s, answers: Float64s, opening: float) -> tuple[Ints, NDArray[np.bool_]]:
    """Cut each image's suggestions into visits, and order the visits by worth per second."""
    inner = np.lexsort((np.arange(len(image)), -worth / answers, image))
    visits: list[Ints] = []
    for one in np.split(inner, np.flatnonzero(np.diff(image[inner])) + 1):
        rest = one
        while len(rest):
            length = _best_length(worth[rest], answers[rest], opening)
            visits.append(rest[:length])
            rest = rest[length:]
    rate = np.array([worth[rows].sum() / (opening + answers[rows].sum()) for rows in visits])
    first = np.array([rows[0] for rows in visits], np.int64)
    order = np.lexsort((first, -rate)) if len(visits) else np.zeros(0, np.int64)
    lengths = np.array([len(visits[at]) for at in order], np.int64)
    rows = np.concatenate([visits[at] for at in order]) if len(visits) else np.zeros(0, np.int64)
    opens = np.zeros(len(rows), bool)
    opens[np.cumsum(lengths) - lengths] = True
    return rows, opens


def _best_length(worth: Float64s, answers: Float64s, opening: float) -> int:
    """Return how many suggestions of an image make the visit that brings most per second."""
    rate = np.cumsum(worth) / (opening + np.cumsum(answers))
    return len(rate) - int(rate[::-1].argmax())  # the longest of equals


def worth_per_second(
    *, image: ArrayLike, chance: ArrayLike, cost: ArrayLike, redrawn: ArrayLike, seconds: ReviewSeconds | None = None
) -> tuple[Ints, Float64s]:
    """Return the images (I,), rising, and what each brings per second if all its suggestions are answered at once.

    The arguments are those of ``review_order``. For work that is done image by image, as Label's tasks are.
    """
    taken = seconds or ReviewSeconds()
    images, rows = np.unique(np.asarray(image, np.int64), return_inverse=True)
    chances = np.asarray(chance, np.float64)
    answers = taken.decide + taken.redraw * np.where(np.asarray(redrawn, bool), chances, 0.0)
    worth = np.bincount(rows, chances * np.asarray(cost, np.float64), len(images))
    rate: Float64s = worth / (taken.open_image + np.bincount(rows, answers, len(images)))
    return images, rate


@dataclass(frozen=True)
class ErrorSensitivity:
    """How many points of a class's AP are lost where all of its labels have an error of this kind, extrapolated.

    Measured on generated scenes (docs/mislabels.md): of what spoilt labels cost, wrong classes make up two thirds.
    """

    wrong_class: float = 9.0
    missing: float = 3.0
    spurious: float = 1.5
    badly_drawn: float = 2.5


def error_costs(
    *, kind: ArrayLike, label: ArrayLike, boxes: ArrayLike, sensitivity: ErrorSensitivity | None = None
) -> Float64s:
    """Return (K,) what each error costs, in points of mAP.

    One error is 1 / n_c of a class with n_c labels, and a class is 1 / C of mAP: an error of a rare class weighs more.
    ``kind`` (K,) are names of ``ErrorSensitivity``'s fields, ``label`` (K,) class positions, ``boxes`` (C,) labels.
    """
    loss = vars(sensitivity or ErrorSensitivity())
    counts = np.maximum(np.asarray(boxes, np.float64), 1.0)
    each = np.array([loss[str(name)] for name in np.asarray(kind)], np.float64).reshape(-1)
    costs: Float64s = each / (counts[np.asarray(label, np.int64)] * max(len(counts), 1))
    return costs
