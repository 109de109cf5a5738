"""Shapes that were drawn on pictures as they are stored, turned with them (stored_view)."""

from collections.abc import Callable

import numpy as np

from dataset.importing.drawn import Drawn, mask, outlines, turned_box
from science.geometry import turned
from science.shapes.finer import Finer, Mask, TurnedBox, pixels_of_mask
from science.shapes.measures import corners_of

Point = tuple[float, float]

LYING = (5, 6, 7, 8)
MIRRORED_ACROSS, UPSIDE_DOWN = (2, 3, 6, 7), (3, 4, 7, 8)


def upright_shape(shape: Finer, orientation: int, upright: Callable[[Point], Point]) -> Drawn:
    """The shape in the upright picture; `upright` is where a point of the stored one lies there."""
    if isinstance(shape, Mask):
        pixels = pixels_of_mask(shape)
        pixels = pixels.T if orientation in LYING else pixels
        pixels = pixels[:, ::-1] if orientation in MIRRORED_ACROSS else pixels
        return mask(np.ascontiguousarray(pixels[::-1] if orientation in UPSIDE_DOWN else pixels))
    if isinstance(shape, TurnedBox):
        return turned_box(*turned.from_corners([upright((x, y)) for x, y in corners_of(shape).tolist()]))
    parts = [[[upright((x, y)) for x, y in ring.tolist()] for ring in part] for part in shape.parts]
    return outlines(parts)
