"""A platform evaluation of imported labels, `./halfday evaluate` and pycocotools on the exported file: one figure."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

import curate.tasks  # noqa: F401  registers the job
import dataset.tasks  # noqa: F401
from commandline import evaluate
from curate.models import Evaluation
from dataset.models import Dataset, Image
from dataset.services import manifests
from dataset.services.predictions import store_predictions
from embedded.home import ROOT
from science.evaluation.average_precision import FIGURES
from tests.dataset.exports import export, fetched
from tests.dataset.folders import import_folder, write_image, write_text
from tests.factories import Cast, assert_problem, call, make_cast, make_dataset, run_jobs

pytestmark = pytest.mark.django_db
WILD = ROOT.parent / "shared" / "data" / "wild"
wild = pytest.mark.skipif(not WILD.is_dir(), reason=f"the label files are not there: {WILD}")
SIDE = 400


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def import_root(settings: Any, tmp_path: Path) -> Path:
    root = tmp_path / "import"
    root.mkdir()
    settings.IMPORT_ROOTS, settings.STORAGE_ROOT = [root], tmp_path / "storage"
    return root


def messy(root: Path) -> Path:
    """Twelve images with objects, crowds, difficult boxes and areas of masks; one empty, one with nothing readable."""
    random = np.random.default_rng(3)
    images, annotations = [], []
    for number in range(1, 13):
        write_image(root / f"{number}.jpg", colour=number * 20, width=SIDE, height=SIDE)
        images.append({"id": number, "file_name": f"{number}.jpg", "width": SIDE, "height": SIDE})
        for _ in range(0 if number == 11 else 6):
            left, top = random.integers(0, 250, 2).tolist()
            width, height = random.integers(10, 140, 2).tolist()
            kind = random.random()
            annotations.append(
                {
                    "id": len(annotations) + 1, "image_id": number, "category_id": int(random.integers(1, 4)),
                    "bbox": [left, top, width, height], "iscrowd": int(kind < 0.2),
                    "area": float(width * height * (random.choice([0.3, 1.0]) if kind < 0.8 else 1)),
                    **({"attributes": {"difficult": True}} if kind > 0.9 else {}),
                }
            )  # fmt: skip
            if number == 12:
                annotations[-1]["bbox"] = [1, 2]
    categories = [{"id": number, "name": name} for number, name in enumerate(("nut", "bolt", "wire"), 1)]
    content = {"images": images, "categories": categories, "annotations": annotations}
    write_text(root / "labels.json", json.dumps(content))
    return root


def predicted(dataset: Dataset) -> dict[str, list[Any]]:
    """Something like each label, and some in the air, on all images, also on those that are not labelled."""
    random = np.random.default_rng(4)
    rows = []
    classes = list(dataset.classes.order_by("index"))
    for image in dataset.images.order_by("pk"):
        boxes = [[row.x1, row.y1, row.x2, row.y2, row.label_class_id] for row in image.annotations.all()]
        boxes += [[*box, classes[int(random.integers(3))].pk] for box in ([0, 0, 50, 50], [200, 200, 260, 300])]
        for *box, class_id in boxes:
            box = (np.array(box) + random.normal(0, 4, 4)).astype(np.float32)
            rows.append((image.pk, class_id, [*np.minimum(box[:2], box[2:] - 1), *box[2:]], random.random()))
    columns = list(zip(*sorted(rows, key=lambda row: row[0]), strict=True))
    return dict(zip(("image_ids", "class_ids", "boxes", "scores"), map(list, columns), strict=True))


def evaluated(cast: Cast, dataset: Dataset, found: dict[str, list[Any]]) -> tuple[Evaluation, int]:
    """The evaluation of these predictions, by the API, and the prediction set."""
    ids = list(dataset.images.values_list("pk", flat=True))
    manifest = manifests.freeze(dataset=dataset, revision=dataset.head_revision, image_ids=ids)
    stored = store_predictions(dataset=dataset, manifest=manifest, name="found", kind="imported", **found)
    response = call(cast.alice, "POST", "evaluations", {"prediction_set": stored.pk})
    assert response.status_code == 202, response.content
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    return Evaluation.objects.get(pk=job.result["evaluation"]), stored.pk


def pycocotools_figures(labels: Path, results: Path) -> list[float]:
    truth = COCO(str(labels))
    judge = COCOeval(truth, truth.loadRes(str(results)), "bbox")
    judge.evaluate()
    judge.accumulate()
    judge.summarize()
    return [float(value) for value in judge.stats]


def test_three_ways_to_one_figure(
    cast: Cast, import_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = make_dataset(cast.project, classes=())
    import_folder(cast, dataset, messy(import_root / "set"))
    evaluation, set_id = evaluated(cast, dataset, predicted(dataset))
    fetched(cast, export(cast, dataset, format="coco", prediction_set=set_id)).extractall(tmp_path / "out")
    labels = tmp_path / "out" / "annotations" / "instances_default.json"
    results = tmp_path / "out" / "predictions_default.json"
    shown = {image["id"] for image in json.loads(labels.read_text())["images"]}
    results.write_text(json.dumps([one for one in json.loads(results.read_text()) if one["image_id"] in shown]))
    theirs = pycocotools_figures(labels, results)
    capsys.readouterr()
    assert evaluate.main([str(labels), str(results), "--json"]) == 0
    ours = json.loads(capsys.readouterr().out)["stats"]
    platform = [-1 if (evaluation.figures or {})[name] is None else evaluation.figures[name] for name in FIGURES]
    assert ours == pytest.approx(theirs, abs=1e-9)
    assert platform == pytest.approx(theirs, abs=2e-6)  # the platform keeps six digits
    assert 0.1 < theirs[0] < 0.95


def test_what_is_not_labelled_is_left_out_and_said(cast: Cast, import_root: Path) -> None:
    dataset = make_dataset(cast.project, classes=())
    import_folder(cast, dataset, messy(import_root / "set"))
    evaluation, set_id = evaluated(cast, dataset, predicted(dataset))
    answer = call(cast.bob, "GET", f"evaluations/{evaluation.pk}").json()
    assert (answer["unlabelled"], answer["counts"]["images"]) == (1, 11)
    unreadable = Image.objects.get(dataset=dataset, key="12.jpg")
    assert unreadable.pk not in evaluation.manifest.image_ids
    response = call(cast.alice, "POST", f"datasets/{dataset.pk}/slices", {"name": "new", "images": [unreadable.pk]})
    body = {"prediction_set": set_id, "slice": response.json()["id"]}
    assert_problem(call(cast.alice, "POST", "evaluations", body), 400, mentions="is labelled")


BOXES = [[10, 10, 110, 110], [320, 320, 360, 380], [600, 500, 690, 560]]  # the object; two in the crowd


@wild
@pytest.mark.parametrize("form", ["coco", "bdd", "bdd2", "oid", "voc"])
def test_what_lies_in_a_crowd_is_not_judged_whatever_file_said_so(cast: Cast, import_root: Path, form: str) -> None:
    shutil.copytree(WILD / "71-crowd" / form, import_root / form)
    dataset = make_dataset(cast.project, classes=())
    import_folder(cast, dataset, import_root / form)
    image, (label,) = dataset.images.get(), dataset.classes.all()
    found = {"image_ids": [image.pk] * 3, "class_ids": [label.pk] * 3, "boxes": BOXES, "scores": [0.5, 0.9, 0.8]}
    evaluation, _ = evaluated(cast, dataset, found)
    assert (evaluation.figures or {})["AP"] == 1
    assert {name: (evaluation.counts or {})[name] for name in ("tp", "fp", "fn", "boxes")} == {
        "tp": 1, "fp": 0, "fn": 0, "boxes": 1,
    }  # fmt: skip


@wild
def test_sizes_go_by_the_stated_area(cast: Cast, import_root: Path) -> None:
    shutil.copytree(WILD / "100-mask-area", import_root / "set", ignore=shutil.ignore_patterns("dt.json"))
    dataset = make_dataset(cast.project, classes=())
    import_folder(cast, dataset, import_root / "set")
    image, (label,) = dataset.images.get(), dataset.classes.all()
    found = {"image_ids": [image.pk], "class_ids": [label.pk], "boxes": BOXES[:1], "scores": [0.9]}
    figures = evaluated(cast, dataset, found)[0].figures or {}
    assert (figures["APs"], figures["APm"], figures["APl"]) == (1, None, None)


def test_what_is_ignored_for_every_class_is(cast: Cast, import_root: Path) -> None:
    dataset = make_dataset(cast.project, classes=())
    import_folder(cast, dataset, messy(import_root / "set"))
    image, classes = dataset.images.get(key="11.jpg"), list(dataset.classes.order_by("index"))
    found = {
        "image_ids": [image.pk] * 2, "class_ids": [classes[0].pk, classes[1].pk],
        "boxes": [[10, 10, 60, 60]] * 2, "scores": [0.9, 0.9],
    }  # fmt: skip
    counts = []
    for ignore in (None, "region", "anything"):
        if ignore:
            change = {
                "op": "add",
                "image": image.pk,
                "class_id": classes[0].pk,
                "box": [0, 0, 99, 99],
                "ignore": ignore,
            }
            body = {"on": Dataset.objects.get(pk=dataset.pk).head_revision, "edits": [change]}
            response = call(cast.alice, "POST", f"datasets/{dataset.pk}/edits", body)
            assert response.status_code == 201, response.content
            dataset.refresh_from_db()
        evaluation, _ = evaluated(cast, dataset, found)
        counts.append((evaluation.counts or {})["fp"])
    assert counts == [2, 1, 0]
