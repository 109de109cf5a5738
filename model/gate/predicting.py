"""The boxes of a checkpoint on a manifest, for gates and endpoints: made once, and found again."""

from __future__ import annotations

from accounts.models import User
from dataset.models import Manifest, PredictionSet
from dataset.services import predictions
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.models import Checkpoint
from model.services.prediction import predict_images
from storage import blobs


def predicted_by(
    checkpoint: Checkpoint,
    manifest: Manifest,
    report: Report,
    progress: tuple[float, float],
    *,
    author: User | None,
) -> PredictionSet:
    """The checkpoint's boxes on a manifest's images: an earlier gate's, its training's own, or made now."""
    known = predicted_before(checkpoint, manifest)
    if known is not None:
        report(progress[1], Sentence.of("boxes_there", "The boxes of {name} are there already", name=checkpoint.name))
        return known
    found = predict_images(
        checkpoint=checkpoint, dataset=manifest.dataset, image_ids=manifest.image_ids, report=report,
        progress=progress,
    )  # fmt: skip
    return predictions.store_predictions(
        dataset=manifest.dataset,
        manifest=manifest,
        name=f"{checkpoint.name} at the gate",
        kind=PredictionSet.Kind.RUN,
        checkpoint_id=checkpoint.pk,
        image_ids=found.image_ids,
        class_ids=found.class_ids,
        boxes=found.boxes,
        scores=found.scores,
        author=author,
    )


def predicted_before(checkpoint: Checkpoint, manifest: Manifest) -> PredictionSet | None:
    """A set on the same images that was made at the size that the checkpoint was trained at; its file is there."""
    sets = PredictionSet.objects.filter(checkpoint_id=checkpoint.pk, dataset=manifest.dataset).order_by("-pk")
    mine = sets.filter(name=f"{checkpoint.name} at the gate"[:200]) | sets.filter(runs__checkpoints=checkpoint)
    for one in mine.distinct().select_related("manifest", "dataset"):
        if set(manifest.image_ids) <= set(one.manifest.image_ids) and blobs.exists(one.location):
            return one
    return None
