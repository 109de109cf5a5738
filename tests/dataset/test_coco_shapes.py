"""COCO's polygons and masks in and out: kept as they are, written as pycocotools reads them, the same on return."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO

from dataset.exporting.coco_shapes import shape_fields
from dataset.importing.coco_shapes import shapes_of_records
from dataset.models import Annotation, Dataset
from dataset.tasks import run_export, run_import
from science.shapes.measures import box_of
from science.shapes.packed import pack, unpack
from science.shapes.packed_polygons import packed_polygons
from science.shapes.polygons import polygons_of
from science.shapes.shape_json import as_json, from_json
from tests.dataset.exports import export, fetched, there_and_back
from tests.dataset.folders import coco_content, coco_folder, import_folder
from tests.factories import Cast, call, make_dataset

# pycocotools' own array asks numpy 2 for a view in the old way.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

assert run_export
assert run_import

TRIANGLE = [16, 12, 48, 12, 30.25, 36]
PARTS = [[8.5, 6, 14, 6, 14, 18, 8.5, 18.25], [18, 6, 24, 6, 24, 18]]
CROWD = {"size": [48, 64], "counts": [100, 20, 28, 20, 2904]}
COMPRESSED = {"size": [48, 64], "counts": "T3d0l00li2"}
WITH_HOLE = {
    "kind": "polygon", "parts": [[[[2, 2], [40, 2], [40, 30], [2, 30]], [[10, 10], [20, 10], [20, 20], [10, 20]]]]
}  # fmt: skip
TURNED = {"kind": "turned", "centre": [30.125, 24], "size": [20, 10.5], "angle": 33.3}
RECTANGLE = {"kind": "polygon", "parts": [[[[2, 2], [40, 2], [40, 30], [2, 30]]]]}

places = st.integers(0, 6400).map(lambda n: n / 100)
rings = st.lists(st.tuples(places, places).map(list), min_size=3, max_size=9).filter(lambda ring: ring[0] != ring[-1])


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=("car", "rider"))


def labelled(**second: Any) -> dict[str, Any]:
    """The two images, the first with a triangle, the second with what is given."""
    content = coco_content()
    first, other = content["annotations"]
    content["annotations"] = [first | {"segmentation": [TRIANGLE], "area": 384.0}, other | second]
    return content


def shapes(dataset: Dataset) -> list[Any]:
    rows = Annotation.objects.filter(dataset=dataset, died=None).order_by("image__key", "pk")
    return [row.shape and as_json(unpack(bytes(row.shape))) for row in rows]


def polygon(*parts: list[float]) -> dict[str, Any]:
    return {
        "kind": "polygon",
        "parts": [[[list(xy) for xy in zip(part[::2], part[1::2], strict=True)]] for part in parts],
    }


@pytest.mark.parametrize(
    ("segmentation", "expected"),
    [
        (PARTS, polygon(*PARTS)),
        (TRIANGLE, polygon(TRIANGLE)),  # a flat one
        ([*TRIANGLE, 16, 12], polygon(TRIANGLE)),  # closed once more
        ([[8, 6, 24, 6, 24, 18, 8, 18]], None),  # its box and nothing more
        ([], None),
        (CROWD, {"kind": "mask", "size": [48, 64], "counts": "T3d0l00li2"}),
        (COMPRESSED, {"kind": "mask", "size": [48, 64], "counts": "T3d0l00li2"}),
    ],
)
def test_it_works(cast: Cast, dataset: Dataset, import_root: Path, segmentation: Any, expected: Any) -> None:
    job = import_folder(cast, dataset, coco_folder(import_root / "in", labelled(segmentation=segmentation)))
    assert shapes(dataset) == [polygon(TRIANGLE), expected]
    assert job.result["problems"] == []
    kept = {note["kind"]: note["count"] for note in job.result["notes"]}
    assert kept["shapes"] == (1 if expected is None else 2)


@pytest.mark.parametrize(
    ("segmentation", "said"),
    [
        ([[1, 2, 3, 4]], "the shape has no ring of three points or more; the box was taken alone"),
        ([[1, 2, 3, 4, 5, 1e8]], "the shape has a point that lies in no image; the box was taken alone"),
        ([["a", 2, 3, 4, 5, 6]], "the shape has a point that lies in no image; the box was taken alone"),
        (
            {"size": [48, 64], "counts": [7]},
            "the shape has runs of 7 pixels together, and its image of 64 x 48 has 3072",
        ),
        ({"size": [48, 64], "counts": "~"}, 'the shape has a mask whose "counts" cannot be read'),
    ],
)
def test_what_is_no_shape_is_named_by_its_record(
    cast: Cast, dataset: Dataset, import_root: Path, segmentation: Any, said: str
) -> None:
    job = import_folder(cast, dataset, coco_folder(import_root / "in", labelled(segmentation=segmentation)))
    (problem,) = job.result["problems"]
    assert (problem["record"], problem["action"], problem["kind"]) == ("annotations[1]", "repaired", "bad_shape")
    assert said in problem["reason"]
    assert shapes(dataset) == [polygon(TRIANGLE), None]


def test_every_kind_comes_back_and_pycocotools_sees_its_pixels(
    cast: Cast, dataset: Dataset, import_root: Path, tmp_path: Path
) -> None:
    import_folder(cast, dataset, coco_folder(import_root / "in", labelled(segmentation=CROWD, iscrowd=1)))
    image = dataset.images.get(key__contains="a.jpg")
    class_id = dataset.classes.all()[0].pk
    drawn = [WITH_HOLE, TURNED, RECTANGLE]
    edits = [{"op": "add", "image": image.pk, "class_id": class_id, "shape": shape} for shape in drawn]
    assert call(cast.alice, "POST", f"datasets/{dataset.pk}/edits", {"on": 1, "edits": edits}).status_code == 201
    back, _, _ = there_and_back(cast, dataset, import_root, "coco")
    assert shapes(back) == shapes(dataset)
    assert set(map(str, shapes(back))) >= {str(as_json(from_json(shape))) for shape in drawn}

    archive = fetched(cast, export(cast, dataset, format="coco", files=True))
    archive.extractall(import_root / "again")
    job = import_folder(cast, dataset, import_root / "again", format="coco")
    counts = job.result["boxes"]
    assert (counts["unchanged"], counts["changed"], counts["added"], counts["removed"]) == (5, 0, 0, 0)
    (name,) = [name for name in archive.namelist() if name.startswith("annotations/")]
    with contextlib.redirect_stdout(io.StringIO()):
        read = COCO(str(import_root / "again" / name))
    areas = sorted((row["area"], int(read.annToMask(row).sum())) for row in read.dataset["annotations"])
    assert areas == [
        (40, 40),
        (210, pytest.approx(210, abs=9)),
        (384, pytest.approx(384, abs=20)),
        (964, 964),
        (1064, 1064),
    ]


def test_a_corrected_outline_is_a_change_and_a_moved_decimal_is_none(
    cast: Cast, dataset: Dataset, import_root: Path
) -> None:
    content = labelled(segmentation=PARTS)
    import_folder(cast, dataset, coco_folder(import_root / "in", content))
    content["annotations"][0]["segmentation"] = [[16, 12, 48, 12, 30.25, 36.001]]
    content["annotations"][1]["segmentation"] = [PARTS[0]]
    counts = import_folder(cast, dataset, coco_folder(import_root / "in", content)).result["boxes"]
    assert (counts["unchanged"], counts["changed"]) == (1, 1)
    assert shapes(dataset) == [polygon(TRIANGLE), polygon(PARTS[0])]
    del content["annotations"][1]["segmentation"]
    import_folder(cast, dataset, coco_folder(import_root / "in", content))
    assert shapes(dataset)[1] is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(rings, min_size=1, max_size=2), min_size=1, max_size=3))
def test_any_polygon_comes_back_through_a_record(parts: list[list[list[list[float]]]]) -> None:
    shape = from_json({"kind": "polygon", "parts": parts})
    box = box_of(shape)
    if (box[2:] <= box[:2]).any():
        return  # no box has no area
    record = orjson.loads(orjson.dumps(shape_fields(pack(shape), box, (64, 64), 0.0)))
    xywh = np.array([[*box[:2], *(box[2:] - box[:2])]], np.float64)
    assert shapes_of_records([record], xywh) == {0: pack(shape)}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(rings, min_size=1, max_size=3), min_size=1, max_size=4), st.sampled_from([0, 1, 2, 3, 9]))
def test_many_at_once_are_packed_as_each_is(objects: list[list[list[list[float]]]], decimals: int) -> None:
    """Also where the numbers have many decimals, which are written as floats."""
    scale = 1 if decimals < 9 else 1 / 3
    flat = [[(np.round(ring, decimals) * scale).reshape(-1).tolist() for ring in rings] for rings in objects]
    flat = [[ring for ring in rings if ring[:2] != ring[-2:]] for rings in flat]
    flat = [rings for rings in flat if rings]
    found = packed_polygons(polygons_of(flat), np.zeros((len(flat), 4)))
    assert found.packed == [pack(from_json(polygon(*rings))) for rings in flat]


def test_the_archive_says_nothing_of_shapes_where_there_are_none(
    cast: Cast, dataset: Dataset, import_root: Path
) -> None:
    import_folder(cast, dataset, coco_folder(import_root / "in"))
    archive = fetched(cast, export(cast, dataset, format="coco"))
    (name,) = [name for name in archive.namelist() if name.startswith("annotations/")]
    assert all("segmentation" not in row for row in json.loads(archive.read(name))["annotations"])
