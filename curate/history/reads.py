"""All evaluations of a project: which can be set against each other as they stand, and what made each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, F, Max, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from accounts.models import Project
from curate.evaluations.reads import HEAVY
from curate.models import Evaluation
from dataset.models import Dataset, LabelClass, Slice
from dataset.selectors import slices as slice_reads
from model.models import Checkpoint
from model.selectors.lineage import run_of_checkpoint

ID = BigIntegerField()
SAME_IMAGES = """
SELECT id, image_count || '-' || to_hex(hash_array_extended(image_ids, 0)) FROM dataset_manifest WHERE id = ANY(%s)
"""


@dataclass(frozen=True)
class EvaluationFilter:
    """Which of a project's evaluations are meant."""

    project: Project
    dataset: Dataset | None = None
    within: Slice | None = None  # judged on the images of this slice
    newest: bool = False  # only the newest finished one of each run, on the same images and labels


def evaluations_of(wanted: EvaluationFilter) -> QuerySet[Evaluation]:
    """Without what only an evaluation's own page shows, and without the manifests' images."""
    rows = Evaluation.objects.filter(dataset__project=wanted.project, of=None)
    if wanted.dataset is not None:
        rows = rows.filter(dataset=wanted.dataset)
    if wanted.within is not None:
        rows = rows.filter(judged_on(wanted.within))
    if wanted.newest:
        rows = rows.filter(pk__in=newest_of_each(rows))
    return rows.select_related("prediction_set", "manifest", "dataset").defer(*HEAVY, "manifest__image_ids")


def judged_on(within: Slice) -> Q:
    """Made of the slice, or of exactly the images that are in it now: equal manifests are one row, whoever made it."""
    made_of = Q(manifest__slices__contains=[{"id": within.pk}])
    return made_of | Q(dataset=within.dataset_id, manifest__image_ids=slice_reads.image_ids(within).tolist())


def newest_of_each(rows: QuerySet[Evaluation]) -> QuerySet[Evaluation, int]:
    """The newest finished evaluation's id of every run on every manifest.

    A checkpoint of no run stands for itself, as does a prediction set of no checkpoint.
    """
    checkpoint = F("prediction_set__checkpoint_id")
    run = Subquery(run_of_checkpoint("prediction_set__checkpoint_id"))
    judged = rows.filter(finished_at__isnull=False).order_by().annotate(of_run=Coalesce(run, 0, output_field=ID))
    judged = judged.annotate(
        of_checkpoint=Case(When(of_run=0, then=Coalesce(checkpoint, 0)), default=0, output_field=ID)
    )
    alone = Q(of_run=0, of_checkpoint=0)
    judged = judged.annotate(of_set=Case(When(alone, then=F("prediction_set_id")), default=0, output_field=ID))
    groups = judged.values("of_run", "of_checkpoint", "of_set", "manifest")
    newest: QuerySet[Evaluation, int] = groups.annotate(newest=Max("pk")).values_list("newest", flat=True)
    return newest


def image_sets(manifest_ids: Iterable[int]) -> dict[int, str]:
    """A short name of each manifest's images: equal where the images are the same, whatever their labels."""
    with connection.cursor() as cursor:
        cursor.execute(SAME_IMAGES, [sorted(set(manifest_ids))])
        return dict(cursor.fetchall())


def checkpoints_by_id(rows: Iterable[Evaluation]) -> dict[int, Checkpoint]:
    """The checkpoints that were judged, by id."""
    wanted = {row.prediction_set.checkpoint_id for row in rows if row.prediction_set.checkpoint_id is not None}
    return Checkpoint.objects.only("name", "kind", "run_id").in_bulk(sorted(wanted))


def class_figures(rows: Sequence[Evaluation], project: Project, name: str) -> dict[int, dict[str, Any]]:
    """The figures of the class of that name, in whichever dataset, by evaluation id."""
    ids = set(LabelClass.objects.filter(dataset__project=project, name=name).values_list("pk", flat=True))
    stored = Evaluation.objects.filter(pk__in=[row.pk for row in rows], per_class__isnull=False)
    return {
        pk: figures
        for pk, per_class in stored.values_list("pk", "per_class")
        for figures in per_class or []
        if figures["class_id"] in ids
    }
