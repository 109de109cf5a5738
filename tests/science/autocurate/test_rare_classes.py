"""The best images of some classes: those of what there is least of first, none twice, each with a reason."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from science.autocurate.rare_classes import choose_rare, rarest
from science.autocurate.to_label import ToLabel, ToLabelSettings
from science.autocurate.types import ImageTable
from tests.science.autocurate.test_to_label import FREE, NAMES, detected, looks

CAR, RIDER = 0, 1


def chosen(images: ImageTable, there: tuple[int, ...], shown: list[tuple[int, int, float]], **options: Any) -> ToLabel:
    asked: NDArray[np.int64] = np.array(options.pop("asked", [RIDER]))
    sure = np.ones(len(images), bool) if options.get("sure") is None else options["sure"]
    mask = np.isin(np.arange(len(images)), there)
    given = {"class_names": NAMES, "settings": FREE, **options, "sure": sure}
    return choose_rare(images, mask, detected(shown), asked, **given)


def rows_of(found: ToLabel) -> list[int]:
    return [one.image_index for one in found.picks]


def test_it_works() -> None:
    """Three riders come before one, a car does not count, and what shows no rider stays out."""
    images = ImageTable.of(image_ids=[5, 6, 7, 8], class_counts=[[9, 4], [5, 0], [0, 1], [0, 3]])
    shown = [(1, CAR, 1.0)] * 5 + [(2, RIDER, 1.0)] + [(3, RIDER, 1.0)] * 3
    found = chosen(images, (0,), shown)
    assert rows_of(found) == [3, 2]
    assert found.picks[0].reason == {"code": "shows_class", "class_name": "rider", "count": 3.0, "there": 4.0}
    assert found.picks[0].why == "It shows 3 of rider, of which there are 4 so far."
    assert found.picks[0].score == 1


def test_a_class_of_which_enough_was_taken_waits_for_the_others() -> None:
    """By hand: nothing is there, so an object of either class is worth 1. After three riders one more is worth a
    quarter and three more three quarters, less than one car."""
    images = ImageTable.of(image_ids=[5, 6, 7])
    shown = [(0, RIDER, 1.0)] * 3 + [(1, RIDER, 1.0)] * 3 + [(2, CAR, 1.0)]
    found = chosen(images, (), shown, asked=[CAR, RIDER])
    assert rows_of(found) == [0, 2, 1]
    assert [one.score for one in found.picks] == pytest.approx([1, 1 / 3, 0.75 / 3], abs=1e-4)


def test_what_looks_like_what_is_there_or_was_taken_is_left_out() -> None:
    """Image 1 looks like what is there, 3 like 2; of the sequence of 4 and 5 one is taken."""
    images = ImageTable.of(image_ids=np.arange(6), sequence=[0, 1, 2, 3, 4, 4])
    shown = [(image, RIDER, 1.0) for image in range(1, 6)]
    found = chosen(images, (0,), shown, vectors=looks(0, 0, 1, 1, 2, 3), settings=ToLabelSettings(hash_bits=-1))
    assert rows_of(found) == [2, 4]
    assert found.left_out == {"near_duplicate": 2, "sequence": 1}
    assert [one.nearest for one in found.picks] == [0, 0]
    assert [one.distance for one in found.picks] == pytest.approx([1, 1], abs=1e-6)


def test_predictions_count_on_images_without_labels_and_the_reason_says_may() -> None:
    """Two faint riders of .3 are expected as .6 of one; .4 is too little to say that it shows any."""
    images = ImageTable.of(image_ids=[5, 6, 7])
    shown = [(1, RIDER, 0.3)] * 2 + [(2, RIDER, 0.4)]
    found = chosen(images, (0,), shown, sure=np.array([True, False, False]))
    assert rows_of(found) == [1]
    assert found.picks[0].reason == {"code": "may_show_class", "class_name": "rider", "there": 0.0}


def test_an_image_that_costs_much_to_label_is_not_put_back_for_it() -> None:
    """Its labels are there already, or will be drawn for the sake of the class."""
    images = ImageTable.of(image_ids=[5, 6])
    shown = [(0, RIDER, 1.0), (1, RIDER, 1.0), (1, RIDER, 1.0), *[(1, CAR, 1.0)] * 50]
    assert rows_of(chosen(images, (), shown)) == [1, 0]


@pytest.mark.parametrize(
    ("there", "offered", "found"),
    [
        ([900, 30, 2, 70], [9, 9, 9, 9], [1, 2, 3]),
        ([900, 30, 2, 70], [9, 9, 0.4, 9], [0, 1, 3]),  # nobody offers the third
        ([0, 0], [0, 0], []),
        ([0, 0, 0, 0, 0], [24, 3, 106, 1, 4], [1, 3, 4]),  # nothing is there: what is rare among those to choose from
    ],
)
def test_where_no_class_is_named_it_is_the_rarest_that_are_offered(
    there: list[float], offered: list[float], found: list[int]
) -> None:
    assert rarest(np.array(there, float), np.array(offered, float)).tolist() == found


def test_nothing_to_choose_from_is_no_choice() -> None:
    assert chosen(ImageTable.of(image_ids=[5]), (0,), [(0, RIDER, 1.0)]).picks == []
