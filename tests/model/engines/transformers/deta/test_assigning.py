"""Which places and proposals learn an object: both assignments on boxes that can be worked out by hand."""

import torch
from torch import Tensor

from model.engines.transformers.deta.assigning import AssignedPairs, assign_places, assign_proposals, drawn_places

OBJECT = [0.0, 0.0, 10.0, 10.0]


def share(tenths: float) -> list[float]:
    """A box inside OBJECT that overlaps it by so many tenths."""
    return [0.0, 0.0, 10.0, tenths]


def boxes(*rows: list[float]) -> Tensor:
    return torch.tensor(rows).reshape(-1, 4)


def pairs(found: AssignedPairs) -> list[tuple[int, int]]:
    return list(zip(found.place.tolist(), found.object.tolist(), strict=True))


def first(objects: Tensor, anchors: Tensor, used: Tensor | None = None) -> list[tuple[int, int]]:
    return pairs(assign_places(objects, anchors, torch.ones(len(anchors), dtype=torch.bool) if used is None else used))


def test_the_first_stage_takes_anchors_from_an_overlap_of_seven_tenths() -> None:
    assert first(boxes(OBJECT), boxes(share(6.9), share(7), share(9))) == [(2, 0), (1, 0)]


def test_the_second_stage_takes_proposals_from_an_overlap_of_six_tenths() -> None:
    proposals = boxes(share(5.9), share(6), share(9), *[share(1)] * 9)  # a quarter of twelve is three
    assert pairs(assign_proposals(boxes(OBJECT), proposals)) == [(2, 0), (1, 0)]


def test_an_object_has_four_at_most_and_the_best() -> None:
    anchors = boxes(*(share(tenths) for tenths in (7.1, 9.1, 8.1, 9.9, 7.5, 8.5)))
    assert first(boxes(OBJECT), anchors) == [(3, 0), (1, 0), (5, 0), (2, 0)]


def test_an_object_that_nothing_overlaps_enough_has_its_best() -> None:
    assert first(boxes(OBJECT), boxes(share(1), share(2))) == [(1, 0)]
    assert pairs(assign_proposals(boxes(OBJECT), boxes(*[share(1)] * 3, share(2)))) == [(3, 0)]


def test_an_object_that_nothing_overlaps_at_all_has_none() -> None:
    assert first(boxes(OBJECT, [50.0, 50.0, 60.0, 60.0]), boxes(share(9), share(8))) == [(0, 0), (1, 0)]


def test_how_many_goes_by_owner_and_which_by_overlap() -> None:
    """Anchor 0 is the second object itself and overlaps the first by .9; anchor 1 overlaps them by .96 and .9375.

    So each object owns one, and each takes the one that overlaps it most.
    """
    assert first(boxes(OBJECT, share(9)), boxes(share(9), share(9.6))) == [(1, 0), (0, 1)]


def test_what_is_taken_may_be_owned_by_another() -> None:
    """All of the first object's own two and the second's one: the first object's best two are 0 and the second's 1."""
    found = first(boxes(OBJECT, [0.0, 0.0, 10.0, 8.5]), boxes(OBJECT, share(8.7), share(9.5)))
    assert found == [(0, 0), (2, 0), (1, 1)]
    found = first(
        boxes(OBJECT, [0.0, 0.0, 10.0, 8.5]),
        boxes(share(7.2), share(8.7), [0.0, 0.0, 9.5, 10.0], [0.0, 2.0, 10.0, 10.0]),
    )
    assert found == [(2, 0), (1, 0), (1, 1), (0, 1)]


def test_places_without_an_anchor_are_not_taken() -> None:
    used = torch.tensor([False, True])
    assert first(boxes(OBJECT), boxes(share(9), share(8)), used) == [(1, 0)]


def test_nothing_to_assign() -> None:
    assert first(torch.zeros(0, 4), boxes(share(9))) == []
    assert pairs(assign_proposals(torch.zeros(0, 4), boxes(share(9)))) == []


def test_no_more_than_a_quarter_of_the_proposals_are_an_objects() -> None:
    """Four of eight overlap it enough; two are drawn, so it has two, and these are the best."""
    proposals = boxes(share(7), share(9), share(8), share(6.5), *[share(1)] * 4)
    assert pairs(assign_proposals(boxes(OBJECT), proposals)) == [(1, 0), (2, 0)]


def test_no_more_than_128_anchors_are_an_objects() -> None:
    """Forty objects apart from each other, four anchors the same as each: 160 are theirs, of which 128 are drawn."""
    objects = torch.arange(40.0)[:, None] * 20 + torch.tensor([0.0, 0.0, 10.0, 10.0])
    assert len(first(objects, objects.repeat_interleave(4, 0))) == 128


def test_the_draw_is_the_same_each_time_and_of_those_found() -> None:
    found = torch.arange(50) % 2 == 0
    one, again = drawn_places(found, 10), drawn_places(found, 10)
    assert one.equal(again)
    assert int(one.sum()) == 10
    assert not (one & ~found).any()
    assert drawn_places(found, 25).equal(found)
