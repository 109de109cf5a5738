"""Auto-curate: find rare classes, the best so many of the images that match."""

from typing import Any

import pytest

import curate.tasks  # noqa: F401  registers the jobs
import model.tasks  # noqa: F401
from accounts.models import Role
from dataset.models import Dataset, Image, Slice
from dataset.services.predictions import store_predictions
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest, make_slice
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs

pytestmark = pytest.mark.django_db
CAR = ("car", 100.0, 100.0, 300.0, 240.0)
BIKE = ("bike", 10.0, 10.0, 60.0, 60.0)
RIDER = ("rider", 10.0, 10.0, 60.0, 90.0)


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.MANAGER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    """Three to train on; then four that nobody uses: a car, two frames of a drive with bikes, three riders."""
    return make_images(
        dataset,
        [
            *(Picture(boxes=[CAR, CAR, BIKE]) for _ in range(3)),
            Picture(key="car.jpg", boxes=[CAR]),
            Picture(key="bike 1.jpg", boxes=[BIKE], sequence="drive"),
            Picture(key="bike 2.jpg", boxes=[BIKE, BIKE], sequence="drive"),
            Picture(key="riders.jpg", boxes=[RIDER, RIDER, RIDER]),
        ],
    )


@pytest.fixture
def train(dataset: Dataset, images: list[Image]) -> Slice:
    return make_slice(dataset, "train", images[:3])


def found(cast: Cast, dataset: Dataset, params: dict[str, Any], **source: object) -> dict[str, Any]:
    body = {"kind": "rare_classes", "params": params, **source}
    assert call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body).status_code == 202
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    run: dict[str, Any] = call(cast.bob, "GET", f"auto-curates/{job.result['auto_curate']}").json()
    return run


def keys(cast: Cast, run: dict[str, Any]) -> list[str]:
    picks = call(cast.bob, "GET", f"auto-curates/{run['id']}/images").json()["items"]
    return [pick["image"]["key"] for pick in picks]


def test_it_works(cast: Cast, dataset: Dataset, train: Slice) -> None:
    """The riders, of which there are none, then the better frame of the drive; a class of its own choice."""
    run = found(cast, dataset, {"beside": train.pk, "budget": 10}, q='not in_slice("train")')
    assert keys(cast, run) == ["riders.jpg", "bike 2.jpg", "car.jpg"]
    report = run["report"]
    names = dict(dataset.classes.values_list("pk", "name"))
    assert [names[pk] for pk in report["asked"]] == ["car", "bike", "rider"]
    assert report["left_out"] == {"near_duplicate": 0, "sequence": 1}
    assert {names[row["class_id"]]: (row["labelled"], row["chosen"]) for row in report["classes"]} == {
        "car": (6, 1), "bike": (3, 2), "rider": (0, 3),
    }  # fmt: skip
    assert (run["slices"][0]["name"], run["slices"][0]["image_count"]) == ("rare classes", 3)
    pick = call(cast.bob, "GET", f"auto-curates/{run['id']}/images").json()["items"][0]
    assert pick["reason"] == "It shows 3 of rider, of which there are 0 so far."
    assert (pick["reason_code"], pick["reason_params"]) == (
        "shows_class", {"class_name": "rider", "count": 3.0, "there": 0.0},
    )  # fmt: skip


def test_fewer_images_than_asked_for_are_said_with_why(cast: Cast, dataset: Dataset, train: Slice) -> None:
    """On the run, in the job's result and as its last message; nothing is said where there are enough."""
    run = found(cast, dataset, {"beside": train.pk, "budget": 10}, q='not in_slice("train")')
    job = call(cast.bob, "GET", f"jobs/{run['job']}").json()
    said = (
        "3 of the 10 images asked for: 4 of 4 show such a class, of which 1 are further frames of a sequence and 0"
        " near-duplicates of what was taken or is there."
    )
    assert (run["report"]["short"]["text"], job["message"], job["result"]["short"]["code"]) == (
        said, said, "fewer_showing",
    )  # fmt: skip
    enough = found(cast, dataset, {"beside": train.pk, "budget": 2, "name": "two"}, q='not in_slice("train")')
    assert enough["report"]["short"] is None
    assert "short" not in call(cast.bob, "GET", f"jobs/{enough['job']}").json()["result"]


def test_it_takes_the_classes_that_are_named(cast: Cast, dataset: Dataset, train: Slice) -> None:
    bike = dataset.classes.get(name="bike").pk
    run = found(cast, dataset, {"classes": [bike], "budget": 10, "per_sequence": 2}, q='not in_slice("train")')
    assert keys(cast, run) == ["bike 2.jpg", "bike 1.jpg"]
    assert run["report"]["asked"] == [bike]
    assert run["report"]["showing"] == 2


def test_predictions_speak_for_images_without_labels(cast: Cast, dataset: Dataset, train: Slice) -> None:
    unlabelled = make_images(dataset, [Picture(key="dark.jpg", labelled=False)])
    seen = store_predictions(
        dataset=dataset, manifest=make_manifest(dataset, unlabelled), name="first", kind="run",
        image_ids=[unlabelled[0].pk], class_ids=[dataset.classes.get(name="rider").pk], boxes=[RIDER[1:]],
        scores=[0.7],
    )  # fmt: skip
    run = found(cast, dataset, {"beside": train.pk, "prediction_set": seen.pk}, q='key = "dark.jpg"')
    assert keys(cast, run) == ["dark.jpg"]
    assert run["report"]["by_reason"] == {"may_show_class": 1}


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"classes": [10**9]}, "params.classes"),
        ({"classes": []}, "params.classes"),
        ({"beside": 10**9}, "params.beside"),
        ({"checkpoint": 1, "prediction_set": 1}, "params.checkpoint"),
        ({"budget": 0}, "params.budget"),
    ],
)
def test_it_rejects(cast: Cast, dataset: Dataset, train: Slice, params: dict[str, Any], field: str) -> None:
    response = call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", {"kind": "rare_classes", "params": params})
    assert list(assert_problem(response, 400)["errors"]) == [field]


def test_a_search_where_nothing_is_known_says_what_to_do(cast: Cast, dataset: Dataset, train: Slice) -> None:
    make_images(dataset, [Picture(key="dark.jpg", labelled=False)])
    body = {"kind": "rare_classes", "q": 'key = "dark.jpg"'}
    assert call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body).status_code == 202
    assert run_jobs()[-1].error == (
        "Nothing is labelled or predicted on these images: name a checkpoint that looks at them."
    )


def test_charlie_sees_nothing(cast: Cast, dataset: Dataset, train: Slice) -> None:
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/auto-curate", {"kind": "rare_classes"})
