"""Boxes for images: load upright, letterbox, run, suppress overlaps, map back to pixels of the image."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torchvision.ops import batched_nms

from model.engines.types import EngineError, Predictions, PredictReport, PredictRequest, PredictSettings, Reporter
from model.engines.ultralytics import networks
from model.engines.ultralytics.device import pick_device, prefers_bfloat16, use_threads
from model.engines.ultralytics.networks import Network

STRIDE = 32  # pixels; sides of the input are multiples of it
GREY = 114  # of the border, as in training
CANDIDATES = 3000  # boxes per image, by score, that enter suppression; bounds its quadratic time


@dataclass(frozen=True, slots=True)
class Fitted:
    """An image scaled into the network's input, and how to get back."""

    pixels: NDArray[Any]  # (H, W, 3) uint8 BGR
    factor: tuple[float, float]  # input pixels per image pixel, x and y
    offset: tuple[int, int]  # of the image in the input, x and y
    size: tuple[int, int]  # of the image, width and height


def predict(request: PredictRequest, report: Reporter) -> Predictions:
    """All boxes of a checkpoint on a list of images."""
    began = time.monotonic()
    use_threads(request.settings.threads)
    network, facts = networks.load(request.weights)
    device = pick_device(request.settings.device)
    found = run(network, request.images, request.settings, device, report)
    return Predictions(*found, class_names=facts.class_names, seconds=time.monotonic() - began)


Found = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]


def run(
    network: Network,
    images: Sequence[Path],
    settings: PredictSettings,
    device: torch.device,
    report: Reporter | None = None,
) -> Found:
    """image_index (M,), class_index (M,), boxes (M, 4) xyxy pixels, scores (M,)."""
    stretched = networks.is_transformer(network)
    network = (
        (network.fuse(verbose=False) if not stretched else network).eval().to(device, memory_format=torch.channels_last)
    )
    rows: list[NDArray[np.float32]] = []  # each (K, 7): image, class, x1, y1, x2, y2, score
    waiting: dict[tuple[int, ...], list[tuple[int, Fitted]]] = {}
    for index, path in enumerate(images):
        fitted = fit(path, settings.imgsz, stretched)
        group = waiting.setdefault(fitted.pixels.shape, [])
        group.append((index, fitted))
        if len(group) == settings.batch:
            rows += _batch(network, waiting.pop(fitted.pixels.shape), settings, device)
        if report and (index + 1) % settings.batch == 0:
            report(PredictReport(index + 1, len(images)))
    for group in waiting.values():
        rows += _batch(network, group, settings, device)
    if report:
        report(PredictReport(len(images), len(images)))
    table = np.concatenate(rows) if rows else np.zeros((0, 7), np.float32)
    table = table[np.lexsort((-table[:, 6], table[:, 0]))]
    return (
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.int32),
        np.ascontiguousarray(table[:, 2:6]),
        np.ascontiguousarray(table[:, 6]),
    )


