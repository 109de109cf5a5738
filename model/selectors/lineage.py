"""Where weights come from: the trainings behind a checkpoint, and the images that they saw."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet

from model.models import Checkpoint, Run


def lineage(checkpoint: Checkpoint | None) -> Iterator[Run]:
    """The runs that made these weights, the newest first, back to a base, an upload or scratch."""
    seen: set[int] = set()
    while checkpoint is not None and checkpoint.run_id is not None and checkpoint.run_id not in seen:
        run = Run.objects.select_related("train_manifest", "start_checkpoint").get(pk=checkpoint.run_id)
        seen.add(run.pk)
        yield run
        checkpoint = run.start_checkpoint


def run_of_checkpoint(outer: str) -> QuerySet[Checkpoint, Any]:
    """For a Subquery: the id of the run that made the checkpoint whose id the outer query's column holds."""
    return Checkpoint.objects.filter(pk=OuterRef(outer)).values("run_id")[:1]


def training_image_ids(checkpoint: Checkpoint | None) -> set[int]:
    """Every image that these weights were ever trained on, as far as Halfday knows: of an upload it knows nothing."""
    manifests = (run.train_manifest for run in lineage(checkpoint))
    return {image_id for manifest in manifests if manifest for image_id in manifest.image_ids}


def training_manifests(trained: Checkpoint | Iterable[Run]) -> list[int]:
    """The ids of the manifests that these runs, or all the runs behind a checkpoint, were trained on."""
    runs = lineage(trained) if isinstance(trained, Checkpoint) else trained
    return sorted({run.train_manifest_id for run in runs if run.train_manifest_id is not None})


def images_per_epoch(image_ids: Iterable[int], parent: Run | None, share: float) -> int:
    """How many of the images to train on an epoch sees, where only a share of the parent's is replayed."""
    asked = set(image_ids)
    if share >= 1 or parent is None or parent.train_manifest is None:
        return len(asked)
    old = len(asked.intersection(parent.train_manifest.image_ids))
    new = len(asked) - old
    return new + max(round(share * old), 0 if new else 1)


def images_seen(run: Run) -> int:
    """How many images an epoch of the run sees."""
    manifest = run.train_manifest
    return images_per_epoch(manifest.image_ids, run.parent, run.settings.get("replay_share", 1.0)) if manifest else 0


SHARED = """
SELECT count(*) FROM dataset_image judged
WHERE judged.id = ANY(%(judged)s) AND (
    judged.id = ANY(%(trained)s)
    OR judged.sha256 IN (SELECT trained.sha256 FROM dataset_image trained WHERE trained.id = ANY(%(trained)s))
)
"""


def shared_images(*, judged: Sequence[int], trained: Sequence[int]) -> int:
    """How many of the images to be judged on are among the trained ones, or have the same bytes as one of them."""
    if not judged or not trained:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(SHARED, {"judged": list(judged), "trained": list(trained)})
        return int(cursor.fetchone()[0])
