"""In which order to look at doubtful labels: expected gain per second of a person's time.

A suggestion is worth its chance times what such an error costs the detector; it takes a decision, perhaps a box drawn
anew, and the image must be opened first, once for all that is looked at in it. Within an image the order is by worth
per second, and one goes on for as long as that raises what the visit brings per second: so a sure error brings along
the doubtful ones beside it that are cheap to look at now. Visits follow by worth per second (the decomposition of
Sidney 1975 for chains, which is optimal for the sum of worth over time).
"""

from __future__ import annotations

from collections.abc import Mapping
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


def measured_seconds(
    *, active: ArrayLike, answered: ArrayLike, redrawn: ArrayLike, first: ReviewSeconds | None = None
) -> ReviewSeconds:
    """Return what people really need: the ``first`` seconds times the median of (active / expected) over T tasks.

    ``active`` (T,) are seconds that a person was at work on a task, ``answered`` and ``redrawn`` (T,) its suggestions
    with a verdict, and those for which a box had to be drawn. The median, so that no lunch counts.
    """
    known = first or ReviewSeconds()
    expected = (
        known.open_image
        + known.decide * np.asarray(answered, np.float64)
        + known.redraw * np.asarray(redrawn, np.float64)
    )
    factor = float(np.median(np.asarray(active, np.float64) / expected))
    return ReviewSeconds(known.decide * factor, known.redraw * factor, known.open_image * factor)


def stepwise_seconds(*, decided: ArrayLike, drawn: ArrayLike, first: ArrayLike) -> ReviewSeconds:
    """Return what people need by the medians of single steps, each timed by itself.

    ``decided`` and ``drawn`` are seconds of answers and of boxes within a sitting, ``first`` of the answer that began
    one: what that takes longer is the time until the image is understood. A box is drawn on top of an answer.
    """
    decide, redraw, begin = (float(np.median(np.asarray(each, np.float64))) for each in (decided, drawn, first))
    return ReviewSeconds(decide, redraw, max(0.0, begin - decide))


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
    *,
    kind: ArrayLike,
    label: ArrayLike,
    boxes: ArrayLike,
    sensitivity: ErrorSensitivity | Mapping[str, Float64s] | None = None,
) -> Float64s:
    """Return (K,) what each error costs, in points of mAP.

    One error is 1 / n_c of a class with n_c labels, and a class is 1 / C of mAP: an error of a rare class weighs more.
    ``kind`` (K,) are names of ``ErrorSensitivity``'s fields, ``label`` (K,) class positions, ``boxes`` (C,) labels;
    ``sensitivity`` is the same for all classes, or by kind (C,) that of each.
    """
    given = sensitivity or ErrorSensitivity()
    loss = given if isinstance(given, Mapping) else vars(given)
    counts, of = np.maximum(np.asarray(boxes, np.float64), 1.0), np.asarray(label, np.int64)
    table = {name: np.broadcast_to(value, counts.shape) for name, value in loss.items()}
    each = np.array([table[str(name)][at] for name, at in zip(kind, of, strict=True)], np.float64)  # type: ignore[arg-type]
    costs: Float64s = each / (counts[of] * max(len(counts), 1))
    return costs
