"""Boxes of an exported form for image files: what its checkpoint's own prediction is compared with."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.engines.fitting import columns_of_rows, read_upright
from model.engines.types import EngineError, FormPredictRequest, Predictions, PredictReport, Reporter
from model.serving.detector import FormDetector, FoundBoxes, open_form
from model.serving.facts import FormUnreadable


def predict_by_form(request: FormPredictRequest, report: Reporter) -> Predictions:
    """All boxes of a form. Raises EngineError where it cannot be opened, or an image cannot be read."""
    began = time.monotonic()
    detector = detector_of_form(request.folder, request.settings.threads)
    rows: list[NDArray[np.float32]] = []
    for start, group in _groups(request.images, request.settings.batch):
        found = detector.detect(
            [np.ascontiguousarray(read_upright(path)[..., ::-1]) for path in group],
            floor=request.settings.conf,
            iou=request.settings.iou,
            most=request.settings.max_det,
        )
        rows += [_rows_of_picture(start + place, boxes) for place, boxes in enumerate(found)]
        report(PredictReport(start + len(group), len(request.images)))
    columns = columns_of_rows(rows)
    return Predictions(*columns, class_names=detector.facts.class_names, seconds=time.monotonic() - began)


def detector_of_form(folder: Path, threads: int) -> FormDetector:
    """The detector of a form of any kind, of those too that only torch or a GPU can run."""
    try:
        if (script := folder / "model.torchscript").exists():
            from model.engines.torchscript import ScriptNetwork

            return FormDetector(ScriptNetwork(script, threads))
        if (plan := folder / "model.engine").exists():
            from model.engines.tensorrt import PlanNetwork

            return FormDetector(PlanNetwork(plan))
        return open_form(folder, threads=threads or 1)
    except FormUnreadable as error:
        raise EngineError(str(error)) from error


def _groups(images: Sequence[Path], size: int) -> Iterator[tuple[int, Sequence[Path]]]:
    return ((start, images[start : start + size]) for start in range(0, len(images), size))


def _rows_of_picture(index: int, found: FoundBoxes) -> NDArray[np.float32]:
    """(K, 7) image, class, xyxy, score."""
    head = np.stack([np.full(len(found.boxes), index), found.classes], axis=1)
    return np.concatenate([head, found.boxes, found.scores[:, None]], axis=1).astype(np.float32)
