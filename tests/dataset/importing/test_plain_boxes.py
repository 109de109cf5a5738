"""Records read straight into columns say what the same records say as objects; of all others nothing is said."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataset.importing import json_stream
from dataset.importing.coco_boxes import CocoBoxes
from dataset.importing.json_stream import BrokenJson, pieces
from dataset.importing.plain_boxes import PlainAnnotations, PlainResults, plain_annotations, plain_results

PIECE = 300  # bytes: some records each
NUMBERS = ("places", "boxes", "attributes", "ignore", "area", "scores")
IDS = ("numbers", "image_ids", "category_ids")

PLAIN = {"id": 1, "image_id": 2, "category_id": 3, "bbox": [1, 2.5, 3, 4]}
SIDES = st.floats(-1e8, 1e8) | st.integers(-50, 2**60)
VALUES = SIDES | st.sampled_from(
    [
        0,
        1,
        2,
        1.0,
        True,
        False,
        None,
        "1",
        "region",
        [],
        {},
        [[1, 2.5, -3e2]],
        {"size": [2, 2]},
        [[1, 2, 9, 2, 5, 7.25]],
        [[1, 2, 9, 2, 5, 7.25, 1, 2], [1, 2]],
    ]
)
CHANGED = st.dictionaries(
    st.sampled_from(
        ["id", "image_id", "category_id", "bbox", "area", "iscrowd", "ignore", "score", "segmentation", "attributes",
         "keypoints", "num_keypoints", "occluded"]
    ),
    VALUES | st.lists(SIDES, min_size=4, max_size=4),
    max_size=3,
)  # fmt: skip


def taken(file: Path, plain: dict[str, Any]) -> tuple[CocoBoxes, int]:
    """The boxes of a file, and how many of them came as columns."""
    boxes, columns = CocoBoxes(), 0
    for _, piece in pieces(file, plain):
        if isinstance(piece, PlainAnnotations):
            boxes.take_plain(piece)
            columns += len(piece)
        else:
            boxes.take(piece)
    return boxes, columns


def joined(boxes: CocoBoxes, name: str) -> list[Any]:
    columns = [getattr(piece, name) for piece in boxes.pieces]
    return [value for column in columns for value in (column.tolist() if isinstance(column, np.ndarray) else column)]


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "WHOLE", 0)
    monkeypatch.setattr(json_stream, "PIECE", PIECE)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed=st.lists(CHANGED, min_size=1, max_size=12), indent=st.sampled_from([None, 1]))
def test_columns_say_what_objects_say(
    tmp_path: Path, small_pieces: None, changed: list[dict[str, Any]], indent: int | None
) -> None:
    file = tmp_path / "annotations.json"
    file.write_text(json.dumps({"annotations": [PLAIN | more for more in changed]}, indent=indent))
    (objects, none), (columns, _) = taken(file, {}), taken(file, {"annotations": plain_annotations})
    assert none == 0
    shapes, given = ({at: str(shape) for at, shape in one.shapes.items()} for one in (columns, objects))
    assert shapes == given
    for name in ("found", "scored", "certain", "around", "unsound", "unsound_on"):
        assert getattr(columns, name) == getattr(objects, name), name
    for name in NUMBERS:
        np.testing.assert_array_equal(joined(columns, name), joined(objects, name), err_msg=name)
    for name in IDS:
        assert joined(columns, name) == joined(objects, name), name


@pytest.mark.parametrize(
    ("record", "is_plain"),
    [
        (PLAIN, True),
        (PLAIN | {"area": 12, "iscrowd": 1, "segmentation": [[1, 2, 3, 4, 5, 6]], "score": None}, True),
        (PLAIN | {"id": 1.0}, True),
        (PLAIN | {"id": 1.5}, False),
        (PLAIN | {"id": 2**53}, False),
        (PLAIN | {"id": "1"}, False),
        (PLAIN | {"iscrowd": True}, False),
        (PLAIN | {"area": float("nan")}, False),
        (PLAIN | {"bbox": [0, 0, 0, 0]}, False),
        (PLAIN | {"bbox": [1, 2, 3]}, False),
        (PLAIN | {"bbox": [1e9, 2, 3, 4]}, False),
        (PLAIN | {"colour": "red"}, False),
        (PLAIN | {"attributes": {"occluded": True}}, False),
        (PLAIN | {"segmentation": {"size": [2, 2], "counts": "1"}}, False),
    ],
)
def test_what_is_plain(tmp_path: Path, small_pieces: None, record: dict[str, Any], is_plain: bool) -> None:
    file = tmp_path / "annotations.json"
    file.write_text(json.dumps({"annotations": [record]}))
    assert taken(file, {"annotations": plain_annotations})[1] == is_plain


@pytest.mark.parametrize("wrong", ["01", "1.", "nul", "+1", "[1,]", "[1", "'1'", ".5", "-", "1e"])
def test_broken_json_is_never_plain(tmp_path: Path, small_pieces: None, wrong: str) -> None:
    file = tmp_path / "annotations.json"
    for name in ("area", "segmentation"):
        record = json.dumps(PLAIN | {name: 77}).replace("77", wrong)
        file.write_text(f'{{"annotations": [{record}]}}')
        with pytest.raises(BrokenJson):
            taken(file, {"annotations": plain_annotations})


def test_results(tmp_path: Path, small_pieces: None) -> None:
    file = tmp_path / "results.json"
    result = {"image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.25}
    file.write_text(json.dumps([*[result] * 9, result | {"score": 1.5}]))
    found = list(pieces(file, {"": plain_results}))
    assert isinstance(found[0][1], PlainResults)
    assert isinstance(found[-1][1], list)
    assert sum(len(piece) for _, piece in found) == 10
    assert found[0][1].values[0].tolist() == [7, 1, 0.25, 1, 2, 3, 4]
