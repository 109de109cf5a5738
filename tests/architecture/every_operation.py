"""Every operation of the OpenAPI document, as a call about one of everything that a project can have."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client

from accounts import services
from accounts.models import Project, User
from curate.models import Comparison
from dataset.models import Prediction, Revision
from label.services.instructions import add_picture
from tests.architecture.every_service import WholeProject
from tests.factories import jpeg
from tests.schema.now import described_now


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    name: str
    method: str
    path: str


def operations() -> list[Operation]:
    return [
        Operation(described["operationId"], method, path)
        for path, methods in described_now()["paths"].items()
        for method, described in methods.items()
    ]


class Stage(WholeProject):
    """A project with a row for every name that stands in an address."""

    def __init__(self) -> None:
        super().__init__()
        cars, dataset = self.cars, self.dataset
        prediction = Prediction.objects.create(
            prediction_set=self.judged, image=self.images[0], label_class=self.car, score=0.5, x1=1, y1=1, x2=9, y2=9
        )
        comparison = Comparison.objects.create(dataset=dataset, a=self.earlier, b=self.later)
        self.rows: dict[str, Any] = {
            "annotation_id": cars[0].pk, "attribute_id": self.attribute.pk,
            "auto_curate_id": self.search().pk, "batch_id": self.task().batch_id,
            "checkpoint_id": self.checkpoint().pk, "class_id": self.car.pk, "comparison_id": comparison.pk,
            "dataset_id": dataset.pk, "delivery_id": self.delivery().pk, "webhook_id": self.webhook().pk,
            "picture_id": add_picture(dataset=dataset, data=jpeg(), by=self.cast.alice).pk,
            "endpoint": self.endpoint().pk, "evaluation_id": self.later.pk,
            "experiment_id": self.experiment().pk, "form_id": self.form().pk, "gate_id": self.gate().pk,
            "image_id": self.images[0].pk, "result_id": self.gate_result().pk,
            "invitation_id": self.invitation("new@example.org").pk, "issue_id": self.issue().pk,
            "job_id": self.job().pk,
            "manifest_id": self.manifest.pk, "member_id": self.project.members.get(user=self.cast.bob).pk,
            "prediction_id": prediction.pk, "prelabel_id": self.prelabel().pk,
            "prediction_set_id": self.judged.pk, "project_id": self.project.pk,
            "revision_id": Revision.objects.filter(dataset=dataset).latest("pk").pk, "run_id": self.run().pk,
            "slice_id": self.slice.pk, "step": "split", "suggestion_id": self.suggestions()[0].pk,
            "tag_id": self.tag.pk, "task_id": self.task().pk,
            "token_id": self.token().pk, "upload_id": self.upload(self.cast.alice).pk,
        }  # fmt: skip
        # What an address does not name stands in the body.
        self.bodies: dict[str, Any] = {
            "create_webhook": {"url": "https://192.0.78.9/hook", "events": ["batch.done"]},
            "write_instructions": {"text": "Cars only.", "seen": 0},
            "assign_parts": {"parts": []},
            "stop_notice_mail": {"token": "none"},
            "create_batch": {"name": "Sent", "slice": self.slice.pk},
            "create_checkpoint": {"project": self.project.pk},
            "create_form": {"form": "onnx"},
            "create_run": {
                "dataset": dataset.pk, "name": "next", "train_slices": [self.slice.pk],
                "validation_slice": self.slice.pk, "parent": 0,
            },
            "create_experiment": {
                "dataset": dataset.pk, "name": "next", "train_slices": [self.slice.pk],
                "validation_slice": self.slice.pk, "parent": 0,
            },
            "estimate_experiment": {
                "dataset": dataset.pk, "train_slices": [self.slice.pk], "validation_slice": self.slice.pk, "parent": 0,
            },
            "change_tag": {"name": "sharp"},
            "create_attributes": {"attributes": [{"name": "pose", "kind": "text"}]},
            "order_attributes": {"ids": [self.attribute.pk]},
            "create_dataset": {"project": self.project.pk, "name": "More"},
            "create_token": {"project": self.project.pk, "name": "CI", "role": "viewer"},
            "decide_suggestions": {"verdicts": [{"id": self.suggestions()[0].pk, "verdict": "accepted"}]},
            "measure_baseline": {"baseline": "road11t", "project": self.project.pk},
            "predict": {"dataset": dataset.pk}, "evaluate_checkpoint": {"dataset": dataset.pk},
            "start_gate": {
                "candidate": self.checkpoint().pk, "incumbent": self.checkpoint().pk, "slice": self.slice.pk,
                "document": {"rules": [{"drop": 1}]},
            },
            "create_gate": {"name": "strict", "document": {"rules": [{"drop": 0}]}},
            "create_endpoint": {
                "dataset": dataset.pk, "name": "road", "checkpoint": self.checkpoint().pk, "slice": self.slice.pk,
            },
            "promote_checkpoint": {"checkpoint": self.checkpoint().pk},
            "start_comparison": {"a": self.earlier.pk, "b": self.later.pk},
            "start_evaluation": {"prediction_set": self.judged.pk},
        }  # fmt: skip
        self.elsewhere = services.create_project(name="Another of Alice's", by=self.cast.alice)


def headers_of(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def token_of(maker: User, project: Project | None, role: str) -> dict[str, str]:
    """The headers of a script whose token is held to a project and a role."""
    person = User.objects.get(pk=maker.pk)
    return headers_of(services.create_token(name="t", project=project, role=role, by=person).token)


def answered(stage: Stage, operation: Operation, client: Client, headers: dict[str, str]) -> int:
    """The status of the answer; whatever was done is undone."""
    path = operation.path.format(**stage.rows)
    body = json.dumps(stage.bodies.get(operation.name, {})) if operation.method != "get" else ""
    client.raise_request_exception = False
    with transaction.atomic():
        answer = client.generic(operation.method.upper(), path, body, "application/json", headers=headers)
        if answer.streaming:  # an open file: read to its end it closes
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return int(answer.status_code)
