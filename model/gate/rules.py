"""Saved rules: a dataset's gates. Who may loosen them may let anything through, so owners alone write them."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import RestrictedError

from accounts import access, audit
from accounts.models import Role, User
from accounts.natural_names import by_name
from accounts.problems import Conflict
from dataset.models import Dataset
from model.gate.document import checked_document
from model.models import GateRules


@transaction.atomic
def create_rules(*, dataset: Dataset, name: str, document: Any, by: User) -> GateRules:
    """Save rules under a name. Owners only. Raises BadInput by place, Conflict where the name is taken."""
    access.check(by, dataset.project_id, Role.OWNER)
    gate = checked_document(document, dataset)
    row = GateRules(dataset=dataset, name=name, document=gate.as_json(), created_by=by)
    _save(row)
    audit.record(by=by, action="gate.create", target=name, project=dataset.project_id, data=row.document)
    return row


@transaction.atomic
def change_rules(*, row: GateRules, by: User, name: str | None = None, document: Any = None) -> GateRules:
    """Rename them, or put others in their place; results keep the rules that they were judged by. Owners only."""
    access.check(by, row.dataset.project_id, Role.OWNER)
    before = {"name": row.name, "document": row.document}
    row.name = row.name if name is None else name
    row.document = row.document if document is None else checked_document(document, row.dataset).as_json()
    _save(row)
    data = {"before": before, "after": {"name": row.name, "document": row.document}}
    audit.record(by=by, action="gate.change", target=row.name, project=row.dataset.project_id, data=data)
    return row


@transaction.atomic
def delete_rules(*, row: GateRules, by: User) -> None:
    """Remove them; their results stay. Owners only. Raises Conflict while an endpoint goes by them."""
    access.check(by, row.dataset.project_id, Role.OWNER)
    try:
        row.delete()
    except RestrictedError:
        names = ", ".join(row.endpoints.order_by(by_name()).values_list("name", flat=True))
        raise Conflict(f"{row.name} is the gate of {names}. Give the endpoint another gate first.") from None
    audit.record(by=by, action="gate.delete", target=row.name, project=row.dataset.project_id, data=row.document)


def _save(row: GateRules) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        detail = f"This dataset has a gate {row.name} already."
        raise Conflict(detail, errors={"name": [detail]}) from None
