"""import(export(x)) = x: boxes to the bit, classes in order, attributes, metadata and keys; what is lost is listed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pycocotools.coco import COCO

from dataset.importing.columns import Ignore
from dataset.importing.turning import as_attributes, own_area, upright_box
from dataset.importing.types import FORMATS
from dataset.models import Annotation, Dataset, Image, PredictionSet, Provenance, Revision
from dataset.selectors.predictions import load
from dataset.services.manifests import freeze
from dataset.services.predictions import store_predictions
from dataset.tasks import run_export, run_import
from jobs.models import Job
from science.shapes.finer import TurnedBox
from science.shapes.packed import unpack
from tests.dataset.exports import boxes_alone, classes_of, export, fetched, images_of, labels_of, there_and_back
from tests.dataset.folders import import_folder, write_image
from tests.factories import Cast, call, make_dataset, run_jobs

pytestmark = pytest.mark.django_db
assert run_export
assert run_import

SIZE = (67, 48)
KEYS = ("train/images/a.jpg", "train/images/b.jpg", "valid/images/a.jpg", "길/c d.jpg", "e.jpg", "empty.jpg")
CLASSES = ["rider", "traffic light", "비", "0", "never seen"]
MOMENT = datetime(2020, 6, 1, 10, 30, 15, 250000, tzinfo=UTC)


def importable(wanted: str) -> str:
    """The format, or a skip where this version cannot import it."""
    if wanted not in FORMATS:
        pytest.skip(f"{wanted} cannot be imported yet, so what is exported cannot be read back")
    return wanted


@pytest.fixture
def dataset(cast: Cast, import_root: Path) -> Dataset:
    """Six images in several folders, one without boxes, with everything that can be known of one."""
    for number, key in enumerate(KEYS):
        write_image(import_root / "given" / key, colour=number * 30, width=SIZE[0], height=SIZE[1])
    dataset = make_dataset(cast.project, classes=CLASSES)
    import_folder(cast, dataset, import_root / "given", format="images")
    for image in dataset.images.filter(key__contains="/images/"):
        image.metadata = {"split": image.key.split("/")[0]}
        image.save(update_fields=["metadata"])
    return dataset


def label(dataset: Dataset, attributes: Callable[[int], dict[str, Any] | None], boxes: int = 40) -> None:
    """One imported revision of random float32 boxes in all images but the last; some touch the border."""
    rng = np.random.default_rng(7)
    corners = np.sort(rng.uniform(0, 1, (boxes, 2, 2)), axis=1) * SIZE
    corners = corners.reshape(-1, 4).astype(np.float32)
    corners[:4] = [[0, 0, *SIZE], [0.1, 0.2, 10.1, 20.2], [1, 2, 1.5, 2.125], [5, 5, 66, 47]]
    images = list(dataset.images.exclude(key="empty.jpg").order_by("pk"))
    classes = list(dataset.classes.order_by("index"))[:-1]
    Annotation.objects.bulk_create(
        Annotation(
            dataset=dataset, image=images[at % len(images)], label_class=classes[at % len(classes)],
            x1=box[0], y1=box[1], x2=box[2], y2=box[3], attributes=attributes(at),
            provenance=Provenance.IMPORTED, born=1,
        )
        for at, box in enumerate(corners.tolist())
    )  # fmt: skip
    Revision.objects.create(dataset=dataset, number=1, kind=Revision.Kind.IMPORT, counts={})
    Dataset.objects.filter(pk=dataset.pk).update(head_revision=1, annotation_count=boxes)
    dataset.images.update(labelled_since=1)
    dataset.refresh_from_db()


def dataset_rows(dataset: Dataset) -> list[Annotation]:
    return list(Annotation.objects.filter(dataset=dataset).order_by("pk"))


def some_attributes(at: int) -> dict[str, Any] | None:
    return (
        {"occluded": at % 4 == 0, "truncated": True, "colour": "빨강 & <red>", "lane": at, "ratio": 0.5}
        if at % 2
        else None
    )


def describe(dataset: Dataset, **fields: Any) -> None:
    """Say something of the first image."""
    Image.objects.filter(dataset=dataset, key=KEYS[0]).update(**fields)


def reasons(result: dict[str, Any]) -> list[str]:
    return [problem["reason"] for problem in result["problems"]]


def test_coco_carries_everything(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    label(dataset, some_attributes)
    for row, ignore in zip(dataset_rows(dataset), Ignore, strict=False):
        Annotation.objects.filter(pk=row.pk).update(ignore=ignore, area=12.25 if ignore == Ignore.CROWD else 0)
    describe(dataset, sequence="s1", captured_at=MOMENT, latitude=37.5, longitude=-127.25)
    describe(dataset, metadata={"split": "train", "weather": "비", "speed": 12.5, "night": False, "n": 3, "split2": ""})
    back, out, read = there_and_back(cast, dataset, import_root, "coco")
    assert (len(reasons(out.result)), reasons(read.result)) == (1, [])  # for others, an ignored box is of its class
    assert labels_of(back) == labels_of(dataset)
    assert images_of(back) == images_of(dataset)
    assert classes_of(back) == CLASSES


def test_coco_says_where_a_folder_says_nothing(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """An image in a folder called train without the metadata `split` comes back without: the file says null."""
    dataset.images.update(labelled_since=0)
    describe(dataset, metadata={"weather": "rainy"})
    back, out, _ = there_and_back(cast, dataset, import_root, "coco")
    assert reasons(out.result) == []
    assert images_of(back) == images_of(dataset)


def test_yolo_carries_boxes_and_classes(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    label(dataset, lambda at: None)
    back, out, read = there_and_back(cast, dataset, import_root, "yolo")
    assert reasons(out.result) == ["images that are in no split are listed for training (images: 3)"]
    assert reasons(read.result) == []
    assert boxes_alone(back) == boxes_alone(dataset)
    assert images_of(back) == images_of(dataset)
    assert classes_of(back) == CLASSES


def test_yolo_lists_what_it_has_no_place_for(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    label(dataset, some_attributes)
    describe(dataset, sequence="s1", captured_at=MOMENT, metadata={"split": "valid", "weather": "rainy"})
    Annotation.objects.filter(pk=Annotation.objects.latest("pk").pk).update(provenance=Provenance.HUMAN)
    back, out, _ = there_and_back(cast, dataset, import_root, "yolo")
    assert boxes_alone(back) == boxes_alone(dataset)
    assert sorted(reasons(out.result)) == [
        "YOLO has no place for captured_at (images: 1)",
        "YOLO has no place for metadata weather (images: 1)",
        "YOLO has no place for sequence (images: 1)",
        "YOLO has no place for the attribute colour (boxes: 20)",
        "YOLO has no place for the attribute lane (boxes: 20)",
        "YOLO has no place for the attribute occluded (boxes: 20)",
        "YOLO has no place for the attribute ratio (boxes: 20)",
        "YOLO has no place for the attribute truncated (boxes: 20)",
        "images that are in no split are listed for training (images: 3)",
        "no format says that a person or a network made a box; an import takes it as imported (boxes: 1)",
    ]
    assert {problem["file"] for problem in out.result["problems"]} <= set(KEYS)


def test_two_images_that_differ_in_their_ending_only(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """Or in their folder only: in formats that know labels by the image's name, one of them is called otherwise."""
    write_image(import_root / "more" / "e.jpeg", colour=200, width=SIZE[0], height=SIZE[1])
    write_image(import_root / "more" / "images" / "e.jpg", colour=210, width=SIZE[0], height=SIZE[1])
    write_image(import_root / "more" / "classes.jpg", colour=220, width=SIZE[0], height=SIZE[1])
    import_folder(cast, dataset, import_root / "more", format="images")
    label(dataset, lambda at: None, boxes=24)
    for wanted in ("yolo", "voc", "kitti", "coco", "cvat", "label_studio"):
        back, out, _ = there_and_back(cast, dataset, import_root, wanted)
        assert out.result["boxes"]["skipped"] == 0
        assert boxes_alone(back) == boxes_alone(dataset), wanted


