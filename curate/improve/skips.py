"""Steps that somebody does not want now. A skip is a line of the audit trail, and lapses when the base changes."""

from __future__ import annotations

from accounts import access, audit
from accounts.models import AuditLine, Role, User
from accounts.problems import BadInput
from curate.improve.loop import Loop

SKIP, TAKE_UP = "improve.skip", "improve.take_up"


def skip_step(*, loop: Loop, step: str, class_id: int | None = None, undo: bool = False, by: User) -> None:
    """Leave the step out until the next training, or (`undo`) offer it again. Managers and above.

    Raises BadInput for a class that the dataset does not have.
    """
    dataset = loop.dataset
    access.check(by, dataset.project_id, Role.MANAGER)
    if class_id is not None and class_id not in dataset.classes.values_list("pk", flat=True):
        raise BadInput("This dataset has no such class.", errors={"class_id": ["There is no such class."]})
    data = {"dataset": dataset.pk, "run": loop.base.pk if loop.base else None, "step": step, "class": class_id}
    audit.record(by=by, action=TAKE_UP if undo else SKIP, target=dataset, project=dataset.project_id, data=data)


def skipped_steps(loop: Loop) -> set[tuple[str, int | None]]:
    """(step, class) of those that are left out."""
    lines = AuditLine.objects.filter(
        project=loop.dataset.project_id,
        action__in=[SKIP, TAKE_UP],
        data__dataset=loop.dataset.pk,
        data__run=loop.base.pk if loop.base else None,
    )
    found: set[tuple[str, int | None]] = set()
    for action, data in lines.order_by("pk").values_list("action", "data"):
        which = (data["step"], data["class"])
        found = found | {which} if action == SKIP else found - {which}
    return found
