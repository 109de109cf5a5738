"""What is ignored, and which images are labelled: each format's own way, said where it has none."""

import json
from pathlib import Path

import numpy as np
import pytest

from dataset.importing.columns import Ignore
from dataset.models import Annotation, Dataset
from dataset.tasks import run_export, run_import
from tests.dataset.exports import export, fetched, labels_of, there_and_back
from tests.dataset.folders import import_folder, write_image, write_text
from tests.factories import Cast, assert_problem, call, make_dataset

pytestmark = pytest.mark.django_db
assert run_export
assert run_import

KINDS = {"REGION": Ignore.REGION, "CROWD": Ignore.CROWD, "ANYTHING": Ignore.ANYTHING}


@pytest.fixture
def dataset(cast: Cast, import_root: Path) -> Dataset:
    """labelled.jpg has a counted box and one ignored in each way, negative.jpg nothing, new.jpg nobody looked at."""
    root = import_root / "set"
    for number, name in enumerate(("labelled", "negative", "new")):
        write_image(root / "images" / f"{name}.jpg", colour=number * 40)
    write_text(root / "labels" / "labelled.txt", "".join(f"0 0.{k}5 0.5 0.1 0.5\n" for k in range(1, 5)))
    write_text(root / "labels" / "negative.txt", "")
    write_text(root / "data.yaml", "names: [car]\n")
    made = make_dataset(cast.project, classes=())
    import_folder(cast, made, root)
    for row, ignore in zip(Annotation.objects.filter(dataset=made).order_by("pk"), Ignore, strict=True):
        Annotation.objects.filter(pk=row.pk).update(ignore=ignore)
    return made


def states(dataset: Dataset) -> dict[str, bool]:
    return {key.split("/")[-1]: since is not None for key, since in dataset.images.values_list("key", "labelled_since")}


def ignored(dataset: Dataset) -> list[int]:
    """What the boxes are, from left to right."""
    rows = Annotation.objects.filter(dataset=dataset, died=None).order_by("x1")
    return list(rows.values_list("ignore", flat=True))


@pytest.mark.parametrize(
    ("wanted", "comes_back"),
    [
        ("coco", [Ignore.NO, Ignore.REGION, Ignore.CROWD, Ignore.ANYTHING]),
        ("voc", [Ignore.NO, Ignore.REGION, Ignore.CROWD, Ignore.ANYTHING]),
        ("bdd100k", [Ignore.NO, Ignore.CROWD, Ignore.CROWD, Ignore.CROWD]),
        ("cvat", [Ignore.NO, Ignore.REGION, Ignore.CROWD, Ignore.ANYTHING]),
        ("label_studio", [Ignore.NO, Ignore.REGION, Ignore.CROWD, Ignore.ANYTHING]),
        ("kitti", [Ignore.NO, Ignore.ANYTHING, Ignore.ANYTHING, Ignore.ANYTHING]),
        ("yolo", [Ignore.NO]),
    ],
)
def test_ignored_boxes_come_back(
    cast: Cast, dataset: Dataset, import_root: Path, wanted: str, comes_back: list[Ignore]
) -> None:
    back, out, _ = there_and_back(cast, dataset, import_root, wanted)
    assert ignored(back) == comes_back
    assert out.result["boxes"]["skipped"] == 4 - len(comes_back)
    said = " ".join(problem["reason"] for problem in out.result["problems"])
    assert ("ignored" in said) == (wanted in ("coco", "bdd100k", "kitti", "yolo"))  # the others bring all back


@pytest.mark.parametrize("wanted", ["coco", "voc", "yolo", "cvat", "kitti", "label_studio", "bdd100k"])
def test_an_image_that_is_not_labelled_does_not_become_a_negative(
    cast: Cast, dataset: Dataset, import_root: Path, wanted: str
) -> None:
    back, out, _ = there_and_back(cast, dataset, import_root, wanted)
    assert states(back) == {"labelled.jpg": True, "negative.jpg": True, "new.jpg": False}
    assert out.result["images"]["unlabelled"] == 1
    said = any("not labelled" in problem["reason"] for problem in out.result["problems"])
    assert said == (wanted not in ("bdd100k", "label_studio"))  # which say it themselves


def test_scalabel_has_null_for_it(cast: Cast, dataset: Dataset) -> None:
    frames = json.loads(fetched(cast, export(cast, dataset, format="bdd100k")).read("labels.json"))
    labels = {frame["name"].split("/")[-1]: frame["labels"] for frame in frames}
    assert (labels["negative.jpg"], labels["new.jpg"]) == ([], None)
    assert [one["attributes"] for one in labels["labelled.jpg"]] == [
        {}, {"ignored": True}, {"crowd": True}, {"ignored": True},
    ]  # fmt: skip


def test_coco_lists_it_where_that_is_chosen(cast: Cast, dataset: Dataset) -> None:
    names = []
    for unlabelled in (False, True):
        job = export(cast, dataset, format="coco", unlabelled=unlabelled)
        content = json.loads(fetched(cast, job).read("annotations/instances_default.json"))
        names.append([image["file_name"].split("/")[-1] for image in content["images"]])
    assert names == [["labelled.jpg", "negative.jpg"], ["labelled.jpg", "negative.jpg", "new.jpg"]]
    assert [one["iscrowd"] for one in content["annotations"]] == [0, 1, 1, 1]


def test_yolo_has_a_file_for_a_negative_alone(cast: Cast, dataset: Dataset) -> None:
    archive = fetched(cast, export(cast, dataset, format="yolo"))
    assert archive.read("labels/train/negative.txt") == b""
    assert "labels/train/new.txt" not in archive.namelist()
    assert "new" not in archive.read("train.txt").decode()


def test_coco_of_unlabelled_images_alone_is_refused_with_the_way_out(cast: Cast, dataset: Dataset) -> None:
    new = dataset.images.get(key__contains="new").pk
    asked = {"format": "coco", "images": [new]}
    assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/exports", asked), 400, mentions="is labelled")
    assert call(cast.bob, "POST", f"datasets/{dataset.pk}/exports", asked | {"unlabelled": True}).status_code == 202


def test_a_stated_area_is_said_where_it_is_lost(cast: Cast, dataset: Dataset) -> None:
    row = Annotation.objects.filter(dataset=dataset).order_by("pk")[0]
    Annotation.objects.filter(pk=row.pk).update(area=12.5)
    said = export(cast, dataset, format="voc").result["problems"]
    assert any("area" in problem["reason"] for problem in said)
    assert labels_of(dataset)[row.image.key]
    content = json.loads(fetched(cast, export(cast, dataset, format="coco")).read("annotations/instances_default.json"))
    assert np.isclose(content["annotations"][0]["area"], 12.5)
