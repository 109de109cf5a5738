"""What an evaluation is made from: labelled boxes and detections, as columns.

Images and classes are named by position: ``image_index`` points into ``GroundTruth.image_ids`` and
``class_index`` into the caller's list of classes (0 … C-1). Boxes are xyxy pixels. Stored boxes are float32;
float64 is kept where a file gives it, because equality with pycocotools hangs on the last bits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.geometry.boxes import as_boxes, from_xywh
from science.shapes.overlap import Shapes

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.floating]


def _ints(values: ArrayLike) -> Ints:
    return np.ascontiguousarray(np.asarray(values, dtype=np.int64).reshape(-1))


def _same_length(name: str, expected: int, **columns: NDArray[np.generic] | None) -> None:
    for column, values in columns.items():
        if values is not None and len(values) != expected:
            raise ValueError(f"{name}.{column} has {len(values)} rows, expected {expected}")


@dataclass(frozen=True, eq=False)
class GroundTruth:
    """The labels of some images, N boxes on I images. Images without a box are listed too.

    ``area`` is what COCO's small/medium/large go by (the ``area`` of a COCO file may be a mask's); None means the
    box's own. ``box_area`` is width x height as a file states it, for bit-equality with pycocotools; None
    means computed from ``boxes``. ``crowd`` boxes are neither found nor missed: detections on them are ignored.
    Where there are ``shapes``, they are what is compared, and the boxes only say where an object stands.
    """

    image_ids: Ints  # (I,) the caller's ids; their order breaks ties of equal score
    image_index: Ints  # (N,) position in image_ids
    class_index: Ints  # (N,) 0 … C-1
    boxes: Floats  # (N, 4) xyxy pixels
    annotation_ids: Ints  # (N,) the caller's ids, not negative
    crowd: Bools  # (N,)
    area: NDArray[np.float64] | None = None  # (N,) square pixels
    box_area: NDArray[np.float64] | None = None  # (N,) square pixels
    shapes: Shapes | None = None  # N of them

    def __len__(self) -> int:
        return len(self.class_index)

    @property
    def images(self) -> int:
        """The number of images, I."""
        return len(self.image_ids)

    @classmethod
    def of(
        cls,
        *,
        image_ids: ArrayLike,
        image_index: ArrayLike = (),
        class_index: ArrayLike = (),
        boxes: ArrayLike = (),
        annotation_ids: ArrayLike | None = None,
        crowd: ArrayLike | None = None,
        area: ArrayLike | None = None,
        box_area: ArrayLike | None = None,
    ) -> GroundTruth:
        """Build from anything array-like; missing ids become 0 … N-1, missing crowd flags false.

        Raises ``ValueError`` where columns differ in length or an index points outside the images.
        """
        classes, rows = _ints(class_index), _ints(image_index)
        count, ids = len(classes), _ints(image_ids)
        truth = cls(
            image_ids=ids,
            image_index=rows,
            class_index=classes,
            boxes=as_boxes(boxes),
            annotation_ids=np.arange(count) if annotation_ids is None else _ints(annotation_ids),
            crowd=np.zeros(count, bool) if crowd is None else np.asarray(crowd, bool).reshape(-1),
            area=None if area is None else np.asarray(area, np.float64).reshape(-1),
            box_area=None if box_area is None else np.asarray(box_area, np.float64).reshape(-1),
        )
        _same_length(
            "GroundTruth",
            count,
            image_index=truth.image_index,
            boxes=truth.boxes,
            annotation_ids=truth.annotation_ids,
            crowd=truth.crowd,
            area=truth.area,
            box_area=truth.box_area,
        )
        _check_index("GroundTruth.image_index", rows, len(ids))
        return truth

    @classmethod
    def from_xywh(cls, *, boxes_xywh: ArrayLike, **columns: ArrayLike | None) -> GroundTruth:
        """Build from COCO boxes (left, top, width, height) such that every figure is pycocotools' own to the bit."""
        xywh = as_boxes(np.asarray(boxes_xywh, np.float64))
        return cls.of(boxes=from_xywh(xywh), box_area=xywh[:, 2] * xywh[:, 3], **columns)  # type: ignore[arg-type]

    def inclusive(self) -> GroundTruth:
        """Return the same boxes with the last pixel counted in, x2 - x1 + 1 wide, as BDD100K's evaluation has them."""
        return replace(self, boxes=_grown(self.boxes), area=None, box_area=None, shapes=None)


