"""The object grid: pages, counts, facets and ids of labels and of matches."""

from urllib.parse import quote

import pytest
from django.utils import timezone

from accounts.pages import encoded_key
from curate.models import Evaluation, Match
from dataset.models import Annotation, Dataset, Image, Prediction, PredictionSet
from science.shapes.packed import pack
from science.shapes.shape_json import from_json
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast

pytestmark = pytest.mark.django_db
NIGHT = quote('time = "night"')
SMALL, MEDIUM, LARGE = (10, 10, 30, 30), (10, 10, 60, 60), (10, 10, 200, 200)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    """Two images: a small and a large car with a medium bike, and a medium car by night."""
    first = [("car", *SMALL), ("car", *LARGE), ("bike", *MEDIUM, {"occluded": True})]
    return make_images(
        dataset, [Picture(boxes=first), Picture(boxes=[("car", *MEDIUM)], metadata={"time": "night"}), Picture()]
    )


@pytest.fixture
def evaluation(dataset: Dataset, images: list[Image]) -> Evaluation:
    """The small car is found, the large one is missed, the bike is taken for a car; one car is imagined by night."""
    car, bike, _ = dataset.classes.all()
    manifest = make_manifest(dataset, images[:2])
    predictions = PredictionSet.objects.create(dataset=dataset, manifest=manifest, name="run", kind="imported")

    def predicted(image: Image, box: tuple, score: float) -> Prediction:
        x1, y1, x2, y2 = box
        return Prediction.objects.create(
            prediction_set=predictions, image=image, label_class=car, score=score, x1=x1, y1=y1, x2=x2, y2=y2
        )

    made = Evaluation.objects.create(
        dataset=dataset, prediction_set=predictions, manifest=manifest, revision=1, finished_at=timezone.now()
    )
    small, large, of_bike = images[0].annotations.order_by("id")
    hit = predicted(images[0], (11, 10, 30, 30), 0.9)
    wrong = predicted(images[0], MEDIUM, 0.5)
    air = predicted(images[1], (300, 300, 320, 320), 0.25)
    rows = [
        {"verdict": "tp", "annotation_id": small.pk, "prediction_id": hit.pk, "iou": 0.75, "score": 0.9},
        {"verdict": "fn", "annotation_id": large.pk, "error": "missed"},
        {"verdict": "fn", "annotation_id": of_bike.pk, "error": "class", "iou": 1.0, "score": 0.5},
        {"verdict": "fp", "prediction_id": wrong.pk, "error": "class", "iou": 1.0, "score": 0.5},
        {"verdict": "fp", "prediction_id": air.pk, "error": "background", "score": 0.25, "image": images[1]},
    ]
    truth = [car.pk, car.pk, bike.pk, bike.pk, None]
    seen = [car.pk, None, car.pk, car.pk, car.pk]
    Match.objects.bulk_create(
        Match(**{"evaluation": made, "image": images[0], "truth_class_id": a, "predicted_class_id": b, **row})
        for row, a, b in zip(rows, truth, seen, strict=True)
    )
    return made


def get(cast: Cast, dataset: Dataset, path: str) -> dict:
    response = call(cast.bob, "GET", f"datasets/{dataset.pk}/{path}")
    assert response.status_code == 200, response.content
    return response.json()


def boxes(cast: Cast, dataset: Dataset, query: str = "") -> list[tuple]:
    return [tuple(row["box"]) for row in get(cast, dataset, f"objects?{query}")["items"]]


def test_it_works(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    items = get(cast, dataset, "objects")["items"]
    labels = Annotation.objects.order_by("image_id", "id")
    assert [row["id"] for row in items] == [label.pk for label in labels]
    bike = items[2]
    assert bike["image"]["id"] == images[0].pk
    assert (bike["object_id"], bike["provenance"]) == (labels[2].object_id, "imported")
    assert (bike["box"], bike["attributes"]) == (list(MEDIUM), {"occluded": True})
    assert bike["region"] == [0, 0, 75, 75]  # 50 pixels, a quarter more on each side, moved into the image
    assert bike["crop"].startswith(f"/api/v1/annotations/{bike['id']}/crop?v=")
    assert [box["kind"] for box in bike["boxes"]] == ["gt"]
    assert get(cast, dataset, "objects/count") == {"count": 4}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sizes=small", [SMALL]),
        ("sizes=small,large", [SMALL, LARGE]),
        ("classes={bike}", [MEDIUM]),
        ("classes={car},{bike}&sizes=medium", [MEDIUM, MEDIUM]),
        ("provenances=imported", [SMALL, LARGE, MEDIUM, MEDIUM]),
        ("provenances=human,model", []),
        (f"q={NIGHT}", [MEDIUM]),
        (f"q={quote('any(bike)')}&classes={{car}}", [SMALL, LARGE]),
        ("order=area", [SMALL, MEDIUM, MEDIUM, LARGE]),
        ("order=-area&limit=1", [LARGE]),
        ("order=-id", [MEDIUM, MEDIUM, LARGE, SMALL]),
        ("skip=1&limit=2", [LARGE, MEDIUM]),
    ],
)
def test_conditions_and_orders(
    cast: Cast, dataset: Dataset, images: list[Image], query: str, expected: list[tuple]
) -> None:
    query = query.format(**{row.name: row.pk for row in dataset.classes.all()})
    assert boxes(cast, dataset, query) == expected
    if "limit" not in query:
        conditions = "&".join(one for one in query.split("&") if not one.startswith("order="))
        assert get(cast, dataset, f"objects/count?{conditions}")["count"] == len(expected)


