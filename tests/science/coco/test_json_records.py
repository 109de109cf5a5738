"""Numbers are read as Python reads them, and what is broken is named."""

import json
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from science.coco import json_records
from science.coco.json_records import BROKEN, MISSING, NOT_A_BOX, NOT_A_NUMBER, Wrong, read_list, record_fields

FIELDS = record_fields(["image_id", "category_id", "score"], ["area"])


def read(text: str) -> list[list[float]]:
    values, at = read_list(np.frombuffer(text.encode(), np.uint8), 0, FIELDS)
    assert at == len(text.rstrip())
    return [[None if np.isnan(value) else value for value in row] for row in values.tolist()]


def record(**changed: object) -> dict[str, object]:
    return {"image_id": 1, "category_id": 2, "bbox": [1, 2.5, 3, 4], "score": 0.5} | changed


@settings(max_examples=300, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_numbers_are_read_to_the_last_bit(numbers: list[float]) -> None:
    text = json.dumps([record(score=number) for number in numbers])
    assert [row[2] for row in read(text)] == numbers


@settings(max_examples=200, deadline=None)
@given(st.from_regex(r"-?(0|[1-9][0-9]{0,22})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,2})?", fullmatch=True))
def test_numbers_in_any_spelling(number: str) -> None:
    text = json.dumps([record()]).replace("0.5", number)
    assert read(text)[0][2] == float(number)


@pytest.mark.parametrize("indent", [None, 2])
def test_order_of_fields_space_and_further_fields_do_not_matter(indent: int | None) -> None:
    rows = [
        record(area=7, segmentation={"counts": 'a"]}\\', "size": [1, 2]}),
        {"score": 1, "note": None, "bbox": [0, 0, 1e2, 5], "category_id": -3, "image_id": 4, "flags": [{}, [True]]},
        record(area=None),
    ]
    assert read(json.dumps(rows, indent=indent)) == [
        [1, 2, 0.5, 7, 1, 2.5, 3, 4],
        [4, -3, 1, None, 0, 0, 100, 5],
        [1, 2, 0.5, None, 1, 2.5, 3, 4],
    ]


def test_an_empty_list() -> None:
    assert read(" [ ] ".strip()) == []


@pytest.mark.parametrize(
    ("text", "how", "number"),
    [
        ('[{"image_id": 1}]', MISSING, 0),
        ('[{"image_id": 1, "category_id": 2, "score": 1, "bbox": [1, 2, 3]}]', NOT_A_BOX, 0),
        ('[{"image_id": 1, "category_id": 2, "score": 1, "bbox": [1, 2, 3, 4, 5]}]', NOT_A_BOX, 0),
        ('[{"image_id": "1", "category_id": 2, "score": 1, "bbox": [1, 2, 3, 4]}]', NOT_A_NUMBER, 0),
        ('[{"image_id": 01, "category_id": 2, "score": 1, "bbox": [1, 2, 3, 4]}]', NOT_A_NUMBER, 0),
        ('[{"image_id": 1., "category_id": 2, "score": 1, "bbox": [1, 2, 3, 4]}]', NOT_A_NUMBER, 0),
        ("[1]", BROKEN, 0),
        ("[", BROKEN, 0),
        ('[{"image_id', BROKEN, 0),
        ('[{"image_id": ', BROKEN, 0),
    ],
)
def test_it_rejects_what_is_broken(text: str, how: int, number: int) -> None:
    with pytest.raises(Wrong) as wrong:
        read(text)
    assert (wrong.value.how, wrong.value.record) == (how, number)


@pytest.mark.parametrize("end", ["", ",", ", ]", ", 7]", ' {"image_id": 1}]', "]]"])
def test_it_rejects_a_broken_end(end: str) -> None:
    good = json.dumps([record(), record()])[:-1]
    if end == "]]":
        assert read_list(np.frombuffer((good + end).encode(), np.uint8), 0, FIELDS)[1] == len(good) + 1
        return
    with pytest.raises(Wrong) as wrong:
        read(good + end)
    assert (wrong.value.how, wrong.value.record) == (BROKEN, 2)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([record(), record(note=[{"a": 1}, {"b": 2}]), record(x='"},{"')]), min_size=2, max_size=9)
)
def test_two_halves_read_as_one(rows: list[dict[str, object]]) -> None:
    whole = read(json.dumps(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_records, "WORTH_SPLITTING", 0)
        assert read(json.dumps(rows)) == whole
    assert len(whole) == len(rows)


def test_the_largest_and_smallest_numbers() -> None:
    numbers = [sys.float_info.max, sys.float_info.min, 5e-324, -0.0, 2.0**53, 2.0**53 + 2, 0.1 + 0.2]
    assert [row[2] for row in read(json.dumps([record(score=number) for number in numbers]))] == numbers


@pytest.mark.parametrize("power", range(1, 5))
@pytest.mark.parametrize("odd", [1, 3, 5, 1001])
def test_halfway_between_two_floats_the_even_one_is_read(odd: int, power: int) -> None:
    """2^53 + an odd number lies between two floats; written with a power of ten it needs the longer product."""
    halfway = 2**53 + odd
    spelt = [f"{halfway * 10**power}e-{power}", f"{halfway * 10**power}.0e-{power}", f"{halfway}"]
    text = json.dumps([record()] * 3).replace("0.5", "{}").replace("{}", "%s") % tuple(spelt)
    assert [row[2] for row in read(text)] == [float(halfway)] * 3


@pytest.mark.parametrize("step", [0, 1, 5, 100, 10**12, 2**51])
def test_exact_products_carry_nothing(step: int) -> None:
    """By hand: 10 times 4 (307 + 512 k), below 2^63, has 64 zeros at the end of its product of 128 bits and nine ones
    before them, where a carry that is not there would round it up."""
    mantissa = 4 * (307 + 512 * (2**51 + step))
    text = json.dumps([record()]).replace("0.5", f"{mantissa}e1")
    assert read(text)[0][2] == float(mantissa * 10)


def test_words_for_numbers() -> None:
    words = {"NaN": None, "Infinity": np.inf, "-Infinity": -np.inf, "true": 1, "false": 0, "-0.0": 0}
    text = "[" + ",".join(json.dumps(record()).replace("0.5", word) for word in words) + "]"
    assert [row[2] for row in read(text)] == list(words.values())
