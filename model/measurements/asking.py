"""Asking for a measurement."""

from __future__ import annotations

from django.db import transaction

import jobs.services
from accounts import access, audit
from accounts.models import Project, Role, User
from accounts.problems import BadInput
from jobs.models import Job
from jobs.titles import Title
from model.engines import architecture
from model.measurements.measuring import KIND

LARGEST_SIDE, LARGEST_BATCH, STRIDE = 2048, 128, 32


@transaction.atomic
def start_measurement(*, project: Project, baseline: str, imgsz: int, batch: int, by: User) -> Job:
    """Measure a baseline on the device that trains. Managers and above. Raises BadInput."""
    access.check(by, project.pk, Role.MANAGER)
    known = architecture(baseline)
    if known is None:
        raise BadInput("There is no such baseline.", errors={"baseline": [f"Unknown: {baseline}."]})
    if not STRIDE <= imgsz <= LARGEST_SIDE or imgsz % known.stride:
        why = f"Give a multiple of {known.stride}, at most {LARGEST_SIDE}."
        raise BadInput("That is no image size.", errors={"imgsz": [why]})
    if not 1 <= batch <= LARGEST_BATCH:
        raise BadInput("That is no batch.", errors={"batch": [f"Give 1 to {LARGEST_BATCH} images."]})
    job = jobs.services.enqueue(
        kind=KIND,
        params={"baseline": baseline, "imgsz": imgsz, "batch": batch},
        project=project,
        author=by,
        title=Title.of("measure_baseline", "Measure {baseline} here", baseline=known.title),
        queue="gpu",
    )
    data = {"baseline": baseline, "imgsz": imgsz, "batch": batch, "job": job.pk}
    audit.record(by=by, action="baseline.measure", target=job, project=project.pk, data=data)
    return job
