"""How the classes of weights and of a dataset fit together: by name. Pure, no Django."""

from collections.abc import Mapping, Sequence
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


def renamed_names(names: Sequence[str], renamed: Mapping[str, str]) -> list[str]:
    """The names with those put in place that classes have been given since; `renamed` is by the old name."""
    now = {same_name(old): new for old, new in renamed.items()}
    return [now.get(same_name(name), name) for name in names]


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


@dataclass(frozen=True)
class Renamed:
    """A class of the dataset that the weights know under names that it had before; several were merged into it."""

    name: str
    known_as: list[str]


@dataclass(frozen=True)
class ClassChanges:
    """What becomes of each class of some weights in a dataset, and of each of the dataset's."""

    kept: list[str]
    renamed: list[Renamed]
    new: list[str]
    dropped: list[str]
    reordered: bool  # those that both know stand in another order; harmless, as classes go by name


def class_changes(*, of_weights: Sequence[str], of_dataset: Sequence[tuple[str, Sequence[str]]]) -> ClassChanges:
    """Compare them by name, then by earlier names. `of_dataset` are (name, earlier names) in the dataset's order."""
    known = {same_name(name): name for name in of_weights}
    found = {name: _known_as(name, earlier, known) for name, earlier in of_dataset}
    used = {same_name(one) for names in found.values() for one in names}
    order = [list(of_weights).index(names[0]) for names in found.values() if names]
    return ClassChanges(
        kept=[name for name, names in found.items() if [same_name(one) for one in names] == [same_name(name)]],
        renamed=[
            Renamed(name, names)
            for name, names in found.items()
            if names and [same_name(one) for one in names] != [same_name(name)]
        ],
        new=[name for name, names in found.items() if not names],
        dropped=[name for name in of_weights if same_name(name) not in used],
        reordered=order != sorted(order),
    )


def _known_as(name: str, earlier: Sequence[str], known: dict[str, str]) -> list[str]:
    """The weights' classes that this one is: of its name first, then of names that it had."""
    names = dict.fromkeys(same_name(one) for one in (name, *reversed(earlier)))
    return [known[one] for one in names if one in known]
