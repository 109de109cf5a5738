"""Facts of images: from the import, for images imported before, over HTTP and in the query line."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from dataset.models import Image
from dataset.tasks import run_import, run_measuring
from storage import blobs
from tests.dataset.folders import import_folder, write_image, yolo_folder
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_dataset, make_image, run_jobs

pytestmark = pytest.mark.django_db
assert run_import
assert run_measuring
FACTS = ("brightness", "contrast", "sharpness")


def test_an_import_measures_and_makes_the_thumbnail(cast: Cast, import_root: Path, settings: Any) -> None:
    dataset = make_dataset(cast.project, classes=())
    import_folder(cast, dataset, yolo_folder(import_root / "set"))
    image = dataset.images.get(key="train/images/a.jpg")
    shown = call(cast.bob, "GET", f"images/{image.pk}").json()
    assert [shown[name] for name in FACTS] == [getattr(image, name) for name in FACTS]
    assert 100 < shown["brightness"] < 200
    assert shown["contrast"] > 50
    assert len(list((settings.STORAGE_ROOT / "thumbnails" / "320").rglob("*.jpg"))) == 3


def test_the_query_line_knows_them(cast: Cast) -> None:
    dataset = make_dataset(cast.project)
    dark = make_image(dataset, brightness=12.5, contrast=3.0, sharpness=40.0)
    make_image(dataset, brightness=180.0, contrast=60.0, sharpness=900.0)
    make_image(dataset)
    for q in ("brightness < 40", "contrast <= 3", "sharpness < 100 and brightness > 12"):
        found = call(cast.bob, "GET", f"datasets/{dataset.pk}/images?q={q}").json()["items"]
        assert [row["id"] for row in found] == [dark.pk], q


def test_images_from_before_are_measured(cast: Cast, import_root: Path) -> None:
    dataset = make_dataset(cast.project, classes=())
    import_folder(cast, dataset, yolo_folder(import_root / "set"))
    before = dict(dataset.images.values_list("pk", "brightness"))
    dataset.images.update(brightness=None, contrast=None, sharpness=None)
    gone = make_image(dataset, key="gone.jpg")
    write_image(import_root / "torn.jpg")
    torn = make_image(dataset, key="torn.jpg", location=blobs.put_bytes(b"no picture").key)
    assert call(cast.alice, "POST", f"datasets/{dataset.pk}/measure-images").status_code == 202
    (job,) = run_jobs()
    assert (job.state, job.result["images"], job.result["measured"]) == ("succeeded", 5, 3)
    assert {one["file"] for one in job.result["problems"]} == {gone.key, torn.key}
    measured = Image.objects.filter(pk__in=before)
    assert dict(measured.values_list("pk", "brightness")) == before


def test_the_command_asks_for_every_dataset_that_lacks_them(cast: Cast, capsys: Any) -> None:
    make_image(make_dataset(cast.project, name="Old"))
    make_image(make_dataset(cast.project, name="New"), brightness=1.0)
    make_dataset(cast.project, name="Empty")
    call_command("measure_images")
    assert capsys.readouterr().out.startswith("Old: job ")
    assert [job.title for job in run_jobs()] == ["Measure the images of Old"]


def test_only_managers_ask(cast: Cast) -> None:
    dataset = make_dataset(cast.project)
    assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/measure-images"), 403)
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/measure-images")
