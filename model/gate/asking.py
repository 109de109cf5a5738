"""Asking for a gate's result: a candidate against an incumbent, on a slice, by rules."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

import jobs.services
from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from dataset.models import Dataset, Manifest, Slice
from dataset.selectors.annotations import labelled_at
from dataset.selectors.slices import image_ids as slice_image_ids
from dataset.services import manifests
from jobs.models import Job
from jobs.titles import Title
from model.class_names import class_mapping
from model.gate.document import checked_document, scenario_images
from model.models import Checkpoint, Endpoint, GateResult, GateRules
from science.evaluation.gate_rules import WrittenGate

KIND = "gate"


@dataclass(frozen=True)
class NewGate:
    """What is to be judged. Either saved rules, or a document of its own."""

    candidate: Checkpoint
    incumbent: Checkpoint
    validation: Slice
    rules: GateRules | None = None
    document: Any = None


@transaction.atomic
def start_gate(*, new: NewGate, by: User) -> GateResult:
    """The result, judged already where nothing of it has changed, else with its job under way. Managers and above.

    Raises BadInput where a checkpoint has no class in common, or the rules cannot be used, by place.
    """
    dataset = new.validation.dataset
    access.check(by, dataset.project_id, Role.MANAGER)
    for field, checkpoint in (("candidate", new.candidate), ("incumbent", new.incumbent)):
        check_checkpoint(checkpoint, dataset, field)
    if new.candidate.pk == new.incumbent.pk:
        detail = f"{new.candidate.name} is compared with itself."
        raise BadInput(detail, errors={"candidate": [detail]})
    gate = checked_document(new.document if new.rules is None else new.rules.document, dataset)
    row = fresh_row(new, gate, frozen_images(new.validation), author=by)
    return judged_before(row) or started(row, author=by)


def check_checkpoint(checkpoint: Checkpoint, dataset: Dataset, field: str) -> None:
    """Raise BadInput where it is another project's, or knows none of the dataset's classes."""
    if checkpoint.project_id not in (None, dataset.project_id):
        raise BadInput("The checkpoint is another project's.", errors={field: ["Another project's."]})
    names = list(dataset.classes.values_list("name", flat=True))
    if not class_mapping(of_weights=checkpoint.classes, of_dataset=names).kept:
        knows = ", ".join(checkpoint.classes)
        detail = f"{checkpoint.name} knows none of this dataset's classes. It knows: {knows}."
        raise BadInput(detail, errors={field: ["No class in common with the dataset."]})


def frozen_images(validation: Slice) -> Manifest:
    """The slice's labelled images on the newest labels. Raises BadInput where none is labelled."""
    dataset = validation.dataset
    dataset.refresh_from_db(fields=["head_revision"])
    ids = slice_image_ids([validation])
    judged = ids[labelled_at(dataset=dataset, revision=dataset.head_revision, image_ids=ids)]
    if not len(judged):
        detail = f"No image of {validation.name} is labelled, so nothing can be judged on it."
        raise BadInput(detail, errors={"slice": [detail]})
    return manifests.freeze(dataset=dataset, slices=[validation], revision=dataset.head_revision, image_ids=judged)


def fresh_row(new: NewGate, gate: WrittenGate, manifest: Manifest, *, author: User) -> GateResult:
    """The row, not yet stored. Raises BadInput where a scenario has none of the images."""
    judged = set(manifest.image_ids)
    meant = {name: sorted(judged & set(ids)) for name, ids in scenario_images(gate, manifest.dataset).items()}
    for name in (name for name, ids in meant.items() if not ids):
        detail = f"The scenario {name} has no labelled image in {new.validation.name}."
        raise BadInput(detail, errors={f"document.scenarios.{name}": [detail]})
    return GateResult(
        dataset=manifest.dataset,
        rules=new.rules,
        document=gate.as_json(),
        scenario_images=meant,
        candidate=new.candidate,
        incumbent=new.incumbent,
        manifest=manifest,
        revision=manifest.revision,
        created_by=author,
    )


def judged_before(row: GateResult) -> GateResult | None:
    """The same, judged already or under way."""
    same = GateResult.objects.filter(
        dataset=row.dataset, candidate=row.candidate, incumbent=row.incumbent, manifest=row.manifest,
        document=row.document, scenario_images=row.scenario_images,
    )  # fmt: skip
    for one in same.order_by("-pk"):
        under_way = Job.objects.filter(pk=one.job_id or 0).exclude(state__in=Job.ENDED).exists()
        if one.finished_at is not None or under_way:
            return one
    return None


def started(row: GateResult, *, author: User) -> GateResult:
    row.save()
    job = jobs.services.enqueue(
        kind=KIND,
        project=row.dataset.project,
        dataset=row.dataset,
        author=author,
        params={"result": row.pk},
        title=Title.of(
            "gate", "Judge {candidate} against {incumbent}", candidate=row.candidate.name, incumbent=row.incumbent.name
        ),
        queue="gpu",
        link=f"/gate-results/{row.pk}",
    )
    row.job_id = job.pk
    row.save(update_fields=["job_id"])
    audit.record(by=author, action="gate.judge", target=row, project=row.dataset.project_id, data={"result": row.pk})
    return row


def endpoints_of(result: GateResult) -> QuerySet[Endpoint]:
    """Of its dataset those under which the incumbent answers now, and those that were promoted by it."""
    about = Q(current__checkpoint=result.incumbent_id) | Q(deployments__gate_result=result)
    return Endpoint.objects.filter(about, dataset=result.dataset_id).distinct().order_by("name")
