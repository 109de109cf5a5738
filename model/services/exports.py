"""Asking for a checkpoint in another form, and removing one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import RestrictedError

import jobs.services
from accounts import access, audit
from accounts.models import Project, Role, User
from accounts.problems import BadInput, Conflict
from dataset.models import Manifest, Slice
from dataset.services import manifests
from jobs.models import Job
from jobs.titles import Title
from model.engines import architecture
from model.models import Checkpoint, ExportedForm, Run
from model.services.exporting import JOB_KIND
from storage import blobs

ALLOWED_DROP = 0.001  # of mAP: a tenth of a point
USUAL_SIZE = 640  # pixels, of a checkpoint that does not say what it was trained at
PRECISIONS = {"openvino": ("f32", "bf16")}  # of the other forms float32 alone
Form, Precision = ExportedForm.Form, ExportedForm.Precision


@dataclass(frozen=True)
class NewForm:
    """What a checkpoint is to become, and on what it is to be checked."""

    form: str
    precision: str = Precision.F32.value
    imgsz: int | None = None  # pixels; None: what the checkpoint was trained at
    slice_id: int | None = None  # None: the validation images of the checkpoint's own run
    allowed_drop: float = ALLOWED_DROP


@transaction.atomic
def start_export(*, checkpoint: Checkpoint, new: NewForm, by: User) -> Job:
    """Ask for a form. Managers and above. While the same one is being made, the answer is its job.

    Raises BadInput where there cannot be such a form, Conflict where there is one already.
    """
    looked_at = _slice(new.slice_id)
    project = _project(checkpoint, looked_at)
    access.check(by, project.pk, Role.MANAGER)
    imgsz = new.imgsz or checkpoint.imgsz or USUAL_SIZE
    check_form(checkpoint, new, imgsz)
    manifest = _manifest(checkpoint, looked_at)
    same = {"form": new.form, "precision": new.precision, "imgsz": imgsz}
    row, _ = ExportedForm.objects.select_for_update(of=("self",)).get_or_create(
        project=project, checkpoint=checkpoint, **same, defaults={"allowed_drop": new.allowed_drop, "created_by": by}
    )
    if row.finished_at is not None:
        raise Conflict("There is this form already. Delete it first to have it made and checked anew.")
    if (under_way := _job_under_way(row)) is not None:
        return under_way
    job = _enqueue(row, manifest, by)
    ExportedForm.objects.filter(pk=row.pk).update(job_id=job.pk, manifest=manifest, allowed_drop=new.allowed_drop)
    data = {"id": row.pk, "checkpoint": checkpoint.pk, "job": job.pk, **same}
    audit.record(by=by, action="form.create", target=row, project=project.pk, data=data)
    return job


def _slice(slice_id: int | None) -> Slice | None:
    if slice_id is None:
        return None
    found = Slice.objects.select_related("dataset__project").filter(pk=slice_id).first()
    if found is None:
        raise _refused("slice", f"There is no slice {slice_id}.")
    return found


def _project(checkpoint: Checkpoint, looked_at: Slice | None) -> Project:
    """Whose the form is: the checkpoint's project, or, of the one that ships with Halfday, that of the slice."""
    if checkpoint.project is None and looked_at is None:
        raise _refused("slice", f"{checkpoint.name} belongs to no project. Name a slice to check the form on.")
    project = checkpoint.project or (looked_at.dataset.project if looked_at else None)
    assert project is not None
    if looked_at is not None and looked_at.dataset.project_id != project.pk:
        raise _refused("slice", f"There is no slice {looked_at.pk}.")  # what is elsewhere does not exist
    return project


def check_form(checkpoint: Checkpoint, new: NewForm, imgsz: int) -> None:
    """Raise BadInput where there cannot be such a form of the checkpoint."""
    if new.precision not in PRECISIONS.get(new.form, (Precision.F32,)):
        raise _refused("precision", f"There is {new.form} in f32 only; OpenVINO is there in bf16 too.")
    known = architecture(checkpoint.architecture)
    stride = known.stride if known else 32
    if imgsz % stride:
        raise _refused("imgsz", f"Give a multiple of {stride} pixels for {checkpoint.name}; {imgsz} is not.")


def _manifest(checkpoint: Checkpoint, looked_at: Slice | None) -> Manifest | None:
    """The images and labels that both are run on; None where there are none to be had."""
    if looked_at is not None:
        return manifests.freeze(dataset=looked_at.dataset, slices=[looked_at], revision=looked_at.dataset.head_revision)
    run = Run.objects.filter(checkpoints=checkpoint).select_related("validation_manifest").first()
    return run.validation_manifest if run else None


def _job_under_way(row: ExportedForm) -> Job | None:
    return Job.objects.filter(pk=row.job_id or 0).exclude(state__in=Job.ENDED).first()


def _enqueue(row: ExportedForm, manifest: Manifest | None, by: User) -> Job:
    return jobs.services.enqueue(
        kind=JOB_KIND,
        project=row.project,
        dataset=manifest.dataset if manifest else None,
        author=by,
        params={"form": row.pk},
        title=Title.of("export_checkpoint", "Export {form}", form=row),
        queue="gpu",
        link=f"/runs/{row.checkpoint.run_id}" if row.checkpoint.run_id else "/model",
    )


def delete_form(*, form: ExportedForm, by: User) -> None:
    """Remove a form and its file. Managers and above. Raises Conflict while it is being made, or is served."""
    access.check(by, form.project_id, Role.MANAGER)
    if _job_under_way(form) is not None:
        raise Conflict("This form is still being made. Cancel its job first.")
    with transaction.atomic():
        data = {"id": form.pk, "checkpoint": form.checkpoint_id}
        audit.record(by=by, action="form.delete", target=form, project=form.project_id, data=data)
        try:
            form.delete()
        except RestrictedError as error:
            raise Conflict("An endpoint serves this form, or can go back to it. Delete the endpoint first.") from error
    if form.location and not ExportedForm.objects.filter(location=form.location).exists():
        blobs.delete(form.location)


def _refused(name: str, sentence: str) -> BadInput:
    return BadInput(sentence, errors={name: [sentence]})
