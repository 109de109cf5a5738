"""Asking for a run, and what is done to it from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction
from numpy.typing import NDArray

import jobs.services
from accounts import access, audit
from accounts.models import Role, User
from accounts.natural_names import by_name
from accounts.problems import BadInput, Conflict
from dataset.importing.columns import Ignore
from dataset.models import Annotation, Dataset, ImageTag, PredictionSet, Slice, SliceImage
from dataset.selectors.annotations import labelled_at
from dataset.services import manifests
from dataset.tag_names import REJECTED
from jobs.models import Job
from jobs.titles import Title
from model.models import Endpoint, Run
from model.selectors.lineage import shared_images, training_image_ids
from model.selectors.runs import JOB_KIND
from model.services.checkpoints import forget_weights
from model.services.devices import check_devices
from model.services.resuming import CHANGEABLE, change_settings
from model.services.settings import BadSettings, check_for, defaults_for, read_settings, settings_json
from model.services.start import Start, choose_start
from model.services.training import work_name
from model.services.training_data import trained_classes
from storage import blobs

UNLABELLED = LEAVE_OUT, REFUSE = "leave_out", "refuse"


@dataclass(frozen=True)
class NewRun:
    """What is to be trained. `weights` is read by choose_start, `settings` by read_settings."""

    name: str
    train_slices: Sequence[int]
    validation_slice: int
    baseline: str | None = None
    weights: Mapping[str, Any] | None = None
    revision: int | None = None  # None: the newest
    parent: int | None = None  # the run that this one carries on: "train with more data"
    control_of: int | None = None  # the run that this one is measured against
    settings: Mapping[str, Any] = field(default_factory=dict)
    evaluate: bool = True
    unlabelled: str = LEAVE_OUT  # what becomes of images to train on that are not labelled


def create_run(*, dataset: Dataset, new: NewRun, by: User, within: Job | None = None) -> Run:
    """Check everything, freeze the images and labels, and ask for the training. Managers and above.

    `within` is a job that trains the run itself, with others; None: the run gets one of its own.
    Raises Conflict where an image of the validation slice, or one with the same bytes, would be trained on or was.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    dataset.refresh_from_db(fields=["head_revision"])
    parent, control_of = run_of(dataset, new.parent, "parent"), run_of(dataset, new.control_of, "control_of")
    start = _start(dataset, new, parent, control_of)
    settings = _settings(new, control_of or parent, start)
    revision = revision_of(dataset, new.revision)
    training = slices_of(dataset, new.train_slices, "train_slices")
    validation = slices_of(dataset, [new.validation_slice], "validation_slice")[0]
    _check_images(training, validation, revision, start)
    if new.evaluate:
        check_judged(validation, revision)
    labelled, waiting = _labelled(dataset, training, revision, new.unlabelled)
    with transaction.atomic():
        train_manifest = manifests.freeze(dataset=dataset, slices=training, revision=revision, image_ids=labelled)
        validation_manifest = manifests.freeze(dataset=dataset, slices=[validation], revision=revision)
        run = _store(
            dataset=dataset,
            name=new.name,
            baseline=start.architecture,
            weights=start.kind,
            start_checkpoint=start.checkpoint,
            parent=parent,
            control_of=control_of,
            validation_slice=validation,
            train_manifest=train_manifest,
            validation_manifest=validation_manifest,
            revision=revision,
            unlabelled=waiting,
            seed=settings["seed"],
            settings=settings,
            classes=[one.name for one in trained_classes(dataset, revision)],
            evaluate=new.evaluate,
            created_by=by,
        )
        run.train_slices.set(training)
        if within is None:
            _enqueue(run, by=by)
        else:
            done_by(run, within)
        data = {"id": run.pk, "revision": revision, "train": train_manifest.pk, "validation": validation_manifest.pk}
        audit.record(by=by, action="run.create", target=run, project=dataset.project_id, data=data)
    return run


def run_of(dataset: Dataset, run_id: int | None, name: str) -> Run | None:
    """The dataset's run of that id. Raises BadInput, by the field's name, where there is none."""
    if run_id is None:
        return None
    run = Run.objects.filter(dataset=dataset, pk=run_id).first()
    if run is None:
        raise BadInput(f"This dataset has no run {run_id}.", errors={name: [f"This dataset has no run {run_id}."]})
    return run


def start_settings(dataset: Dataset, new: NewRun, parent: Run | None) -> tuple[str, dict[str, Any]]:
    """The baseline and all settings that such a run would have. Raises BadInput as create_run does."""
    start = _start(dataset, new, parent, None)
    return start.architecture, _settings(new, parent, start)


def _start(dataset: Dataset, new: NewRun, parent: Run | None, control_of: Run | None) -> Start:
    """The weights asked for; else the parent's; else, of a control, those that the measured run started from."""
    weights, baseline = new.weights, new.baseline
    if control_of is not None and parent is None and weights is None:
        weights = {"kind": control_of.weights, "checkpoint": control_of.start_checkpoint_id}
        baseline = baseline or control_of.baseline
    return choose_start(project_id=dataset.project_id, weights=weights, baseline=baseline, parent=parent)


