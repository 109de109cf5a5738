"""Anchors of the maps, and which places become queries."""

import pytest
import torch

from model.engines.transformers.deta.places import anchors_of, chosen_places, levels_of

SHAPES = [(2, 2), (1, 1)]
EVERYWHERE = torch.ones(1, 5, dtype=torch.bool)


def test_anchors_by_hand() -> None:
    """Centres of the cells, in rows; sides .05 on the first level and twice that on the second."""
    anchors, used = anchors_of(SHAPES, EVERYWHERE)
    assert anchors[0].tolist() == [
        pytest.approx(row)
        for row in ([0.25, 0.25, 0.05, 0.05], [0.75, 0.25, 0.05, 0.05], [0.25, 0.75, 0.05, 0.05],
                    [0.75, 0.75, 0.05, 0.05], [0.5, 0.5, 0.1, 0.1])
    ]  # fmt: skip
    assert used.all()


def test_where_a_border_fills_the_batch_fractions_are_of_the_image() -> None:
    valid = torch.tensor([[True, False, True, False, True]])  # the left column alone
    anchors, used = anchors_of(SHAPES, valid)
    assert anchors[0, 2].tolist() == pytest.approx([0.5, 0.75, 0.05, 0.05])
    assert used.tolist() == [[True, False, True, False, True]]


def test_centres_at_the_edge_have_no_anchor() -> None:
    _, used = anchors_of([(1, 60)], torch.ones(1, 60, dtype=torch.bool))  # the first centre is at 1 / 120
    assert used[0].tolist() == [False, *[True] * 58, False]


def apart(count: int) -> torch.Tensor:
    """Boxes that do not touch."""
    left = torch.arange(float(count)) * 2
    return torch.stack([left, left, left + 1, left + 1], 1)


def test_as_many_of_each_level_by_falling_score() -> None:
    """Eight places of two levels, four queries: two of each, though the first level has the better scores."""
    levels = torch.tensor([0, 0, 0, 0, 0, 1, 1, 1])
    scores = torch.tensor([9.0, 8.0, 7.0, 6.0, 5.0, 1.0, 3.0, 2.0])
    assert chosen_places(apart(8), scores, levels, 4).tolist() == [0, 1, 6, 7]


def test_a_level_of_few_places_leaves_its_share_to_the_best_of_the_others() -> None:
    levels = torch.tensor([0, 0, 0, 0, 0, 1])
    scores = torch.tensor([9.0, 8.0, 7.0, 6.0, 5.0, 1.0])
    assert chosen_places(apart(6), scores, levels, 4).tolist() == [0, 1, 2, 5]


def test_of_places_that_propose_the_same_box_the_best_is_kept() -> None:
    boxes = apart(6)
    boxes[1] = boxes[0]
    levels = torch.tensor([0, 0, 0, 1, 1, 1])
    scores = torch.tensor([9.0, 8.0, 7.0, 6.0, 5.0, 4.0])
    assert chosen_places(boxes, scores, levels, 4).tolist() == [0, 2, 3, 4]


def test_the_same_box_on_another_level_is_kept() -> None:
    boxes = apart(4)
    boxes[2] = boxes[0]
    assert chosen_places(boxes, torch.tensor([4.0, 3.0, 2.0, 1.0]), torch.tensor([0, 0, 1, 1]), 4).tolist() == [
        0,
        1,
        2,
        3,
    ]


def test_where_too_few_are_left_the_best_of_all_are_taken() -> None:
    scores = torch.tensor([1.0, 3.0, 2.0, 0.0])
    assert chosen_places(apart(1).repeat(4, 1), scores, torch.tensor([0, 0, 1, 1]), 3).tolist() == [1, 2, 0]


def test_no_more_than_there_are() -> None:
    assert len(chosen_places(apart(3), torch.rand(3), torch.tensor([0, 0, 1]), 900)) == 3


def test_at_most_a_thousand_of_a_level_enter_suppression() -> None:
    levels = levels_of([(1, 1200), (1, 1)], torch.device("cpu"))
    scores = torch.arange(1201.0)
    assert sorted(chosen_places(apart(1201), scores, levels, 1001).tolist()) == list(range(200, 1201))
