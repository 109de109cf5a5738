"""Time that help saved against drawing by hand. Pure, no Django.

    saved = boxes that stayed × the person's own median of drawing one − all seconds that the help took

Offers that were refused saved nothing and took their time, so they count against it; so does correcting a pre-label.
Looking at pre-labels that were right is not among these seconds: nobody knows when somebody looks.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

ENOUGH = 20  # boxes drawn by hand, before their median says anything


@dataclass(frozen=True)
class Helped:
    """Boxes that came by help and stayed, and the seconds that all of the help took, refused offers too."""

    boxes: int = 0
    seconds: float = 0.0

    def __add__(self, other: Helped) -> Helped:
        return Helped(self.boxes + other.boxes, self.seconds + other.seconds)


def median(seconds: Sequence[float]) -> float | None:
    """The median of boxes drawn by hand; None while there are too few."""
    return statistics.median(seconds) if len(seconds) >= ENOUGH else None


def saved(helped: Helped, by_hand: float | None) -> float | None:
    """Seconds saved, negative where the help cost time; None while nobody knows how long drawing takes."""
    return None if by_hand is None else helped.boxes * by_hand - helped.seconds