def test_voc(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    importable("voc")
    label(dataset, some_attributes)
    describe(dataset, metadata={"split": "train", "weather": "비", "speed": 12.5, "night": False, "n": 3})
    back, out, read = there_and_back(cast, dataset, import_root, "voc")
    assert [reason.partition(";")[0] for reason in reasons(out.result)] == ["VOC names classes at their boxes only"]
    assert reasons(read.result) == []
    assert labels_of(back) == labels_of(dataset)
    assert images_of(back) == images_of(dataset)
    assert classes_of(back) == CLASSES


def test_voc_lists_what_it_has_no_place_for(cast: Cast, dataset: Dataset) -> None:
    label(dataset, lambda at: {"plate": "007", "known": None} if at == 0 else None)
    describe(dataset, sequence="s1", latitude=1.5, metadata={"split": "train", "campaign": "12", "list": [1]})
    found = export(cast, dataset, format="voc").result
    assert set(reasons(found)[:-1]) == {
        "VOC has no place for latitude (images: 1)",
        "VOC has no place for sequence (images: 1)",
        "VOC does not bring back as it was: metadata campaign (images: 1)",
        "VOC does not bring back as it was: metadata list (images: 1)",
        "VOC does not bring back as it was: the attribute known (boxes: 1)",
        "VOC does not bring back as it was: the attribute plate (boxes: 1)",
    }


def test_label_studio(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    label(dataset, some_attributes)
    describe(dataset, metadata={"split": "train", "weather": "비", "speed": 12.5, "night": False, "n": 3})
    back, out, read = there_and_back(cast, dataset, import_root, "label_studio")
    assert reasons(out.result) == reasons(read.result) == []
    assert labels_of(back) == labels_of(dataset)
    assert images_of(back) == images_of(dataset)
    assert classes_of(back) == CLASSES


def test_cvat(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """Every box says whether it is occluded, so those of which nothing is known come back as not."""
    label(dataset, lambda at: some_attributes(at) or ({"occluded": False, "group": 7} if at % 4 else None))
    back, out, read = there_and_back(cast, dataset, import_root, "cvat")
    assert [reason.partition(";")[0] for reason in reasons(out.result)] == [
        "CVAT says of every box whether it is occluded"
    ]
    assert reasons(read.result) == []
    unknown = Annotation.objects.filter(dataset=dataset, attributes__isnull=True)
    assert unknown.update(attributes={"occluded": False}) == 10
    assert labels_of(back) == labels_of(dataset)
    assert images_of(back) == images_of(dataset)
    assert classes_of(back) == CLASSES


def test_kitti(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """Class names that a line cannot have are others there, and the same again here."""
    label(dataset, lambda at: {"truncated": 0.25, "occluded": at % 4} if at % 2 else None)
    back, out, read = there_and_back(cast, dataset, import_root, "kitti")
    assert [reason.rpartition(": ")[2] for reason in reasons(out.result)] == [
        "the class traffic light is written as traffic_light",
        "the class 0 is written as class_0",
        "the class never seen is written as never_seen",
    ]
    assert reasons(read.result) == []
    assert labels_of(back) == labels_of(dataset)
    assert images_of(back) == images_of(dataset)
    assert classes_of(back) == CLASSES


def test_bdd100k(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    importable("bdd100k")
    label(dataset, lambda at: {"track": "7"} if at == 0 else {} if at % 5 == 0 else some_attributes(at))
    context = {"split": "train", "weather": "rainy", "scene": "street", "timeofday": "night", "timestamp": 10000}
    describe(dataset, sequence="s1", metadata=context)
    back, out, _ = there_and_back(cast, dataset, import_root, "bdd100k")
    assert [reason.partition(";")[0] for reason in reasons(out.result)] == ["BDD100K names classes at their boxes only"]
    assert labels_of(back) == labels_of(dataset)
    assert images_of(back) == images_of(dataset)
    assert classes_of(back) == CLASSES


def test_bdd100k_is_written_as_its_tools_read_it(cast: Cast, dataset: Dataset) -> None:
    label(dataset, some_attributes)
    describe(dataset, sequence="s1", captured_at=MOMENT, metadata={"split": "train", "weather": "rainy"})
    job = export(cast, dataset, format="bdd100k")
    archive = fetched(cast, job)
    frames = json.loads(archive.read("labels.json"))
    assert [frame["name"] for frame in frames] == list(dataset.images.order_by("pk").values_list("key", flat=True))
    first = next(frame for frame in frames if frame["name"] == KEYS[0])
    assert (first["videoName"], first["attributes"]) == ("s1", {"split": "train", "weather": "rainy"})
    assert frames[0]["labels"][0]["box2d"] == {"x1": 0, "y1": 0, "x2": SIZE[0] - 1, "y2": SIZE[1] - 1}
    assert archive.read("config.toml").decode().startswith('[[categories]]\nname = "rider"\n\n[[categories]]')
    assert "BDD100K has no place for captured_at (images: 1)" in reasons(job.result)


def test_classes_whose_names_yaml_would_take_for_something_else(cast: Cast, import_root: Path) -> None:
    names = ["yes", "1", "null", "a: b", "#", "'", "- x", "~"]
    write_image(import_root / "given" / "a.jpg")
    dataset = make_dataset(cast.project, classes=names)
    import_folder(cast, dataset, import_root / "given", format="images")
    back, _, _ = there_and_back(cast, dataset, import_root, "yolo")
    assert classes_of(back) == names


def test_predictions_leave_as_coco_results(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """With the annotation file beside them; its ids are theirs, so pycocotools reads the two as they are."""
    label(dataset, lambda at: None, boxes=8)
    chosen = list(dataset.images.order_by("pk")[:3])
    given = stored_predictions(dataset, [image.pk for image in chosen])
    out = export(cast, dataset, format="coco", prediction_set=given.pk)
    assert (out.result["predictions"], out.result["images"]["exported"]) == (5, 3)
    fetched(cast, out).extractall(import_root / "out")
    labels, results = "annotations/instances_default.json", "predictions_default.json"
    judged = COCO(str(import_root / "out" / labels)).loadRes(str(import_root / "out" / results))
    assert len(judged.getAnnIds()) == 5
    body = {"path": str(import_root / "out" / results), "name": "back"}
    body["annotations"] = str(import_root / "out" / labels)
    call(cast.alice, "POST", f"datasets/{dataset.pk}/prediction-sets", body)
    (job,) = run_jobs()
    back = load(PredictionSet.objects.get(pk=job.result["prediction_set"]))
    for name in ("image_ids", "class_ids", "boxes", "scores"):
        assert (getattr(back, name) == getattr(load(given), name)).all(), name
    assert back_images(job) == [image.pk for image in chosen]


def stored_predictions(dataset: Dataset, image_ids: list[int]) -> PredictionSet:
    """Five boxes on the first two of the images, scores to the last bit of a float32."""
    rng = np.random.default_rng(3)
    corners = np.sort(rng.uniform(0, 1, (5, 2, 2)), axis=1) * SIZE
    classes = list(dataset.classes.order_by("index").values_list("pk", flat=True))
    return store_predictions(
        dataset=dataset,
        manifest=freeze(dataset=dataset, image_ids=image_ids, revision=1),
        name="Detector",
        kind=PredictionSet.Kind.IMPORTED,
        image_ids=[image_ids[at % 2] for at in range(5)],
        class_ids=[classes[at % 3] for at in range(5)],
        boxes=corners.reshape(-1, 4),
        scores=rng.uniform(0, 1, 5).astype(np.float32),
    )


def back_images(job: Job) -> list[int]:
    return list(PredictionSet.objects.get(pk=job.result["prediction_set"]).manifest.image_ids)


def test_turned_boxes_come_back(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """As CVAT writes them: the box before it was turned, and `rotation` beside it; one that was moved is as others."""
    facts = as_attributes((20, 14, 40, 24), 33.3)
    around_ = upright_box(facts)
    cut = as_attributes((0, 10, 30, 20), 20)
    x1, y1, x2, y2 = upright_box(cut)
    images = {image.key: image for image in dataset.images.all()}
    boxes = [
        ("e.jpg", around_, facts | {"occluded": True}),
        ("train/images/a.jpg", (max(x1, 0), y1, x2, y2), cut | {"occluded": False}),
        ("train/images/b.jpg", (1, 2, 30, 40), facts | {"occluded": False}),  # moved since
    ]
    car = dataset.classes.first()
    for key, box, attributes in boxes:
        Annotation.objects.create(
            dataset=dataset, image=images[key], label_class=car, attributes=attributes, born=1,
            x1=np.float32(box[0]), y1=np.float32(box[1]), x2=np.float32(box[2]), y2=np.float32(box[3]),
            provenance=Provenance.IMPORTED, area=0 if key == "train/images/b.jpg" else np.float32(own_area(attributes)),
        )  # fmt: skip
    Revision.objects.create(dataset=dataset, number=1, kind=Revision.Kind.IMPORT, counts={})
    Dataset.objects.filter(pk=dataset.pk).update(head_revision=1, annotation_count=3)
    dataset.refresh_from_db()
    for wanted in ("coco", "voc", "cvat", "label_studio"):
        back, _, _ = there_and_back(cast, dataset, import_root, wanted)
        before, after = labels_of(dataset), labels_of(back)
        for key in ("e.jpg", "train/images/a.jpg"):
            assert turned_of(back, key) == turned_of(dataset, key), wanted
            assert [row[:2] for row in after[key]] == [row[:2] for row in before[key]], wanted
        assert after["train/images/b.jpg"] == [(car.name, (1, 2, 30, 40), [("occluded", False)])]


def turned_of(dataset: Dataset, key: str) -> tuple[list[float], float]:
    """What a box was before it was turned, and its angle: by its shape, or by attributes as they were kept before."""
    (row,) = Annotation.objects.filter(image__dataset=dataset, image__key=key)
    if row.shape is None:
        return row.attributes["rotated_box"], row.attributes["rotation"]
    shape = unpack(bytes(row.shape))
    assert isinstance(shape, TurnedBox)
    x, y = shape.width / 2, shape.height / 2
    middle = [shape.x - x, shape.y - y, shape.x + x, shape.y + y]
    return pytest.approx(middle, abs=1e-3), pytest.approx(shape.angle, abs=1e-4)
