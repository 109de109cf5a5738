"""Every mark of every chart counts the images that its query line opens."""

from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache

from curate.query.columns import IMAGE, LABEL
from curate.query.image_search import matching_images
from dataset.models import Annotation, Dataset
from tests.curate.analytics.scene import make_scene
from tests.curate.factories import make_dataset
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast

pytestmark = pytest.mark.django_db
LINES = ("", 'in_slice("odd ones")', "any(car) or lanes = 2", "count(*) = 0", "width > 9000")
needs_places = pytest.mark.skipif("x" not in LABEL.columns, reason="the query line cannot name a box's place yet")
ADDRESSES = (
    "analytics",
    "analytics/classes",
    "analytics/boxes?kind=area",
    "analytics/boxes?kind=per_image",
    pytest.param("analytics/centres", marks=needs_places),
    "analytics/cross-table",
    "analytics/history",
    "analytics/differences?vs=",
)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_scene(cast)


def read(cast: Cast, dataset: Dataset, path: str, line: str = "") -> Any:
    joined = f"{path}{'&' if '?' in path else '?'}q={quote(line)}"
    response = call(cast.bob, "GET", f"datasets/{dataset.pk}/{joined}")
    assert response.status_code == 200, response.content
    return response.json()


def counted(dataset: Dataset, line: str, clause: str) -> int:
    """Images that the grid shows for a mark's query line, within the line."""
    both = f"({line}) and ({clause})" if line else clause
    return matching_images(dataset, both).count()


def assert_marks(dataset: Dataset, line: str, marks: list[dict[str, Any]], least: int = 1) -> None:
    """Each mark counts what its query line opens; and there is something to count."""
    found = {mark["q"]: mark["images"] for mark in marks}
    assert found == {q: counted(dataset, line, q) for q in found}
    if line in ("", LINES[1]):
        assert sum(1 for images in found.values() if images) >= least


@pytest.mark.parametrize("line", LINES)
def test_it_works(cast: Cast, dataset: Dataset, line: str) -> None:
    chart = read(cast, dataset, "analytics/classes", line)
    assert [bar["label"] for bar in chart["bars"]] == ["car", "traffic light", "rider", "not"]
    assert chart["images"] == (counted(dataset, line, "id > 0"))
    assert_marks(dataset, line, chart["bars"], least=4)
    if not line:
        assert chart["boxes"] == Annotation.objects.filter(dataset=dataset, died=None).count()
        assert chart["boxes"] == sum(bar["boxes"] for bar in chart["bars"])


@pytest.mark.parametrize("line", LINES[:3])
@pytest.mark.parametrize("of", ["", "traffic light"])
@pytest.mark.parametrize(
    "kind",
    ["area", "per_image", "provenance", *(pytest.param(k, marks=needs_places) for k in ("aspect", "relative"))],
)
def test_boxes_are_counted_in_bins(cast: Cast, dataset: Dataset, line: str, kind: str, of: str) -> None:
    class_id = f"&class={dataset.classes.get(name=of).pk}" if of else ""
    chart = read(cast, dataset, f"analytics/boxes?kind={kind}{class_id}", line)
    marks = [bar for bar in chart["bars"] if bar["images"] or bar["low"] is None]
    assert_marks(dataset, line, [*marks, *chart["parts"]], least=1 if kind == "provenance" else 2)
    if kind != "per_image":
        assert sum(bar["boxes"] for bar in chart["bars"]) == chart["boxes"]
    else:
        assert sum(bar["images"] for bar in chart["bars"]) == chart["images"]


@needs_places
@pytest.mark.parametrize("line", LINES[:2])
def test_centres_are_counted_in_cells(cast: Cast, dataset: Dataset, line: str) -> None:
    found = read(cast, dataset, "analytics/centres", line)
    assert sum(cell["boxes"] for cell in found["cells"]) == found["boxes"] > 50
    assert_marks(dataset, line, found["cells"], least=10)


@pytest.mark.parametrize("line", LINES)
def test_images_are_counted_by_their_metadata(cast: Cast, dataset: Dataset, line: str) -> None:
    found = read(cast, dataset, "analytics", line)
    charts = {chart["name"]: chart for chart in found["charts"]}
    assert {name: chart["kind"] for name, chart in charts.items()} == {
        "metadata.and": "values", "metadata.lanes": "values", "metadata.speed": "bins", "metadata.tags": "values",
        "metadata.weather": "values", "metadata.wet": "values", "captured_at": "time", "size": "values",
    }  # fmt: skip
    assert found["uncharted"] == ["file id", "gps"]
    for chart in charts.values():
        unknown = [{"q": chart["unknown_q"], "images": chart["unknown"]}] if chart["unknown_q"] else []
        assert_marks(dataset, line, [*chart["bars"], *unknown])


