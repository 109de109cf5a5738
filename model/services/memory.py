"""What a retrained checkpoint still knows of the images that its parent was judged on."""

from django.db import transaction

from dataset.models import PredictionSet
from dataset.services import manifests, predictions
from jobs.reporting import Report
from model.engines import PredictSettings, TrainSettings
from model.models import Checkpoint, Run
from model.selectors.lineage import training_image_ids
from model.services.prediction import predict_images


def images_to_remember(run: Run, checkpoint: Checkpoint) -> list[int]:
    """The parent's validation images that these weights were not trained on; none where the run is judged on all."""
    parent = run.parent
    if run.arm != Run.Arm.TREATMENT or parent is None or parent.validation_manifest is None:
        return []
    asked = set(parent.validation_manifest.image_ids) - training_image_ids(checkpoint)
    own = set(run.validation_manifest.image_ids if run.validation_manifest else [])
    return [] if asked <= own else sorted(asked)


def remember(run: Run, checkpoint: Checkpoint, report: Report, progress: tuple[float, float]) -> PredictionSet | None:
    """Predict and store them, for the forgetting check; safe to run twice."""
    image_ids = [] if run.memory_set_id is not None else images_to_remember(run, checkpoint)
    parent = run.parent
    if not image_ids or parent is None:
        return run.memory_set
    report.log(f"Predicting {len(image_ids)} validation images of {parent.name}, to see what is still known of them")
    settings = TrainSettings(**run.settings)
    found = predict_images(
        checkpoint=checkpoint,
        dataset=run.dataset,
        image_ids=image_ids,
        settings=PredictSettings(imgsz=settings.imgsz, device=settings.device, threads=settings.threads),
        report=report,
        progress=progress,
    )
    with transaction.atomic():
        manifest = manifests.freeze(
            dataset=run.dataset, slices=[parent.validation_slice], revision=run.revision, image_ids=image_ids
        )
        kept = predictions.store_predictions(
            dataset=run.dataset,
            manifest=manifest,
            name=f"{run.name} on {parent.validation_slice.name}"[:200],
            kind=PredictionSet.Kind.RUN,
            checkpoint_id=checkpoint.pk,
            image_ids=found.image_ids,
            class_ids=found.class_ids,
            boxes=found.boxes,
            scores=found.scores,
            author=report.job.created_by,
        )
        Run.objects.filter(pk=run.pk).update(memory_set=kept)
    return kept
