"""A dry run shows the report of an import without writing; what it has shown can be done next."""

import json
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Role
from dataset.models import Annotation, Dataset, Image, LabelClass, Revision
from dataset.tasks import run_import
from jobs.models import Job
from tests.dataset.folders import boxes_of, coco_content, coco_folder, import_folder, write_text, yolo_folder
from tests.dataset.test_import_upload import imported, left_behind, zipped
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, make_dataset, run_jobs

pytestmark = pytest.mark.django_db
assert run_import


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=("car",))


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Image, Annotation, Revision, LabelClass, Dataset)]


def test_it_works(cast: Cast, dataset: Dataset, import_root: Path, settings: Any) -> None:
    root, before = yolo_folder(import_root / "set"), everything()
    shown = import_folder(cast, dataset, root, dry_run=True)
    assert everything() == before
    assert not (settings.STORAGE_ROOT / "blobs").exists() or not list((settings.STORAGE_ROOT / "blobs").rglob("*.jpg"))
    assert shown.result["classes"] == [
        {"name": "car", "found": 1, "usable": 1, "new": False},
        {"name": "rider", "found": 1, "usable": 1, "new": True},
    ]
    done = import_folder(cast, dataset, root).result
    for part in ("format", "images", "boxes", "classes", "problems", "notes"):
        assert shown.result[part] == done[part], part
    assert (shown.result["dry_run"], done["dry_run"]) == (True, False)
    assert (shown.result["revision"], done["revision"]) == (None, 1)


def test_it_says_what_would_change(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = yolo_folder(import_root / "set")
    import_folder(cast, dataset, root)
    write_text(root / "train" / "labels" / "a.txt", "1 0.5 0.5 0.5 0.5\n")
    write_text(root / "train" / "labels" / "b.txt", "")
    before = everything()
    boxes = import_folder(cast, dataset, root, dry_run=True).result["boxes"]
    assert (boxes["changed"], boxes["removed"], boxes["added"]) == (1, 1, 0)
    assert everything() == before


def test_what_was_shown_can_be_done_without_a_second_upload(
    cast: Cast, dataset: Dataset, import_root: Path, settings: Any
) -> None:
    shown = imported(cast, dataset, zipped(yolo_folder(import_root / "set")), dry_run="true")
    assert (shown.title, Image.objects.count()) == (f"Check set.zip into {dataset.name}", 0)
    path = f"datasets/{dataset.pk}/imports"
    assert call(cast.alice, "POST", path, {"check": shown.pk}).status_code == 202
    done = Job.objects.get(pk=run_jobs()[0].pk)
    assert (done.title, done.result["images"]["added"]) == (f"Import set.zip into {dataset.name}", 3)
    assert left_behind(settings) == []
    assert "is gone" in assert_problem(call(cast.alice, "POST", path, {"check": shown.pk}), 400)["detail"]


def test_it_rejects_checks_that_are_none(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    done = import_folder(cast, dataset, yolo_folder(import_root / "set"))
    path = f"datasets/{dataset.pk}/imports"
    for check in (0, done.pk):
        assert "check" in assert_problem(call(cast.alice, "POST", path, {"check": check}), 400)["errors"]
    assert "path" in assert_problem(call(cast.alice, "POST", path, {"check": done.pk, "path": "set"}), 400)["errors"]


def test_the_complete_report_is_a_file(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """The job keeps the first thousand problems, and the first of each kind; the file has all."""
    content = coco_content()
    outside = {"image_id": 1, "category_id": 7, "bbox": [500, 500, 2, 2]}
    content["annotations"] += [outside | {"id": n} for n in range(1200)]
    content["annotations"].append({"id": 9999, "image_id": 1, "category_id": 7, "bbox": [5, 5, 0, 2]})
    job = import_folder(cast, dataset, coco_folder(import_root / "set", content))
    assert (job.result["problems_total"], len(job.result["problems"])) == (1201, 1000)
    assert {kind["kind"]: kind["entries"] for kind in job.result["kinds"]} == {"outside": 1200, "no_area": 1}
    response = call(cast.bob, "GET", f"imports/{job.pk}/report")
    assert response["Content-Disposition"] == f'attachment; filename="import-{job.pk}.json"'
    whole = json.loads(b"".join(response.streaming_content))
    assert len(whole["problems"]) == 1201
    assert {key: whole[key] for key in ("images", "boxes")} == {key: job.result[key] for key in ("images", "boxes")}
    assert_charlie_gets_404(cast, "GET", f"imports/{job.pk}/report")


def test_a_report_that_is_not_there_yet(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    yolo_folder(import_root / "set")
    started = call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"path": "set"}).json()
    assert_problem(call(cast.bob, "GET", f"imports/{started['id']}/report"), 409)


def test_only_managers_check(import_root: Path) -> None:
    cast = make_cast(bob=Role.REVIEWER)
    dataset = make_dataset(cast.project)
    yolo_folder(import_root / "set")
    path, body = f"datasets/{dataset.pk}/imports", {"path": "set", "dry_run": True}
    assert_problem(call(cast.bob, "POST", path, body), 403)
    assert_charlie_gets_404(cast, "POST", path, body)


def test_labels_alone_go_onto_the_datasets_images(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """Corrected labels need not bring their pictures again."""
    root = coco_folder(import_root / "set")
    import_folder(cast, dataset, root)
    content = coco_content()
    content["annotations"][0] |= {"bbox": [16, 12, 30, 20], "attributes": {"occluded": True}}
    write_text(import_root / "labels" / "new.json", json.dumps(content))
    result = import_folder(cast, dataset, import_root / "labels").result
    assert result["images"] == {"found": 2, "added": 0, "unchanged": 2, "skipped": 0}
    assert (result["boxes"]["changed"], result["boxes"]["unchanged"], result["revision"]) == (1, 1, 2)
    assert boxes_of(dataset)["images/a.jpg"] == [("car", [16, 12, 46, 32])]


def test_changed_attributes_are_a_change(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    content = coco_content()
    content["annotations"][0]["attributes"] = {"occluded": False, "lane": 2}
    root = coco_folder(import_root / "set", content)
    import_folder(cast, dataset, root)
    assert import_folder(cast, dataset, root).result["boxes"]["unchanged"] == 2
    content["annotations"][0]["attributes"]["lane"] = 3
    coco_folder(root, content)
    assert import_folder(cast, dataset, root).result["boxes"]["changed"] == 1
    (row,) = Annotation.objects.filter(dataset=dataset, died=None, image__key="images/a.jpg")
    assert row.attributes == {"occluded": False, "lane": 3}
