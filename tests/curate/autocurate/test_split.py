"""Auto-curate: split into two slices, and how even and leak-safe it is."""

import pytest

import curate.tasks  # noqa: F401  registers the jobs
from accounts.models import Role
from curate.models import AutoCurate
from dataset.models import Dataset, Image, Slice
from jobs import running
from jobs.models import Job
from tests.curate.factories import Picture, make_dataset, make_images
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.MANAGER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    """60 images; frames of 15 sequences; every second one rainy; a bike on every fourth."""
    return make_images(
        dataset,
        [
            Picture(
                boxes=[("car", 10, 10, 60, 60)] + [("bike", 80, 80, 120, 130)] * (place % 4 == 0),
                sequence=f"drive {place // 4}",
                metadata={"weather": ["rainy", "clear"][place % 2], "frame": place, "wet": place % 2 == 0},
                slices=["first forty"] if place < 40 else [],
            )
            for place in range(60)
        ],
    )


def start(cast: Cast, dataset: Dataset, params: dict | None = None, **source: object) -> dict:
    body = {"kind": "split", "params": params or {}, **source}
    response = call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body)
    assert response.status_code == 202, response.content
    return response.json()


def test_it_works(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    asked = start(cast, dataset, {"ratio": 0.8, "names": ["train", "validation"]})
    assert asked["queue"] == "cpu"
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    run = call(cast.bob, "GET", f"auto-curates/{job.result['auto_curate']}").json()
    assert asked["link"] == f"/curate/{dataset.pk}/auto/{run['id']}"
    train, validation = (Slice.objects.get(pk=pk) for pk in job.result["slices"])
    assert [one["name"] for one in run["slices"]] == ["train", "validation"] == [train.name, validation.name]
    sides = [set(one.slice_images.values_list("image_id", flat=True)) for one in (train, validation)]
    assert sides[0] | sides[1] == {image.pk for image in images}
    assert not sides[0] & sides[1]
    assert len(sides[0]) == 48
    assert train.origin == {"kind": "auto_curate", "auto_curate": run["id"]}
    report = run["report"]
    assert [one["images"] for one in report["sides"]] == [48, 12]
    car, bike, rider = report["classes"]
    assert car["share"] == [0.8, 0.2]
    assert bike["boxes"] == [12, 3]
    assert rider["share"] == [None, None]
    assert report["leakage"]["sequences_across"] == 0
    assert [stratum["key"] for stratum in report["strata"]] == ["weather", "wet"]  # frame has too many values


def test_no_sequence_is_on_both_sides(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    start(cast, dataset)
    result = run_jobs()[-1].result
    sides = [
        set(Image.objects.filter(slice_images__slice=pk).values_list("sequence", flat=True)) for pk in result["slices"]
    ]
    assert not sides[0] & sides[1]


def test_it_splits_a_slice_or_a_query(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    chosen = dataset.slices.get(name="first forty")
    start(cast, dataset, {"names": ["a", "b"]}, slice=chosen.pk, q='weather = "rainy"')
    run = AutoCurate.objects.get(pk=run_jobs()[-1].result["auto_curate"])
    assert sum(side["images"] for side in run.report["sides"]) == 20
    assert run.source == {"slice": {"id": chosen.pk, "name": "first forty"}, "q": 'weather = "rainy"', "revision": 1}


def test_running_its_job_again_replaces_its_slices(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    start(cast, dataset)
    job = run_jobs()[-1]
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    running.run(job.pk, beat=False)
    job.refresh_from_db()
    assert job.state == "succeeded", job.error
    assert dataset.slices.filter(origin__kind="auto_curate").count() == 2


def test_too_few_groups_fail_with_a_sentence(cast: Cast, dataset: Dataset) -> None:
    make_images(dataset, [Picture(sequence="one drive") for _ in range(5)])
    start(cast, dataset)
    job = run_jobs()[-1]
    assert job.state == "failed"
    assert "cannot be split" in job.error


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"ratio": 1.5}, "params.ratio"),
        ({"names": ["a"]}, "params.names"),
        ({"names": ["a", "a"]}, "params.names"),
        ({"names": ["first forty", "b"]}, "params.name"),
        ({"stratify": ["wether"]}, "params.stratify"),
    ],
)
def test_it_rejects_by_field(cast: Cast, dataset: Dataset, images: list[Image], params: dict, field: str) -> None:
    body = {"kind": "split", "params": params}
    problem = assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body), 400)
    assert list(problem["errors"]) == [field]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "magic"}, "kind"),
        ({"kind": "split", "slice": 999999}, "slice"),
        ({"kind": "split", "q": "width >"}, "q"),
        ({"kind": "split", "q": "width > 9999"}, "slice"),
        ({"kind": "split", "params": []}, "params"),
    ],
)
def test_it_rejects_a_bad_source(cast: Cast, dataset: Dataset, images: list[Image], body: dict, field: str) -> None:
    problem = assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", body), 400)
    assert list(problem["errors"]) == [field]


def test_the_list_is_newest_first(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    for names in (["a", "b"], ["c", "d"]):
        start(cast, dataset, {"names": names})
        run_jobs()
    items = call(cast.bob, "GET", f"datasets/{dataset.pk}/auto-curates?kind=split").json()["items"]
    assert [item["params"]["names"] for item in items] == [["c", "d"], ["a", "b"]]
    assert {item["state"] for item in items} == {"succeeded"}
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/auto-curates?kind=mislabels").json()["items"] == []


def test_a_reviewer_may_not_start_one(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    cast.bob.memberships.update(role=Role.REVIEWER)
    response = call(cast.bob, "POST", f"datasets/{dataset.pk}/auto-curate", {"kind": "split"})
    assert_problem(response, 403, mentions="manager")


def test_charlie_gets_404(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    start(cast, dataset)
    run = AutoCurate.objects.get()
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/auto-curate", {"kind": "split"})
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/auto-curates")
    assert_charlie_gets_404(cast, "GET", f"auto-curates/{run.pk}")
    assert_charlie_gets_404(cast, "GET", f"auto-curates/{run.pk}/images")
