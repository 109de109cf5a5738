"""Leaks between slices that exist already, and the split that makes none."""

import pytest

import curate.tasks  # noqa: F401  registers the jobs
from accounts.models import Role
from curate.models import AutoCurate
from dataset.models import Dataset, Image, Slice
from tests.curate.duplicates.pictures import store
from tests.curate.factories import make_slice
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, make_dataset, run_jobs
from tests.science.duplicates.drawing import darker, mirrored, scene, window

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.MANAGER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


@pytest.fixture
def sides(dataset: Dataset) -> tuple[Slice, Slice]:
    """Training has six images; of validation's five one has its bytes there, one is mirrored, one a window, one a
    frame of the same drive, one is new."""
    train = [store(dataset, f"{seed}.jpg", scene(seed), sequence="drive" * (seed == 5)) for seed in range(6)]
    validation = [
        store(dataset, "bytes.jpg", scene(0)),
        store(dataset, "mirrored.jpg", mirrored(scene(1))),
        store(dataset, "window.jpg", window(scene(2), 0.1, 0.1, 0.8, 0.9)),
        store(dataset, "drive.jpg", scene(50), sequence="drive"),
        store(dataset, "new.jpg", scene(51)),
    ]
    return make_slice(dataset, "train", train), make_slice(dataset, "validation", validation)


def search(cast: Cast, dataset: Dataset) -> None:
    call(cast.bob, "POST", f"datasets/{dataset.pk}/duplicates/search")
    assert run_jobs()[-1].state == "succeeded"


def leaks(cast: Cast, sides: tuple[Slice, Slice]) -> dict:
    train, validation = sides
    path = f"datasets/{train.dataset_id}/leaks?train={train.pk}&validation={validation.pk}"
    answer = call(cast.bob, "GET", path)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_it_works(cast: Cast, dataset: Dataset, sides: tuple[Slice, Slice]) -> None:
    search(cast, dataset)
    found = leaks(cast, sides)
    assert (found["images"], found["training_images"], found["pairs"]) == (3, 3, 3)
    rows = [(one["validation"]["key"], one["training"]["key"], one["relation"], one["pose"]) for one in found["items"]]
    assert rows == [
        ("bytes.jpg", "0.jpg", "same_bytes", None),
        ("mirrored.jpg", "1.jpg", "by_sight", "mirrored"),
        ("window.jpg", "2.jpg", "by_sight", "upright"),
    ]
    assert found["items"][2]["overlap"] == pytest.approx(0.7 * 0.8, abs=0.05)
    assert (found["sequences"], found["sequence_images"]) == (1, 1)
    assert found["looked"]["not_looked_at"] == 0


def test_without_a_search_it_says_what_was_not_looked_for(
    cast: Cast, dataset: Dataset, sides: tuple[Slice, Slice]
) -> None:
    found = leaks(cast, sides)
    relations = {one["validation"]["key"]: one["relation"] for one in found["items"]}
    assert relations == {"bytes.jpg": "same_bytes"}
    assert found["looked"]["search"] is None
    assert found["looked"]["not_looked_at"] == 11


def test_images_that_came_after_the_search_are_counted(
    cast: Cast, dataset: Dataset, sides: tuple[Slice, Slice]
) -> None:
    search(cast, dataset)
    late = store(dataset, "darker.jpg", darker(scene(4)))
    Slice.objects.get(name="validation").slice_images.create(image=late)
    assert (leaks(cast, sides)["images"], leaks(cast, sides)["looked"]["not_looked_at"]) == (3, 1)
    search(cast, dataset)
    assert (leaks(cast, sides)["images"], leaks(cast, sides)["looked"]["not_looked_at"]) == (4, 0)


def test_pairs_of_removed_images_are_gone(cast: Cast, dataset: Dataset, sides: tuple[Slice, Slice]) -> None:
    search(cast, dataset)
    body = {"chosen": {"ids": [dataset.images.get(key="1.jpg").pk]}}
    assert call(cast.alice, "POST", f"datasets/{dataset.pk}/bulk/remove", body).status_code == 200
    assert [one["validation"]["key"] for one in leaks(cast, sides)["items"]] == ["bytes.jpg", "window.jpg"]


