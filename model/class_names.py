"""How the classes of weights and of a dataset fit together: by name. Pure, no Django."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ClassMapping:
    """What becomes of a network's classes when it goes on to train with others."""

    kept: list[str]  # known to the weights: the class head starts from what it knows
    new: list[str]  # unknown to the weights: learned from nothing
    dropped: list[str]  # known to the weights, not in the dataset: forgotten


def same_name(name: str) -> str:
    """Class names are compared without case and outer space."""
    return name.strip().casefold()


def class_mapping(*, of_weights: Sequence[str], of_dataset: Sequence[str]) -> ClassMapping:
    """Compare the classes that weights were trained with to those that they will be trained with."""
    known, wanted = {same_name(n) for n in of_weights}, {same_name(n) for n in of_dataset}
    return ClassMapping(
        kept=[name for name in of_dataset if same_name(name) in known],
        new=[name for name in of_dataset if same_name(name) not in known],
        dropped=[name for name in of_weights if same_name(name) not in wanted],
    )


def class_ids(names: Sequence[str], classes: Sequence[tuple[int, str]]) -> list[int | None]:
    """For each of a network's class names the id of the dataset's class of that name, or None.

    `classes` are (id, name) of the dataset.
    """
    by_name = {same_name(name): class_id for class_id, name in classes}
    return [by_name.get(same_name(name)) for name in names]
