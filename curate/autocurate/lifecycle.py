"""Auto-curate runs: asking for one, and storing what it made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from curate.autocurate.label_pool import without_labels
from curate.autocurate.params import checked_params
from curate.models import AutoCurate
from curate.query.image_search import matching_images
from curate.query.image_source import ImageSource
from dataset.models import Dataset, Slice
from dataset.services.slices import store_slice
from jobs.errors import JobFailed
from jobs.services import enqueue
from jobs.titles import Title

Ids = NDArray[np.int64]

JOBS = {  # kind -> the kind of its job, and what it is called
    AutoCurate.Kind.SPLIT: ("split", "Split {source}"),
    AutoCurate.Kind.MISLABELS: ("find_mislabels", "Find mislabels in {source}"),
    AutoCurate.Kind.EDGE_CASES: ("find_edge_cases", "Find edge cases in {source}"),
    AutoCurate.Kind.LABEL_SELECTION: ("choose_what_to_label", "Choose what to label in {source}"),
    AutoCurate.Kind.RARE_CLASSES: ("find_rare_classes", "Find rare classes in {source}"),
}


@transaction.atomic
def start(*, dataset: Dataset, kind: str, params: dict[str, Any], source: ImageSource, by: User) -> AutoCurate:
    """Ask for a run. Managers and above. Raises BadInput by field where it could not be done."""
    access.check(by, dataset.project_id, Role.MANAGER)
    complete = checked_params(dataset, kind, params)
    check_source(dataset, kind, source)
    run = AutoCurate.objects.create(
        dataset=dataset,
        kind=kind,
        params=complete,
        source={**source.as_json(), "revision": dataset.head_revision},
        created_by=by,
    )
    job_kind, title = JOBS[AutoCurate.Kind(kind)]
    job = enqueue(
        kind=job_kind,
        project=dataset.project,
        dataset=dataset,
        author=by,
        params={"auto_curate": run.pk},
        title=Title.of(job_kind, title, source=source),
        queue="gpu" if needs_network(run) else "cpu",
        link=f"/curate/{dataset.pk}/auto/{run.pk}",
    )
    run.job_id = job.pk
    run.save(update_fields=["job_id"])
    audit.record(by=by, action=f"auto_curate.{kind}", target=str(source), project=dataset.project_id, data=complete)
    return run


def check_source(dataset: Dataset, kind: str, source: ImageSource) -> None:
    """Raise BadInput where the source holds nothing that this kind could look at."""
    images = matching_images(dataset, source.q, source.within.pk if source.within else None)
    if not images.exists():
        raise BadInput("There are no images to look at.", errors={"slice": ["No images."]})
    if kind == AutoCurate.Kind.LABEL_SELECTION and not without_labels(images).exists():
        raise BadInput("All of these images are labelled already.", errors={"slice": ["No image without labels."]})


def needs_network(run: AutoCurate) -> bool:
    """Whether it trains or predicts."""
    if run.kind in (AutoCurate.Kind.LABEL_SELECTION, AutoCurate.Kind.RARE_CLASSES):
        return run.params.get("checkpoint") is not None
    return run.kind != AutoCurate.Kind.SPLIT and run.params.get("prediction_set") is None


def source_of(run: AutoCurate) -> ImageSource:
    """What the run was asked to look at. Raises JobFailed where the slice is gone."""
    named = run.source["slice"]
    within = Slice.objects.filter(pk=named["id"]).first() if named else None
    if named and within is None:
        raise JobFailed(f"The slice {named['name']} was deleted before it was looked at.")
    return ImageSource(within, run.source["q"])


@dataclass(frozen=True)
class NewSlice:
    """A slice that a run makes."""

    name: str
    image_ids: Sequence[int] | Ids


def forget(run: AutoCurate) -> None:
    """Remove what an earlier attempt of the same run left behind. Within the caller's transaction."""
    Slice.objects.filter(dataset=run.dataset, origin__kind="auto_curate", origin__auto_curate=run.pk).delete()
    run.suggestions.all().delete()


def finish(run: AutoCurate, slices: Sequence[NewSlice], report: dict[str, Any]) -> list[Slice]:
    """Make the slices and store the report. Within the caller's transaction, after `forget`."""
    made = [
        store_slice(
            dataset=run.dataset,
            name=new.name,
            image_ids=new.image_ids,
            origin={"kind": "auto_curate", "auto_curate": run.pk},
            author=run.created_by,
        )
        for new in slices
        if len(new.image_ids)
    ]
    run.slice_ids = [row.pk for row in made]
    run.report = report
    run.finished_at = timezone.now()
    run.save(update_fields=["slice_ids", "report", "finished_at"])
    return made


@transaction.atomic
def add_to_report(run: AutoCurate, **entries: Any) -> None:
    """Put entries into the report of a finished run, beside what others put there meanwhile."""
    locked = AutoCurate.objects.select_for_update(no_key=True).get(pk=run.pk)
    run.report = locked.report = {**locked.report, **entries}
    locked.save(update_fields=["report"])
