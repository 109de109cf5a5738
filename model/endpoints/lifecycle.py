"""What is done with endpoints: made, changed, removed. What is deployed under one stands in deploying.py."""

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

import jobs.services
from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from dataset.models import Slice
from jobs.models import Job
from jobs.titles import Title
from model.endpoints.deploying import next_version, start_deployment
from model.endpoints.ending import end_processes_of
from model.endpoints.settings import EndpointChanges
from model.gate.asking import check_checkpoint
from model.models import Checkpoint, Deployment, Endpoint, GateRules

BRING = "bring_kept"


@dataclass(frozen=True)
class NewEndpoint:
    """A name, the first checkpoint under it, and by what later ones are judged."""

    name: str
    checkpoint: Checkpoint
    validation: Slice
    gate: GateRules | None = None
    settings: EndpointChanges = field(default_factory=EndpointChanges)


@dataclass(frozen=True)
class JudgedBy:
    """The rules that candidates have to keep, and the images on which."""

    gate: GateRules | None
    validation: Slice


@transaction.atomic
def create_endpoint(*, new: NewEndpoint, by: User) -> Endpoint:
    """Make it, and deploy its first checkpoint, which is compared with nothing. Managers and above.

    Raises BadInput by field, Conflict where the name is taken in the project.
    """
    dataset = new.validation.dataset
    access.check(by, dataset.project_id, Role.MANAGER)
    check_checkpoint(new.checkpoint, dataset, "checkpoint")
    check_gate(new.gate, new.validation)
    given = EndpointChanges(**{**new.settings.given(), "name": new.name}).given()
    row = Endpoint(
        project=dataset.project, dataset=dataset, validation_slice=new.validation, gate=new.gate, created_by=by, **given
    )
    save(row)
    audit.record(by=by, action="endpoint.create", target=row, project=row.project_id, data={"endpoint": row.pk})
    version = next_version(row, Deployment.Kind.FIRST, new.checkpoint, by)
    start_deployment(version, author=by)
    return row


def check_gate(gate: GateRules | None, validation: Slice) -> None:
    if gate is not None and gate.dataset_id != validation.dataset_id:
        detail = "The gate is of another dataset than the slice."
        raise BadInput(detail, errors={"gate": [detail]})


def save(row: Endpoint) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        detail = f"The project has an endpoint {row.name} already."
        raise Conflict(detail, errors={"name": [detail]}) from None


@transaction.atomic
def change_endpoint(
    *, endpoint: Endpoint, changes: EndpointChanges, by: User, judged_by: JudgedBy | None = None
) -> Endpoint:
    """Rename it, stop and start it, set its confidence, hours, patience and what is kept. Managers and above.

    With `judged_by` what set_gate does, and all of it or nothing.
    """
    access.check(by, endpoint.project_id, Role.MANAGER)
    if judged_by is not None:
        set_gate(endpoint=endpoint, gate=judged_by.gate, validation=judged_by.validation, by=by)
    given = changes.given()
    for name, value in given.items():
        setattr(endpoint, name, value)
    save(endpoint)
    if given.get("stopped") or "idle_minutes" in given:
        end_processes_of(endpoint)
    data = {"endpoint": endpoint.pk, **given}
    audit.record(by=by, action="endpoint.change", target=endpoint, project=endpoint.project_id, data=data)
    return endpoint


@transaction.atomic
def set_gate(*, endpoint: Endpoint, gate: GateRules | None, validation: Slice, by: User) -> Endpoint:
    """By which rules, and on which images, candidates are judged from now on. Owners only: it can let all through."""
    access.check(by, endpoint.project_id, Role.OWNER)
    if validation.dataset_id != endpoint.dataset_id:
        raise BadInput("The slice is of another dataset.", errors={"slice": ["Of another dataset."]})
    check_gate(gate, validation)
    before = {"gate": endpoint.gate_id, "slice": endpoint.validation_slice_id}
    endpoint.gate, endpoint.validation_slice = gate, validation
    endpoint.save(update_fields=["gate", "validation_slice"])
    data = {"before": before, "after": {"gate": gate and gate.pk, "slice": validation.pk}}
    audit.record(by=by, action="endpoint.set_gate", target=endpoint, project=endpoint.project_id, data=data)
    return endpoint


@transaction.atomic
def delete_endpoint(*, endpoint: Endpoint, by: User) -> None:
    """Remove it with its versions, counts and kept pictures, and end its processes. Owners only."""
    access.check(by, endpoint.project_id, Role.OWNER)
    audit.record(by=by, action="endpoint.delete", target=endpoint, project=endpoint.project_id)
    end_processes_of(endpoint)
    endpoint.delete()


@transaction.atomic
def bring_kept(*, endpoint: Endpoint, by: User) -> Job:
    """Ask for the pictures that were kept as images of the dataset "NAME from production". Managers and above."""
    access.check(by, endpoint.project_id, Role.MANAGER)
    if not endpoint.deployments.filter(kept__brought_at=None, kept__isnull=False).exists():
        raise Conflict(f"{endpoint.name} has kept no picture that is not in a dataset already.")
    audit.record(by=by, action="endpoint.bring_kept", target=endpoint, project=endpoint.project_id)
    return jobs.services.enqueue(
        kind=BRING,
        project=endpoint.project,
        author=by,
        dataset=endpoint.dataset,
        params={"endpoint": endpoint.pk},
        title=Title.of("bring_kept", "Take in the kept pictures of {name}", name=endpoint.name),
        link=f"/endpoints/{endpoint.pk}",
    )
