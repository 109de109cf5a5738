"""How far the people who labelled the same tasks agree."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from label.models import Batch
from label.quality.models import Consensus
from science.consensus.alpha import NO_ANSWER, Alpha, alpha_of_images

Answers = dict[str, int]  # by person's id the class


@dataclass(frozen=True)
class BatchAgreement:
    """Of the batch's tasks whose copies were all handed in.

    `classes` leaves an object that somebody did not see out for that person; `objects` counts "no object" as an answer
    of its own.
    """

    tasks: int
    objects_seen: int
    undecided: int  # tasks with questions that no reviewer has answered
    classes: Alpha | None
    objects: Alpha | None
    overlap: float | None  # mean IoU of objects that two or more saw
    pairs: dict[int, tuple[int, int]] = field(default_factory=dict)  # by person: pairs with another, alike and all


def agreement_in(batch: Batch) -> BatchAgreement:
    rows = list(Consensus.objects.filter(task__batch=batch).order_by("task__position"))
    told = [(row.answers["people"], row.answers["units"]) for row in rows]
    codes = {
        class_id: at for at, class_id in enumerate(sorted({c for _, units in told for u in units for c in u.values()}))
    }
    nothing = len(codes)
    overlaps = [overlap for row in rows for overlap in row.overlaps]
    return BatchAgreement(
        tasks=len(rows),
        objects_seen=sum(len(units) for _, units in told),
        undecided=sum(row.decided_at is None for row in rows),
        classes=alpha_of_images([_coded(people, units, codes, NO_ANSWER) for people, units in told], nothing + 1),
        objects=alpha_of_images([_coded(people, units, codes, nothing) for people, units in told], nothing + 1),
        overlap=sum(overlaps) / len(overlaps) if overlaps else None,
        pairs=_pairs(told),
    )


def _coded(people: list[int], units: list[Answers], codes: dict[int, int], absent: int) -> NDArray[np.int64]:
    """(U, P) the answers of an image, as numbers; `absent` where somebody has no box."""
    rows = [[codes[unit[str(one)]] if str(one) in unit else absent for one in people] for unit in units]
    return np.array(rows, np.int64).reshape(-1, max(1, len(people)))


def _pairs(told: list[tuple[list[int], list[Answers]]]) -> dict[int, tuple[int, int]]:
    """By person: of all objects that they or another saw, how often both said the same."""
    alike, every = Counter[int](), Counter[int]()
    for people, units in told:
        for unit in units:
            for a, b in combinations(people, 2):
                said = unit.get(str(a)), unit.get(str(b))
                if said != (None, None):
                    for person in (a, b):
                        every[person] += 1
                        alike[person] += said[0] == said[1]
    return {person: (alike[person], every[person]) for person in every}
