"""Which places learn an object: both assignments on grids that can be worked out by hand."""

import pytest
import torch

from model.engines.yolov6.assigning import NOBODY, GridPlaces, assign_by_distance, assign_by_task, one_owner
from model.engines.yolov6.head import grid_of

CPU = torch.device("cpu")
LEVELS = [(8, 8), (4, 4), (2, 2), (1, 1)]  # of 64 x 64 pixels
OBJECT = torch.tensor([[0.0, 0.0, 40.0, 40.0]])


def places(boxes: torch.Tensor | None = None, scores: torch.Tensor | None = None) -> GridPlaces:
    centres, strides = grid_of(LEVELS, CPU)
    count = len(centres)
    return GridPlaces(
        centres,
        strides,
        torch.zeros(count, 4) if boxes is None else boxes,
        torch.full((count, 1), 0.5) if scores is None else scores,
    )


def owners(assigned: torch.Tensor) -> set[tuple[float, float, float]]:
    """Centres and strides of the places with an object."""
    centres, strides = grid_of(LEVELS, CPU)
    rows = torch.cat([centres, strides], 1)[assigned != NOBODY].tolist()
    return {(x, y, stride) for x, y, stride in rows}


def test_atss_by_hand() -> None:
    """The square of a place is five strides wide: 40 px on the first level, which here is the object's own size.

    Candidates: the nine nearest of stride 8 around (20, 20), the nine nearest of stride 16, all four of 32, the one of
    64. Overlaps, best first: of stride 8 the place at the middle 1, its four neighbours (32 x 40) .667, the corners
    (32 x 32) .471; the others less. Mean and deviation of the 23 are .35 and .25, so .60 is usual: five are left.
    """
    assigned = assign_by_distance(OBJECT, places(boxes=OBJECT.repeat(85, 1)))
    assert owners(assigned.owner) == {(20, 20, 8), (12, 20, 8), (28, 20, 8), (20, 12, 8), (20, 28, 8)}
    assert assigned.quality[assigned.owner != NOBODY].tolist() == pytest.approx([1.0] * 5)


def test_atss_leaves_out_places_outside_the_object() -> None:
    thin = torch.tensor([[18.0, 0.0, 22.0, 40.0]])
    found = owners(assign_by_distance(thin, places()).owner)
    assert found
    assert all(18 < x < 22 and 0 < y < 40 for x, y, _ in found)


def test_quality_under_atss_is_the_overlap_of_what_is_predicted() -> None:
    half = torch.tensor([[0.0, 0.0, 20.0, 40.0]])
    assigned = assign_by_distance(OBJECT, places(boxes=half.repeat(85, 1)))
    assert assigned.quality.max().item() == pytest.approx(0.5)
    assert assigned.quality[assigned.owner == NOBODY].sum() == 0


def test_task_aligned_by_hand() -> None:
    """Two places predict something: (4, 4) the object itself with score .1, (12, 4) half of it with score .9.

    Score times overlap to the sixth: .1 and .9 / 64 = .0141. The best gets the best overlap, 1, the other
    .0141 / .1 of it. Everything else inside fits with 0 and learns quality 0.
    """
    boxes, scores = torch.zeros(85, 4), torch.full((85, 1), 0.5)
    boxes[0], scores[0] = torch.tensor([0.0, 0, 40, 40]), 0.1
    boxes[1], scores[1] = torch.tensor([0.0, 0, 20, 40]), 0.9
    assigned = assign_by_task(OBJECT, torch.tensor([0]), places(boxes, scores))
    assert assigned.quality[0].item() == pytest.approx(1.0)
    assert assigned.quality[1].item() == pytest.approx(0.9 / 64 / 0.1, rel=1e-4)
    assert int((assigned.quality > 0).sum()) == 2
    assert all(0 < x < 40 and 0 < y < 40 for x, y, _ in owners(assigned.owner))


def test_task_aligned_takes_the_best_thirteen() -> None:
    boxes = OBJECT.repeat(85, 1)
    scores = torch.linspace(0.1, 0.9, 85)[:, None]
    assigned = assign_by_task(OBJECT, torch.tensor([0]), places(boxes, scores))
    chosen = assigned.owner != NOBODY
    assert int(chosen.sum()) == 13
    inside = ((places().centres > 0) & (places().centres < 40)).all(1)
    assert scores[chosen].min() >= scores[inside & ~chosen].max()


def test_task_aligned_goes_by_the_score_of_the_objects_own_class() -> None:
    scores = torch.full((85, 2), 0.1)
    scores[7, 1] = 0.9  # outside the object
    scores[0, 1], scores[1, 0] = 0.8, 0.9
    assigned = assign_by_task(OBJECT, torch.tensor([1]), places(OBJECT.repeat(85, 1), scores))
    assert assigned.quality.argmax().item() == 0
    assert assigned.owner[7] == NOBODY


def test_a_place_that_two_objects_want_learns_the_one_that_overlaps_more() -> None:
    wanted = torch.tensor([[True, True, False], [True, False, False]])
    overlaps = torch.tensor([[0.4, 0.3, 0.9], [0.6, 0.9, 0.9]])
    assert one_owner(wanted, overlaps).tolist() == [1, 0, NOBODY]
