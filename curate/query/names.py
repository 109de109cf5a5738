"""The names that a query line may use in one dataset: classes, metadata keys, slices, evaluations …"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.apps import apps
from django.db.models import Model

from accounts.natural_names import by_name
from curate.counts.columns import DatasetColumns, ready_columns
from curate.models import AutoCurate, Comparison, Evaluation
from curate.query.columns import IMAGE
from curate.query.errors import QueryError, unknown_name
from curate.query.tree import FieldPath, Literal
from dataset.models import Dataset, Image, PredictionSet, Slice
from model.models import Checkpoint, Run
from model.selectors.lineage import training_manifests
from science.natural_order import natural_key

BACKGROUND = "background"
SPLIT = "split"  # the metadata key in which imports keep the split that a file came from


@dataclass
class DatasetNames:
    """Looks names up in `dataset`; nothing of another dataset can be named.

    `evaluation` is the one that a verdict means where the line names none, `revision` the one whose labels are counted
    (None: the newest).
    """

    dataset: Dataset
    evaluation: Evaluation | None = None
    revision: int | None = None

    @cached_property
    def columns(self) -> DatasetColumns | None:
        """The counts that are kept of the dataset, where they are at hand."""
        return ready_columns(self.dataset)

    @cached_property
    def classes(self) -> dict[str, int]:
        """Class name → id."""
        return dict(self.dataset.classes.values_list("name", "id"))

    @cached_property
    def slices(self) -> dict[str, int]:
        """Slice name → id."""
        return dict(self.dataset.slices.values_list("name", "id"))

    @cached_property
    def tags(self) -> dict[str, int]:
        """Tag name → id."""
        tags = tag_table()
        return (
            {} if tags is None else dict(tags._default_manager.filter(dataset=self.dataset).values_list("name", "id"))
        )

    @cached_property
    def splits(self) -> list[str]:
        """The splits that imports have noted, as they are written."""
        if SPLIT not in self.dataset.metadata_keys:
            return []
        values = Image.objects.filter(dataset=self.dataset).order_by().values_list(f"metadata__{SPLIT}", flat=True)
        return sorted((value for value in values.distinct() if isinstance(value, str)), key=natural_key)

    def class_id(self, literal: Literal) -> int:
        """The class that a literal names."""
        if (found := self.classes.get(str(literal.value))) is not None:
            return found
        raise unknown_name("class", str(literal.value), list(self.classes), literal.at)

    def class_or_background(self, literal: Literal) -> int | None:
        """As `class_id`; None for the background. In quotes, a class of that name comes first."""
        if literal.value == BACKGROUND and (literal.bare or BACKGROUND not in self.classes):
            return None
        return self.class_id(literal)

    def check_key(self, field: FieldPath, key: str) -> None:
        """Raise QueryError where no image of the dataset has this metadata key."""
        if key not in self.dataset.metadata_keys:
            raise unknown_name("field or metadata key", key, [*IMAGE.columns, *self.dataset.metadata_keys], field.at)

    def slice_id(self, literal: Literal) -> int:
        """The slice that a literal names, by id or by name."""
        known = self.slices.values() if isinstance(literal.value, int) else self.slices
        if isinstance(literal.value, bool) or literal.value not in known:
            raise unknown_name("slice", str(literal.value), list(self.slices), literal.at)
        return literal.value if isinstance(literal.value, int) else self.slices[str(literal.value)]

    def evaluation_id(self, literal: Literal) -> int:
        """The evaluation that a literal names: by id, or the newest finished one of the prediction set so named."""
        found = self.dataset.evaluations.filter(finished_at__isnull=False)
        if _is_id(literal):
            found = found.filter(pk=int(literal.value))
        else:
            found = found.filter(of=None, prediction_set__name=str(literal.value))
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

    def revision_number(self, literal: Literal) -> int:
        """The revision that a literal names. Raises QueryError where the dataset has none of that number yet."""
        value, newest = literal.value, self.dataset.head_revision
        if isinstance(value, bool) or not isinstance(value, int) or literal.percent:
            raise QueryError(f"A revision is a whole number, not “{value}”.", literal.at, ["a whole number"])
        if not 0 <= value <= newest:
            raise QueryError(f"There is no revision {value}; the newest is {newest}.", literal.at)
        return value

    def image(self, literal: Literal) -> Image:
        """The image that a literal names, by id or by key."""
        mine = Image.objects.filter(dataset=self.dataset)
        found = mine.filter(pk=int(literal.value)) if _is_id(literal) else mine.filter(key=str(literal.value))
        if (image := found.first()) is None:
            raise self._missing("image", literal)
        return image

    def training_manifests(self, run: Literal | None, checkpoint: Literal | None) -> list[int]:
        """What was trained on: by a run (id or name), by every run behind a checkpoint (id), or by any run."""
        if run is not None:
            runs = Run.objects.filter(dataset=self.dataset)
            found = runs.filter(pk=int(run.value)) if _is_id(run) else runs.filter(name=str(run.value))
            if not found:
                raise self._missing("run", run)
            return training_manifests(found)
        if checkpoint is not None:
            mine = Checkpoint.objects.filter(project=self.dataset.project_id, pk=_id(checkpoint)).first()
            if mine is None:
                raise QueryError(f"There is no checkpoint “{checkpoint.value}” in this project.", checkpoint.at)
            return training_manifests(mine)
        return training_manifests(Run.objects.filter(dataset=self.dataset))

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


def tag_table() -> type[Model] | None:
    """The table of tags, where this installation has one."""
    tables = {model._meta.db_table: model for model in apps.get_models()}
    return tables.get("dataset_tag") if "dataset_imagetag" in tables else None


def slice_names(dataset: Dataset) -> list[str]:
    """The dataset's slices by name, for completion."""
    return list(Slice.objects.filter(dataset=dataset).order_by(by_name()).values_list("name", flat=True))


def _is_id(literal: Literal) -> bool:
    return isinstance(literal.value, int) and not isinstance(literal.value, bool) and 0 < literal.value < 2**63


def _id(literal: Literal) -> int:
    if not _is_id(literal):
        raise QueryError(f"A number was expected here, not “{literal.value}”.", literal.at, ["a number"])
    return int(literal.value)
