"""The three-way merge of one image: what each combination of two people's work comes to."""

from dataclasses import replace

import pytest

from label.merge import Clash, MergeChange, MergeConflict, ObjectState, Resolution, merge_image, merge_object, resolve

CAR, BUS, TRUCK = 1, 2, 3
HERE, THERE, ELSEWHERE = (0.0, 0.0, 10.0, 10.0), (5.0, 5.0, 20.0, 20.0), (50.0, 50.0, 70.0, 70.0)
FAR = (80.0, 80.0, 95.0, 99.0)


def state(class_id: int = CAR, box: tuple[float, float, float, float] = HERE, **attributes: object) -> ObjectState:
    return ObjectState(class_id, box, attributes)


BASE = state()

# ours, theirs -> what the object becomes (None: removed), "stay" for nothing to do, or the kind of conflict
COMBINATIONS = {
    "nobody did anything": (state(), state(), "stay"),
    "we relabelled": (state(BUS), state(), state(BUS)),
    "they relabelled": (state(), state(BUS), "stay"),
    "both relabelled alike": (state(BUS), state(BUS), "stay"),
    "both relabelled, differently": (state(BUS), state(TRUCK), Clash.BOTH_CHANGED),
    "we moved": (state(box=THERE), state(), state(box=THERE)),
    "they moved": (state(), state(box=THERE), "stay"),
    "both moved alike": (state(box=THERE), state(box=THERE), "stay"),
    "both moved, differently": (state(box=THERE), state(box=ELSEWHERE), Clash.BOTH_CHANGED),
    "moved by less than a hundredth of a pixel": (state(box=(0.004, 0.0, 10.0, 10.0)), state(), "stay"),
    "we relabelled, they moved": (state(BUS), state(box=THERE), state(BUS, THERE)),
    "we moved, they relabelled": (state(box=THERE), state(BUS), state(BUS, THERE)),
    "we did both, they moved alike": (state(BUS, THERE), state(box=THERE), state(BUS, THERE)),
    "we did both, they moved elsewhere": (state(BUS, THERE), state(box=ELSEWHERE), Clash.BOTH_CHANGED),
    "we removed": (None, state(), None),
    "they removed": (state(), None, "stay"),
    "both removed": (None, None, "stay"),
    "we removed, they relabelled": (None, state(BUS), Clash.OURS_REMOVED),
    "we removed, they moved": (None, state(box=THERE), Clash.OURS_REMOVED),
    "we removed, they set an attribute": (None, state(occluded=True), Clash.OURS_REMOVED),
    "we relabelled, they removed": (state(BUS), None, Clash.THEIRS_REMOVED),
    "we moved, they removed": (state(box=THERE), None, Clash.THEIRS_REMOVED),
    "we set an attribute": (state(occluded=True), state(), state(occluded=True)),
    "both set one attribute alike": (state(occluded=True), state(occluded=True), "stay"),
    "both set one attribute, differently": (state(lane=1), state(lane=2), Clash.BOTH_CHANGED),
    "each set another attribute": (state(lane=1), state(occluded=True), state(lane=1, occluded=True)),
    "we ignored it": (replace(state(), ignore="region"), state(), replace(state(), ignore="region")),
    "they ignored it": (state(), replace(state(), ignore="region"), "stay"),
    "both ignored it, differently": (
        replace(state(), ignore="region"),
        replace(state(), ignore="crowd"),
        Clash.BOTH_CHANGED,
    ),
    "we ignored it, they moved it": (
        replace(state(), ignore="crowd"),
        state(box=THERE),
        replace(state(box=THERE), ignore="crowd"),
    ),
    "we relabelled, they set an attribute": (state(BUS), state(occluded=True), state(BUS, occluded=True)),
}


@pytest.mark.parametrize("name", COMBINATIONS)
def test_it_works_for_every_combination(name: str) -> None:
    ours, theirs, expected = COMBINATIONS[name]
    outcome = merge_object(7, 123, BASE, ours, theirs)
    if expected == "stay":
        assert outcome is None
    elif isinstance(expected, Clash):
        assert outcome == MergeConflict(7, 123, expected, BASE, ours, theirs)
    else:
        assert outcome == MergeChange(7, 123, before=theirs, after=expected)


ATTRIBUTES = {
    "we removed one": ({"a": 1}, {}, {"a": 1}, {}),
    "they removed one, we none": ({"a": 1}, {"a": 1}, {}, None),
    "we changed what they removed": ({"a": 1}, {"a": 2}, {}, Clash.BOTH_CHANGED),
    "we removed what they changed": ({"a": 1}, {}, {"a": 2}, Clash.BOTH_CHANGED),
    "theirs of other names are kept": ({"a": 1}, {"a": 2}, {"a": 1, "b": 3}, {"a": 2, "b": 3}),
}


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_attributes_are_merged_one_by_one(name: str) -> None:
    base, ours, theirs, expected = ATTRIBUTES[name]
    outcome = merge_object(1, 1, state(**base), state(**ours), state(**theirs))
    if isinstance(expected, Clash):
        assert isinstance(outcome, MergeConflict)
        assert outcome.clash is expected
    else:
        assert (outcome.after.attributes if isinstance(outcome, MergeChange) and outcome.after else None) == expected


