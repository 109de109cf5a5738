"""What a line of a YOLO label file is: by its numbers, and by what the other lines of its set are."""

import pytest

from dataset.importing.yolo_rows import Row, RowForms, is_tracked, learned, parse

PLAIN = RowForms()


@pytest.mark.parametrize(
    ("line", "rows", "row"),
    [
        ("3 0.5 0.5 0.2 0.1", PLAIN, Row(3, (0.5, 0.5, 0.2, 0.1))),
        ("3.0 0.5 0.5 0.2 0.1", PLAIN, Row(3, (0.5, 0.5, 0.2, 0.1))),
        ("0 0.5 0.5 0.2 0.1 0.25", PLAIN, Row(0, (0.5, 0.5, 0.2, 0.1), score=0.25)),
        # a triangle from (.1, .2) to (.3, .6): .2 wide, .4 high, its middle at (.2, .4)
        ("0 0.1 0.2 0.3 0.2 0.3 0.6", PLAIN, Row(0, (0.2, 0.4, 0.2, 0.4), "polygon")),
        ("0 0.5 0.5 0.2 0.1 0.4 0.45 2 0.6 0.45 0", RowForms(keypoints=6), Row(0, (0.5, 0.5, 0.2, 0.1), "pose")),
        ("0 0.5 0.5 0.2 0.1 0.4 0.45 0.6 0.45", RowForms(keypoints=4), Row(0, (0.5, 0.5, 0.2, 0.1), "pose")),
        ("0 0.5 0.5 0.2 0.1 0.4 0.45 0.6 0.45 0.9", RowForms(keypoints=4), Row(0, (0.5, 0.5, 0.2, 0.1), "pose", 0.9)),
    ],
)
def test_it_works(line: str, rows: RowForms, row: Row) -> None:
    found = parse(line, rows)
    assert found.box == pytest.approx(row.box)
    assert (found.label, found.kind, found.score) == (row.label, row.kind, row.score)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0,0.5,0.5,0.2,0.2", "not a line of numbers"),
        ("0 0.5 0.5 0.2", "it has 4 numbers where a box has 5"),
        ("1.5 0.5 0.5 0.2 0.2", "not a class index"),
        ("0 0.5 0.5 0.2 inf", "not finite"),
        ("0 0.5 0.5 0.2 0.2 87", "where a confidence from 0 to 1 would"),
        ("0 10 10 200 10 200 90 10 90", "values above 1"),
    ],
)
def test_it_rejects_what_is_none(line: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(line, PLAIN)


def test_seven_columns_are_a_track_or_a_triangle() -> None:
    """ultralytics' save_txt writes class, box, confidence and the track's number; a triangle has fractions only."""
    tracks = ["0 0.5 0.5 0.2 0.1 0.25 1", "0 0.5 0.5 0.2 0.1 0.75 2"]
    assert is_tracked(tracks)
    assert parse(tracks[1], PLAIN, tracked=True) == Row(0, (0.5, 0.5, 0.2, 0.1), score=0.75)
    assert is_tracked(["0 0.5 0.5 0.2 0.1 0.25 1"])  # the only track
    assert not is_tracked(["0 0.1 0.2 0.3 0.2 0.3 0.6"])
    assert not is_tracked(["0 0 0 1 0 1 1"])  # half the image
    assert not is_tracked(["0 0.5 0.5 0.2 0.2"])


def test_poses_that_nothing_announces_are_suspected() -> None:
    lines = ["0 0.5 0.5 0.2 0.1 0.4 0.45 2 0.6 0.45 1", "0 0.5 0.5 0.2 0.1 0.4 0.45 1 0.6 0.45 0"]
    rows = learned(lines, keypoints=0, turned=None)
    assert rows.suspected == {6}
    assert [parse(line, rows).kind for line in lines] == ["suspected pose"] * 2


def test_four_corners_are_turned_boxes_where_all_are_rectangles() -> None:
    turned = ["0 0.5 0.3 0.7 0.5 0.5 0.7 0.3 0.5", "0 0.1 0.1 0.3 0.1 0.3 0.2 0.1 0.2"]
    assert learned(turned, keypoints=0, turned=None).turned
    assert not learned([*turned, "0 0.1 0.1 0.5 0.1 0.3 0.2 0.1 0.2"], keypoints=0, turned=None).turned
    assert not learned([*turned, "0 0.5 0.5 0.2 0.2"], keypoints=0, turned=None).turned