def _grown(boxes: Floats) -> Floats:
    return boxes + np.array([0, 0, 1, 1], boxes.dtype)


@dataclass(frozen=True, eq=False)
class Detections:
    """What a checkpoint found: M boxes with a class and a score each, in any order.

    The order given breaks ties of equal score within an image, as the order of a COCO results file does. Where there
    are ``shapes``, they are what is compared, and ``box_area`` is the size that a detection is counted with.
    """

    image_index: Ints  # (M,) position in the ground truth's image_ids
    class_index: Ints  # (M,) 0 … C-1, the most likely class
    boxes: Floats  # (M, 4) xyxy pixels
    scores: Floats  # (M,) 0 … 1
    prediction_ids: Ints  # (M,) the caller's ids, not negative
    class_scores: Floats | None = None  # (M, C) where the engine keeps more than the top class
    box_area: NDArray[np.float64] | None = None  # (M,) square pixels, as in GroundTruth
    optional: Bools | None = None  # (M,) true where a detection that finds nothing counts for nothing
    shapes: Shapes | None = None  # M of them

    def __len__(self) -> int:
        return len(self.class_index)

    @classmethod
    def of(
        cls,
        *,
        image_index: ArrayLike = (),
        class_index: ArrayLike = (),
        boxes: ArrayLike = (),
        scores: ArrayLike = (),
        prediction_ids: ArrayLike | None = None,
        class_scores: ArrayLike | None = None,
        box_area: ArrayLike | None = None,
        optional: ArrayLike | None = None,
    ) -> Detections:
        """Build from anything array-like; missing ids become 0 … M-1.

        Raises ``ValueError`` where columns differ in length or a score is not a number.
        """
        classes = _ints(class_index)
        values = np.asarray(scores)
        if not np.issubdtype(values.dtype, np.floating):
            values = values.astype(np.float64)
        found = cls(
            image_index=_ints(image_index),
            class_index=classes,
            boxes=as_boxes(boxes),
            scores=values.reshape(-1),
            prediction_ids=np.arange(len(classes)) if prediction_ids is None else _ints(prediction_ids),
            class_scores=None if class_scores is None else np.asarray(class_scores, np.float64),
            box_area=None if box_area is None else np.asarray(box_area, np.float64).reshape(-1),
            optional=None if optional is None else np.asarray(optional, bool).reshape(-1),
        )
        _same_length(
            "Detections",
            len(classes),
            image_index=found.image_index,
            boxes=found.boxes,
            scores=found.scores,
            prediction_ids=found.prediction_ids,
            class_scores=found.class_scores,
            box_area=found.box_area,
            optional=found.optional,
        )
        if not np.isfinite(found.scores).all():
            raise ValueError("Detections.scores must be finite")
        return found

    @classmethod
    def from_xywh(cls, *, boxes_xywh: ArrayLike, **columns: ArrayLike | None) -> Detections:
        """Build from COCO result boxes (left, top, width, height), exact as ``GroundTruth.from_xywh``."""
        xywh = as_boxes(np.asarray(boxes_xywh, np.float64))
        return cls.of(boxes=from_xywh(xywh), box_area=xywh[:, 2] * xywh[:, 3], **columns)  # type: ignore[arg-type]

    def inclusive(self) -> Detections:
        """Return the same boxes with the last pixel counted in, as ``GroundTruth.inclusive``."""
        return replace(self, boxes=_grown(self.boxes), box_area=None, shapes=None)

    def take(self, rows: NDArray[np.generic]) -> Detections:
        """Return the detections at these positions (or where a mask is true), in that order."""
        return Detections(
            image_index=self.image_index[rows],
            class_index=self.class_index[rows],
            boxes=self.boxes[rows],
            scores=self.scores[rows],
            prediction_ids=self.prediction_ids[rows],
            class_scores=None if self.class_scores is None else self.class_scores[rows],
            box_area=None if self.box_area is None else self.box_area[rows],
            optional=None if self.optional is None else self.optional[rows],
            shapes=None if self.shapes is None else self.shapes.take(rows),
        )


def _check_index(name: str, index: Ints, length: int) -> None:
    if len(index) and (index.min() < 0 or index.max() >= length):
        raise ValueError(f"{name} points outside the {length} images")