def _settings(new: NewRun, like: Run | None, start: Start) -> dict[str, Any]:
    """All settings: those given, else those of the run that this one follows, else the architecture's defaults."""
    known = like.settings if like else defaults_for(start.architecture)
    try:
        read = read_settings({**known, **new.settings})
        check_for(read, start.architecture)
        settings = settings_json(read)
    except BadSettings as error:
        name, messages = next(iter(error.errors.items()))
        errors = {f"settings.{key}": lines for key, lines in error.errors.items()}
        raise BadInput(f"{name}: {messages[0]}", errors=errors) from error
    check_devices(start.architecture, settings["devices"], "settings.devices")
    return settings


def revision_of(dataset: Dataset, asked: int | None) -> int:
    """The revision asked for, else the newest. Raises BadInput where there is none."""
    revision = dataset.head_revision if asked is None else asked
    if not 0 < revision <= dataset.head_revision:
        detail = (
            f"The dataset has the revisions 1 to {dataset.head_revision}."
            if dataset.head_revision
            else "No labels yet."
        )
        raise BadInput(detail, errors={"revision": [detail]})
    return revision


def slices_of(dataset: Dataset, slice_ids: Sequence[int], name: str) -> list[Slice]:
    """The slices in the order given; each must be the dataset's and hold images."""
    found = Slice.objects.filter(dataset=dataset).in_bulk(list(slice_ids))
    for slice_id in slice_ids:
        if slice_id not in found or not found[slice_id].image_count:
            detail = (
                f"The slice {found[slice_id].name} is empty." if slice_id in found else f"No slice {slice_id} here."
            )
            raise BadInput(detail, errors={name: [detail]})
    if not slice_ids:
        raise BadInput("Choose at least one slice to train on.", errors={name: ["Choose at least one."]})
    return [found[slice_id] for slice_id in dict.fromkeys(slice_ids)]


def _check_images(training: list[Slice], validation: Slice, revision: int, start: Start) -> None:
    """Raise Conflict where a validation image is trained on, BadInput where there is nothing to learn from."""
    judged, trained = _image_ids([validation]), _image_ids(training)
    if shared := shared_images(judged=judged, trained=trained):
        names = ", ".join(slice_.name for slice_ in training)
        raise Conflict(
            f"{shared} of the {len(judged)} images of {validation.name} are also in {names}, or have the same bytes as"
            " an image there. A run must not be judged on images that it was trained on.",
            extra={"images": shared, "slice": validation.pk},
        )
    if shared := shared_images(judged=judged, trained=list(training_image_ids(start.checkpoint))):
        raise Conflict(
            f"The starting weights were trained on {shared} of the {len(judged)} images of {validation.name}."
            " Choose other weights or another validation slice.",
            extra={"images": shared, "slice": validation.pk},
        )
    labels = Annotation.objects.filter(image_id__in=trained, born__lte=revision, ignore=Ignore.NO)
    labels = labels.exclude(died__lte=revision)
    if not labels.exists():
        detail = (
            f"The images to train on have no labels at revision {revision}. Label some of them, or choose other slices."
        )
        raise BadInput(detail, errors={"train_slices": [detail]})


def check_judged(validation: Slice, revision: int) -> None:
    """Raise BadInput where no image of the slice is labelled: there would be nothing to judge by."""
    ids = np.array(_image_ids([validation]), np.int64)
    if not labelled_at(dataset=validation.dataset, revision=revision, image_ids=ids).any():
        detail = f"None of the images of {validation.name} is labelled at revision {revision}: nothing to judge by."
        raise BadInput(detail, errors={"validation_slice": [detail]})


def _labelled(
    dataset: Dataset, training: Sequence[Slice], revision: int, unlabelled: str
) -> tuple[NDArray[np.int64], int]:
    """The images to train on, and how many that are not labelled are left out. Raises Conflict where none may be.

    Images that somebody tagged as rejected are not asked for.
    """
    asked = np.array(sorted(set(_image_ids(training)) - rejected_of(training)), np.int64)
    labelled = asked[labelled_at(dataset=dataset, revision=revision, image_ids=asked)]
    if unlabelled == REFUSE and len(labelled) < len(asked):
        raise _refused(len(asked) - len(labelled), len(asked))
    return labelled, len(asked) - len(labelled)


def images_to_train(dataset: Dataset, training: Sequence[Slice], revision: int) -> list[int]:
    """The ids of the slices' images that are labelled at the revision."""
    ids: list[int] = _labelled(dataset, training, revision, LEAVE_OUT)[0].tolist()
    return ids


