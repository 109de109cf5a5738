"""Which class of a dataset a name means, in files and predictions: also one that it had before it was renamed."""

from collections.abc import Iterable

from dataset.importing.names import class_name
from dataset.models import Dataset, LabelClass


def class_ids_by_name(dataset: Dataset) -> dict[str, int]:
    """LabelClass ids by name, spelt as `class_name` does; a class that is called so now goes before one that was."""
    rows = list(LabelClass.objects.filter(dataset=dataset).values_list("pk", "name", "earlier_names"))
    earlier = {class_name(old): pk for pk, _, names in rows for old in names}
    return earlier | {class_name(name): pk for pk, name, _ in rows} | {name: pk for pk, name, _ in rows}


def renamed(dataset: Dataset, names: Iterable[str]) -> dict[str, str]:
    """What those of the names are called now that no class has any more."""
    rows = list(LabelClass.objects.filter(dataset=dataset).values_list("name", "earlier_names"))
    now = {class_name(name) for name, _ in rows}
    earlier = {class_name(old): name for name, olds in rows for old in olds}
    return {name: earlier[name] for name in names if name in earlier and name not in now}


def names_before(row: LabelClass, new: str) -> list[str]:
    """The earlier names of a class that is given a new one."""
    return [*(old for old in row.earlier_names if old not in (row.name, new)), row.name]
