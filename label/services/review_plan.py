"""How much of a batch is reviewed: the share, for one person another, everything of a person after all."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from label.models import Batch, ReviewRound, Task


@dataclass(frozen=True)
class PersonPlan:
    """The share of one person's tasks, 0–1; None: the batch's. `earlier`: also those done without a review."""

    person: int
    share: float | None
    earlier: bool = False


@dataclass(frozen=True)
class PlanChange:
    """What is to be otherwise; what is None stays."""

    share: float | None = None  # of the tasks handed in, at the least, 0–1
    own: bool | None = None  # whether people may review their own work
    people: Sequence[PersonPlan] = ()


def change_plan(*, batch: Batch, change: PlanChange, by: User) -> int:
    """Change how a batch is reviewed; returns how many tasks went back into review. Managers; `own`, owners.

    A share holds for what is handed in from now on. With `earlier`, what a person finished unreviewed is reviewed too.
    """
    access.check(by, batch.dataset.project_id, Role.MANAGER if change.own is None else Role.OWNER)
    if (change.share is not None or change.people) and not batch.review:
        raise BadInput(
            "This batch asks for no review. Ask for it first.", errors={"share": ["No review is asked for."]}
        )
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).select_related("dataset").get(pk=batch.pk)
        if change.share is not None:
            batch.review_share = change.share
        if change.own is not None:
            batch.own_review = change.own
        for one in change.people:
            batch.review_shares.pop(str(one.person), None)
            batch.review_shares |= {} if one.share is None else {str(one.person): one.share}
        batch.save(update_fields=["review_share", "own_review", "review_shares"])
        again = sum(_review_earlier(batch, one.person) for one in change.people if one.earlier)
        data = {"id": batch.pk, "share": batch.review_share, "shares": batch.review_shares, "own": batch.own_review}
        audit.record(
            by=by,
            action="batch.review",
            target=batch,
            project=batch.dataset.project_id,
            data=data | {"into_review": again},
        )
    return again


def _review_earlier(batch: Batch, person: int) -> int:
    """What the person finished and nobody reviewed goes into review; not what was merged since."""
    entries = ReviewRound.objects.filter(
        task=OuterRef("pk"), handed_in_by=person, verdict=ReviewRound.Verdict.UNREVIEWED
    )
    tasks = batch.tasks.filter(Exists(entries), state=Task.State.DONE, base=batch.base).order_by("pk")
    chosen = list(tasks.select_for_update(of=("self",)).values_list("pk", flat=True))
    Task.objects.filter(pk__in=chosen).update(state=Task.State.IN_REVIEW, version=F("version") + 1, held_until=None)
    waiting = ReviewRound.objects.filter(task__in=chosen, verdict=ReviewRound.Verdict.UNREVIEWED)
    waiting.update(verdict=ReviewRound.Verdict.WAITING)
    return len(chosen)
