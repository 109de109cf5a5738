"""Reading a folder of labels as an import does, without a database, and what came of it in plain values."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataset.importing.columns import Ignore
from dataset.importing.files import walk
from dataset.importing.inspection import survey
from dataset.importing.survey import label_states
from dataset.importing.types import Problems, Source
from tests.dataset.brought import shapes_in

STATES = ("not labelled", "negative", "labelled")


@dataclass(frozen=True)
class Read:
    """What was read: boxes and states by image key."""

    source: Source
    boxes: dict[str, list[tuple[str, list[float]]]]  # class, xyxy pixels to a tenth
    attributes: dict[str, list[dict[str, Any]]]  # in the order of the boxes
    ignore: dict[str, list[Ignore]]
    states: dict[str, str]

    @property
    def shapes(self) -> list[dict[str, Any]]:
        """Those of the boxes that have some, as JSON."""
        return shapes_in(self.source)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Kind and action of each problem."""
        return [(one.kind, one.action) for one in self.source.problems.shown]

    def metadata(self, key: str) -> dict[str, Any]:
        return next(image.metadata for image in self.source.images if image.key == key)

    def sequence(self, key: str) -> str:
        return next(image.sequence for image in self.source.images if image.key == key)


def read(root: Path, wanted: str = "auto") -> Read:
    problems = Problems()
    found = survey(walk(root, problems), problems, lambda *_: None, wanted=wanted, annotations=None)
    source, pixels = found.source, found.pixels
    keys = [image.key for image in source.images]
    boxes: dict[str, list[tuple[str, list[float]]]] = {key: [] for key in keys}
    attributes: dict[str, list[dict[str, Any]]] = {key: [] for key in keys}
    ignore: dict[str, list[Ignore]] = {key: [] for key in keys}
    for at, image in enumerate(pixels.image):
        key = keys[image]
        box = [round(side, 1) for side in pixels.boxes[at].tolist()]
        boxes[key].append((str(source.class_names[pixels.classes[at]]), box))
        attributes[key].append(source.boxes.values.of(int(pixels.attributes[at])) or {})
        ignore[key].append(Ignore(int(pixels.ignore[at])))
    states = {key: STATES[state] for key, state in zip(keys, label_states(source, pixels), strict=True)}
    return Read(source, boxes, attributes, ignore, states)
