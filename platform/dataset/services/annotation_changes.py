"""What a caller wants changed about one object."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dataset.importing.columns import Ignore
from dataset.models import Provenance


@dataclass(frozen=True)
class AnnotationChange:
    """One object's change. `add` needs class_id and box; `set` changes what is given; `remove` needs the object only.

    `box` is xyxy pixels, cut to the image. `attributes` and `ignore` None leave them as they are; a new box has the
    area of its own.

    `shape` is a finer shape, packed; without a box beside it the box is the one around it. None leaves it as it is: it
    moves along with a box that is changed, but for a mask, which is left out then, as `no_shape` leaves out any.
    """

    op: Literal["add", "set", "remove"]
    image_id: int
    object_id: int | None = None
    class_id: int | None = None
    box: Sequence[float] | None = None
    attributes: dict[str, Any] | None = None
    provenance: Provenance = Provenance.HUMAN
    ignore: Ignore | None = None
    shape: bytes | None = None
    no_shape: bool = False
