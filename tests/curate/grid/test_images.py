"""The grid: pages of images, counts, facets and ids, narrowed by the query line."""

from urllib.parse import quote

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.pages import encoded_key
from curate.models import Evaluation, Match
from dataset.models import Annotation, Dataset, Image, Prediction, PredictionSet
from science.shapes.finer import mask_of_pixels
from science.shapes.packed import pack
from science.shapes.shape_json import as_json, from_json
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast

pytestmark = pytest.mark.django_db
RAINY = quote('weather = "rainy"')


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


@pytest.fixture
def images(dataset: Dataset) -> list[Image]:
    return make_images(
        dataset,
        [
            Picture(
                key=f"{'abcde'[4 - place]}.jpg",
                boxes=[("car", 1.5, 2, 30, 40), ("bike", 5, 5, 50, 60.25)][: place % 3],
                metadata={"weather": "rainy" if place % 2 else "clear", "lanes": place % 2, "tags": ["x"]},
                sequence="s1" if place < 2 else "",
                slices=["first two"] if place < 2 else [],
            )
            for place in range(5)
        ],
    )


def listed(cast: Cast, dataset: Dataset, query: str = "") -> dict:
    response = call(cast.bob, "GET", f"datasets/{dataset.pk}/images?{query}")
    assert response.status_code == 200, response.content
    return response.json()


