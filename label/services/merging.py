"""Sending a batch back: its finished tasks become one revision of the dataset."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.db.models import F

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from dataset.importing.ignoring import WORDS
from dataset.models import Dataset, Provenance, Revision
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import RevisionConflict, write_changes
from dataset.services.rows import mark_labelled
from label.merge import MergeChange, Resolution, resolve
from label.models import Batch, Task
from label.selectors.merges import MergePlan, finished_states, plan_merge
from label.services import telling
from science.shapes.packed import pack
from science.shapes.shape_json import from_json

TRIES = 5  # times that the labels may move on under a merge before it gives up


@dataclass(frozen=True)
class Merged:
    """What a merge came to. `revision` is None where there was nothing to change."""

    batch: Batch
    revision: Revision | None
    counts: dict[str, int]

    @property
    def note(self) -> str:
        """The outcome as a sentence."""
        if self.revision is None:
            return "There was nothing new to merge."
        counts = self.revision.counts
        return (
            f"Revision {self.revision.number}: {counts['added']} boxes added, {counts['changed']} changed,"
            f" {counts['removed']} removed."
        )


def send_to_curate(
    *, batch: Batch, by: User, resolutions: Mapping[str, str] | None = None, message: str = "", seen: int | None = None
) -> Merged:
    """Merge the batch's finished tasks into the newest labels, as one revision. Reviewers and above.

    `resolutions` says ours, theirs (or both) for each conflict, by object id. `seen` is the head that they were decided
    on: if the labels have moved on since, Conflict. Conflicts left open raise Conflict too; nothing is written then.
    A second merge with no new work changes nothing.
    """
    access.check(by, batch.dataset.project_id, Role.REVIEWER)
    for left in reversed(range(TRIES)):
        try:
            return _merge_once(batch, by=by, resolutions=resolutions or {}, message=message, seen=seen)
        except RevisionConflict:
            if not left:
                raise
    raise AssertionError("not reached")


@transaction.atomic
def _merge_once(batch: Batch, *, by: User, resolutions: Mapping[str, str], message: str, seen: int | None) -> Merged:
    batch, tasks = _locked(batch)
    head = Dataset.objects.values_list("head_revision", flat=True).get(pk=batch.dataset_id)
    plan = plan_merge(batch, head=head, tasks=tasks)
    if seen is not None and seen != head and plan.conflicts:
        raise Conflict(
            f"The labels moved on to revision {head} since you decided. Look at the conflicts again.",
            extra={"head": head},
        )
    revision = None
    if changes := [*plan.changes, *_resolved(plan, resolutions)]:
        revision = write_changes(
            dataset=batch.dataset,
            author=by,
            kind=Revision.Kind.MERGE,
            message=message or f"Merge of the batch {batch.name}",
            changes=[_annotation_change(change) for change in changes],
            on=head,
            origin={"batch": batch.pk, "base": batch.base},
        )
    _settle(batch, plan, revision, by=by)
    return Merged(batch, revision, plan.counts())


def _locked(batch: Batch) -> tuple[Batch, list[Task]]:
    """The batch and its finished tasks, locked. Raises Conflict where there is nothing to merge, or nothing may be.

    Tasks are locked before the batch, in the order in which saving a task locks them.
    """
    ready = batch.tasks.select_for_update().filter(
        state__in=finished_states(batch), boxes__isnull=False, withheld=False
    )
    tasks = list(ready.order_by("pk"))
    batch = Batch.objects.select_for_update(of=("self",)).select_related("dataset__project").get(pk=batch.pk)
    if batch.state == Batch.State.CLOSED:
        raise Conflict("This batch is closed. Open it again to merge it.")
    if not batch.tasks.filter(state__in=finished_states(batch), withheld=False).exists():
        raise Conflict("No task of this batch is finished yet.")
    return batch, tasks


def _resolved(plan: MergePlan, resolutions: Mapping[str, str]) -> list[MergeChange]:
    """What the decided conflicts come to. Raises Conflict where one is open, BadInput for a wrong decision."""
    open_conflicts = [conflict for conflict in plan.conflicts if str(conflict.object_id) not in resolutions]
    if open_conflicts:
        count = len(open_conflicts)
        raise Conflict(
            f"{count} conflict{'s' if count > 1 else ''} must be decided first.",
            extra={"unresolved": [conflict.object_id for conflict in open_conflicts]},
        )
    decided = []
    for conflict in plan.conflicts:
        field = f"resolutions.{conflict.object_id}"
        try:
            decided.append(resolve(conflict, Resolution(resolutions[str(conflict.object_id)])))
        except ValueError as error:
            raise BadInput(str(error), errors={field: [str(error)]}) from error
    return [change for change in decided if change is not None]


def _annotation_change(change: MergeChange) -> AnnotationChange:
    after = change.after
    if after is None:
        return AnnotationChange("remove", change.image_id, change.object_id)
    return AnnotationChange(
        "set" if change.before else "add",
        change.image_id,
        change.object_id if change.before else None,
        class_id=after.class_id,
        box=after.box,
        attributes=dict(after.attributes),
        ignore=WORDS[after.ignore],
        provenance=Provenance.HUMAN,
        shape=None if after.shape is None else pack(from_json(dict(after.shape))),
        no_shape=after.shape is None,
    )


def _settle(batch: Batch, plan: MergePlan, revision: Revision | None, *, by: User) -> None:
    """The batch is merged, and its merged tasks go on from the labels that the merge left."""
    number = revision.number if revision else plan.head
    merged = [task.pk for task in plan.tasks]
    ready = batch.tasks.filter(state__in=finished_states(batch), withheld=False)
    finished = ready.values_list("image_id", flat=True)
    mark_labelled(batch.dataset_id, np.array(finished, dtype=np.int64), since=number)  # also those without a box
    # A new version: an editor that still has the old working copy open is told to look again.
    Task.objects.filter(pk__in=merged).update(boxes=None, base=number, version=F("version") + 1)
    batch.state = Batch.State.MERGED
    batch.merged = revision or batch.merged
    batch.save(update_fields=["state", "merged"])
    data = {"id": batch.pk, "revision": revision.number if revision else None, "tasks": len(merged)}
    audit.record(by=by, action="batch.merge", target=batch, project=batch.dataset.project_id, data=data)
    telling.batch_merged(batch, number)
