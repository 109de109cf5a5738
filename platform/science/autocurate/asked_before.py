"""What a person has rejected is not asked again, as long as the label stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from science.autocurate.suggestions import Box, LabelErrorKind, SuggestedLabel
from science.geometry.boxes import iou

SAME_IOU = 0.5  # two proposed boxes that overlap by so much are one proposal


@dataclass(frozen=True)
class RejectedSuggestion:
    """What was suggested of one version of a label, or of a place without one, and rejected."""

    kind: LabelErrorKind
    image_index: int
    annotation_id: int  # of the label's version; -1 for a missing label
    proposed_class: int  # -1 where the label should go
    proposed_box: Box | None


def not_asked_before(
    found: Sequence[SuggestedLabel], rejected: Iterable[RejectedSuggestion]
) -> tuple[list[SuggestedLabel], int]:
    """Return the suggestions without those rejected before, in their order, and how many were left out.

    The same is: of the same kind, about the same version of a label (for a missing one, in the same image), with the
    same class proposed, and the same box as far as one is. A label that was changed since is another version, and is
    asked about again.
    """
    before: dict[tuple[LabelErrorKind, int, int, int], list[Box | None]] = {}
    for one in rejected:
        before.setdefault(_key(one), []).append(one.proposed_box)
    kept = [one for one in found if not _is_among(one.proposed_box, before.get(_key(one), []))]
    return kept, len(found) - len(kept)


def _key(one: SuggestedLabel | RejectedSuggestion) -> tuple[LabelErrorKind, int, int, int]:
    return one.kind, one.image_index, one.annotation_id, one.proposed_class


def _is_among(box: Box | None, others: list[Box | None]) -> bool:
    if box is None or None in others:
        return bool(others)
    return bool(others) and bool(iou(np.array([box]), np.array(others))[0].max() >= SAME_IOU)