def rejected_of(slices: Sequence[Slice]) -> set[int]:
    """The ids of the slices' images that are tagged as rejected now."""
    rows = ImageTag.objects.filter(tag__name=REJECTED, image__slice_images__slice__in=slices)
    return set(rows.values_list("image_id", flat=True))


def _refused(unlabelled: int, images: int) -> Conflict:
    detail = (
        f"{unlabelled} of the {images} images to train on are not labelled. Label them, say of those on which there is"
        " nothing that there is nothing there, or train without them."
    )
    return Conflict(detail, errors={"train_slices": [detail]}, extra={"images": unlabelled})


def _image_ids(slices: Sequence[Slice]) -> list[int]:
    rows = SliceImage.objects.filter(slice__in=slices)
    return list(rows.values_list("image_id", flat=True).distinct())


def _store(**columns: Any) -> Run:
    try:
        with transaction.atomic():
            return Run.objects.create(**columns)
    except IntegrityError as error:
        detail = f"There is a run named {columns['name']} already."
        raise Conflict(detail, errors={"name": [detail]}) from error


def _enqueue(run: Run, *, by: User) -> Job:
    """A job for the run, which points to it from now on."""
    job = jobs.services.enqueue(
        kind=JOB_KIND,
        project=run.dataset.project,
        dataset=run.dataset,
        author=by,
        params={"run": run.pk},
        title=Title.of("train", "Train {run}", run=run.name),
        queue="gpu",
        link=f"/runs/{run.pk}",
    )
    done_by(run, job)
    return job


def done_by(run: Run, job: Job) -> None:
    """Have the run point to the job that trains it."""
    Run.objects.filter(pk=run.pk).update(job_id=job.pk)
    run.job_id = job.pk


def free_run_name(dataset: Dataset, wanted: str) -> str:
    """The name, or the first free one like it."""
    base = wanted[:110]
    taken = set(Run.objects.filter(dataset=dataset, name__startswith=base).values_list("name", flat=True))
    candidates = [base, *(f"{base} {number}" for number in range(2, len(taken) + 3))]
    return next(one for one in candidates if one not in taken)


def cancel_run(*, run: Run, by: User) -> Job:
    """Stop a run's job. Raises Conflict where it has ended. Managers and above."""
    access.check(by, run.dataset.project_id, Role.MANAGER)
    job = _job(run)
    if job is None:
        raise Conflict("This run has no job to cancel.")
    return jobs.services.cancel(job=job, by=by)


def _job(run: Run) -> Job | None:
    return Job.objects.filter(pk=run.job_id).first() if run.job_id else None


def resume_run(*, run: Run, by: User, changes: Mapping[str, Any] | None = None) -> Job:
    """Go on with a run that failed or was cancelled, from its last whole epoch where that is still there.

    `changes` are the settings that it is to have otherwise: epochs in all, batch, devices.
    """
    access.check(by, run.dataset.project_id, Role.MANAGER)
    with transaction.atomic():
        run = Run.objects.select_for_update(of=("self",)).select_related("dataset__project").get(pk=run.pk)
        last = _job(run)
        if last is not None and last.state not in (Job.State.FAILED, Job.State.CANCELLED):
            raise Conflict(f"Only a run that failed or was cancelled can be resumed; this one is {last.state}.")
        change_settings(run, changes or {})
        job = _enqueue(run, by=by)
        data = {"id": run.pk, **{name: run.settings.get(name) for name in CHANGEABLE}}
        audit.record(by=by, action="run.resume", target=run, project=run.dataset.project_id, data=data)
    return job


def check_not_deployed(runs: Sequence[Run]) -> None:
    """Raise Conflict where an endpoint can go back to a checkpoint of one of them."""
    found = Endpoint.objects.filter(deployments__checkpoint__run__in=runs).distinct().order_by(by_name())
    if names := ", ".join(found.values_list("name", flat=True)):
        raise Conflict(f"Its checkpoints stand in the history of {names}. Delete those endpoints first.")


def delete_run(*, run: Run, by: User) -> None:
    """Delete a run with its checkpoints. Its predictions and their evaluations stay. Managers and above."""
    access.check(by, run.dataset.project_id, Role.MANAGER)
    job = _job(run)
    if job is not None and not job.ended:
        raise Conflict("This run is still going. Cancel it first.")
    heirs = Run.objects.filter(start_checkpoint__run=run).values_list("name", flat=True)
    if heirs:
        raise Conflict(f"Other runs started from this one's weights: {', '.join(heirs)}. Delete those first.")
    check_not_deployed([run])
    checkpoints = list(run.checkpoints.all())
    with transaction.atomic():
        PredictionSet.objects.filter(checkpoint_id__in=[c.pk for c in checkpoints]).update(checkpoint_id=None)
        audit.record(by=by, action="run.delete", target=run, project=run.dataset.project_id, data={"id": run.pk})
        run_id, _ = run.pk, run.delete()
    forget_weights([c.location for c in checkpoints])
    blobs.clear_work(work_name(run_id))
