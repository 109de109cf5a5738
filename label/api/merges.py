"""Sending a batch back over HTTP: first the diff, then the merge."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from accounts.problems import validated
from dataset.api.shapes import ImageBriefSerializer, ShapeSerializer
from label.api.batches import BatchSerializer, batch_answer, batch_for
from label.api.shapes import TaskCountsSerializer
from label.merge import Clash, MergeChange, MergeConflict, ObjectState, Resolution, resolve
from label.selectors.batches import with_progress
from label.selectors.merges import MergePlan, images_of, merge_preview
from label.services.merging import send_to_curate

MOST_ITEMS = 2000  # changes listed in a preview; the counts count all of them
KINDS = ["added", "removed", "relabelled", "moved", "relabelled_and_moved", "reshaped", "ignored", "attributes"]


class MergeCountsSerializer(serializers.Serializer):
    """`changed` counts each changed box once; `relabelled` and `moved` both count one that is both."""

    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField()
    relabelled = serializers.IntegerField()
    moved = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    conflicts = serializers.IntegerField()


class MergeItemSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Unique in the preview")
    image = ImageBriefSerializer()
    object_id = serializers.IntegerField(allow_null=True, help_text="Null for an object that does not exist yet")
    change = serializers.ChoiceField(choices=KINDS)
    before = ShapeSerializer(allow_null=True)
    after = ShapeSerializer(allow_null=True)
    conflict = serializers.BooleanField()


class MergeConflictSerializer(serializers.Serializer):
    object_id = serializers.IntegerField(help_text="The key of its resolution")
    image = ImageBriefSerializer()
    clash = serializers.ChoiceField(choices=[clash.value for clash in Clash])
    base = ShapeSerializer(allow_null=True)
    ours = ShapeSerializer(allow_null=True)
    theirs = ShapeSerializer(allow_null=True)


class MergePreviewSerializer(serializers.Serializer):
    base = serializers.IntegerField(help_text="The revision that the work started from")
    head = serializers.IntegerField(help_text="The revision that it would be merged into")
    counts = MergeCountsSerializer()
    tasks = TaskCountsSerializer()
    items = MergeItemSerializer(many=True, help_text=f"At most {MOST_ITEMS}; `counts` counts all")
    conflicts = MergeConflictSerializer(many=True)


class MergeInSerializer(serializers.Serializer):
    message = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    resolutions = serializers.DictField(
        child=serializers.ChoiceField(choices=[resolution.value for resolution in Resolution]),
        required=False,
        default=dict,
        help_text="By object id. `both` only where both sides drew a new box",
    )
    head = serializers.IntegerField(
        required=False, help_text="The preview's head: 409 where conflicts were decided on labels that have moved on"
    )


class MergedSerializer(serializers.Serializer):
    revision = serializers.IntegerField(allow_null=True, help_text="Null where there was nothing new to merge")
    batch = BatchSerializer()
    counts = MergeCountsSerializer()
    note = serializers.CharField(help_text="What came of it, as a sentence")


@extend_schema(operation_id="preview_merge", tags=["label"], responses=MergePreviewSerializer)
def preview_merge(request: Request, batch_id: int) -> Response:
    """What merging the batch's finished tasks would change now, and where it collides with other people's work.

    Reviewers and above, as the merge: which finished tasks it leaves out tells the gold ones.
    """
    batch = with_progress([batch_for(request, batch_id, Role.REVIEWER)])[0]
    return Response(preview_answer(merge_preview(batch), batch.progress))


def preview_answer(plan: MergePlan, progress: dict[str, int]) -> dict[str, Any]:
    """Conflicts stand first among the items, as what they come to if our side is taken."""
    if_ours = [change for conflict in plan.conflicts if (change := resolve(conflict, Resolution.OURS))]
    listed = [*((change, True) for change in if_ours), *((change, False) for change in plan.changes)][:MOST_ITEMS]
    images = images_of({change.image_id for change, _ in listed} | {c.image_id for c in plan.conflicts})
    return {
        "base": plan.base,
        "head": plan.head,
        "counts": plan.counts(),
        "tasks": progress,
        "items": [item(change, images[change.image_id], conflict=conflict) for change, conflict in listed],
        "conflicts": [conflict_item(conflict, images[conflict.image_id]) for conflict in plan.conflicts],
    }


def item(change: MergeChange, image: dict[str, Any], *, conflict: bool) -> dict[str, Any]:
    return {
        "key": f"o{change.object_id}" if change.object_id else f"{change.image_id}-{change.key}",
        "image": image,
        "object_id": change.object_id,
        "change": change.kind,
        "before": shape(change.before),
        "after": shape(change.after),
        "conflict": conflict,
    }


def conflict_item(conflict: MergeConflict, image: dict[str, Any]) -> dict[str, Any]:
    return {
        "object_id": conflict.object_id,
        "image": image,
        "clash": conflict.clash.value,
        "base": shape(conflict.base),
        "ours": shape(conflict.ours),
        "theirs": shape(conflict.theirs),
    }


def shape(state: ObjectState | None) -> dict[str, Any] | None:
    if state is None:
        return None
    return {"class_id": state.class_id, "box": list(state.box), "ignore": state.ignore, "shape": state.shape}


@extend_schema(
    operation_id="merge_batch",
    tags=["label"],
    request=MergeInSerializer,
    responses={200: MergedSerializer, 201: MergedSerializer},
)
def merge_batch(request: Request, batch_id: int) -> Response:
    """Merge the finished tasks into the newest labels: 201 with the revision, 200 where there was nothing new.

    409 while conflicts are undecided; `unresolved` names them.
    """
    batch = batch_for(request, batch_id, Role.REVIEWER)
    given = validated(MergeInSerializer, request.data)
    merged = send_to_curate(
        batch=batch,
        by=request.user,
        resolutions=given["resolutions"],
        message=given["message"],
        seen=given.get("head"),
    )
    answer = {
        "revision": merged.revision.number if merged.revision else None,
        "batch": batch_answer(merged.batch),
        "counts": merged.counts,
        "note": merged.note,
    }
    return Response(answer, status=201 if merged.revision else 200)
