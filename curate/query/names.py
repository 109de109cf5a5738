"""The names that a query line may use in one dataset: classes, metadata keys, slices, evaluations …"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from curate.models import AutoCurate, Comparison, Evaluation
from curate.query.columns import IMAGE
from curate.query.errors import QueryError, unknown
from curate.query.tree import Field, Literal
from dataset.models import Dataset, PredictionSet, Slice

BACKGROUND = "background"


@dataclass
class Names:
    """Looks names up in `dataset`; nothing of another dataset can be named.

    `evaluation` is the one that a verdict means where the line names none.
    """

    dataset: Dataset
    evaluation: Evaluation | None = None

    @cached_property
    def classes(self) -> dict[str, int]:
        """Class name → id."""
        return dict(self.dataset.classes.values_list("name", "id"))

    @cached_property
    def slices(self) -> dict[str, int]:
        """Slice name → id."""
        return dict(self.dataset.slices.values_list("name", "id"))

    def class_id(self, literal: Literal) -> int:
        """The class that a literal names."""
        if (found := self.classes.get(str(literal.value))) is not None:
            return found
        raise unknown("class", str(literal.value), list(self.classes), literal.at)

    def class_or_background(self, literal: Literal) -> int | None:
        """As `class_id`; None for the background. In quotes, a class of that name comes first."""
        if literal.value == BACKGROUND and (literal.bare or BACKGROUND not in self.classes):
            return None
        return self.class_id(literal)

    def check_key(self, field: Field, key: str) -> None:
        """Raise QueryError where no image of the dataset has this metadata key."""
        if key not in self.dataset.metadata_keys:
            raise unknown("field or metadata key", key, [*IMAGE.columns, *self.dataset.metadata_keys], field.at)

    def slice_id(self, literal: Literal) -> int:
        """The slice that a literal names, by id or by name."""
        known = self.slices.values() if isinstance(literal.value, int) else self.slices
        if isinstance(literal.value, bool) or literal.value not in known:
            raise unknown("slice", str(literal.value), list(self.slices), literal.at)
        return literal.value if isinstance(literal.value, int) else self.slices[str(literal.value)]

    def evaluation_id(self, literal: Literal) -> int:
        """The evaluation that a literal names: by id, or the newest finished one of the prediction set so named."""
        found = self.dataset.evaluations.filter(finished_at__isnull=False)
        if _is_id(literal):
            found = found.filter(pk=int(literal.value))
        else:
            found = found.filter(prediction_set__name=str(literal.value))
        return self._one(found.order_by("-id").values_list("id", flat=True).first(), "finished evaluation", literal)

    def auto_curate_id(self, literal: Literal) -> int:
        """The auto-curate run that a literal names by id."""
        found = AutoCurate.objects.filter(dataset=self.dataset, pk=_id(literal)).values_list("id", flat=True).first()
        return self._one(found, "auto-curate run", literal)

    def prediction_set_id(self, literal: Literal) -> int:
        """The prediction set that a literal names, by id or by name (the newest)."""
        mine = PredictionSet.objects.filter(dataset=self.dataset).order_by("-id")
        found = mine.filter(pk=int(literal.value)) if _is_id(literal) else mine.filter(name=str(literal.value))
        return self._one(found.values_list("id", flat=True).first(), "prediction set", literal)

    def compared_pair(self, literal: Literal) -> tuple[int, int]:
        """The two evaluations, on the same labels, that a finished comparison set side by side."""
        found = Comparison.objects.filter(dataset=self.dataset, pk=_id(literal), finished_at__isnull=False).first()
        if found is None or not found.result:
            raise self._missing("finished comparison", literal)
        return found.result["pair"]["a"], found.result["pair"]["b"]

    def _one(self, found: int | None, what: str, literal: Literal) -> int:
        if found is None:
            raise self._missing(what, literal)
        return found

    @staticmethod
    def _missing(what: str, literal: Literal) -> QueryError:
        return QueryError(f"There is no {what} “{literal.value}” in this dataset.", literal.at)


def slice_names(dataset: Dataset) -> list[str]:
    """The dataset's slices by name, for completion."""
    return list(Slice.objects.filter(dataset=dataset).order_by("name").values_list("name", flat=True))


def _is_id(literal: Literal) -> bool:
    return isinstance(literal.value, int) and not isinstance(literal.value, bool) and 0 < literal.value < 2**63


def _id(literal: Literal) -> int:
    if not _is_id(literal):
        raise QueryError(f"A number was expected here, not “{literal.value}”.", literal.at, ["a number"])
    return int(literal.value)
