"""The boxes of a source, a column each: two million of them are 80 MB, where objects would be a gigabyte."""

import math
from array import array
from collections.abc import Sequence
from enum import IntEnum
from os import SEEK_END
from typing import IO, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from accounts.values import first_fault
from dataset.importing.scratch import closed_with, let_go, mapped, new_file

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


NUMBERS = dict.fromkeys(("image", "label", "file", "attributes"), "i")
TYPES = NUMBERS | {"box": "d", "place": "q", "ignore": "b", "area": "d"}
MOST_IN_MEMORY = 250_000  # boxes


class BoxColumns:
    """Boxes in the unit of their format (Source.form), with where each was read.

    While they are read, the last ones stand in memory; what goes before them lies in files (`scratch`) where there are
    many. Afterwards `view` has a column as a whole.
    """

    def __init__(self) -> None:
        self.values = AttributeValues()
        self._clear()

    def _clear(self) -> None:
        self._files: dict[str, IO[bytes]] = {}
        self._views: dict[str, NDArray[Any]] = {}  # of what lies in files
        self._in_files = 0
        self._image = array("i")  # place in Source.images
        self._label = array("i")  # place in Source.class_names
        self._box = array("d")  # four each
        self._place = array("q")  # the line, or the place among its file's records
        self._file = array("i")  # place in Source.files
        self._attributes = array("i")  # by AttributeValues
        self._ignore = array("b")  # an Ignore
        self._area = array("d")  # square pixels as the file states it, NOT_STATED where it does not

    def __len__(self) -> int:
        return self._in_files + len(self._image)

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
        self._image.append(image)
        self._label.append(label)
        self._box.extend(box)
        self._file.append(where[0])
        self._place.append(where[1])
        self._attributes.append(attributes)
        self._ignore.append(ignore)
        self._area.append(area if area is not None and 0 < area < math.inf else NOT_STATED)
        if len(self._image) >= MOST_IN_MEMORY:
            self._into_files()

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
        self._image.frombytes(image.astype(np.int32).tobytes())
        self._label.frombytes(label.astype(np.int32).tobytes())
        self._box.frombytes(boxes.astype(np.float64).tobytes())
        self._place.frombytes(places.astype(np.int64).tobytes())
        self._file.frombytes(np.full(len(image), file, dtype=np.int32).tobytes())
        self._attributes.frombytes(attributes.astype(np.int32).tobytes())
        self._ignore.frombytes((np.zeros(len(image)) if ignore is None else ignore).astype(np.int8).tobytes())
        self._area.frombytes((np.zeros(len(image)) if area is None else area).astype(np.float64).tobytes())
        if len(self._image) >= MOST_IN_MEMORY:
            self._into_files()

    def _into_files(self) -> None:
        """Move what stands in memory behind what lies in files."""
        self._views.clear()
        self._in_files += len(self._image)
        for name, typecode in TYPES.items():
            file = self._files.get(name) or self._files.setdefault(name, closed_with(self, new_file()))
            file.seek(0, SEEK_END)
            file.write(getattr(self, f"_{name}"))
            file.flush()
            setattr(self, f"_{name}", array(typecode))

    def array(self, name: str) -> NDArray[Any]:
        """One column as an array of its own; `(N, 4)` float64 for the boxes."""
        return self.view(name).copy()

    def view(self, name: str) -> NDArray[Any]:
        """The same without a copy, to be read and written; nothing can be added to the column while it lives."""
        if self._files and len(self._image):
            self._into_files()
        if self._files and name not in self._views:
            self._views[name] = mapped(self._files[name], TYPES[name])
        found = self._views[name] if self._files else np.frombuffer(getattr(self, f"_{name}"), dtype=TYPES[name])
        return found.reshape(-1, 4) if name == "box" else found

    def relabel(self, places: Sequence[int]) -> None:
        """Other numbers for the classes: the new one of each."""
        if len(self):
            label = self.view("label")
            label[:] = np.asarray(places, np.int32)[label]

    def let_go(self) -> None:
        """What lies in files need not be in memory for now."""
        let_go(*self._views.values())

    def forget(self) -> None:
        """Let go of all boxes, once they are kept in another form; the sets of attributes stay."""
        self._clear()

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Forget the boxes that are not among those kept, `(N,)`."""
        before = {name: self.view(name) for name in TYPES}
        self._clear()
        for start in range(0, len(kept), MOST_IN_MEMORY):
            chosen = slice(start, start + MOST_IN_MEMORY)
            for name, column in before.items():
                getattr(self, f"_{name}").frombytes(column[chosen][kept[chosen]].tobytes())
            let_go(*before.values())
            if len(self._image) >= MOST_IN_MEMORY:
                self._into_files()
