"""What proposes boxes in a batch: chosen on it, else the dataset's newest checkpoint."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from jobs.models import Job
from label.assists.models import BatchAssist
from label.models import Batch
from model.models import Checkpoint, Endpoint
from model.selectors.answering import (
    Readiness,
    answering_state,
    checkpoint_in,
    endpoint_in,
    newest_checkpoint,
)
from model.services.exports import NewForm, start_export

SOURCES = ["checkpoint", "endpoint"]


@dataclass(frozen=True)
class AssistSource:
    """A checkpoint or an endpoint, whether somebody chose it, and whether it answers."""

    kind: str | None = None
    id: int | None = None
    name: str = ""
    chosen: bool = False
    readiness: str | None = None
    job: int | None = None


def source_of(batch: Batch) -> AssistSource:
    """What is asked for boxes in the batch now."""
    row = BatchAssist.objects.filter(batch=batch).select_related("checkpoint", "endpoint").first()
    if row is not None and row.endpoint is not None:
        return of_endpoint(row.endpoint)
    chosen = row.checkpoint if row is not None else None
    checkpoint = chosen or newest_checkpoint(batch.dataset)
    if checkpoint is None:
        return AssistSource()
    state = answering_state(checkpoint, batch.dataset.project_id)
    return AssistSource("checkpoint", checkpoint.pk, checkpoint.name, chosen is not None, state.readiness, state.job)


def of_endpoint(endpoint: Endpoint) -> AssistSource:
    ready = Readiness.READY if endpoint.current_id else Readiness.BEING_MADE
    return AssistSource("endpoint", endpoint.pk, endpoint.name, True, ready)


def checkpoint_of(batch: Batch) -> Checkpoint | None:
    """The checkpoint behind the batch's source."""
    row = BatchAssist.objects.filter(batch=batch).select_related("checkpoint", "endpoint__current__checkpoint").first()
    if row is not None and row.endpoint is not None:
        return row.endpoint.current.checkpoint if row.endpoint.current else None
    return (row.checkpoint if row is not None else None) or newest_checkpoint(batch.dataset)


@transaction.atomic
def choose_source(*, batch: Batch, checkpoint_id: int | None, endpoint_id: int | None, by: User) -> AssistSource:
    """Say what proposes boxes in the batch; with neither it is the newest checkpoint again. Reviewers and above."""
    project = batch.dataset.project_id
    access.check(by, project, Role.REVIEWER)
    if checkpoint_id is not None and endpoint_id is not None:
        raise refused("endpoint", "Give a checkpoint or an endpoint, not both.")
    if checkpoint_id is not None and checkpoint_in(project, checkpoint_id) is None:
        raise refused("checkpoint", f"There is no checkpoint {checkpoint_id} in this project.")
    if endpoint_id is not None and endpoint_in(project, endpoint_id) is None:
        raise refused("endpoint", f"There is no endpoint {endpoint_id} in this project.")
    BatchAssist.objects.update_or_create(
        batch=batch, defaults={"checkpoint_id": checkpoint_id, "endpoint_id": endpoint_id}
    )
    data = {"id": batch.pk, "checkpoint": checkpoint_id, "endpoint": endpoint_id}
    audit.record(by=by, action="batch.assist", target=batch, project=project, data=data)
    return source_of(batch)


def prepare_source(*, batch: Batch, by: User) -> Job:
    """Have the batch's checkpoint exported, so that it answers while people draw. Managers and above."""
    access.check(by, batch.dataset.project_id, Role.MANAGER)
    source = source_of(batch)
    if source.kind != "checkpoint" or source.readiness == Readiness.READY:
        raise Conflict("There is nothing to be exported: what proposes boxes here answers already, or there is none.")
    checkpoint = checkpoint_of(batch)
    assert checkpoint is not None
    looked_at = None if checkpoint.run_id else batch.slice_id  # an uploaded one has no validation images of its own
    return start_export(checkpoint=checkpoint, new=NewForm("onnx", slice_id=looked_at), by=by)


def refused(name: str, sentence: str) -> BadInput:
    return BadInput(sentence, errors={name: [sentence]})
