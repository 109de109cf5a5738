"""What an experiment works on: images with their true labels, in two parts, and the archive that the platform gets."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from demo.objects import CLASSES
from demo.plant import ImageLabels
from demo.scenes import scenes

QUALITY = 90  # of the JPEG files


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """One image file and the truth about it."""

    path: Path
    labels: ImageLabels  # true ones; the key is the file's name in the archive
    metadata: dict[str, str] = field(default_factory=dict)
    sequence: str | None = None
    captured_at: str | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """An experiment's images: those that are split into training and validation, those that wait in the pool, and
    further ones to judge on."""

    title: str
    class_names: tuple[str, ...]
    experiment: tuple[LabelledPicture, ...]
    pool: tuple[LabelledPicture, ...]
    notes: tuple[str, ...] = ()
    validation: tuple[LabelledPicture, ...] = ()

    @property
    def pictures(self) -> tuple[LabelledPicture, ...]:
        """All of them."""
        return (*self.experiment, *self.pool, *self.validation)


def generated_material(folder: Path, *, experiment: int, validation: int, pool: int, seed: int) -> Material:
    """Road scenes, drawn into a folder."""
    split = tuple(_draw(folder, experiment, seed * 10, "scene"))
    further = tuple(_draw(folder, validation, seed * 10 + 2, "validation"))
    return Material(
        "Road scenes", CLASSES, split, tuple(_draw(folder, pool, seed * 10 + 1, "pool")), validation=further
    )


def _draw(folder: Path, count: int, seed: int, prefix: str) -> Iterable[LabelledPicture]:
    for scene in scenes(count, seed, prefix=prefix):
        path = folder / f"{scene.key}.jpg"
        cv2.imwrite(str(path), scene.pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        height, width = scene.pixels.shape[:2]
        labels = ImageLabels(path.name, width, height, scene.boxes, scene.classes)
        yield LabelledPicture(path, labels, scene.metadata, scene.sequence, scene.captured_at.isoformat())


def write_archive(
    target: Path, pictures: Sequence[LabelledPicture], given: Sequence[ImageLabels], class_names: Sequence[str]
) -> Path:
    """A zip file in COCO's format: the pictures with the labels that are given for them, true or not."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("annotations.json", json.dumps(as_coco(pictures, given, class_names)))
        for picture in pictures:
            archive.write(picture.path, f"images/{picture.labels.key}")
    return target


def as_coco(
    pictures: Sequence[LabelledPicture], given: Sequence[ImageLabels], class_names: Sequence[str]
) -> dict[str, Any]:
    """A COCO document; images carry metadata, sequence and time as Halfday's importer reads them."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, (picture, labels) in enumerate(zip(pictures, given, strict=True), start=1):
        images.append(
            {
                "id": number,
                "file_name": f"images/{labels.key}",
                "width": labels.width,
                "height": labels.height,
                "metadata": picture.metadata,
                **({"sequence": picture.sequence} if picture.sequence else {}),
                **({"captured_at": picture.captured_at} if picture.captured_at else {}),
            }
        )
        for (x1, y1, x2, y2), index in zip(
            labels.boxes.astype(np.float64).tolist(), labels.classes.tolist(), strict=True
        ):
            box_xywh = [x1, y1, x2 - x1, y2 - y1]
            annotation = {
                "image_id": number,
                "category_id": index + 1,
                "bbox": box_xywh,
                "area": box_xywh[2] * box_xywh[3],
            }
            annotations.append({"id": len(annotations) + 1, "iscrowd": 0, **annotation})
    categories = [{"id": i, "name": name} for i, name in enumerate(class_names, start=1)]
    return {"images": images, "annotations": annotations, "categories": categories}
