"""Read somebody's own labelled folder, YOLO or COCO, as the truth of an experiment.

The platform has importers of its own and gets its labels through them; this is the other side, which it must not see.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from demo.material import LabelledPicture, Material
from demo.plant import ImageLabels

ENDINGS = {".jpg", ".jpeg", ".png", ".bmp", ".webp"}
POOL = 0.25  # of the images wait in the pool
UPSIDE = {5, 6, 7, 8}  # EXIF orientations that swap width and height


class CannotRead(Exception):
    """The folder holds nothing that can be used; the text says why."""


def read_own_data(folder: Path, *, format: str, seed: int, limit: int | None = None) -> Material:  # noqa: A002 - the option's name
    """A folder's images and labels, copies left out, the pool set apart at random."""
    if not folder.is_dir():
        raise CannotRead(f"{folder} is not a folder.")
    reader = {"coco": read_coco, "yolo": read_yolo}.get(format) or (read_coco if _coco_files(folder) else read_yolo)
    names, pictures = reader(folder)
    unique, copies = without_copies(pictures)
    labelled = [p for p in unique if len(p.labels.boxes)]
    if len(labelled) < 20:
        raise CannotRead(f"{folder} holds {len(labelled)} labelled images; an experiment needs 20 or more.")
    order = np.random.default_rng(seed).permutation(len(unique))[:limit]
    cut = round(len(order) * POOL)
    notes = [f"{copies} exact copies of other images were left out."] if copies else []
    pool, rest = [unique[i] for i in sorted(order[:cut])], [unique[i] for i in sorted(order[cut:])]
    return Material(folder.resolve().name, tuple(names), tuple(rest), tuple(pool), tuple(notes))


def without_copies(pictures: Sequence[LabelledPicture]) -> tuple[list[LabelledPicture], int]:
    """The first of each set of byte-identical files, under a key that is used once; and how many were left out."""
    seen: set[bytes] = set()
    kept: list[LabelledPicture] = []
    for picture in pictures:
        digest = hashlib.sha256(picture.path.read_bytes()).digest()
        if digest not in seen:
            seen.add(digest)
            kept.append(picture)
    return kept, len(pictures) - len(kept)


def read_yolo(folder: Path) -> tuple[list[str], list[LabelledPicture]]:
    """Every image of the folder with the text file that goes with it, in the same or in a parallel `labels` folder."""
    rows: list[tuple[Path, list[list[float]]]] = []
    for path in _image_files(folder):
        label = _yolo_label(path)
        if label is not None:
            rows.append(
                (
                    path,
                    [[float(v) for v in line.split()[:5]] for line in label.read_text().splitlines() if line.strip()],
                )
            )
    if not rows:
        raise CannotRead(f"{folder} holds no images with YOLO labels.")
    found = max((int(box[0]) for _, boxes in rows for box in boxes), default=0) + 1
    names = yolo_names(folder)
    names += [f"class {i}" for i in range(len(names), found)]
    return names, [_from_yolo(folder, path, np.array(boxes, np.float64).reshape(-1, 5)) for path, boxes in rows]


def yolo_names(folder: Path) -> list[str]:
    """Class names of a data.yaml or classes.txt; empty where there is neither."""
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        names = _names_in_yaml(path.read_text(encoding="utf-8"))
        if names:
            return names
    listed = next((p for p in (folder / "classes.txt", folder / "obj.names") if p.exists()), None)
    return [line.strip() for line in listed.read_text(encoding="utf-8").splitlines() if line.strip()] if listed else []


def _names_in_yaml(text: str) -> list[str]:
    """`names:` as a list in brackets, a dashed list or a numbered mapping."""
    inline = re.search(r"^names:\s*\[(.*?)\]", text, re.MULTILINE | re.DOTALL)
    if inline:
        return [part.strip().strip("'\"") for part in inline.group(1).split(",") if part.strip()]
    block = re.search(r"^names:\s*\n((?:[ \t]*(?:-|\d+:).*\n?)+)", text, re.MULTILINE)
    lines = block.group(1).splitlines() if block else []
    return [re.sub(r"^\s*(?:-|\d+:)\s*", "", line).split(" #")[0].strip().strip("'\"") for line in lines]


def _yolo_label(path: Path) -> Path | None:
    """The label file of an image."""
    parts = list(path.parts)
    places = [path.with_suffix(".txt")]
    if "images" in parts:
        at = len(parts) - 1 - parts[::-1].index("images")
        places.append(Path(*parts[:at], "labels", *parts[at + 1 :]).with_suffix(".txt"))
    return next((p for p in places if p.exists()), None)


def _from_yolo(folder: Path, path: Path, rows: np.ndarray[Any, np.dtype[np.float64]]) -> LabelledPicture:
    """`rows` (N, 5): class, centre x, centre y, width, height as fractions."""
    width, height = upright_size(path)
    middle, half = rows[:, 1:3], rows[:, 3:5] / 2
    boxes = np.concatenate([middle - half, middle + half], axis=1) * [width, height, width, height]
    return _picture(folder, path, (width, height), boxes, rows[:, 0])


def read_coco(folder: Path) -> tuple[list[str], list[LabelledPicture]]:
    """The first COCO file of the folder and the images that it names."""
    files = _coco_files(folder)
    if not files:
        raise CannotRead(f"{folder} holds no COCO file.")
    content = json.loads(files[0].read_text(encoding="utf-8"))
    index = {category["id"]: i for i, category in enumerate(content["categories"])}
    boxes: dict[Any, list[list[float]]] = {}
    for a in content["annotations"]:
        if not a.get("iscrowd") and a["category_id"] in index:
            x, y, w, h = a["bbox"]
            boxes.setdefault(a["image_id"], []).append([index[a["category_id"]], x, y, x + w, y + h])
    by_name = {p.name: p for p in _image_files(folder)}
    pictures = []
    for image in content["images"]:
        path = by_name.get(Path(image["file_name"]).name)
        if path is not None:
            rows = np.array(boxes.get(image["id"], []), np.float64).reshape(-1, 5)
            pictures.append(_picture(folder, path, upright_size(path), rows[:, 1:], rows[:, 0]))
    return [c["name"] for c in content["categories"]], pictures


def _coco_files(folder: Path) -> list[Path]:
    """JSON files that look like COCO, at most two folders down."""
    candidates = sorted({*folder.glob("*.json"), *folder.glob("*/*.json")})
    return [p for p in candidates if '"annotations"' in p.read_text(encoding="utf-8", errors="replace")]


def _image_files(folder: Path) -> Iterator[Path]:
    yield from sorted(p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS and p.is_file())


def upright_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels once EXIF orientation is applied."""
    with Image.open(path) as image:
        turned = image.getexif().get(0x0112) in UPSIDE
        return (image.height, image.width) if turned else image.size


def _picture(folder: Path, path: Path, size: tuple[int, int], boxes: Any, classes: Any) -> LabelledPicture:
    """Labels cut at the image's border; what vanishes there is left out."""
    limits = [size[0], size[1], size[0], size[1]]
    inside = np.clip(boxes, 0, limits).astype(np.float32)
    kept = (inside[:, 2] - inside[:, 0] >= 1) & (inside[:, 3] - inside[:, 1] >= 1)
    key = "-".join(path.relative_to(folder).parts)
    labels = ImageLabels(key, *size, inside[kept], np.asarray(classes, np.int32)[kept])
    return LabelledPicture(path, labels)
