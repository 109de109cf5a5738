"""A shape's bytes and its JSON give the same shape again, and bad ones are refused by name."""

from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as reference

from science.shapes.finer import (
    BadShape,
    Finer,
    Mask,
    Polygon,
    TurnedBox,
    mask_of,
    mask_of_pixels,
    pixels_of_mask,
    polygon_of,
    turned_box_of,
)
from science.shapes.measures import area_of, box_of, length_of
from science.shapes.packed import facts_of, pack, unpack
from science.shapes.shape_json import as_json, from_json

# pycocotools' own array asks numpy 2 for a view in the old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SQUARE = [[10, 20], [110, 20], [110, 70], [10, 70]]
HOLE = [[20, 30], [40, 30], [40, 40], [20, 40]]

decimals = st.integers(-5000, 200000).map(lambda n: n / 100)
places = st.one_of(decimals, st.floats(-1000, 5000, width=32))
rings = st.lists(st.tuples(places, places), min_size=3, max_size=12)
polygons = st.lists(st.lists(rings, min_size=1, max_size=3), min_size=1, max_size=3).map(polygon_of)
sides = st.floats(0.125, 5000, width=32)
turned = st.builds(turned_box_of, places, places, sides, sides, st.floats(-360, 360, width=32))


@st.composite
def pictures(draw: st.DrawFn) -> np.ndarray:
    height, width = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    bits = draw(st.lists(st.booleans(), min_size=height * width, max_size=height * width).filter(any))
    return np.array(bits).reshape(height, width)


@settings(max_examples=60, deadline=None)
@given(st.one_of(polygons, turned, pictures().map(mask_of_pixels)))
def test_bytes_and_json_give_the_same_shape(shape: Finer) -> None:
    assert unpack(pack(shape)) == shape
    assert from_json(orjson.loads(orjson.dumps(as_json(shape)))) == shape


@settings(max_examples=60, deadline=None)
@given(pictures())
def test_a_mask_is_what_pycocotools_sees(picture: np.ndarray) -> None:
    mask = mask_of_pixels(picture)
    encoded: Any = reference.encode(np.asfortranarray(picture.astype(np.uint8)))
    assert as_json(mask)["counts"] == encoded["counts"].decode()
    x, y, width, height = reference.toBbox(encoded).tolist()
    assert box_of(mask).tolist() == [x, y, x + width, y + height]
    assert facts_of(pack(mask)).area == reference.area(encoded)
    assert np.array_equal(pixels_of_mask(mask), picture)


@pytest.mark.parametrize(
    ("shape", "box", "facts"),
    [
        (polygon_of([[SQUARE]]), [10, 20, 110, 70], ("polygon", 4, 5000, 300, 0)),
        (polygon_of([[SQUARE, HOLE]]), [10, 20, 110, 70], ("polygon", 8, 4800, 360, 0)),
        (polygon_of([[SQUARE], [HOLE]]), [10, 20, 110, 70], ("polygon", 8, 5200, 360, 0)),
        (turned_box_of(50, 40, 20, 10, 90), [45, 30, 55, 50], ("turned", 4, 200, 60, 90)),
        (turned_box_of(50, 40, 20, 10, -30), None, ("turned", 4, 200, 60, 150)),
        (mask_of(2, 3, [1, 2, 1, 1, 1]), [0, 0, 3, 2], ("mask", 0, 3, 10, 0)),
    ],
)
def test_what_is_said_of_a_shape(shape: Finer, box: list[float] | None, facts: tuple[Any, ...]) -> None:
    """The mask has, column by column, .# / #. / #. : three pixels, of which two share a side."""
    assert box is None or box_of(shape) == pytest.approx(np.array(box), abs=1e-5)
    assert facts_of(pack(shape)) == facts
    assert (area_of(shape), length_of(shape)) == facts[2:4]


def test_labels_of_few_decimals_take_half_the_bytes_and_no_digit_more() -> None:
    wobbling = [[100 + 30 * np.cos(a), 90 + 20 * np.sin(a)] for a in np.linspace(0, 6, 40)]
    written = polygon_of([[np.round(wobbling, 2)]])
    assert len(pack(written)) < 16 + 40 * 8 * 0.55
    assert orjson.dumps(as_json(written)["parts"][0][0]).decode().startswith("[[130.0,90.0],[129.65,93.06]")
    assert len(pack(polygon_of([[wobbling]]))) == 16 + 3 + 40 * 8


def corners(*changes: Any) -> dict[str, Any]:
    return {"kind": "polygon", "parts": [[SQUARE], [[*SQUARE[:2], *changes]]]}


MASK = {"kind": "mask", "size": [2, 3], "counts": "121O0"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], 'no "kind" that is one of polygon, turned and mask'),
        ({"kind": "polygon"}, 'no "parts", which a polygon needs'),
        ({"kind": "polygon", "parts": []}, "no part"),
        ({"kind": "polygon", "parts": [[]]}, "no ring in part 1"),
        ({"kind": "polygon", "parts": [[SQUARE]], "angle": 3}, 'a "angle", which is nothing of a polygon'),
        (corners(), "2 points in part 2, ring 1, and 3 are the fewest"),
        (corners([1, float("nan")]), "no place in an image at part 2, ring 1, point 3: 1.0, nan"),
        (corners([1, 10**9]), "no place in an image at part 2, ring 1, point 3"),
        (corners([1]), "something else than numbers in part 2, ring 1"),
        (corners([1, "x"]), "something else than numbers in part 2, ring 1"),
        ({"kind": "polygon", "parts": [[[[k, k % 7] for k in range(100_001)]]]}, "100001 points, and 100000"),
        ({"kind": "turned", "centre": [1, 2], "size": [0, 3], "angle": 0}, "a width of 0.0, which must be above 0"),
        ({"kind": "turned", "centre": [1, 2], "size": [3], "angle": 0}, 'a "size" that is not two numbers'),
        ({"kind": "turned", "centre": [1, "2"], "size": [3, 3], "angle": 0}, "no number that can be used as its y: 2"),
        (MASK | {"size": [2, 4]}, "its image of 4 x 2 has 8"),
        (MASK | {"size": [2, 0]}, "no width between 1 and 65535 pixels: 0"),
        (MASK | {"counts": "1~"}, '"counts" that cannot be read'),
        (MASK | {"counts": "6"}, "no pixel"),
    ],
)
def test_it_rejects_what_is_no_shape(given: Any, said: str) -> None:
    with pytest.raises(BadShape) as told:
        from_json(given)
    assert said in str(told.value)


def test_shapes_are_of_one_kind_each() -> None:
    kinds = {type(one) for one in (polygon_of([[SQUARE]]), turned_box_of(1, 1, 2, 2, 0), mask_of(1, 2, [1, 1]))}
    assert kinds == {Polygon, TurnedBox, Mask}
