"""A version comes up: its form is made, what it sees on the validation slice is counted, and then it answers."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

import jobs.services
from accounts.models import User
from dataset.selectors import predictions
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from jobs.titles import Title
from model.class_names import class_ids
from model.endpoints.ending import end_processes_of
from model.endpoints.forming import deployable_form
from model.gate.asking import frozen_images
from model.gate.predicting import predicted_by
from model.models import Checkpoint, Deployment, Endpoint
from science.serving import score_counts

KIND = "deploy"


def next_version(endpoint: Endpoint, kind: str, checkpoint: Checkpoint, author: User | None) -> Deployment:
    """The row of a version that is to come; the caller holds the endpoint's row."""
    last = endpoint.deployments.aggregate(last=Max("version"))["last"] or 0
    return Deployment.objects.create(
        endpoint=endpoint, version=last + 1, kind=kind, checkpoint=checkpoint, created_by=author
    )


def start_deployment(version: Deployment, *, author: User) -> Job:
    """Ask for the job that brings it up."""
    endpoint = version.endpoint
    job = jobs.services.enqueue(
        kind=KIND,
        project=endpoint.project,
        dataset=endpoint.dataset,
        author=author,
        params={"deployment": version.pk},
        title=Title.of(
            "deploy", "Deploy {checkpoint} as {name}", checkpoint=version.checkpoint.name, name=endpoint.name
        ),
        queue="gpu",
        link=f"/endpoints/{endpoint.pk}",
    )
    version.job_id = job.pk
    version.save(update_fields=["job_id"])
    return job


def deploy(version: Deployment, report: Report) -> dict[str, Any]:
    """What the job does. Safe to run twice."""
    if version.form is None:
        version.form = deployable_form(version, report)
        version.save(update_fields=["form"])
    report(0.9, Sentence.of("looking_at_validation", "Looking at the validation slice"))
    version.expected = expected_of(version, report)
    version.save(update_fields=["expected"])
    with transaction.atomic():
        Endpoint.objects.select_for_update(of=("self",)).get(pk=version.endpoint_id)
        if version.deployed_at is None:
            deployed_now(version)
    return {"endpoint": version.endpoint_id, "version": version.version}


def deployed_now(version: Deployment) -> None:
    """It answers from the next request on. The caller holds the endpoint's row."""
    end_processes_of(Endpoint.objects.select_related("current__form").get(pk=version.endpoint_id))
    version.deployed_at = timezone.now()
    version.save(update_fields=["deployed_at"])
    Endpoint.objects.filter(pk=version.endpoint_id).update(current=version)


def expected_of(version: Deployment, report: Report) -> dict[str, Any]:
    """Scores and classes of its boxes on the validation slice at the endpoint's confidence: what drift is seen by."""
    endpoint = version.endpoint
    manifest = frozen_images(endpoint.validation_slice)
    found = predicted_by(version.checkpoint, manifest, report, (0.9, 0.99), author=version.created_by)
    try:
        arrays = predictions.load(found)
    except FileNotFoundError as error:
        raise JobFailed(f"The predictions of {found.name} are gone from the storage.") from error
    kept = (arrays.scores >= endpoint.conf) & np.isin(arrays.image_ids, manifest.image_ids)
    classes = list(endpoint.dataset.classes.values_list("pk", "name"))
    ids = class_ids(version.checkpoint.classes, classes)
    return {
        "images": manifest.image_count,
        "scores": score_counts(arrays.scores[kept]).tolist(),
        "classes": [int((arrays.class_ids[kept] == one).sum()) if one is not None else 0 for one in ids],
    }
