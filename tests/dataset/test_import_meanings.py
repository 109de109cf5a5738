"""What an import asks, remembers and offers: the form of boxes, renamed classes, predictions among the labels."""

import json
from pathlib import Path
from typing import Any

import pytest

from dataset.importing.box_forms import FORMS
from dataset.models import Dataset, Image, LabelClass, PredictionSet
from dataset.selectors.predictions import load
from dataset.tasks import run_import, run_prediction_import
from jobs.models import Job
from tests.dataset.folders import boxes_of, coco_content, coco_folder, import_folder, write_text, yolo_folder
from tests.factories import Cast, call, make_dataset, run_jobs

pytestmark = pytest.mark.django_db
assert run_import
assert run_prediction_import


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=())


class TestBoxForm:
    """Fractions where COCO has pixels: asked about, never guessed."""

    @pytest.fixture
    def root(self, import_root: Path) -> Path:
        content = coco_content()
        content["annotations"][0]["bbox"] = [0.25, 0.25, 0.5, 0.5]
        content["annotations"][1]["bbox"] = [0.125, 0.125, 0.25, 0.25]
        return coco_folder(import_root / "set", content)

    def ask(self, cast: Cast, dataset: Dataset, body: dict[str, Any]) -> Job:
        response = call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", body)
        assert response.status_code == 202, response.content
        (job,) = run_jobs()
        return job

    def test_a_check_shows_the_question(self, cast: Cast, dataset: Dataset, root: Path) -> None:
        job = self.ask(cast, dataset, {"path": str(root), "dry_run": True})
        (question,) = job.result["questions"]
        assert (question["kind"], question["file"], question["likely"]) == ("box_form", "annotations.json", "fractions")
        assert question["choices"] == list(FORMS)

    def test_nothing_is_written_without_an_answer(self, cast: Cast, dataset: Dataset, root: Path) -> None:
        job = self.ask(cast, dataset, {"path": str(root)})
        assert job.state == "failed"
        assert "look like fractions of the image" in job.error
        assert not dataset.images.exists()

    def test_nothing_is_written_where_only_the_images_tell_their_size(
        self, cast: Cast, dataset: Dataset, root: Path
    ) -> None:
        content = json.loads((root / "annotations.json").read_text())
        for image in content["images"]:
            del image["width"], image["height"]
        write_text(root / "annotations.json", json.dumps(content))
        job = self.ask(cast, dataset, {"path": str(root)})
        assert (job.state, dataset.images.count()) == ("failed", 0)

    def test_the_answer_goes_with_the_import_or_with_what_was_checked(
        self, cast: Cast, dataset: Dataset, root: Path
    ) -> None:
        check = self.ask(cast, dataset, {"path": str(root), "dry_run": True})
        job = self.ask(cast, dataset, {"check": check.pk, "box_form": "fractions"})
        assert job.state == "succeeded", job.error
        assert boxes_of(dataset) == {
            "images/a.jpg": [("car", [16, 12, 48, 36])],
            "images/b.jpg": [("rider", [8, 6, 24, 18])],
        }


def rename(cast: Cast, dataset: Dataset, before: str, after: str) -> None:
    row = dataset.classes.get(name=before)
    assert call(cast.alice, "PATCH", f"classes/{row.pk}", {"name": after}).status_code == 200


class TestRenamed:
    """93-rename: the same unchanged folder, imported again after a class was renamed."""

    def test_a_renamed_class_stays_renamed(self, cast: Cast, dataset: Dataset, import_root: Path) -> None:
        root = yolo_folder(import_root / "set")
        import_folder(cast, dataset, root)
        rename(cast, dataset, "car", "vehicle")
        rename(cast, dataset, "vehicle", "motor vehicle")
        result = import_folder(cast, dataset, root).result
        counts = result["boxes"]
        assert (counts["added"], counts["changed"], counts["removed"], result["revision"]) == (0, 0, 0, None)
        assert [row.name for row in dataset.classes.all()] == ["motor vehicle", "rider"]
        assert {note["kind"]: note["text"] for note in result["notes"]}["renamed"].endswith("car is motor vehicle")
        assert [one["new"] for one in result["classes"]] == [False, False]

    def test_a_class_made_by_hand_goes_before(self, cast: Cast, dataset: Dataset, import_root: Path) -> None:
        root = yolo_folder(import_root / "set")
        import_folder(cast, dataset, root)
        rename(cast, dataset, "car", "vehicle")
        call(cast.alice, "POST", f"datasets/{dataset.pk}/classes", {"name": "car"})
        write_text(root / "train" / "labels" / "c.txt", "0 0.5 0.5 0.5 0.5\n")
        import_folder(cast, dataset, root)
        assert boxes_of(dataset)["train/images/c.jpg"][0][0] == "car"

    def test_a_name_that_comes_back_is_its_own(self, cast: Cast, dataset: Dataset, import_root: Path) -> None:
        import_folder(cast, dataset, yolo_folder(import_root / "set"))
        rename(cast, dataset, "car", "vehicle")
        rename(cast, dataset, "vehicle", "car")
        assert dataset.classes.get(name="car").earlier_names == ["vehicle"]


