"""The same labels, imported again from another format: what it cannot say more finely, or not at all, is no change."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dataset.importing.columns import Ignore
from dataset.models import Annotation, Dataset
from dataset.tasks import run_import
from tests.dataset.folders import import_folder, write_image, write_text
from tests.factories import Cast, make_dataset

pytestmark = pytest.mark.django_db
assert run_import

WIDTH, HEIGHT = 200, 160
CLASSES = ("car", "rider")
# Class and xywh of three boxes of one image, as a tool of two decimals has them.
BOXES = ((0, (10.37, 20.62, 50.91, 40.18)), (1, (100.5, 30.25, 40.5, 60.75)), (0, (3.0, 4.0, 20.0, 30.0)))
Box = tuple[float, ...]
Labels = tuple[tuple[int, Box], ...]


def coco(root: Path, labels: Labels = BOXES, *, decimals: int = 2, area: bool = True, **facts: Any) -> Path:
    """`facts` are of the first box."""
    records = [
        {"id": n + 1, "image_id": 1, "category_id": label + 1, "bbox": [round(side, decimals) for side in box]}
        | ({"area": round(box[2] * box[3], 2), "iscrowd": 0} if area else {})
        for n, (label, box) in enumerate(labels)
    ]
    records[0] |= facts
    content = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": WIDTH, "height": HEIGHT}],
        "categories": [{"id": n + 1, "name": name} for n, name in enumerate(CLASSES)],
        "annotations": records,
    }
    write_text(root / "labels.json", json.dumps(content))
    return with_image(root)


def yolo(root: Path, labels: Labels = BOXES, *, decimals: int = 6) -> Path:
    write_text(root / "data.yaml", f"names: [{', '.join(CLASSES)}]\n")
    lines = [
        f"{label} "
        + " ".join(
            f"{value:.{decimals}f}" for value in ((x + w / 2) / WIDTH, (y + h / 2) / HEIGHT, w / WIDTH, h / HEIGHT)
        )
        for label, (x, y, w, h) in labels
    ]
    write_text(root / "a.txt", "\n".join(lines))
    return with_image(root)


def voc(root: Path, labels: Labels = BOXES, *, whole: Callable[[float], float] = round, difficult: int = 0) -> Path:
    """As LabelImg writes it: whole pixels, and flags in every object; `difficult` is the first one's."""
    objects = [
        f"<object><name>{CLASSES[label]}</name><pose>Unspecified</pose><truncated>0</truncated>"
        f"<difficult>{difficult if n == 0 else 0}</difficult><bndbox><xmin>{whole(x)}</xmin><ymin>{whole(y)}</ymin>"
        f"<xmax>{whole(x + w)}</xmax><ymax>{whole(y + h)}</ymax></bndbox></object>"
        for n, (label, (x, y, w, h)) in enumerate(labels)
    ]
    size = f"<size><width>{WIDTH}</width><height>{HEIGHT}</height><depth>3</depth></size>"
    write_text(root / "a.xml", f"<annotation><filename>a.jpg</filename>{size}{''.join(objects)}</annotation>")
    return with_image(root)


def with_image(root: Path) -> Path:
    write_image(root / "a.jpg", width=WIDTH, height=HEIGHT)
    return root


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=())


def boxes_after(cast: Cast, dataset: Dataset, folder: Path) -> dict[str, int]:
    """The counts of boxes that are not zero."""
    found = import_folder(cast, dataset, folder).result["boxes"]
    return {name: count for name, count in found.items() if count and name != "found"}


def moved(labels: Labels, by: float) -> Labels:
    """The first box further right."""
    (label, (x, *rest)), *others = labels
    return ((label, (x + by, *rest)), *others)


