"""What is exported, as other programs read it; those that we do not require are in benchmarks/export_readers.py."""

from pathlib import Path
from typing import Any

import pytest
from pycocotools.coco import COCO

from dataset.importing.columns import Ignore
from dataset.models import Annotation, Dataset
from dataset.tasks import run_export, run_import
from tests.dataset.exports import export, fetched, labels_of
from tests.dataset.folders import import_folder, write_image, write_text
from tests.factories import Cast, make_dataset

pytestmark = pytest.mark.django_db
assert run_export
assert run_import

Found = dict[tuple[str, str], list[tuple[str, list[float], bool]]]  # by split and stem: class, xyxy pixels, ignored


@pytest.fixture
def dataset(cast: Cast, import_root: Path) -> Dataset:
    """Two images for training and two for validation: with boxes, one of them ignored; without any; not labelled."""
    root = import_root / "set"
    for split in ("train", "valid"):
        for number, name in enumerate(("boxes", "nothing")):
            write_image(root / split / "images" / f"{name}.jpg", colour=number * 40 + len(split))
        write_text(root / split / "labels" / "boxes.txt", "1 0.5 0.5 0.25 0.5\n0 0.25 0.25 0.125 0.1\n")
        write_text(root / split / "labels" / "nothing.txt", "")
    write_image(root / "train" / "images" / "new.jpg", colour=200)
    write_text(root / "data.yaml", "names: [traffic light, car]\ntrain: train/images\nval: valid/images\n")
    made = make_dataset(cast.project, classes=())
    import_folder(cast, made, root)
    crowd = Annotation.objects.filter(dataset=made, image__key="valid/images/boxes.jpg").order_by("pk")[1]
    Annotation.objects.filter(pk=crowd.pk).update(ignore=Ignore.CROWD)
    return made


def expected(dataset: Dataset) -> Found:
    """Of every labelled image what its labels say."""
    keys = [f"{split}/images/{name}.jpg" for split in ("train", "valid") for name in ("boxes", "nothing")]
    rows = labels_of(dataset)
    return {
        ({"train": "train", "valid": "val"}[key.split("/")[0]], Path(key).stem): sorted(
            (name, list(box), dict(facts).get("ignore", 0) != 0) for name, box, facts in rows[key]
        )
        for key in keys
    }


def coco_found(root: Path) -> Found:
    found: Found = {}
    for split in ("train", "val"):
        coco = COCO(str(root / "annotations" / f"instances_{split}.json"))
        for image in coco.loadImgs(coco.getImgIds()):
            assert (root / "images" / split / image["file_name"]).is_file()
            rows = [
                (coco.cats[one["category_id"]]["name"], corners(one["bbox"]), bool(one["iscrowd"]))
                for one in coco.imgToAnns[image["id"]]
            ]
            found[split, Path(image["file_name"]).stem] = sorted(rows)
    return found


def corners(bbox: list[float]) -> list[float]:
    x, y, width, height = bbox
    return [x, y, x + width, y + height]


def yolo_found(root: Path) -> Found:
    from ultralytics.data.dataset import YOLODataset
    from ultralytics.data.utils import check_det_dataset

    data: dict[str, Any] = check_det_dataset(str(root / "data.yaml"), autodownload=False)
    found: Found = {}
    for split in ("train", "val"):
        for one in YOLODataset(img_path=data[split], data=data, task="detect", augment=False).labels:
            height, width = one["shape"]
            rows = []
            for (label,), (x, y, w, h) in zip(one["cls"].tolist(), one["bboxes"].tolist(), strict=True):
                left, top = (x - w / 2) * width, (y - h / 2) * height
                rows.append((data["names"][int(label)], [left, top, left + w * width, top + h * height], False))
            found[split, Path(one["im_file"]).stem] = sorted(rows)
    return found


def unpacked(cast: Cast, dataset: Dataset, root: Path, wanted: str) -> Path:
    fetched(cast, export(cast, dataset, format=wanted, files=True)).extractall(root / wanted)
    return root / wanted


def assert_same(found: Found, given: Found) -> None:
    assert found.keys() == given.keys()
    for place, rows in given.items():
        assert [(name, ignored) for name, _, ignored in found[place]] == [(name, said) for name, _, said in rows]
        for (_, one, _), (_, other, _) in zip(found[place], rows, strict=True):
            assert one == pytest.approx(other, abs=1e-4)


def test_pycocotools_reads_boxes_crowds_and_splits(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    assert_same(coco_found(unpacked(cast, dataset, import_root, "coco")), expected(dataset))


def test_ultralytics_reads_boxes_and_splits(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """What is ignored is left out; an image that is not labelled is in no list, and so no negative."""
    counted = {place: [row for row in rows if not row[2]] for place, rows in expected(dataset).items()}
    assert_same(yolo_found(unpacked(cast, dataset, import_root, "yolo")), counted)