def merged(added: dict[str, ObjectState], theirs: dict[int, ObjectState]):
    return merge_image(image_id=7, base={}, ours={}, added=added, theirs=theirs)


NEARLY_HERE = (0.1, 0.0, 10.0, 10.0)  # IoU .99 with HERE
ABOUT_HERE = (2.0, 0.0, 10.0, 10.0)  # IoU .8
BESIDE_HERE = (5.0, 0.0, 15.0, 10.0)  # IoU .33
ADDITIONS = {
    "only we drew one": ({}, "added"),
    "they drew one elsewhere": ({9: state(box=ELSEWHERE)}, "added"),
    "they drew one beside it": ({9: state(box=BESIDE_HERE)}, "added"),
    "they drew the same": ({9: state(box=NEARLY_HERE)}, "unchanged"),
    "they drew it with another class": ({9: state(BUS, NEARLY_HERE)}, "conflict"),
    "they drew it differently": ({9: state(box=ABOUT_HERE)}, "conflict"),
    "they drew it with an attribute": ({9: state(box=HERE, occluded=True)}, "conflict"),
}


@pytest.mark.parametrize("name", ADDITIONS)
def test_a_new_box_meets_new_boxes_of_the_other_side(name: str) -> None:
    theirs, expected = ADDITIONS[name]
    merge = merged({"n1": state()}, theirs)
    got = {"added": len(merge.changes), "conflict": len(merge.conflicts), "unchanged": merge.unchanged}
    assert got == {kind: int(kind == expected) for kind in got}


def test_new_boxes_pair_one_to_one_by_greatest_overlap() -> None:
    merge = merged({"n1": state(box=ABOUT_HERE), "n2": state()}, {9: state()})
    assert [c.key for c in merge.changes] == ["n1"]
    assert merge.unchanged == 1


def test_an_image_sums_up() -> None:
    merge = merge_image(
        image_id=7,
        base={1: state(), 2: state(), 3: state(), 4: state()},
        ours={1: state(), 2: state(BUS), 4: state(BUS)},
        added={"n1": state(box=ELSEWHERE)},
        theirs={1: state(box=THERE), 2: state(), 3: state(), 4: state(TRUCK), 5: state(box=THERE)},
    )
    assert [(c.kind, c.object_id) for c in merge.changes] == [("relabelled", 2), ("removed", 3), ("added", None)]
    assert [c.object_id for c in merge.conflicts] == [4]
    assert merge.unchanged == 1


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, state(), "added"),
        (state(), None, "removed"),
        (state(), state(BUS), "relabelled"),
        (state(), state(box=THERE), "moved"),
        (state(), state(BUS, THERE), "relabelled_and_moved"),
        (state(), state(occluded=True), "attributes"),
    ],
)
def test_a_change_has_a_kind(before: ObjectState | None, after: ObjectState | None, kind: str) -> None:
    assert MergeChange(1, 1, before, after).kind == kind


BOTH_CHANGED = MergeConflict(7, 4, Clash.BOTH_CHANGED, state(), state(BUS), state(TRUCK))
OURS_REMOVED = MergeConflict(7, 4, Clash.OURS_REMOVED, state(), None, state(TRUCK))
THEIRS_REMOVED = MergeConflict(7, 4, Clash.THEIRS_REMOVED, state(), state(BUS), None)
BOTH_ADDED = MergeConflict(7, 9, Clash.BOTH_ADDED, None, state(), state(BUS), key="n1")


@pytest.mark.parametrize(
    ("conflict", "resolution", "expected"),
    [
        (BOTH_CHANGED, Resolution.OURS, MergeChange(7, 4, state(TRUCK), state(BUS))),
        (BOTH_CHANGED, Resolution.THEIRS, None),
        (OURS_REMOVED, Resolution.OURS, MergeChange(7, 4, state(TRUCK), None)),
        (OURS_REMOVED, Resolution.THEIRS, None),
        (THEIRS_REMOVED, Resolution.OURS, MergeChange(7, 4, None, state(BUS))),
        (THEIRS_REMOVED, Resolution.THEIRS, None),
        (BOTH_ADDED, Resolution.OURS, MergeChange(7, 9, state(BUS), state())),
        (BOTH_ADDED, Resolution.BOTH, MergeChange(7, None, None, state(), key="n1")),
        (BOTH_ADDED, Resolution.THEIRS, None),
    ],
)
def test_a_decided_conflict_becomes_a_change(conflict: MergeConflict, resolution: Resolution, expected: object) -> None:
    assert resolve(conflict, resolution) == expected


def test_it_rejects_keeping_both_of_one_object() -> None:
    with pytest.raises(ValueError):
        resolve(BOTH_CHANGED, Resolution.BOTH)


def test_what_stays_is_counted_object_by_object() -> None:
    """Two that nobody touched, two that both drew alike: four."""
    base = {1: state(), 2: state(BUS, THERE)}
    drawn = {"a": state(box=ELSEWHERE), "b": state(box=FAR)}
    theirs = {**base, 8: state(box=ELSEWHERE), 9: state(box=FAR)}
    merge = merge_image(image_id=7, base=base, ours=dict(base), added=drawn, theirs=theirs)
    assert (merge.unchanged, merge.changes, merge.conflicts) == (4, [], [])
