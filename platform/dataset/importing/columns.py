"""The boxes of a source, a column each: two million of them are 80 MB, where objects would be a gigabyte."""

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

NO_ATTRIBUTES = -1
Box = Sequence[float]


class AttributeValues:
    """Distinct sets of attributes, each known by a number; most boxes share a few."""

    def __init__(self) -> None:
        self.values: list[bytes] = []  # JSON objects
        self._codes: dict[bytes, int] = {}

    def code(self, attributes: dict[str, Any] | None) -> int:
        """The number of a set; NO_ATTRIBUTES for none. Raises ValueError where it is not JSON that Postgres holds."""
        if not attributes:
            return NO_ATTRIBUTES
        try:
            value = orjson.dumps(attributes, option=orjson.OPT_SORT_KEYS)
        except TypeError as error:
            raise ValueError(str(error)) from error
        if b"\\u0000" in value:
            raise ValueError("they hold a NUL character")
        known = self._codes.get(value)
        if known is None:
            known = self._codes[value] = len(self.values)
            self.values.append(value)
        return known

    def of(self, code: int) -> dict[str, Any] | None:
        """The set of that number."""
        return None if code == NO_ATTRIBUTES else dict(orjson.loads(self.values[code]))


class BoxColumns:
    """Boxes in the unit of their format (Source.form), with where each was read."""

    def __init__(self) -> None:
        self.image = array("i")  # place in Source.images
        self.label = array("i")  # place in Source.class_names
        self.box = array("d")  # four each
        self.place = array("q")  # the line, or the place among its file's records
        self.file = array("i")  # place in Source.files
        self.attributes = array("i")  # by AttributeValues
        self.values = AttributeValues()

    def __len__(self) -> int:
        return len(self.image)

    def add(self, image: int, label: int, box: Box, where: tuple[int, int], attributes: int = NO_ATTRIBUTES) -> None:
        """Add one box; `where` is its file and its place there."""
        self.image.append(image)
        self.label.append(label)
        self.box.extend(box)
        self.file.append(where[0])
        self.place.append(where[1])
        self.attributes.append(attributes)

    def extend(
        self,
        image: NDArray[np.integer],
        label: NDArray[np.integer],
        boxes: NDArray[np.float64],
        places: NDArray[np.int64],
        file: int,
        attributes: NDArray[np.int32],
    ) -> None:
        """Add `(N,)` boxes of one file; boxes are `(N, 4)`."""
        self.image.frombytes(image.astype(np.int32).tobytes())
        self.label.frombytes(label.astype(np.int32).tobytes())
        self.box.frombytes(boxes.astype(np.float64).tobytes())
        self.place.frombytes(places.astype(np.int64).tobytes())
        self.file.frombytes(np.full(len(image), file, dtype=np.int32).tobytes())
        self.attributes.frombytes(attributes.astype(np.int32).tobytes())

    def array(self, name: str) -> NDArray[Any]:
        """One column as an array of its own; `(N, 4)` float64 for the boxes."""
        column = getattr(self, name)
        found = np.array(column, dtype=column.typecode)
        return found.reshape(-1, 4) if name == "box" else found
