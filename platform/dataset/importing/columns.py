"""The boxes of a source, a column each: two million of them are 80 MB, where objects would be a gigabyte."""

import math
from array import array
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from accounts.values import first_fault

NO_ATTRIBUTES = -1
NOT_STATED = 0.0  # as an area: the box's own
Box = Sequence[float]


class Ignore(IntEnum):
    """Whether a label counts: as an object, or as a place that is neither object nor background.

    Whatever lies in an ignored place is not judged: its IoU is the part of the detection that is inside, as COCO has it
    for crowds.
    """

    NO = 0
    REGION = 1  # one thing: VOC's difficult
    CROWD = 2  # many of its class: COCO's iscrowd, OpenImages' IsGroupOf
    ANYTHING = 3  # of every class: KITTI's DontCare, VisDrone's ignored regions

    @property
    def word(self) -> str:
        """As the API and our exports spell it."""
        return self.name.lower()


class AttributeValues:
    """Distinct sets of attributes, each known by a number; most boxes share a few."""

    def __init__(self) -> None:
        self.values: list[bytes] = []  # JSON objects
        self._codes: dict[bytes, int] = {}

    @classmethod
    def of_all(cls, values: Sequence[bytes]) -> "AttributeValues":
        """Sets that have their numbers already, as JSON."""
        found = cls()
        found.values = list(values)
        found._codes = {value: code for code, value in enumerate(values)}
        return found

    def code(self, attributes: dict[str, Any] | None) -> int:
        """The number of a set; NO_ATTRIBUTES for none. Raises ValueError where it cannot be kept (accounts.values)."""
        if not attributes:
            return NO_ATTRIBUTES
        try:
            value = orjson.dumps(attributes, option=orjson.OPT_SORT_KEYS)
        except TypeError as error:  # such as a whole number of more than 64 bits
            raise ValueError(str(error)) from error
        if (b"\\u0000" in value or b"null" in value) and (fault := first_fault(attributes)):  # NaN becomes null
            raise ValueError(fault.reason)
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
        self.ignore = array("b")  # an Ignore
        self.area = array("d")  # square pixels as the file states it, NOT_STATED where it does not
        self.values = AttributeValues()

    def __len__(self) -> int:
        return len(self.image)

    def add(
        self,
        image: int,
        label: int,
        box: Box,
        where: tuple[int, int],
        attributes: int = NO_ATTRIBUTES,
        *,
        ignore: int = Ignore.NO,
        area: float | None = None,
    ) -> None:
        """Add one box; `where` is its file and its place there, `area` what the file states in square pixels."""
        self.image.append(image)
        self.label.append(label)
        self.box.extend(box)
        self.file.append(where[0])
        self.place.append(where[1])
        self.attributes.append(attributes)
        self.ignore.append(ignore)
        self.area.append(area if area is not None and 0 < area < math.inf else NOT_STATED)

    def extend(
        self,
        image: NDArray[np.integer],
        label: NDArray[np.integer],
        boxes: NDArray[np.float64],
        places: NDArray[np.integer],
        file: int,
        attributes: NDArray[np.int32],
        ignore: NDArray[np.int8] | None = None,
        area: NDArray[np.float64] | None = None,
    ) -> None:
        """Add `(N,)` boxes of one file; boxes are `(N, 4)`. `ignore` None: none is; `area` None: none is stated."""
        self.image.frombytes(image.astype(np.int32).tobytes())
        self.label.frombytes(label.astype(np.int32).tobytes())
        self.box.frombytes(boxes.astype(np.float64).tobytes())
        self.place.frombytes(places.astype(np.int64).tobytes())
        self.file.frombytes(np.full(len(image), file, dtype=np.int32).tobytes())
        self.attributes.frombytes(attributes.astype(np.int32).tobytes())
        self.ignore.frombytes((np.zeros(len(image)) if ignore is None else ignore).astype(np.int8).tobytes())
        self.area.frombytes((np.zeros(len(image)) if area is None else area).astype(np.float64).tobytes())

    def array(self, name: str) -> NDArray[Any]:
        """One column as an array of its own; `(N, 4)` float64 for the boxes."""
        return self.view(name).copy()

    def view(self, name: str) -> NDArray[Any]:
        """The same without a copy; nothing can be added to the column while it lives."""
        column = getattr(self, name)
        found = np.frombuffer(column, dtype=column.typecode)
        return found.reshape(-1, 4) if name == "box" else found

    def forget(self) -> None:
        """Let go of all boxes, once they are kept in another form; the sets of attributes stay."""
        self.keep(np.zeros(len(self), dtype=bool))

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Forget the boxes that are not among those kept, `(N,)`."""
        for name in ("image", "label", "box", "place", "file", "attributes", "ignore", "area"):
            column = getattr(self, name)
            setattr(self, name, array(column.typecode, self.array(name)[kept].tobytes()))
