"""Slices as sets: put together, cut, taken away from each other, compared."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataset.models import Slice
from dataset.selectors.slices import image_ids, slice_brief

Ids = NDArray[np.int64]
OPERATIONS = ("union", "intersect", "subtract")


def combined_images(operation: str, slices: Sequence[Slice]) -> Ids:
    """The images, ascending: in any of the slices, in all of them, or in the first and none of the others."""
    first, *others = [image_ids(row) for row in slices]
    if operation == "union":
        return reduce(np.union1d, others, first)
    if operation == "intersect":
        return reduce(np.intersect1d, others, first)
    return reduce(np.setdiff1d, others, first)


def difference(a: Slice, b: Slice) -> dict[str, Any]:
    """How many images are in one, in the other and in both, each with the query line that finds them."""
    mine, theirs = image_ids(a), image_ids(b)
    both = len(np.intersect1d(mine, theirs, assume_unique=True))
    in_a, in_b = in_slice(a), in_slice(b)
    return {
        "a": slice_brief(a),
        "b": slice_brief(b),
        "only_a": {"images": len(mine) - both, "q": f"{in_a} and not {in_b}"},
        "both": {"images": both, "q": f"{in_a} and {in_b}"},
        "only_b": {"images": len(theirs) - both, "q": f"{in_b} and not {in_a}"},
    }


def in_slice(row: Slice) -> str:
    """The condition that finds the slice's images, by name, as a person would write it."""
    name = row.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'in_slice("{name}")'
