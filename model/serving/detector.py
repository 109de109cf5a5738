"""Boxes of pictures by an exported form: `open_form(folder_or_file).detect(pictures)`.

    detector = open_form("exports/road-v2")          # a folder, or its .onnx or .xml
    found, = detector.detect([pixels])               # (H, W, 3) uint8 RGB, upright
    found.boxes, found.classes, found.scores         # (N, 4) xyxy pixels of that picture, (N,), (N,)

Scaling, borders, decoding and suppression are those of the engines' own prediction, so that the boxes are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.serving.facts import STRETCH, FormFacts
from model.serving.letterbox import Placing, boxes_in_picture, draw_into, placing, use_threads
from model.serving.network import FormNetwork, open_network
from model.serving.outputs import Boxes, BoxesWanted, boxes_of_output
from model.serving.suppression import kept_of_overlapping

LARGEST_ZOOMED = 1536  # pixels of the longer side that a zoom makes of a picture

Picture = NDArray[np.uint8]  # (H, W, 3) RGB, upright


@dataclass(frozen=True, slots=True, eq=False)
class FoundBoxes:
    """N boxes of one picture, by falling score."""

    boxes: NDArray[np.float32]  # (N, 4) xyxy pixels of the picture that was given, cut at its border
    classes: NDArray[np.int32]  # (N,) into the form's class_names
    scores: NDArray[np.float32]  # (N,) 0..1


class FormDetector:
    """A network with what stands before and behind it. Of one thread: give each thread or process its own."""

    def __init__(self, network: FormNetwork, facts: FormFacts | None = None) -> None:
        self.facts = facts or network.facts
        self._network = network
        self._canvas = np.zeros((0, 0, 0, 3), np.uint8)  # kept from call to call

    def detect(
        self,
        images: Sequence[Picture],
        *,
        floor: float = 0.25,
        iou: float | None = None,
        most: int = 300,
        zooms: Sequence[float] = (1.0,),
    ) -> list[FoundBoxes]:
        """The boxes of each picture whose score is above `floor`, at most so many.

        `iou` is that of overlap suppression, None the form's own; it is without effect where a form needs none. Any
        number of pictures of any sizes, from 1 x 1 on. They go through the network one by one: several at once take a
        processor as long, and memory that the process then keeps. With several `zooms` each is looked at in so many
        times the form's own size, which finds small things, and the boxes of all are suppressed together; a form that
        stretches pictures has one size.
        """
        wanted = BoxesWanted(floor, self.facts.iou if iou is None else iou, most)
        return [self._at_zooms(image, wanted, zooms) for image in images]

    def _at_zooms(self, image: Picture, wanted: BoxesWanted, zooms: Sequence[float]) -> FoundBoxes:
        own = self.facts.imgsz
        sizes = {own if zoom == 1 else min(round(own * zoom), max(own, LARGEST_ZOOMED)) for zoom in zooms}
        if self.facts.fit == STRETCH or sizes == {own}:
            return self._boxes(image, wanted, own)
        return together([self._boxes(image, wanted, size) for size in sorted(sizes)], wanted)

    def _boxes(self, image: Picture, wanted: BoxesWanted, imgsz: int) -> FoundBoxes:
        place = self._placing(image, imgsz)
        width, height = place.outer
        if self._canvas.shape != (1, height, width, 3):
            self._canvas = np.empty((1, height, width, 3), np.uint8)
        draw_into(self._canvas[0], image, place)
        raw = self._network(self._canvas)[0]
        return _boxes_of_picture(boxes_of_output(raw, self.facts, wanted, place.outer), place)

    def _placing(self, image: Picture, imgsz: int) -> Placing:
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
            raise ValueError(f"A picture is (H, W, 3) uint8 RGB, not {image.shape} {image.dtype}.")
        facts = self.facts
        return placing(image.shape[1], image.shape[0], imgsz, facts.fit == STRETCH, facts.stride)


def _boxes_of_picture(found: Boxes, place: Placing) -> FoundBoxes:
    """In pixels of the picture; boxes that vanish at its border are left out."""
    boxes, scores, classes = found
    boxes = boxes_in_picture(boxes, place)
    shown = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
    return FoundBoxes(boxes[shown], classes[shown], scores[shown])


def together(found: Sequence[FoundBoxes], wanted: BoxesWanted) -> FoundBoxes:
    """The boxes of several looks at one picture, those that overlap more than `wanted.iou` within a class once."""
    scores = np.concatenate([one.scores for one in found])
    order = np.argsort(-scores, kind="stable")
    boxes = np.concatenate([one.boxes for one in found])[order]
    classes = np.concatenate([one.classes for one in found])[order]
    kept = kept_of_overlapping(boxes, classes, wanted.iou, wanted.most)
    return FoundBoxes(boxes[kept], classes[kept], scores[order][kept])


def open_form(place: Path | str, *, threads: int = 1) -> FormDetector:
    """The detector of an exported form: a file (.onnx, .xml), or a folder that holds one.

    `threads` are the processor's for the network and, since OpenCV knows only one number for a process, for scaling.
    Raises FormUnreadable with a sentence where it is none.
    """
    use_threads(threads)
    return FormDetector(open_network(Path(place), threads))
