"""What the job of a run does: images and labels to the engine, weights and predictions back."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone

from accounts.wording import worded
from curate.evaluations import creation
from dataset.models import ImageTag, PredictionSet
from dataset.services import predictions
from dataset.tag_names import REJECTED
from jobs.errors import JobFailed
from jobs.news.telling import tell_of_epoch
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.engines import EpochReport, PredictSettings, TrainRequest, TrainResult, TrainSettings
from model.measurements.usage import MachineUse, UsageWatch
from model.models import Checkpoint, Run, RunEpoch
from model.services import judging, memory
from model.services.engine import train_network
from model.services.prediction import predict_images
from model.services.replay import renamed_since, with_replayed
from model.services.training_data import manifest_images
from storage import blobs

TRAINED = 0.9  # of the job's progress; the rest is prediction


def train(*, run: Run, report: Report, on_epoch: Callable[[EpochReport], None] | None = None) -> dict[str, int | None]:
    """Train the run, store its weights, predict its validation images and start their evaluation. Safe to run twice.

    A second attempt goes on from the last whole epoch of the first, where that ran on this machine. `on_epoch` hears of
    each epoch once it is stored; what it raises ends the training.
    """
    Run.objects.filter(pk=run.pk, started_at=None).update(started_at=timezone.now())
    best = run.checkpoints.filter(kind=Checkpoint.Kind.BEST).first() or _train(run, report, on_epoch)
    prediction_set = run.prediction_set or _predict(run, best, report)
    memory.remember(run, best, report, (TRAINED, 1.0))
    evaluation_id = run.evaluation_id or (_evaluate(run, prediction_set, report) if run.evaluate else None)
    Run.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    blobs.clear_work(work_name(run.pk))
    report(1.0, Sentence.of("done", "Done"))
    return {"run": run.pk, "checkpoint": best.pk, "prediction_set": prediction_set.pk, "evaluation": evaluation_id}


def work_name(run_id: int) -> str:
    """The run's folder for unfinished work, on the storage, so that another machine's worker can go on with it."""
    return f"run-{run_id}"


def rejected_now(run: Run) -> int:
    """How many images of its slices the run leaves out because somebody rejected them."""
    rows = ImageTag.objects.filter(tag__name=REJECTED, image__slice_images__slice__in=run.train_slices.all())
    kept = run.train_manifest.image_ids if run.train_manifest else []
    return len(set(rows.values_list("image_id", flat=True)) - set(kept))


def _train(run: Run, report: Report, heard: Callable[[EpochReport], None] | None) -> Checkpoint:
    """Everything up to the stored weights; gives back the best checkpoint."""
    report(0.0, Sentence.of("reading_labels", "Reading labels"))
    folder = blobs.work_folder(work_name(run.pk))
    request = _request(run, folder / "output")
    if run.unlabelled:
        asked = run.unlabelled + len(request.images)
        report.log(f"{run.unlabelled} of {asked} images are not labelled: left out")
    if rejected := rejected_now(run):
        report.log(worded("{n} {n:image is|images are} tagged as rejected: left out", n=rejected))
    if ignored := sum(len(image.ignored) for image in request.images):
        report.log(worded("{n} {n:label is|labels are} ignored: nothing is learned there", n=ignored))
    report.log(
        f"{len(request.images)} images, {sum(len(i.boxes) for i in request.images)} boxes, revision {run.revision}"
    )
    if (request.output / "last.pt").exists():
        report.log("An earlier attempt got part of the way. Going on from its last whole epoch.")
    report(0.0, Sentence.of("starting_training", "Starting the training"))
    result = train_network(
        request,
        log=folder / "engine.log",
        report=report,
        on_epoch=_on_epoch(run, report, heard),
        meanwhile=UsageWatch(lambda use: _keep_use(run, use)).look,
    )
    return _store_checkpoints(run, result)


def _request(run: Run, output: Path) -> TrainRequest:
    settings = TrainSettings(**run.settings)
    training, validation, start = run.train_manifest, run.validation_manifest, run.start_checkpoint
    if training is None or validation is None:
        raise JobFailed("This run's images were never frozen.")
    return TrainRequest(
        architecture=run.baseline,
        class_names=tuple(run.classes),
        images=with_replayed(manifest_images(training), training, run.parent, settings.replay_share),
        output=output,
        settings=settings,
        weights=blobs.local_path(start.location) if start else None,
        validation=manifest_images(validation) if settings.validate else (),
        renamed=renamed_since(start, run),
    )


def epoch_of(epoch: EpochReport) -> Sentence:
    return Sentence.of("epoch", "Epoch {epoch} of {epochs}", epoch=epoch.epoch, epochs=epoch.epochs)


def _on_epoch(run: Run, report: Report, heard: Callable[[EpochReport], None] | None) -> Callable[[EpochReport], None]:
    """Stores an epoch's figures and moves the job on."""

    def store(epoch: EpochReport) -> None:
        RunEpoch.objects.update_or_create(
            run=run, epoch=epoch.epoch, defaults={"metrics": epoch.metrics, "seconds": epoch.seconds}
        )
        if run.devices != epoch.devices:
            run.devices = epoch.devices
            run.save(update_fields=["devices"])
        row = {"epoch": epoch.epoch, "metrics": epoch.metrics, "seconds": epoch.seconds}
        tell_of_epoch(project_id=run.dataset.project_id, run_id=run.pk, epoch=row)
        if heard is not None:
            heard(epoch)
        report(TRAINED * epoch.epoch / epoch.epochs, epoch_of(epoch))

    return store


