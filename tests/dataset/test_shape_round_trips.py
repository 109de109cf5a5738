"""What an export writes of shapes, and that an import brings it back: by hand, and by chance."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from science.shapes.conversions import outlines_of_mask, pixels_of_shape
from science.shapes.finer import Finer, Mask, Polygon, TurnedBox, mask_of_pixels, polygon_of, turned_box_of
from tests.dataset.shape_files import HEIGHT, WIDTH, Drawing, box_in_image, read_back, told, written

TRIANGLE = polygon_of([[[[4.25, 6], [20.1, 6.5], [12, 30.75]]]])
RING = polygon_of([[[[30, 5], [60, 5], [60, 35], [30, 35]], [[40, 15], [40, 25], [50, 25], [50, 15]]]])
PAIR = polygon_of([[[[2, 40], [10, 40], [10, 47]]], [[[20, 40], [30, 40], [30, 47]]]])
TURNED = turned_box_of(30.5, 20.25, 20, 8, 33.3)
PIXELS = np.zeros((HEIGHT, WIDTH), np.bool_)
PIXELS[10:20, 5:9] = PIXELS[12:14, 9:30] = True
MASK = mask_of_pixels(PIXELS)
BOX = (3.0, 4.0, 33.5, 44.125)
ALL: list[Drawing] = [TRIANGLE, BOX, TURNED, MASK, RING, PAIR]


def there_and_back(drawings: list[Drawing], form: str) -> tuple[list[tuple[list[float], Finer | None]], list[str]]:
    wanted, _, rows = form.partition(" ")
    with tempfile.TemporaryDirectory() as folder:
        losses = written(Path(folder), drawings, wanted, rows or "boxes")
        found, _ = read_back(Path(folder), wanted)
    assert [name for name, _, _ in found] == [["pan", "pot"][at % 2] for at in range(len(drawings))]
    return [(box, shape) for _, box, shape in found], told(losses)


def pixels(shape: Finer) -> np.ndarray:
    return pixels_of_shape(shape, HEIGHT, WIDTH)


def test_cvat() -> None:
    """Polygons, turned boxes and masks come back as they were; what has holes or parts comes back as its pixels."""
    found, losses = there_and_back(ALL, "cvat")
    shapes = [shape for _, shape in found]
    assert shapes[:4] == [TRIANGLE, None, TURNED, MASK]
    assert [isinstance(shape, Mask) for shape in shapes[4:]] == [True, True]
    assert [pixels(shape).tolist() for shape in shapes[4:] if shape] == [pixels(RING).tolist(), pixels(PAIR).tolist()]
    assert [box for box, _ in found][:4] == [box_in_image(TRIANGLE).tolist(), list(BOX), *map(around, (TURNED, MASK))]
    assert (
        "CVAT has no polygons of several parts or with holes; these are written as masks of their pixels (boxes: 2)"
        in losses
    )


def around(shape: Finer) -> list[float]:
    return [float(side) for side in box_in_image(shape)]


def test_yolo_segments() -> None:
    """A box comes back as one, a turned box as its corners, a mask as its outline; a hole is filled, and it is said."""
    found, losses = there_and_back(ALL, "yolo segments")
    shapes = [shape for _, shape in found]
    assert shapes[:2] == [TRIANGLE, None]
    assert isinstance(shapes[2], Polygon)
    assert len(shapes[2].parts[0][0]) == 4
    assert shapes[3] == outlines_of_mask(MASK)
    assert shapes[4] is None  # its outer ring is an upright box
    assert isinstance(shapes[5], Polygon)
    assert len(shapes[5].parts) == 2
    assert (pixels(shapes[5]) == pixels(PAIR)).all()
    assert [box for box, _ in found] == [list(BOX) if one == BOX else around(one) for one in ALL]  # type: ignore[arg-type]
    assert [line.partition(" (")[0] for line in losses if line.startswith("YOLO")] == [
        "YOLO has outlines alone; masks are written as the outlines along their pixels",
        "YOLO has no place for holes; they were filled",
        "YOLO has one outline for an object; parts were joined by lines of no width",
        "YOLO has outlines alone; turned boxes come back as polygons of four corners",
        "YOLO cannot tell an outline that is an upright box from a box; it comes back as one",
    ]


def test_yolo_turned() -> None:
    """Turned boxes and boxes as they were; a triangle as the smallest turned box that holds its corners."""
    found, losses = there_and_back([TURNED, BOX, TRIANGLE], "yolo turned")
    shapes = [shape for _, shape in found]
    assert shapes[:2] == [TURNED, None]
    assert isinstance(shapes[2], TurnedBox)
    assert shapes[2].width * shapes[2].height == pytest.approx(2 * 193.4, rel=0.01)  # twice the triangle
    assert [box for box, _ in found[:2]] == [around(TURNED), list(BOX)]
    said = "YOLO has turned boxes alone; polygons and masks are the smallest turned boxes around them (boxes: 1)"
    assert said in losses


def test_yolo_boxes_say_what_is_lost() -> None:
    found, losses = there_and_back(ALL, "yolo")
    assert [shape for _, shape in found] == [None] * len(ALL)
    assert [line for line in losses if "no place" in line] == [
        "YOLO has no place for polygons; the boxes around them are written (boxes: 3)",
        "YOLO has no place for turned boxes; the boxes around them are written (boxes: 1)",
        "YOLO has no place for masks; the boxes around them are written (boxes: 1)",
    ]


def test_labelme() -> None:
    found, losses = there_and_back(ALL, "labelme")
    shapes = [shape for _, shape in found]
    assert shapes[:4] == [TRIANGLE, None, TURNED, MASK]
    assert [pixels(shape).tolist() for shape in shapes[4:] if shape] == [pixels(RING).tolist(), pixels(PAIR).tolist()]
    assert any("several parts or with holes" in line for line in losses)


def test_label_studio() -> None:
    found, losses = there_and_back(ALL, "label_studio")
    shapes = [shape for _, shape in found]
    assert [shapes[0], shapes[1], shapes[3]] == [TRIANGLE, None, MASK]
    assert isinstance(shapes[2], TurnedBox)
    before, after = (np.array([one.x, one.y, one.width, one.height, one.angle]) for one in (TURNED, shapes[2]))
    assert after == pytest.approx(before, abs=1e-4)  # its corner is turned forth and back
    assert [pixels(shape).tolist() for shape in shapes[4:] if shape] == [pixels(RING).tolist(), pixels(PAIR).tolist()]
    assert any("brushes of their pixels" in line for line in losses)


def test_voc() -> None:
    """Masks come back, where none covers another; polygons as their pixels, turned boxes by their angle."""
    found, losses = there_and_back([TURNED, MASK, PAIR, BOX], "voc")
    shapes = [shape for _, shape in found]
    assert [shapes[0], shapes[1], shapes[3]] == [TURNED, MASK, None]
    assert shapes[2] == mask_of_pixels(pixels(PAIR))
    assert "VOC has masks alone; polygons come back as their pixels (boxes: 1)" in losses


def test_voc_says_what_is_covered() -> None:
    _, losses = there_and_back([MASK, mask_of_pixels(PIXELS | (np.arange(WIDTH) < 6))], "voc")
    assert "VOC has one object for a pixel: what a later one covers is gone (boxes: 1)" in losses


def test_dota() -> None:
    """Corners that are no rectangle come back as a polygon, other polygons as the smallest turned box."""
    kite = polygon_of([[[[10, 5], [20, 12], [10, 40], [4, 12]]]])
    found, losses = there_and_back([TURNED, BOX, kite, TRIANGLE], "dota")
    shapes = [shape for _, shape in found]
    assert isinstance(shapes[0], TurnedBox)
    assert shapes[:3] == [TURNED, None, kite]
    assert isinstance(shapes[3], TurnedBox)
    said = "DOTA has four corners alone; other polygons and masks are the smallest turned boxes around them (boxes: 1)"
    assert said in losses


@st.composite
def stars(draw: st.DrawFn) -> Polygon:
    """Polygons that do not cross themselves: points at rising angles about a middle."""
    x, y = draw(st.floats(20, 40, width=32)), draw(st.floats(20, 28, width=32))
    angles = sorted(draw(st.lists(st.floats(0, 6.28), min_size=5, max_size=9, unique_by=lambda one: round(one, 2))))
    lengths = [draw(st.floats(3, 18)) for _ in angles]
    points = [(x + r * np.cos(a), y + r * np.sin(a)) for a, r in zip(angles, lengths, strict=True)]
    return polygon_of([[points]])


@st.composite
def turned_boxes(draw: st.DrawFn) -> TurnedBox:
    """Within the image whatever their angle."""
    numbers = [draw(st.floats(low, high, width=32)) for low, high in ((26, 38), (21, 27), (2, 24), (2, 24))]
    angle = draw(st.floats(0, 359.5, width=32).filter(lambda one: min(one % 90, -one % 90) > 0.01))
    return turned_box_of(*numbers, angle)


@given(st.lists(stars(), min_size=1, max_size=3), st.lists(turned_boxes(), min_size=1, max_size=3))
@settings(max_examples=12, deadline=None)
def test_what_a_format_has_comes_back_to_the_bit(polygons: list[Polygon], turned: list[TurnedBox]) -> None:
    from science.shapes.mending import mended_polygon

    sound: list[Drawing] = [one for one in polygons if mended_polygon(one, WIDTH, HEIGHT).polygon is one]
    both: list[Drawing] = [*sound, *turned]
    for form, drawings in [("cvat", both), ("labelme", both), ("label_studio", sound), ("yolo segments", sound)]:
        found, _ = there_and_back(drawings, form)
        assert [shape for _, shape in found] == drawings, form
        assert [box for box, _ in found] == [around(one) for one in drawings], form  # type: ignore[arg-type]


@given(st.lists(turned_boxes(), min_size=1, max_size=3))
@settings(max_examples=6, deadline=None)
def test_what_a_format_writes_as_corners_comes_back_nearly(turned: list[TurnedBox]) -> None:
    """Corners are rounded to the format's decimals, and centre, sides and angle are computed from them."""
    for form in ("yolo turned", "dota"):
        found, _ = there_and_back([*turned], form)
        fields = [(one.x, one.y, one.width, one.height, one.angle) for _, one in found if isinstance(one, TurnedBox)]
        wanted = [(one.x, one.y, one.width, one.height, one.angle) for one in turned]
        assert np.array(fields) == pytest.approx(np.array(wanted), abs=1e-3), form