@pytest.mark.parametrize("line", LINES[:3])
@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ("class", "class"),
        ("class", "metadata.weather"),
        ("metadata.lanes", "metadata.weather"),
        ("metadata.speed", "captured_at"),
    ],
)
def test_images_are_counted_in_cross_tables(cast: Cast, dataset: Dataset, line: str, rows: str, columns: str) -> None:
    table = read(cast, dataset, f"analytics/cross-table?rows={rows}&columns={columns}", line)
    cells = [
        {"q": q, "images": count}
        for counts, queries in zip(table["counts"], table["q"], strict=True)
        for count, q in zip(counts, queries, strict=True)
    ]
    assert_marks(dataset, line, [cell for cell in cells if cell["images"]] + cells[:3])
    assert table["images"] + table["unknown"] == counted(dataset, line, "id > 0")


def test_labels_are_counted_at_each_revision(cast: Cast, dataset: Dataset) -> None:
    steps = read(cast, dataset, "analytics/history")["steps"]
    born = Annotation.objects.filter(dataset=dataset).count()
    died = Annotation.objects.filter(dataset=dataset, died=2).count()
    assert [(one["number"], one["boxes"], one["added"], one["removed"]) for one in steps] == [
        (1, born, born, 0),
        (2, born - died, 0, died),
    ]
    narrow = read(cast, dataset, "analytics/history", 'in_slice("odd ones")')["steps"]
    assert narrow[0]["boxes"] < born


def test_differences_of_two_slices_are_found_and_noise_is_not(cast: Cast, dataset: Dataset) -> None:
    """Odd and even images differ in wet by how they were made; lanes and speed have nothing to do with it."""
    line, other = 'in_slice("odd ones")', 'not in_slice("odd ones")'
    found = read(cast, dataset, f"analytics/differences?vs={quote(other)}", line)
    assert (found["first_images"], found["second_images"], found["shared_images"]) == (30, 30, 0)
    assert found["tested"] > 10
    first = found["findings"][0]
    assert (first["name"], first["first"] + first["second"]) == ("metadata.wet", 1.0)
    assert abs(first["z"]) > 7
    names = {one["name"] for one in found["findings"]}
    assert not names & {"metadata.lanes", "metadata.speed"}
    for one in found["findings"]:
        if one["q"] and one["kind"] != "value":
            assert one["first_images"] == counted(dataset, line, one["q"])


def test_what_images_were_chosen_by_is_no_finding(cast: Cast, dataset: Dataset) -> None:
    other = quote('not (wet = true and any("traffic light"))')
    found = read(cast, dataset, f"analytics/differences?vs={other}", 'wet = true and any("traffic light")')
    assert found["chosen_by"] == ["wet", "traffic light"]
    assert not {"metadata.wet", "traffic light"} & {one["name"] for one in found["findings"]}


def test_a_set_does_not_differ_from_itself(cast: Cast, dataset: Dataset) -> None:
    found = read(cast, dataset, "analytics/differences?vs=")
    assert found["shared_images"] == found["first_images"] == 60
    assert (found["tested"], found["findings"]) == (0, [])


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_empty_dataset_has_empty_charts(cast: Cast, address: str) -> None:
    read(cast, make_dataset(cast.project), address)


@pytest.mark.skipif("brightness" not in IMAGE.columns, reason="images have no brightness yet")
@pytest.mark.parametrize("line", LINES[:3])
def test_images_are_counted_by_facts_of_the_picture(cast: Cast, dataset: Dataset, line: str) -> None:
    assert "brightness" not in {chart["name"] for chart in read(cast, dataset, "analytics")["charts"]}
    cache.clear()
    for place, image in enumerate(dataset.images.order_by("id")):
        measured = {"brightness": place * 1.37 if place % 9 else None}
        type(image).objects.filter(pk=image.pk).update(**measured)
    chart = next(one for one in read(cast, dataset, "analytics", line)["charts"] if one["name"] == "brightness")
    unknown = {"q": chart["unknown_q"], "images": chart["unknown"]}
    assert_marks(dataset, line, [*chart["bars"], unknown], least=5)


def test_it_rejects_what_cannot_be_charted(cast: Cast, dataset: Dataset) -> None:
    for path, mentions in {
        "analytics/boxes?kind=colour": "not colour",
        "analytics/boxes?kind=area&class=999999": "no such class",
        "analytics/cross-table?rows=metadata.gps": "metadata.gps",
        "analytics/cross-table?rows=metadata.tags": "metadata.tags",
        "analytics?q=weather%20%3D": "too early",
        "analytics/differences?vs=nothing(": "",
    }.items():
        assert_problem(call(cast.alice, "GET", f"datasets/{dataset.pk}/{path}"), 400, mentions=mentions)


@pytest.mark.parametrize("address", ADDRESSES)
def test_charlie_sees_nothing(cast: Cast, dataset: Dataset, address: str) -> None:
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/{address}")
