"""The trainings of a project as a tree: what each goes on from, and what changed in the data on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Project
from dataset.models import Dataset, Manifest
from model.models import Checkpoint, Run

# Settings that say where or how fast a training runs, not what is learned; and the seed, which is told by itself.
INDIFFERENT = {"device", "devices", "threads", "workers", "validate", "seed"}

SHARED = """
SELECT pair.earlier, pair.later, (
    SELECT count(*) FROM (SELECT unnest(a.image_ids) INTERSECT SELECT unnest(b.image_ids)) AS shared
)
FROM unnest(%s::bigint[], %s::bigint[]) AS pair(earlier, later)
JOIN dataset_manifest a ON a.id = pair.earlier JOIN dataset_manifest b ON b.id = pair.later
"""


@dataclass(frozen=True)
class SettingChange:
    """One setting that differs."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class TrainingChanges:
    """What a training was given that the one before it was not."""

    images_added: int
    images_removed: int
    boxes: int  # more than before; fewer where negative
    slices_added: list[str]
    slices_removed: list[str]
    revision_before: int
    revision: int
    settings: list[SettingChange]


@dataclass
class RunStep:
    """A run and what it goes on from."""

    run: Run
    before: Run | None  # the run of its starting weights, else the one that it carries on
    changes: TrainingChanges | None  # None where there is nothing before it
    repeat_of: Run | None = None  # the first run that differs from it in nothing but the seed
    start: Checkpoint | None = field(init=False)

    def __post_init__(self) -> None:
        self.start = self.run.start_checkpoint


def runs_of_project(project: Project, dataset: Dataset | None = None) -> QuerySet[Run]:
    """With all that `steps` reads, without the manifests' images."""
    rows = Run.objects.filter(dataset__project=project)
    if dataset is not None:
        rows = rows.filter(dataset=dataset)
    earlier = ("parent", "start_checkpoint__run")
    manifests = ["train_manifest", *(f"{path}__train_manifest" for path in earlier)]
    rows = rows.select_related("control_of", *earlier, *manifests)
    return rows.defer(*(f"{manifest}__image_ids" for manifest in manifests))


def run_before(run: Run) -> Run | None:
    """The run whose weights it started from, else the one that it carries on."""
    start = run.start_checkpoint
    return start.run if start is not None and start.run is not None else run.parent


def steps(runs: Sequence[Run]) -> list[RunStep]:
    """Each run with what it goes on from; two queries in all."""
    pairs = {(run, earlier) for run in runs if (earlier := run_before(run)) is not None}
    shared = shared_images((earlier.train_manifest, run.train_manifest) for run, earlier in pairs)
    first = first_of_repeats(runs)
    return [
        RunStep(
            run=run,
            before=(earlier := run_before(run)),
            changes=changes(earlier, run, shared) if earlier is not None else None,
            repeat_of=first.get(run.pk),
        )
        for run in runs
    ]


def shared_images(pairs: Iterable[tuple[Manifest | None, Manifest | None]]) -> dict[tuple[int, int], int]:
    """How many images the two manifests of each pair have in common, by their ids."""
    wanted = sorted({(a.pk, b.pk) for a, b in pairs if a is not None and b is not None})
    with connection.cursor() as cursor:
        cursor.execute(SHARED, [[a for a, _ in wanted], [b for _, b in wanted]])
        return {(a, b): count for a, b, count in cursor.fetchall()}


def changes(earlier: Run, run: Run, shared: dict[tuple[int, int], int]) -> TrainingChanges | None:
    """None where either was never frozen."""
    old, new = earlier.train_manifest, run.train_manifest
    if old is None or new is None:
        return None
    common = shared[old.pk, new.pk]
    had, has = ({one["id"]: one["name"] for one in manifest.slices} for manifest in (old, new))
    return TrainingChanges(
        images_added=new.image_count - common,
        images_removed=old.image_count - common,
        boxes=new.annotation_count - old.annotation_count,
        slices_added=[name for pk, name in has.items() if pk not in had],
        slices_removed=[name for pk, name in had.items() if pk not in has],
        revision_before=earlier.revision,
        revision=run.revision,
        settings=different_settings(earlier, run),
    )


def different_settings(earlier: Run, run: Run) -> list[SettingChange]:
    """The baseline, and the settings that bear on what is learned."""
    old, new = ({"baseline": one.baseline, **one.settings} for one in (earlier, run))
    names = [name for name in {**old, **new} if name not in INDIFFERENT and old.get(name) != new.get(name)]
    return [SettingChange(name, old.get(name), new.get(name)) for name in names]


def first_of_repeats(runs: Sequence[Run]) -> dict[int, Run]:
    """Of runs that differ from an earlier one in nothing but the seed, the earliest such, by run id."""
    manifests = {run.train_manifest_id for run in runs if run.train_manifest_id is not None}
    alike: dict[tuple[Any, ...], list[Run]] = defaultdict(list)
    for run in Run.objects.filter(train_manifest_id__in=manifests).order_by("pk"):
        alike[_but_for_the_seed(run)].append(run)
    return {run.pk: group[0] for group in alike.values() for run in group[1:] if run.seed != group[0].seed}


def repeats_of(run: Run) -> list[Run]:
    """The runs that differ from this one in nothing but the seed, oldest first; controls are nobody's repeats."""
    alike = Run.objects.filter(train_manifest=run.train_manifest_id, control_of=run.control_of_id).exclude(pk=run.pk)
    same = [one for one in alike.order_by("pk") if _but_for_the_seed(one) == _but_for_the_seed(run)]
    return [one for one in same if one.seed != run.seed] if run.train_manifest_id is not None else []


def _but_for_the_seed(run: Run) -> tuple[Any, ...]:
    settings = sorted((name, str(value)) for name, value in run.settings.items() if name not in INDIFFERENT)
    return (run.train_manifest_id, run.baseline, run.weights, run.start_checkpoint_id, tuple(settings))
