"""Boxes for images: load upright, letterbox, run, suppress overlaps, map back to pixels of the image."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torchvision.ops import batched_nms

from model.engines.device import pick_device, prefers_bfloat16, use_threads
from model.engines.fitting import (
    CANDIDATES,
    Boxes,
    Fitted,
    Found,
    best_of_scores,
    fit,
    input_of_group,
    rows_in_batches,
    rows_in_image,
)
from model.engines.types import Predictions, PredictRequest, PredictSettings, Reporter
from model.engines.ultralytics import networks
from model.engines.ultralytics.networks import Network


def predict(request: PredictRequest, report: Reporter) -> Predictions:
    """All boxes of a checkpoint on a list of images."""
    began = time.monotonic()
    use_threads(request.settings.threads)
    network, facts = networks.load(request.weights)
    device = pick_device(request.settings.device)
    found = run(network, request.images, request.settings, device, report)
    return Predictions(*found, class_names=facts.class_names, seconds=time.monotonic() - began)


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
    return rows_in_batches(
        images,
        settings.batch,
        lambda path: fit(path, settings.imgsz, stretched),
        lambda group: _batch(network, group, settings, device),
        report,
    )


@torch.inference_mode()
def _batch(
    network: Network, group: list[tuple[int, Fitted]], settings: PredictSettings, device: torch.device
) -> list[NDArray[np.float32]]:
    """Run one batch of inputs of the same shape; (K, 7) rows per image."""
    x = input_of_group(group, device)
    with torch.autocast(device.type, torch.bfloat16, enabled=settings.half and prefers_bfloat16(device)):
        output = network(x)
    output = (output[0] if isinstance(output, (tuple, list)) else output).float()
    side = (x.shape[3], x.shape[2])
    return [
        rows_in_image(index, fitted, *_boxes(raw, network, settings, side))
        for (index, fitted), raw in zip(group, output, strict=True)
    ]


def _boxes(raw: torch.Tensor, network: Network, settings: PredictSettings, side: tuple[int, int]) -> Boxes:
    """Boxes (K, 4) xyxy input pixels, scores (K,), classes (K,) of one image, by falling score."""
    if networks.is_transformer(network):  # (K, 6), centre and size as fractions, score, class; by falling score
        kept = raw[raw[:, 4] > settings.conf][: settings.max_det]
        scale = torch.tensor([side[0], side[1]] * 2, device=raw.device)
        return _corners(kept[:, :4] * scale), kept[:, 4], kept[:, 5]
    if getattr(network, "end2end", False):  # (K, 6), its head has suppressed already
        kept = raw[raw[:, 4] > settings.conf][: settings.max_det]
        return kept[:, :4], kept[:, 4], kept[:, 5]
    boxes, scores, classes = best_of_scores(_corners(raw[:4].T), raw[4:].T, settings.conf, CANDIDATES)
    kept = batched_nms(boxes, scores, classes, settings.iou)[: settings.max_det]
    return boxes[kept], scores[kept], classes[kept]


def _corners(centred: torch.Tensor) -> torch.Tensor:
    """(K, 4) centre x, centre y, width, height to xyxy."""
    half = centred[:, 2:] / 2
    return torch.cat([centred[:, :2] - half, centred[:, :2] + half], dim=1)