def fit(path: Path, imgsz: int, stretched: bool) -> Fitted:
    """Read an image upright and scale it into the input."""
    data = np.fromfile(path, np.uint8)
    pixels = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None  # applies EXIF orientation
    if pixels is None:
        raise EngineError(f"The image {path.name} cannot be read.")
    h, w = pixels.shape[:2]
    if stretched:
        scaled = cv2.resize(pixels, (imgsz, imgsz), interpolation=cv2.INTER_LINEAR)
        return Fitted(scaled, (imgsz / w, imgsz / h), (0, 0), (w, h))
    ratio = imgsz / max(h, w)
    inner = min(imgsz, max(1, round(w * ratio))), min(imgsz, max(1, round(h * ratio)))
    if inner != (w, h):
        pixels = cv2.resize(pixels, inner, interpolation=cv2.INTER_LINEAR)
    outer = tuple(-(-side // STRIDE) * STRIDE for side in inner)
    left, top = (outer[0] - inner[0]) // 2, (outer[1] - inner[1]) // 2
    bordered = cv2.copyMakeBorder(
        pixels,
        top,
        outer[1] - inner[1] - top,
        left,
        outer[0] - inner[0] - left,
        cv2.BORDER_CONSTANT,
        value=(GREY, GREY, GREY),
    )
    return Fitted(bordered, (inner[0] / w, inner[1] / h), (left, top), (w, h))


@torch.inference_mode()
def _batch(
    network: Network, group: list[tuple[int, Fitted]], settings: PredictSettings, device: torch.device
) -> list[NDArray[np.float32]]:
    """Run one batch of inputs of the same shape; (K, 7) rows per image."""
    stacked = np.stack([f.pixels[..., ::-1] for _, f in group])  # to RGB
    x = torch.from_numpy(stacked).to(device).permute(0, 3, 1, 2).float() / 255
    with torch.autocast(device.type, torch.bfloat16, enabled=settings.half and prefers_bfloat16(device)):
        output = network(x.contiguous(memory_format=torch.channels_last))
    output = (output[0] if isinstance(output, (tuple, list)) else output).float()
    side = (x.shape[3], x.shape[2])
    return [
        _rows(index, fitted, *_boxes(raw, network, settings, side))
        for (index, fitted), raw in zip(group, output, strict=True)
    ]


Boxes = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def _boxes(raw: torch.Tensor, network: Network, settings: PredictSettings, side: tuple[int, int]) -> Boxes:
    """Boxes (K, 4) xyxy input pixels, scores (K,), classes (K,) of one image, by falling score."""
    if networks.is_transformer(network):  # (queries, 4 + classes), centre and size as fractions
        scale = torch.tensor([side[0], side[1]] * 2, device=raw.device)
        return _best(_corners(raw[:, :4] * scale), raw[:, 4:], settings.conf, settings.max_det)
    if getattr(network, "end2end", False):  # (K, 6), its head has suppressed already
        kept = raw[raw[:, 4] > settings.conf][: settings.max_det]
        return kept[:, :4], kept[:, 4], kept[:, 5]
    boxes, scores, classes = _best(_corners(raw[:4].T), raw[4:].T, settings.conf, CANDIDATES)
    kept = batched_nms(boxes, scores, classes, settings.iou)[: settings.max_det]
    return boxes[kept], scores[kept], classes[kept]


def _best(boxes: torch.Tensor, scores: torch.Tensor, conf: float, limit: int) -> Boxes:
    """Every class of every box counts by itself; those above `conf`, at most `limit`, by falling score."""
    where, classes = torch.nonzero(scores > conf, as_tuple=True)
    values = scores[where, classes]
    order = values.argsort(descending=True)[:limit]
    return boxes[where[order]], values[order], classes[order]


def _corners(centred: torch.Tensor) -> torch.Tensor:
    """(K, 4) centre x, centre y, width, height to xyxy."""
    half = centred[:, 2:] / 2
    return torch.cat([centred[:, :2] - half, centred[:, :2] + half], dim=1)


def _rows(
    index: int, fitted: Fitted, boxes: torch.Tensor, scores: torch.Tensor, classes: torch.Tensor
) -> NDArray[np.float32]:
    """(K, 7) rows in pixels of the image, cut at its border; boxes that vanish there are left out."""
    xyxy = (boxes.cpu().numpy() - np.array(fitted.offset * 2, np.float32)) / np.array(fitted.factor * 2, np.float32)
    xyxy = np.clip(xyxy, 0, np.array(fitted.size * 2, np.float32))
    head = np.stack([np.full(len(xyxy), index), classes.cpu().numpy()], axis=1)
    rows = np.concatenate([head, xyxy, scores.cpu().numpy()[:, None]], axis=1).astype(np.float32)
    return rows[(xyxy[:, 2] > xyxy[:, 0]) & (xyxy[:, 3] > xyxy[:, 1])]
