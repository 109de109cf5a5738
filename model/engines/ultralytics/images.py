"""Labelled images for training, straight from the platform's files: no label folder, no scan, no cache beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from ultralytics.cfg import get_cfg
from ultralytics.data.dataset import YOLODataset

from model.engines.types import LabelledImage, TrainSettings
from model.engines.ultralytics.ignoring import reserved

NO_FILE = Path("/dev/null/none")


class Images(YOLODataset):
    """Images for networks that take letterboxed input, with labels that we hold in place of a search for files."""

    def __init__(self, samples: tuple[LabelledImage, ...], **options: Any) -> None:
        self.samples = samples
        self.class_count = len(options["data"]["names"])
        super().__init__(img_path="", **options)

    def get_img_files(self, img_path: Any) -> list[str]:
        return [str(s.path) for s in self.samples]

    def get_labels(self) -> list[dict[str, Any]]:
        return [_as_label(s, self.class_count) for s in self.samples]

    def load_image(self, i: int, rect_mode: bool = True, resize_short: bool = False) -> Any:
        """The image, from its own file: the library would take `a.npy` beside `a.jpg` for it, or write over that."""
        self.npy_files[i] = NO_FILE
        return super().load_image(i, rect_mode, resize_short)

    def cache_images(self) -> None:
        """Decode and scale all images once; without ultralytics' progress bar, which would fill the log."""
        loaded: Any = [self.load_image(i) for i in range(self.ni)]
        pixels, self.im_hw0, self.im_hw = (list(column) for column in zip(*loaded, strict=True))
        self.ims: Any = self._ImageCache(pixels)


class StretchedImages(Images):
    """Images for RT-DETR, which takes a stretched square."""

    def load_image(self, i: int, rect_mode: bool = False, resize_short: bool = False) -> Any:
        return super().load_image(i, rect_mode, resize_short)


def training_images(
    samples: tuple[LabelledImage, ...], class_names: tuple[str, ...], settings: TrainSettings, stretched: bool
) -> YOLODataset:
    """The dataset that augments and scales the images of a training."""
    kind = StretchedImages if stretched else Images
    return kind(
        samples,
        imgsz=settings.imgsz,
        batch_size=settings.batch,
        augment=True,
        hyp=augmentation(settings),
        rect=settings.rect and not stretched,
        cache="ram" if settings.cache else None,
        stride=32,
        pad=0.0,
        data={"names": dict(enumerate(class_names)), "channels": 3},
        task="detect",
    )


def augmentation(settings: TrainSettings) -> Any:
    """Our settings under the names that ultralytics uses."""
    names = (
        "mosaic",
        "mixup",
        "fliplr",
        "flipud",
        "scale",
        "translate",
        "degrees",
        "hsv_h",
        "hsv_s",
        "hsv_v",
        "close_mosaic",
    )
    values = {name: getattr(settings, name) for name in names}
    return get_cfg(
        overrides={
            **values,
            "deterministic": False,
            "box": settings.box_gain,
            "cls": settings.cls_gain,
            "imgsz": settings.imgsz,
        }
    )


def _as_label(sample: LabelledImage, class_count: int) -> dict[str, Any]:
    """One image's labels with centre, width and height as fractions of the image, as ultralytics wants them.

    What is ignored stands among them under classes of its own, so that it moves as the image does.
    """
    size = np.array([sample.width, sample.height], np.float32)
    boxes = np.concatenate([sample.boxes.reshape(-1, 4), sample.ignored.reshape(-1, 4)])
    classes = np.concatenate([sample.classes, reserved(sample.ignored_classes, class_count)])
    corners = np.clip(boxes.reshape(-1, 2, 2) / size, 0.0, 1.0)
    xywh = np.concatenate([corners.mean(axis=1), corners[:, 1] - corners[:, 0]], axis=1)
    kept = (xywh[:, 2:] > 0).all(axis=1)
    return {
        "im_file": str(sample.path),
        "shape": (sample.height, sample.width),
        "cls": classes[kept, None].astype(np.float32),
        "bboxes": xywh[kept].astype(np.float32),
        "segments": [],
        "keypoints": None,
        "normalized": True,
        "bbox_format": "xywh",
    }
