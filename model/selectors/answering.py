"""Which checkpoint proposes boxes to people at work, and whether it can answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dataset.models import Dataset
from jobs.models import Job
from model.class_names import class_mapping
from model.models import Checkpoint, Endpoint, ExportedForm

# The quickest first. A form that lost too much for an endpoint may still propose: a person looks at each box.
QUICKEST = ("openvino", "onnx")


class Readiness(StrEnum):
    """Whether boxes can be asked for now."""

    READY = "ready"
    NO_FORM = "no_form"  # it has to be exported first
    BEING_MADE = "being_made"


@dataclass(frozen=True)
class AnsweringState:
    """A checkpoint's readiness, and the job that makes its form where one is under way."""

    readiness: Readiness
    job: int | None = None


def newest_checkpoint(dataset: Dataset) -> Checkpoint | None:
    """The best one of the dataset's newest run that has any."""
    rows = Checkpoint.objects.filter(run__dataset=dataset, kind=Checkpoint.Kind.BEST)
    return rows.order_by("-run", "-pk").first()


def checkpoint_in(project_id: int, checkpoint_id: int) -> Checkpoint | None:
    """The project's checkpoint of that id."""
    return Checkpoint.objects.filter(pk=checkpoint_id, project=project_id).first()


def endpoint_in(project_id: int, endpoint_id: int) -> Endpoint | None:
    """The project's endpoint of that id."""
    return Endpoint.objects.filter(pk=endpoint_id, project=project_id).first()


def knows_a_class(checkpoint: Checkpoint, dataset: Dataset) -> bool:
    """Whether any class of the dataset is one of the checkpoint's."""
    names = list(dataset.classes.values_list("name", flat=True))
    return bool(class_mapping(of_weights=checkpoint.classes, of_dataset=names).kept)


def answering_form(checkpoint: Checkpoint, project_id: int) -> ExportedForm | None:
    """The quickest finished form of the checkpoint in the project."""
    rows = ExportedForm.objects.filter(
        checkpoint=checkpoint, project=project_id, form__in=QUICKEST, finished_at__isnull=False
    )
    return min(rows, key=lambda row: (QUICKEST.index(row.form), row.pk), default=None)


def answering_state(checkpoint: Checkpoint, project_id: int) -> AnsweringState:
    """Whether the checkpoint answers now, by an exported form or as somebody's deployment."""
    if answering_form(checkpoint, project_id) is not None or checkpoint.deployments.filter(form__isnull=False).exists():
        return AnsweringState(Readiness.READY)
    asked = ExportedForm.objects.filter(checkpoint=checkpoint, project=project_id, form__in=QUICKEST, job_id__gt=0)
    under_way = Job.objects.filter(pk__in=asked.values("job_id")).exclude(state__in=Job.ENDED).first()
    return AnsweringState(Readiness.BEING_MADE, under_way.pk) if under_way else AnsweringState(Readiness.NO_FORM)
