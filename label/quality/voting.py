"""The boxes of a task's copies put together: which are one object, and what a vote makes of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from label.boxes import box_json, object_id_of
from label.merge import COUNTS, ObjectState
from science.consensus.units import mean_overlap, one_objects
from science.consensus.vote import Vote, vote

BoxJson = Mapping[str, Any]


@dataclass(frozen=True)
class SeenObject:
    """An object that somebody saw: each one's box of it by person's id, and what the vote came to."""

    boxes: dict[int, BoxJson]
    vote: Vote
    overlap: float | None  # mean IoU over all pairs


def objects_seen(
    copies: Mapping[int, Sequence[BoxJson]], weights: Mapping[int, float], same: float
) -> list[SeenObject]:
    """The objects of all copies, given by person's id."""
    people = list(copies)
    lists = [[box["box"] for box in copies[person]] for person in people]
    found = []
    for unit in one_objects(lists, same):
        boxes = {people[at]: copies[people[at]][row] for at, row in unit.items()}
        classes = {person: int(box["class_id"]) for person, box in boxes.items()}
        places = {person: box["box"] for person, box in boxes.items()}
        found.append(SeenObject(boxes, vote(classes, places, weights), mean_overlap(lists, unit)))
    return found


def result_of(seen: Sequence[SeenObject], answers: Mapping[int, int | None]) -> list[dict[str, Any]]:
    """The boxes that the votes come to. `answers` say by an object's place its class, or None for no object."""
    boxes: list[dict[str, Any]] = []
    taken: set[str] = set()
    for place, one in enumerate(seen):
        class_id = answers.get(place, one.vote.class_id if one.vote.keep else None)
        if class_id is not None:
            boxes.append(_agreed(one, class_id, f"nvote{place}", taken))
    return boxes


def _agreed(one: SeenObject, class_id: int, new_name: str, taken: set[str]) -> dict[str, Any]:
    """One box: the object's id that most kept, the median place, attributes and ignore as most have them."""
    alike = [box for box in one.boxes.values() if box["class_id"] == class_id] or list(one.boxes.values())
    kept = Counter(box["id"] for box in one.boxes.values() if object_id_of(box["id"]) is not None)
    name = next((name for name, _ in kept.most_common() if name not in taken), new_name)
    taken.add(name)
    place, shape = _place_of(alike, one.vote.box)
    x1, y1, x2, y2 = (round(side, 2) for side in place)
    names = dict.fromkeys(key for box in alike for key in box["attributes"])
    attributes = {key: _most([box["attributes"].get(key) for box in alike]) for key in names}
    ignore = _most([box.get("ignore", COUNTS) for box in alike])
    known = {key: value for key, value in attributes.items() if value is not None}
    return box_json(name, ObjectState(class_id, (x1, y1, x2, y2), known, ignore, shape), provenance="human")


def _place_of(alike: Sequence[BoxJson], median: Sequence[float]) -> tuple[Sequence[float], Any]:
    """The median box; where most drew a finer shape, box and shape of the one of them that is nearest to it."""
    shaped = [box for box in alike if box.get("shape")]
    if 2 * len(shaped) <= len(alike):
        return median, None
    nearest = min(shaped, key=lambda box: sum(abs(a - b) for a, b in zip(box["box"], median, strict=True)))
    return nearest["box"], nearest["shape"]


def _most(values: Sequence[Any]) -> Any:
    """The value that most have; of equals the first."""
    return max(values, key=lambda value: sum(other == value for other in values))
