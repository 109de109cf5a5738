"""Images into a network's input, and its boxes back into pixels of the image. What every engine does alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from model.engines.types import EngineError, PredictReport, Reporter
from model.serving.letterbox import STRIDE, Placing, boxes_in_picture, draw_into, placing
from model.serving.outputs import CANDIDATES as CANDIDATES

MOSTLY = 0.5  # of a prediction inside an ignored region, for it to count as lying there

Boxes = tuple[torch.Tensor, torch.Tensor, torch.Tensor]  # (K, 4) xyxy input pixels, scores (K,), classes (K,)
Found = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Fitted:
    """An image scaled into the network's input, and how to get back."""

    pixels: NDArray[Any]  # (H, W, 3) uint8 BGR
    place: Placing


def read_upright(path: Path) -> NDArray[Any]:
    """(H, W, 3) uint8 BGR, EXIF orientation applied. Raises EngineError where the file is no picture."""
    data = np.fromfile(path, np.uint8)
    pixels = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    if pixels is None:
        raise EngineError(f"The image {path.name} cannot be read.")
    return pixels


def fit(path: Path, imgsz: int, stretched: bool, stride: int = STRIDE) -> Fitted:
    """Read an image upright and scale it into the input."""
    pixels = read_upright(path)
    place = placing(pixels.shape[1], pixels.shape[0], imgsz, stretched, stride)
    canvas = np.empty((place.outer[1], place.outer[0], 3), np.uint8)
    draw_into(canvas, pixels, place)
    return Fitted(canvas, place)


def best_of_scores(boxes: torch.Tensor, scores: torch.Tensor, conf: float, limit: int) -> Boxes:
    """Every class of every box counts by itself; those above `conf`, at most `limit`, by falling score."""
    where, classes = torch.nonzero(scores > conf, as_tuple=True)
    values = scores[where, classes]
    order = values.argsort(descending=True)[:limit]
    return boxes[where[order]], values[order], classes[order]


def rows_in_image(
    index: int, fitted: Fitted, boxes: torch.Tensor, scores: torch.Tensor, classes: torch.Tensor
) -> NDArray[np.float32]:
    """(K, 7) image, class, xyxy, score in pixels of the image, cut at its border; boxes that vanish are left out."""
    xyxy = boxes_in_picture(boxes.cpu().numpy(), fitted.place)
    head = np.stack([np.full(len(xyxy), index), classes.cpu().numpy()], axis=1)
    rows = np.concatenate([head, xyxy, scores.cpu().numpy()[:, None]], axis=1).astype(np.float32)
    return rows[(xyxy[:, 2] > xyxy[:, 0]) & (xyxy[:, 3] > xyxy[:, 1])]


def rows_in_batches(
    images: Sequence[Path],
    batch: int,
    fit_one: Callable[[Path], Fitted],
    compute: Callable[[list[tuple[int, Fitted]]], list[NDArray[np.float32]]],
    report: Reporter | None = None,
) -> Found:
    """Have inputs of one shape computed together, so many at once; `compute` gives (K, 7) rows for each of them."""
    rows: list[NDArray[np.float32]] = []
    waiting: dict[tuple[int, ...], list[tuple[int, Fitted]]] = {}
    for index, path in enumerate(images):
        fitted = fit_one(path)
        group = waiting.setdefault(fitted.pixels.shape, [])
        group.append((index, fitted))
        if len(group) == batch:
            rows += compute(waiting.pop(fitted.pixels.shape))
        if report and (index + 1) % batch == 0:
            report(PredictReport(index + 1, len(images)))
    for group in waiting.values():
        rows += compute(group)
    if report:
        report(PredictReport(len(images), len(images)))
    return columns_of_rows(rows)


def input_of_group(group: list[tuple[int, Fitted]], device: torch.device) -> torch.Tensor:
    """(B, 3, H, W) RGB 0..1, channels last."""
    stacked = np.stack([fitted.pixels[..., ::-1] for _, fitted in group])
    x = torch.from_numpy(stacked).to(device).permute(0, 3, 1, 2).float() / 255
    return x.contiguous(memory_format=torch.channels_last)


def columns_of_rows(rows: list[NDArray[np.float32]]) -> Found:
    """image_index (M,), class_index (M,), boxes (M, 4) xyxy pixels, scores (M,) of rows, ordered as Predictions are."""
    table = np.concatenate(rows) if rows else np.zeros((0, 7), np.float32)
    table = table[np.lexsort((-table[:, 6], table[:, 0]))]
    return (
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.int32),
        np.ascontiguousarray(table[:, 2:6]),
        np.ascontiguousarray(table[:, 6]),
    )