def test_the_copies_leave_the_training_slice_and_come_back(
    cast: Cast, dataset: Dataset, sides: tuple[Slice, Slice]
) -> None:
    search(cast, dataset)
    train, validation = sides
    body = {"train": [train.pk], "validation": validation.pk}
    done = call(cast.bob, "POST", f"datasets/{dataset.pk}/leaks/take-out", body).json()
    [changed] = done["changed"]
    assert (changed["slice"]["image_count"], len(changed["images"])) == (3, 3)
    assert leaks(cast, sides)["images"] == 0
    back = {"chosen": {"ids": changed["images"]}, "slice": train.pk}
    call(cast.bob, "POST", f"datasets/{dataset.pk}/bulk/change-slice", back)
    assert leaks(cast, sides)["images"] == 3


def test_the_copies_become_a_slice(cast: Cast, dataset: Dataset, sides: tuple[Slice, Slice]) -> None:
    train, validation = sides
    body = {"train": [train.pk], "validation": validation.pk, "name": "copies"}
    made = call(cast.bob, "POST", f"datasets/{dataset.pk}/leaks/make-slice", body).json()
    assert list(Image.objects.filter(slice_images__slice=made["id"]).values_list("key", flat=True)) == ["0.jpg"]


def test_it_rejects_slices_of_others(cast: Cast, dataset: Dataset, sides: tuple[Slice, Slice]) -> None:
    assert_problem(call(cast.bob, "GET", f"datasets/{dataset.pk}/leaks?train=99999999&validation={sides[1].pk}"), 400)
    assert_problem(call(cast.bob, "GET", f"datasets/{dataset.pk}/leaks?validation={sides[1].pk}"), 400)


def test_charlie_gets_404(cast: Cast, dataset: Dataset, sides: tuple[Slice, Slice]) -> None:
    body = {"train": [sides[0].pk], "validation": sides[1].pk, "name": "x"}
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/leaks?train={sides[0].pk}&validation={sides[1].pk}")
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/leaks/take-out", body)
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/leaks/make-slice", body)


def split(cast: Cast, dataset: Dataset, **params: object) -> tuple[dict, list[set[str]]]:
    """The report, and the keys of each side."""
    answer = call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", {"kind": "split", "params": params})
    assert answer.status_code == 202, answer.content
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    slices = [
        set(Image.objects.filter(slice_images__slice=pk).values_list("key", flat=True)) for pk in job.result["slices"]
    ]
    return AutoCurate.objects.get(pk=job.result["auto_curate"]).report, slices


def test_a_split_with_defaults_keeps_augmented_copies_together_by_name(cast: Cast, dataset: Dataset) -> None:
    for site in range(20):
        for copy, make in enumerate((lambda one: one, mirrored, darker)):
            store(dataset, f"images/site{site:02}_jpg.rf.{'abc'[copy]}{site}.jpg", make(scene(100 + site, 240, 160)))
    report, sides = split(cast, dataset)
    sources = [{key.split("_jpg")[0] for key in side} for side in sides]
    assert not sources[0] & sources[1]
    assert report["sources"] == {"named": 60, "sources": 20, "across": 0, "newly_kept": 60}
    assert report["leakage"]["copies_across"] == report["leakage"]["sequences_across"] == 0
    assert dataset.images.exclude(sequence="").count() == 60  # kept, to be undone by POST …/sources {"keep": false}


def test_a_split_keeps_copies_together_by_sight(cast: Cast, dataset: Dataset) -> None:
    for site in range(12):
        whole = scene(200 + site)
        pictures = [whole, mirrored(darker(whole)), window(whole, 0.2, 0.15, 0.9, 0.95)]
        for name, picture in zip("kqz", pictures, strict=True):
            store(dataset, f"{name}{site * 7919 % 1000}{name}.jpg", picture)
    report, sides = split(cast, dataset)
    sources = [{key[1:-5] for key in side} for side in sides]
    assert not sources[0] & sources[1]
    assert report["sources"]["named"] == 0
    assert report["leakage"]["copies"] >= 24
    assert report["leakage"]["copies_across"] == 0
    assert report["leakage"]["not_looked_at"] == 0


def test_what_was_asked_not_to_be_kept_together_is_counted(cast: Cast, dataset: Dataset) -> None:
    for site in range(20):
        for copy, make in enumerate((lambda one: one, mirrored, darker)):
            store(dataset, f"images/site{site:02}_jpg.rf.{'abc'[copy]}{site}.jpg", make(scene(100 + site, 240, 160)))
    report, sides = split(cast, dataset, sources=False, sight=False)
    sources = [{key.split("_jpg")[0] for key in side} for side in sides]
    assert report["sources"]["across"] == len(sources[0] & sources[1]) > 0
    assert report["leakage"]["by_sight"] is False
    assert report["leakage"]["not_looked_at"] == 60
    assert not dataset.images.exclude(sequence="").exists()
