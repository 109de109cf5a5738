"""Folders to import, and importing them."""

import json
from pathlib import Path
from typing import Any

from dataset.models import Dataset
from jobs.models import Job
from tests.factories import Cast, call, jpeg, run_jobs


def write_image(path: Path, *, colour: int = 0, width: int = 64, height: int = 48, orientation: int = 1) -> None:
    """A JPEG; another colour makes other bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg(width, height, (colour % 256, 90, 60), orientation))


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def yolo_folder(root: Path) -> Path:
    """Two images with a box each, one image without a label file, two classes."""
    write_text(root / "data.yaml", "names: [car, rider]\nnc: 2\ntrain: ../train/images\n")
    for number, name in enumerate(("a", "b", "c")):
        write_image(root / "train" / "images" / f"{name}.jpg", colour=number * 40)
    write_text(root / "train" / "labels" / "a.txt", "0 0.5 0.5 0.5 0.5\n")
    write_text(root / "train" / "labels" / "b.txt", "1 0.25 0.25 0.25 0.25\n")
    return root


def coco_content() -> dict[str, Any]:
    """Two images of 64 × 48 with a box each."""
    return {
        "images": [
            {"id": 1, "file_name": "a.jpg", "width": 64, "height": 48, "weather": "rainy", "video": "s1"},
            {"id": 2, "file_name": "b.jpg", "width": 64, "height": 48, "captured_at": "2020-06-01T10:00:00Z"},
        ],
        "categories": [{"id": 7, "name": "car"}, {"id": 3, "name": "rider"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 7, "bbox": [16, 12, 32, 24]},
            {"id": 2, "image_id": 2, "category_id": 3, "bbox": [8, 6, 16, 12]},
        ],
    }


def coco_folder(root: Path, content: dict[str, Any] | str | None = None) -> Path:
    for number, name in enumerate(("a", "b")):
        write_image(root / "images" / f"{name}.jpg", colour=number * 40)
    content = coco_content() if content is None else content
    write_text(root / "annotations.json", content if isinstance(content, str) else json.dumps(content))
    return root


def import_folder(cast: Cast, dataset: Dataset, path: Path, **options: Any) -> Job:
    """Ask for it by the API, let it run, and expect it to succeed."""
    response = call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"path": str(path), **options})
    assert response.status_code == 202, response.content
    (job,) = run_jobs()
    assert job.state == "succeeded", (job.error, [line.text for line in job.lines.all()])
    dataset.refresh_from_db()
    return job


def boxes_of(dataset: Dataset) -> dict[str, list[tuple[str, list[float]]]]:
    """Current labels by image key: class name and box."""
    labels: dict[str, list[tuple[str, list[float]]]] = {image.key: [] for image in dataset.images.all()}
    for image in dataset.images.prefetch_related("annotations__label_class"):
        for row in sorted(image.annotations.all(), key=lambda row: row.pk):
            if row.died is None:
                labels[image.key].append((row.label_class.name, [row.x1, row.y1, row.x2, row.y2]))
    return labels