def test_it_works(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    body = listed(cast, dataset)
    assert [row["id"] for row in body["items"]] == [image.pk for image in images]
    assert body["next"] is None
    first = body["items"][0]
    assert (first["key"], first["width"], first["height"], first["sequence"]) == ("e.jpg", 640, 480, "s1")
    assert first["metadata"] == {"weather": "clear", "lanes": 0, "tags": ["x"]}
    assert first["thumb"].startswith(f"/api/v1/images/{images[0].pk}/thumbnail?size=")
    assert first["file"].startswith(f"/api/v1/images/{images[0].pk}/file")
    assert "boxes" not in first


def test_numbers_of_any_size_come_back_from_metadata(cast: Cast, dataset: Dataset) -> None:
    metadata = {"large": 2**70, "small": 1e-9, "deep": {"한": [None, True]}}
    make_images(dataset, [Picture(metadata=metadata)])
    assert listed(cast, dataset)["items"][0]["metadata"] == metadata


@pytest.mark.parametrize(
    ("order", "places"),
    [("id", [0, 1, 2, 3, 4]), ("-id", [4, 3, 2, 1, 0]), ("key", [4, 3, 2, 1, 0]), ("-key", [0, 1, 2, 3, 4])],
)
def test_pages_follow_each_other_in_order(
    cast: Cast, dataset: Dataset, images: list[Image], order: str, places: list[int]
) -> None:
    found, after = [], ""
    while True:
        body = listed(cast, dataset, f"order={order}&limit=2{after}")
        assert len(body["items"]) <= 2
        found += [row["id"] for row in body["items"]]
        if body["next"] is None:
            break
        after = f"&after={body['next']}"
    assert found == [images[place].pk for place in places]


def test_the_order_of_the_line_goes_before_that_of_the_address(
    cast: Cast, dataset: Dataset, images: list[Image]
) -> None:
    line = quote('sequence = "s1" or lanes = 1 order by lanes desc, key')
    first = listed(cast, dataset, f"q={line}&order=-id&limit=2")
    second = listed(cast, dataset, f"q={line}&order=-id&limit=2&after={first['next']}")
    assert [row["key"] for row in first["items"] + second["items"]] == ["b.jpg", "d.jpg", "e.jpg"]
    assert second["next"] is None
    ids = call(cast.bob, "GET", f"datasets/{dataset.pk}/image-ids?q={line}&order=-id").json()["ids"]
    assert ids == [images[place].pk for place in (3, 1, 0)]


@pytest.mark.parametrize("order", ["order by lanes desc, key", "order by sequence", "order by captured_at desc", ""])
def test_a_page_can_begin_after_any_image(cast: Cast, dataset: Dataset, images: list[Image], order: str) -> None:
    everything = [row["id"] for row in listed(cast, dataset, f"q={quote(order)}&order=-key")["items"]]
    for place, image_id in enumerate(everything):
        rest = listed(cast, dataset, f"q={quote(order)}&order=-key&after_image={image_id}")["items"]
        assert [row["id"] for row in rest] == everything[place + 1 :]


def test_a_query_line_and_a_slice_narrow(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    chosen = dataset.slices.get().pk
    assert [row["key"] for row in listed(cast, dataset, f"q={RAINY}")["items"]] == ["d.jpg", "b.jpg"]
    assert [row["key"] for row in listed(cast, dataset, f"q={RAINY}&slice={chosen}")["items"]] == ["d.jpg"]
    count = call(cast.bob, "GET", f"datasets/{dataset.pk}/images/count?q={RAINY}&slice={chosen}").json()
    assert count == {"count": 1}
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/images/count").json() == {"count": 5}
    ids = call(cast.bob, "GET", f"datasets/{dataset.pk}/image-ids?q={RAINY}&order=-id").json()
    assert ids == {"ids": [images[3].pk, images[1].pk]}


def test_boxes_are_the_current_labels(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    Annotation.objects.filter(image=images[1]).update(died=2)
    rows = listed(cast, dataset, "boxes=true")["items"]
    classes = dict(dataset.classes.values_list("name", "id"))
    assert rows[1]["boxes"] == []
    assert [(box["kind"], box["class_id"], box["box"]) for box in rows[2]["boxes"]] == [
        ("gt", classes["car"], [1.5, 2, 30, 40]),
        ("gt", classes["bike"], [5, 5, 50, 60.25]),
    ]


def test_labels_bring_their_shapes_with_no_more_points_than_a_cell_shows(
    cast: Cast, dataset: Dataset, images: list[Image]
) -> None:
    """A point a tenth of a pixel beside a side of 100 goes; a mask comes as it is; a label without one has none."""
    first, second = images[2].annotations.order_by("id")
    corners = [[10, 10], [60, 10.1], [110, 10], [110, 60], [10, 60]]
    outline = {"kind": "polygon", "parts": [[corners]]}
    Annotation.objects.filter(pk=first.pk).update(shape=pack(from_json(outline)))
    boxes = listed(cast, dataset, "boxes=true")["items"][2]["boxes"]
    [ring] = boxes[0]["shape"]["parts"][0]
    assert sorted(ring) == sorted([[10, 10], [110, 10], [110, 60], [10, 60]])
    assert "shape" not in boxes[1]
    pixels = np.zeros((480, 640), np.bool_)
    pixels[100:110, 200:230] = True
    mask = as_json(mask_of_pixels(pixels))
    Annotation.objects.filter(pk=second.pk).update(shape=pack(mask_of_pixels(pixels)))
    assert listed(cast, dataset, "boxes=true")["items"][2]["boxes"][1]["shape"] == mask


@pytest.fixture
def evaluation(dataset: Dataset, images: list[Image]) -> Evaluation:
    """On the first three images: the third's car is found, its bike missed, and a bike is seen in the second."""
    car, bike, _ = dataset.classes.all()
    found = PredictionSet.objects.create(
        dataset=dataset, manifest=make_manifest(dataset, images[:3]), name="a", kind="run"
    )
    made = Evaluation.objects.create(
        dataset=dataset, prediction_set=found, manifest=found.manifest, revision=1, finished_at=timezone.now()
    )
    hit, air = (
        Prediction.objects.create(
            prediction_set=found, image=images[place], label_class=label, score=score, x1=1, y1=2, x2=30, y2=40
        )
        for place, label, score in [(2, car, 0.75), (1, bike, 0.5)]
    )
    labels = {row.label_class_id: row.pk for row in images[2].annotations.all()}
    Match.objects.bulk_create(
        Match(evaluation=made, **fields)
        for fields in [
            {"image": images[2], "verdict": "tp", "annotation_id": labels[car.pk], "prediction_id": hit.pk},
            {"image": images[2], "verdict": "fn", "annotation_id": labels[bike.pk], "error": "missed"},
            {"image": images[1], "verdict": "fp", "prediction_id": air.pk, "error": "background"},
        ]
    )
    return made


def test_an_evaluation_brings_verdicts(
    cast: Cast, dataset: Dataset, images: list[Image], evaluation: Evaluation
) -> None:
    rows = listed(cast, dataset, f"boxes=true&evaluation={evaluation.pk}")["items"]
    drawn = [(box["kind"], box.get("verdict"), box.get("score"), box.get("error")) for box in rows[2]["boxes"]]
    assert drawn == [("gt", "tp", None, None), ("gt", "fn", None, "missed"), ("pred", "tp", 0.75, None)]
    seen = [(box["kind"], box.get("verdict"), box.get("error")) for box in rows[1]["boxes"]]
    assert seen == [("pred", "fp", "background")]
    assert [box["kind"] for box in rows[4]["boxes"]] == ["gt"]  # not judged: its labels alone
    turned = {"kind": "turned", "centre": [20.0, 20.0], "size": [20.0, 10.0], "angle": 30.0}
    Annotation.objects.filter(image=images[2], label_class__name="car").update(shape=pack(from_json(turned)))
    rows = listed(cast, dataset, f"boxes=true&evaluation={evaluation.pk}")["items"]
    assert [box.get("shape") for box in rows[2]["boxes"]] == [turned, None, None]


def test_an_evaluation_is_meant_by_the_verdicts_of_the_query_line(
    cast: Cast, dataset: Dataset, images: list[Image], evaluation: Evaluation
) -> None:
    rows = listed(cast, dataset, f"q={quote('fn(*)')}&evaluation={evaluation.pk}")["items"]
    assert [row["id"] for row in rows] == [images[2].pk]


def test_a_prediction_set_is_drawn_beside_the_labels(
    cast: Cast, dataset: Dataset, images: list[Image], evaluation: Evaluation
) -> None:
    drawn = listed(cast, dataset, f"boxes=true&prediction_set={evaluation.prediction_set_id}&conf=0.6")["items"]
    assert [box["kind"] for box in drawn[2]["boxes"]] == ["gt", "gt", "pred"]
    assert [box["kind"] for box in drawn[1]["boxes"]] == ["gt"]


def test_facets_count_what_is_shown(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    car, bike, rider = (row.pk for row in dataset.classes.all())
    everything = call(cast.bob, "GET", f"datasets/{dataset.pk}/facets").json()
    assert everything["classes"] == [
        {"class_id": car, "images": 3, "boxes": 3},
        {"class_id": bike, "images": 1, "boxes": 1},
        {"class_id": rider, "images": 0, "boxes": 0},
    ]
    weather = {"key": "weather", "values": [{"value": "clear", "images": 3}, {"value": "rainy", "images": 2}]}
    lanes = {"key": "lanes", "values": [{"value": 0, "images": 3}, {"value": 1, "images": 2}]}
    assert everything["metadata"] == [lanes, weather]
    assert [(row["name"], row["images"]) for row in everything["slices"]] == [("first two", 2)]
    rainy = call(cast.bob, "GET", f"datasets/{dataset.pk}/facets?q={RAINY}").json()
    assert [row["boxes"] for row in rainy["classes"]] == [1, 0, 0]
    assert rainy["metadata"][1]["values"] == [{"value": "rainy", "images": 2}]
    assert rainy["slices"][0]["images"] == 1


def test_the_number_of_queries_does_not_grow_with_the_page(
    cast: Cast, dataset: Dataset, images: list[Image], evaluation: Evaluation
) -> None:
    listed(cast, dataset, "")  # signs in
    with CaptureQueriesContext(connection) as few:
        listed(cast, dataset, f"boxes=true&evaluation={evaluation.pk}")
    make_images(dataset, [Picture(boxes=[("car", 1, 1, 9, 9)]) for _ in range(40)])
    with CaptureQueriesContext(connection) as many:
        assert len(listed(cast, dataset, f"boxes=true&evaluation={evaluation.pk}")["items"]) == 45
    assert len(many) == len(few)


def test_a_page_asks_the_database_for_little(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    listed(cast, dataset, "")  # signs in
    with CaptureQueriesContext(connection) as queries:
        listed(cast, dataset, "boxes=true")
    asked = [query["sql"] for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 7, asked  # person, time limit, dataset, role, images, boxes; here a transaction goes on: limit


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (f"q={quote('weather =')}", "ends too early"),
        ("order=size", "ordered by"),
        ("slice=999999", "no such slice"),
        ("slice=x", "no such slice"),
        ("evaluation=999999", "no such evaluation"),
        ("limit=0", "limit"),
        ("after=nonsense", "after"),
        ("after_image=999999", "no such after image"),
        ("after=WzFd&order=key", "after"),
        (f"after=WzFd&q={quote('order by weather')}", "after"),
        (f"after={encoded_key([{'a': chr(0)}, 1])}&q={quote('order by weather')}", "after"),
        (f"after={encoded_key(['soon', 1])}&q={quote('order by captured_at')}", "after"),
        ("conf=much", "conf"),
    ],
)
def test_it_rejects_what_makes_no_sense(
    cast: Cast, dataset: Dataset, images: list[Image], query: str, words: str
) -> None:
    assert_problem(call(cast.bob, "GET", f"datasets/{dataset.pk}/images?{query}"), 400, mentions=words)


def test_a_bad_query_line_says_where(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    for path in ("images", "images/count", "facets", "image-ids"):
        response = call(cast.bob, "GET", f"datasets/{dataset.pk}/{path}?q={quote('width > wide')}")
        problem = assert_problem(response, 400)
        assert (problem["line"], problem["column"], problem["expected"]) == (1, 9, ["a number"])
        assert list(problem["errors"]) == ["q"]


def test_check_says_whether_a_line_can_be_read(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    path = f"datasets/{dataset.pk}/query/check?q="
    assert call(cast.bob, "GET", path + RAINY).json() == {"ok": True, "error": None}
    error = call(cast.bob, "GET", path + quote("count(cart) > 1")).json()["error"]
    assert (error["line"], error["column"], error["expected"]) == (1, 7, ["car"])
    assert "Did you mean car" in error["message"]


def test_completions_name_what_can_be_written(cast: Cast, dataset: Dataset, images: list[Image]) -> None:
    make_images(dataset, [Picture(metadata={"odd key": 1, "width": 2})])
    body = call(cast.bob, "GET", f"datasets/{dataset.pk}/query/completions").json()
    fields = {row["name"]: row for row in body["fields"]}
    assert fields["captured_at"]["type"] == "time"
    assert fields["weather"] == {"name": "weather", "type": "text", "values": ["clear", "rainy"]}
    assert fields['metadata."odd key"']["type"] == "number"
    assert 'metadata."width"' in fields
    assert body["classes"] == ["car", "bike", "rider"]
    assert body["slices"] == ["first two"]
    assert (body["splits"], body["tags"]) == ([], [])
    functions = {row["name"]: row for row in body["functions"]}
    assert {"count", "any", "all", "tp", "fp", "fn"} <= {
        name for name in functions if functions[name]["takes"] == "class"
    }
    assert {functions[name]["takes"] for name in ("in_slice", "in_split", "tag", "near")} == {
        "slice",
        "split",
        "tag",
        "",
    }
    for name in ('metadata."odd key"', 'metadata."width"'):
        assert listed(cast, dataset, f"q={quote(f'{name} is not null')}")["items"]


def test_completions_name_what_stands_inside_a_function(cast: Cast, dataset: Dataset, evaluation: Evaluation) -> None:
    Annotation.objects.filter(dataset=dataset, label_class__name="bike").update(attributes={"occluded": True, "x": 1})
    body = call(cast.bob, "GET", f"datasets/{dataset.pk}/query/completions").json()
    inside = {row["name"]: {one["name"]: one for one in row["fields"]} for row in body["functions"]}
    assert inside["any"]["provenance"] == {
        "name": "provenance", "type": "choice", "values": ["imported", "human", "model"],
    }  # fmt: skip
    assert inside["count"]["occluded"] == {"name": "occluded", "type": "truth", "values": [True]}
    assert 'attributes."x"' in inside["all"]
    assert inside["fn"]["evaluation"]["values"] == ["a"]
    assert inside["fn"]["truth"]["type"] == "class"
    assert "missed" in inside["fn"]["error"]["values"]
    assert inside["used_in_training"]["run"]["values"] == []
    assert inside["any"]["revision"]["values"] == [1]


@pytest.mark.parametrize(
    "path", ["images", "images/count", "facets", "image-ids", "query/completions", "query/check?q=width%3E1"]
)
def test_charlie_gets_404(cast: Cast, dataset: Dataset, path: str) -> None:
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/{path}")
    assert_problem(call(None, "GET", f"datasets/{dataset.pk}/{path}"), 401)


def test_another_datasets_slice_is_no_slice(cast: Cast, dataset: Dataset) -> None:
    other = make_dataset()
    make_images(other, [Picture(slices=["theirs"])])
    path = f"datasets/{dataset.pk}/images?slice={other.slices.get().pk}"
    assert_problem(call(cast.bob, "GET", path), 400, mentions="no such slice")