def _keep_use(run: Run, use: MachineUse) -> None:
    """For the run's page; a database that is away just now breaks no training."""
    with suppress(DatabaseError, InterfaceError):
        Run.objects.filter(pk=run.pk).update(usage=use.as_json())


def _store_checkpoints(run: Run, result: TrainResult) -> Checkpoint:
    """Put best and last into storage, each with its row; gives back the best."""
    for kind, path in ((Checkpoint.Kind.LAST, result.last), (Checkpoint.Kind.BEST, result.best)):
        stored = blobs.put_file(path, suffix=".pt")
        best, _ = Checkpoint.objects.update_or_create(
            run=run,
            kind=kind,
            defaults={
                "project": run.dataset.project,
                "name": f"{run.name} · {kind.label.lower()}",
                "architecture": run.baseline,
                "classes": run.classes,
                "imgsz": run.settings["imgsz"],
                "location": stored.key,
                "sha256": stored.sha256,
                "size": stored.size,
                "epoch": result.epochs or run.settings["epochs"],
                "created_by": run.created_by,
            },
        )
    return best


def _predict(run: Run, checkpoint: Checkpoint, report: Report) -> PredictionSet:
    """The best checkpoint's boxes for the validation manifest, stored."""
    settings = TrainSettings(**run.settings)
    if run.validation_manifest is None:
        raise JobFailed("This run has no validation images.")
    found = predict_images(
        checkpoint=checkpoint,
        dataset=run.dataset,
        image_ids=run.validation_manifest.image_ids,
        settings=PredictSettings(imgsz=settings.imgsz, device=settings.device, threads=settings.threads),
        report=report,
        progress=(TRAINED, 1.0),
    )
    prediction_set = predictions.store_predictions(
        dataset=run.dataset,
        manifest=run.validation_manifest,
        name=run.name,
        kind=PredictionSet.Kind.RUN,
        checkpoint_id=checkpoint.pk,
        image_ids=found.image_ids,
        class_ids=found.class_ids,
        boxes=found.boxes,
        scores=found.scores,
        author=report.job.created_by,
    )
    Run.objects.filter(pk=run.pk).update(prediction_set=prediction_set)
    return prediction_set


@transaction.atomic
def _evaluate(run: Run, prediction_set: PredictionSet, report: Report) -> int:
    """Start the evaluation on the labels that the run was trained with; gives back its id.

    In the name of whoever asked for this job: that is not always who made the run, which may have been resumed.
    """
    if run.experiment_id is not None:
        return judging.ask_for_run(run=run, prediction_set=prediction_set, author=report.job.created_by).pk
    evaluation = creation.ask(prediction_set=prediction_set, author=report.job.created_by, revision=run.revision)
    Run.objects.filter(pk=run.pk).update(evaluation_id=evaluation.pk)
    return evaluation.pk