def test_the_same_letters_are_the_same_class(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    """One file writes café as a Mac does, the other as others do."""
    LabelClass.objects.create(dataset=dataset, index=0, name="cafe\u0301", colour="#000000")
    content = coco_content()
    content["categories"][0]["name"] = "caf\u00e9\u00a0"
    import_folder(cast, dataset, coco_folder(import_root / "set", content))
    assert dataset.classes.count() == 2
    response = call(cast.alice, "POST", f"datasets/{dataset.pk}/classes", {"name": "caf\u00e9"})
    assert response.status_code == 400


class TestPredictions:
    @pytest.fixture
    def imported(self, cast: Cast, dataset: Dataset, import_root: Path) -> Job:
        root = yolo_folder(import_root / "set")
        write_text(root / "train" / "labels" / "a.txt", "0 0.5 0.5 0.5 0.5 0.75\n1 0.5 0.5 0.25 0.25 0.5\n")
        write_text(root / "train" / "labels" / "c.txt", "1 0.25 0.25 0.25 0.25 0.9 4\n")
        return import_folder(cast, dataset, root)

    def test_they_are_no_labels_and_are_offered(self, dataset: Dataset, imported: Job) -> None:
        found = imported.result["predictions"]
        assert (found["files"], found["boxes"]) == (2, 3)
        assert Image.objects.get(key="train/images/a.jpg").labelled_since is None
        assert boxes_of(dataset)["train/images/a.jpg"] == []

    def test_a_set_is_made_of_them(self, cast: Cast, dataset: Dataset, imported: Job) -> None:
        body = {"import_job": imported.pk, "name": "from the folder"}
        response = call(cast.alice, "POST", f"datasets/{dataset.pk}/prediction-sets", body)
        assert response.status_code == 202, response.content
        (job,) = run_jobs()
        assert job.state == "succeeded", job.error
        row = PredictionSet.objects.get()
        assert (row.name, row.box_count, row.manifest.image_count) == ("from the folder", 3, 2)
        found = load(row)
        assert found.boxes[0].tolist() == [16, 12, 48, 36]
        assert sorted(found.scores.tolist()) == pytest.approx([0.5, 0.75, 0.9])

    def test_an_import_without_any_is_refused(self, cast: Cast, dataset: Dataset, import_root: Path) -> None:
        job = import_folder(cast, dataset, yolo_folder(import_root / "set"))
        assert job.result["predictions"] is None
        response = call(cast.alice, "POST", f"datasets/{dataset.pk}/prediction-sets", {"import_job": job.pk})
        assert response.status_code == 400
        assert call(cast.alice, "POST", f"datasets/{dataset.pk}/prediction-sets", {}).status_code == 400


SURROGATE = "\\ud83d"  # half a letter, as JSON may spell it
ODD = [
    '{"id": 1, "file_name": "a.jpg", "video": "a\\u0000b", "weather": "x\\u0000"}',
    '{"id": 1, "file_name": "a.jpg", "captured_at": "0001-01-01T00:00:00+14:00"}',
    '{"id": 1, "file_name": "a.jpg", "captured_at": "9999-12-31T23:59:59-14:00"}',
    '{"id": 1, "file_name": "a.jpg", "captured_at": -62135596800}',
    '{"id": 1, "file_name": "a.jpg", "width": 99999999999999999999, "metadata": {"n": 99999999999999999999}}',
    '{"id": 1, "file_name": "a.jpg", "latitude": 1e400, "longitude": NaN, "metadata": {"n": NaN, "k\\u0000": 1}}',
    '{"id": 1, "file_name": "a.jpg", "video": "%s", "metadata": {"a": "%s", "%s": 1}, "n": NaN}' % ((SURROGATE,) * 3),
    '{"id": 1, "file_name": "a.jpg", "metadata": {"%s": 1}}' % ("k" * 5000),
]
RECORDS = [
    '{"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4], "attributes": {"a": "\\u0000"}}',
    '{"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4], "attributes": {"a": 99999999999999999999999}}',
    '{"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4], "attributes": {"a": "\\ud83d"}, "area": NaN}',
    '{"id": 99999999999999999999999, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4], "area": 1e300}',
    '{"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 1e-30, 4]}',
    '{"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4], "attributes": {"rotation": 1e300}}',
    '{"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4], "attributes": {"\\u0000": 1, "b": "\\\\u0000"}}',
]  # fmt: skip
ODD_NAMES = [
    f'{{"id": 1, "file_name": "a.jpg"}}, {{"id": "{odd}", "file_name": "{odd}.jpg", "n": NaN}}'
    for odd in ("\\u0000", SURROGATE)
]
CLASSES = ["a\\u0000b", "x" * 500, SURROGATE + "x", "\\u200b", " \\u00a0 ", "\\u202e\\ud83d\\ude00"]


@pytest.mark.parametrize(
    ("image", "record", "name"),
    [
        *[(odd, RECORDS[0], "car") for odd in ODD + ODD_NAMES],
        *[('{"id": 1, "file_name": "a.jpg"}', record, "car") for record in RECORDS],
        *[('{"id": 1, "file_name": "a.jpg"}', RECORDS[4], name) for name in CLASSES],
    ],
)
def test_the_database_is_never_how_an_import_says_it(
    cast: Cast, dataset: Dataset, import_root: Path, image: str, record: str, name: str
) -> None:
    category = f'{{"id": 7, "name": "{name}"}}'
    text = f'{{"images": [{image}], "categories": [{category}], "annotations": [{record}], "x": NaN}}'
    assert import_folder(cast, dataset, coco_folder(import_root / "set", text)).result["images"]["added"] == 2