@pytest.mark.parametrize("query", ["order=nothing", "order=--id", "order=score", f"after={encoded_key([True, True])}"])
def test_it_rejects_an_order_or_a_place_that_is_not_there(
    cast: Cast, dataset: Dataset, images: list[Image], query: str
) -> None:
    assert_problem(call(cast.bob, "get", f"datasets/{dataset.pk}/objects?{query}"), 400)


@pytest.mark.parametrize("order", ["id", "-id", "area", "-area"])
def test_pages_follow_each_other(cast: Cast, dataset: Dataset, images: list[Image], order: str) -> None:
    whole = [row["id"] for row in get(cast, dataset, f"objects?order={order}")["items"]]
    found, after = [], ""
    while True:
        body = get(cast, dataset, f"objects?order={order}&limit=1{after}")
        found += [row["id"] for row in body["items"]]
        if body["next"] is None:
            break
        after = f"&after={body['next']}"
    assert found == whole
    assert get(cast, dataset, f"objects/ids?order={order}&skip=1&limit=2")["ids"] == whole[1:3]


def test_a_label_that_has_ended_is_not_there(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    Annotation.objects.filter(x2=SMALL[2]).update(died=1)
    assert boxes(cast, dataset, "sizes=small") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["tp", "fn", "fn", "fp", "fp"]),
        ("verdicts=tp", ["tp"]),
        ("verdicts=fp,fn&errors=class", ["fn", "fp"]),
        ("classes={bike}", ["fn"]),
        ("classes={car}&verdicts=fp", ["fp", "fp"]),
        ("score_from=0.5&score_to=0.5", ["fn", "fp"]),
        ("iou_to=0.8", ["tp"]),
        ("order=-score", ["tp", "fp", "fn", "fp", "fn"]),
        ("sizes=large", ["fn"]),
    ],
)
def test_an_evaluation_shows_its_matches(
    cast: Cast, dataset: Dataset, images: list[Image], evaluation: Evaluation, query: str, expected: list[str]
) -> None:
    query = query.format(**{row.name: row.pk for row in dataset.classes.all()})
    rows = get(cast, dataset, f"objects?evaluation={evaluation.pk}&{query}")["items"]
    assert [row["verdict"] for row in rows] == expected
    if not query:
        assert [box["kind"] for box in rows[0]["boxes"]] == ["gt", "pred"]
        assert rows[4]["object_id"] is None
        assert rows[4]["crop"].startswith("/api/v1/predictions/")


def test_facets_count_under_all_other_conditions(
    cast: Cast, dataset: Dataset, images: list[Image], evaluation: Evaluation
) -> None:
    car = dataset.classes.get(name="car").pk
    found = get(cast, dataset, f"objects/facets?classes={car}&sizes=small,medium")
    assert [row["objects"] for row in found["classes"]] == [2, 1, 0]  # whatever the class, small or medium
    assert {row["value"]: row["objects"] for row in found["sizes"]} == {"small": 1, "medium": 1, "large": 1}
    assert found["provenances"][0] == {"value": "imported", "objects": 2}
    assert found["verdicts"] == []
    judged = get(cast, dataset, f"objects/facets?evaluation={evaluation.pk}&verdicts=fn")
    assert {row["value"]: row["objects"] for row in judged["verdicts"]} == {"tp": 1, "fp": 2, "fn": 2}
    assert [row["objects"] for row in judged["errors"]] == [1, 0, 0, 0, 0, 1]


def test_box_facets_count_images(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    whole = get(cast, dataset, "facets/boxes")
    assert {row["value"]: row["images"] for row in whole["sizes"]} == {"small": 1, "medium": 2, "large": 1}
    assert [row["images"] for row in whole["provenances"]] == [2, 0, 0]
    night = get(cast, dataset, f"facets/boxes?q={NIGHT}")
    assert [row["images"] for row in night["sizes"]] == [0, 1, 0]


def test_an_image_knows_its_verdicts(cast: Cast, dataset: Dataset, images: list[Image], evaluation: Evaluation) -> None:
    found = call(cast.bob, "GET", f"images/{images[0].pk}/verdicts").json()
    assert found == [{"evaluation": evaluation.pk, "name": "run", "tp": 1, "fp": 1, "fn": 2}]
    assert call(cast.bob, "GET", f"images/{images[2].pk}/verdicts").json() == []
    assert_charlie_gets_404(cast, "GET", f"images/{images[0].pk}/verdicts")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("sizes=huge", "huge"),
        ("classes=car", "integer"),
        ("verdicts=tp", "name the evaluation"),
        ("score_from=0.5", "name the evaluation"),
        ("order=score", "ordered by"),
        ("skip=-1", "skip"),
        ("after=WzFd", "after"),
        (f"q={quote('width > wide')}", "number"),
    ],
)
def test_it_rejects_what_makes_no_sense(
    cast: Cast, dataset: Dataset, images: list[Image], query: str, words: str
) -> None:
    assert_problem(call(cast.bob, "GET", f"datasets/{dataset.pk}/objects?{query}"), 400, mentions=words)


@pytest.mark.parametrize("path", ["objects", "objects/count", "objects/facets", "objects/ids", "facets/boxes"])
def test_charlie_gets_404(cast: Cast, dataset: Dataset, path: str) -> None:
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/{path}")


def test_an_object_brings_its_shape(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    turned = {"kind": "turned", "centre": [20.0, 20.0], "size": [16.0, 10.0], "angle": 30.0}
    first = images[0].annotations.order_by("id")[0]
    Annotation.objects.filter(pk=first.pk).update(shape=pack(from_json(turned)))
    items = call(cast.bob, "GET", f"datasets/{dataset.pk}/objects").json()["items"]
    assert [one["boxes"][0].get("shape") for one in items if one["id"] == first.pk] == [turned]
    assert [one for one in items if one["id"] != first.pk and "shape" in one["boxes"][0]] == []
