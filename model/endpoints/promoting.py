"""Another checkpoint in the place of the deployed one: through the gate, past it for a reason, or back again."""

from dataclasses import dataclass

from django.db import transaction

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from jobs.models import Job
from model.endpoints.deploying import deployed_now, next_version, start_deployment
from model.gate.asking import check_checkpoint, frozen_images
from model.models import Checkpoint, Deployment, Endpoint, GateResult
from science.evaluation.gate import GateVerdict


@dataclass(frozen=True)
class Promotion:
    """Which checkpoint, and why in spite of the gate; owners alone may give a reason."""

    checkpoint: Checkpoint
    reason: str = ""


@transaction.atomic
def promote(*, endpoint: Endpoint, wanted: Promotion, by: User) -> Job:
    """Ask for its deployment; it answers when its form is made and checked. Managers and above; owners for a reason.

    Raises Conflict with the broken rule where the gate holds it back, or where it was not judged yet.
    """
    access.check(by, endpoint.project_id, Role.OWNER if wanted.reason else Role.MANAGER)
    endpoint = Endpoint.objects.select_for_update(of=("self",)).select_related("current", "gate").get(pk=endpoint.pk)
    check_checkpoint(wanted.checkpoint, endpoint.dataset, "checkpoint")
    if endpoint.current is not None and endpoint.current.checkpoint_id == wanted.checkpoint.pk:
        raise Conflict(f"{wanted.checkpoint.name} is deployed there already.")
    if endpoint.deployments.filter(deployed_at=None, job_id__in=jobs_under_way(endpoint)).exists():
        raise Conflict(f"Another version of {endpoint.name} is being deployed. Wait for it, or cancel its job.")
    result = result_at_the_gate(endpoint, wanted.checkpoint)
    held = why_held_back(endpoint, result)
    if held and not wanted.reason:
        raise Conflict(held, extra={"reason": "held_back", "gate_result": result and result.pk})
    version = next_version(endpoint, Deployment.Kind.PROMOTED, wanted.checkpoint, by)
    version.gate_result, version.reason = result, wanted.reason if held else ""
    version.save(update_fields=["gate_result", "reason"])
    data = {
        "version": version.version, "checkpoint": wanted.checkpoint.pk, "gate_result": result and result.pk,
        "verdict": result.verdict if result else None, "held_back": held, "reason": version.reason,
    }  # fmt: skip
    action = "endpoint.promote_past_gate" if held else "endpoint.promote"
    audit.record(by=by, action=action, target=endpoint, project=endpoint.project_id, data=data)
    return start_deployment(version, author=by)


def jobs_under_way(endpoint: Endpoint) -> list[int]:
    ids = endpoint.deployments.filter(deployed_at=None).values_list("job_id", flat=True)
    return list(Job.objects.filter(pk__in=ids).exclude(state__in=Job.ENDED).values_list("pk", flat=True))


def result_at_the_gate(endpoint: Endpoint, checkpoint: Checkpoint) -> GateResult | None:
    """The newest finished result of it against what is deployed, by the endpoint's rules as they are now."""
    if endpoint.gate is None or endpoint.current is None:
        return None
    found = GateResult.objects.filter(
        candidate=checkpoint, incumbent=endpoint.current.checkpoint, dataset=endpoint.dataset,
        document=endpoint.gate.document, finished_at__isnull=False,
    )  # fmt: skip
    wanted = endpoint.validation_slice_id
    for one in found.select_related("manifest").order_by("-pk"):
        if wanted in {row["id"] for row in one.manifest.slices} and is_on_newest_labels(endpoint, one):
            return one
    return None


def is_on_newest_labels(endpoint: Endpoint, result: GateResult) -> bool:
    """Labels and members as they are now make the same manifest."""
    return frozen_images(endpoint.validation_slice).pk == result.manifest_id


def why_held_back(endpoint: Endpoint, result: GateResult | None) -> str:
    """Why the gate does not let it through; nothing where it does, or there is none."""
    if endpoint.gate is None or endpoint.current is None:
        return ""
    if result is None:
        return (
            f"The gate {endpoint.gate.name} has not judged this checkpoint against the deployed one on the newest "
            "labels. Judge it first."
        )
    if result.verdict == GateVerdict.PASSED:
        return ""
    rows = (result.verdicts or {})["rules"]
    worst = next((row for row in rows if row["verdict"] == result.verdict), None)
    said = worst["sentence"] if worst else "; ".join((result.verdicts or {})["notes"])
    word = "broken" if result.verdict == GateVerdict.BROKEN else "not shown to be kept"
    return f"Held back by the gate {endpoint.gate.name}: a rule is {word}. {said}"


@transaction.atomic
def roll_back(*, endpoint: Endpoint, by: User, version: int | None = None) -> Deployment:
    """Back to an earlier version, None for the one before; it answers at once. Managers and above.

    Raises Conflict where there is none.
    """
    access.check(by, endpoint.project_id, Role.MANAGER)
    endpoint = Endpoint.objects.select_for_update(of=("self",)).select_related("current").get(pk=endpoint.pk)
    target = earlier(endpoint, version)
    row = next_version(endpoint, Deployment.Kind.ROLLED_BACK, target.checkpoint, by)
    row.back_to, row.form, row.expected = target, target.form, target.expected
    row.save(update_fields=["back_to", "form", "expected"])
    deployed_now(row)
    data = {"version": row.version, "back_to": target.version, "checkpoint": target.checkpoint_id}
    audit.record(by=by, action="endpoint.roll_back", target=endpoint, project=endpoint.project_id, data=data)
    return row


def earlier(endpoint: Endpoint, version: int | None) -> Deployment:
    """The version meant: one that was deployed, and has another checkpoint than what is deployed now."""
    rows = endpoint.deployments.filter(deployed_at__isnull=False, form__isnull=False).select_related("checkpoint")
    if endpoint.current is not None:
        rows = rows.filter(version__lt=endpoint.current.version).exclude(checkpoint=endpoint.current.checkpoint_id)
    if version is not None:
        rows = rows.filter(version=version)
    found = rows.order_by("-version").first()
    if found is None and version is not None:
        detail = f"There is no earlier version {version} of {endpoint.name} with another checkpoint."
        raise BadInput(detail, errors={"version": [detail]})
    if found is None:
        raise Conflict(f"{endpoint.name} has no earlier version to go back to.")
    return found