Write = Callable[..., Path]
SAME: list[tuple[Write, Write, dict[str, Any]]] = [
    (coco, yolo, {}),
    (coco, yolo, {"decimals": 4}),  # a step is .02 pixels
    (coco, voc, {}),
    (coco, voc, {"whole": int}),  # cut, not rounded
    (coco, coco, {"decimals": 1}),
    (yolo, coco, {}),
    (yolo, coco, {"decimals": 1}),  # whose area then is not quite that of the rounded sides
    (yolo, voc, {}),
    (yolo, yolo, {"decimals": 4}),
    (voc, coco, {"labels": tuple((n, (round(x), round(y), round(x + w) - round(x), round(y + h) - round(y)))
                                 for n, (x, y, w, h) in BOXES)}),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "how"), SAME)
def test_the_same_boxes_are_unchanged(
    cast: Cast, dataset: Dataset, import_root: Path, first: Write, second: Write, how: dict[str, Any]
) -> None:
    assert boxes_after(cast, dataset, first(import_root / "first")) == {"added": 3}
    before = list(Annotation.objects.values())
    result = import_folder(cast, dataset, second(import_root / "second", **how)).result
    assert (result["boxes"]["unchanged"], result["boxes"]["changed"], result["revision"]) == (3, 0, None)
    assert list(Annotation.objects.values()) == before


@pytest.mark.parametrize(
    ("first", "second", "by", "how"),
    [
        (coco, yolo, 0.05, {}),
        (coco, yolo, 0.3, {"decimals": 4}),
        (coco, voc, 1.0, {}),
        (coco, voc, -1.0, {"whole": int}),
        (coco, coco, 0.1, {"decimals": 1}),
        (coco, coco, 0.02, {}),
        (yolo, coco, 0.02, {}),
        (voc, voc, 1.0, {}),
        (voc, coco, 0.3, {}),  # more finely than the whole pixels that the dataset has
    ],
)
def test_a_moved_box_is_a_change(
    cast: Cast, dataset: Dataset, import_root: Path, first: Write, second: Write, by: float, how: dict[str, Any]
) -> None:
    whole = BOXES if first is not voc else ((0, (10.0, 20.0, 50.0, 40.0)), *BOXES[2:])
    first(import_root / "first", whole)
    import_folder(cast, dataset, import_root / "first")
    found = boxes_after(cast, dataset, second(import_root / "second", moved(whole, by), **how))
    assert found == {"changed": 1, "unchanged": len(whole) - 1}


def test_what_the_other_format_cannot_say_stays(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """Also of a label that it moves: its attributes and that it is a crowd; an area was another box's."""
    facts = {"attributes": {"lane": 2}, "iscrowd": 1, "area": 700.5}
    import_folder(cast, dataset, coco(import_root / "coco", **facts))
    assert boxes_after(cast, dataset, yolo(import_root / "yolo")) == {"unchanged": 3}
    assert boxes_after(cast, dataset, voc(import_root / "voc")) == {"unchanged": 3}
    assert boxes_after(cast, dataset, voc(import_root / "crowd", difficult=1)) == {"unchanged": 3}
    assert boxes_after(cast, dataset, yolo(import_root / "moved", moved(BOXES, 2))) == {"changed": 1, "unchanged": 2}
    row = Annotation.objects.get(born=2)
    assert (row.attributes, row.ignore, row.area) == ({"lane": 2}, Ignore.CROWD, 0)


def test_what_the_other_format_says_is_a_change(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    import_folder(cast, dataset, yolo(import_root / "yolo"))
    found = boxes_after(cast, dataset, coco(import_root / "coco", attributes={"lane": 2}))
    assert found == {"changed": 1, "unchanged": 2}
    assert boxes_after(cast, dataset, voc(import_root / "voc", difficult=1)) == {"changed": 1, "unchanged": 2}
    row = Annotation.objects.get(died=None, attributes__lane=2)
    assert row.ignore == Ignore.REGION


def test_the_same_format_without_a_fact_takes_it_away(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    import_folder(cast, dataset, coco(import_root / "first", attributes={"lane": 2}))
    assert boxes_after(cast, dataset, coco(import_root / "second")) == {"changed": 1, "unchanged": 2}
    assert Annotation.objects.get(born=2).attributes is None
