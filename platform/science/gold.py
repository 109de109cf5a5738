"""A person's boxes against those that are known to be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from numpy.typing import ArrayLike

from science.consensus.units import SAME_OBJECT, mean_overlap, one_objects


@dataclass(frozen=True)
class Marks:
    """Counts of objects: each that the person or the truth has is right, of the wrong class, missed, or extra."""

    right: int = 0
    wrong_class: int = 0
    missed: int = 0
    extra: int = 0
    overlap: float | None = None  # mean IoU of the found
    by_class: dict[int, list[int]] = field(default_factory=dict)  # [right, wrong class, missed, extra]

    @property
    def answers(self) -> int:
        return self.right + self.wrong_class + self.missed + self.extra

    @property
    def errors(self) -> int:
        return self.answers - self.right


def marks(
    *,
    truth: ArrayLike,
    truth_classes: Sequence[int],
    given: ArrayLike,
    given_classes: Sequence[int],
    forgiven: Sequence[bool] = (),
    same: float = SAME_OBJECT,
) -> Marks:
    """Mark a person's boxes (M, 4) by the right ones (N, 4), xyxy pixels of one image.

    ``forgiven`` (N,) are objects that count neither found nor missed: ignored ones. An extra box stands under its own
    class, everything else under the right one.
    """
    ignored = list(forgiven) or [False] * len(truth_classes)
    counts, overlaps = dict[int, list[int]](), list[float]()
    for unit in one_objects([truth, given], same):
        known, said = unit.get(0), unit.get(1)
        if known is not None and ignored[known]:
            continue
        if known is None and said is not None:
            kind, of = 3, given_classes[said]
        elif known is not None:
            of = truth_classes[known]
            kind = 2 if said is None else int(given_classes[said] != of)
        counts.setdefault(of, [0, 0, 0, 0])[kind] += 1
        overlaps += [each for each in [mean_overlap([truth, given], unit)] if each is not None]
    right, wrong, missed, extra = (sum(each[kind] for each in counts.values()) for kind in range(4))
    overlap = sum(overlaps) / len(overlaps) if overlaps else None
    return Marks(right, wrong, missed, extra, overlap, counts)
