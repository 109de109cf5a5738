"""The home of labellers and reviewers over HTTP: what is mine, and next."""

from datetime import date

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.people import PersonSerializer
from accounts.problems import validated_query
from dataset.api.datasets import dataset_for
from dataset.api.shapes import ImageBriefSerializer
from dataset.selectors.images import image_brief
from label.api.batches import BatchSerializer
from label.models import Batch, Task
from label.selectors.work_home import desk_of

KINDS = ["sent_back", "begun", "assigned", "review", "start"]


class BatchBriefSerializer(serializers.ModelSerializer[Batch]):
    class Meta:
        model = Batch
        fields = ["id", "name", "dataset"]


class WorkTaskSerializer(serializers.ModelSerializer[Task]):
    image = serializers.SerializerMethodField()
    batch = BatchBriefSerializer()
    due = serializers.SerializerMethodField(help_text="The day that counts: its own, else the batch's")

    class Meta:
        model = Task
        fields = ["id", "image", "batch", "state", "position", "due", "open_issues"]

    @extend_schema_field(ImageBriefSerializer)
    def get_image(self, task: Task) -> dict[str, object]:
        return image_brief(task.image)

    def get_due(self, task: Task) -> date | None:
        return task.due or task.batch.due


class SentBackTaskSerializer(WorkTaskSerializer):
    reason = serializers.CharField(source="last_round.reason", help_text="May be empty: then its issues say why")
    reviewer = PersonSerializer(source="last_round.reviewer", allow_null=True)
    round = serializers.IntegerField(source="last_round.number")

    class Meta(WorkTaskSerializer.Meta):
        fields = [*WorkTaskSerializer.Meta.fields, "reason", "reviewer", "round"]


class DeskCountsSerializer(serializers.Serializer):
    sent_back = serializers.IntegerField()
    begun = serializers.IntegerField()
    assigned = serializers.IntegerField()


class ToReviewSerializer(serializers.Serializer):
    batch = BatchBriefSerializer()
    waiting = serializers.IntegerField(help_text="Tasks in review that are not your own work")
    held = serializers.IntegerField(help_text="Of these, at which another reviewer is")


class NextWorkSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=KINDS)
    task = serializers.IntegerField(allow_null=True, help_text="null: ask the batch for it")
    batch = serializers.IntegerField()


class LabelDeskSerializer(serializers.Serializer):
    """What is yours; of each kind the first tasks, and how many there are."""

    sent_back = SentBackTaskSerializer(many=True)
    begun = WorkTaskSerializer(many=True)
    assigned = WorkTaskSerializer(many=True)
    counts = DeskCountsSerializer()
    to_review = ToReviewSerializer(many=True)
    batches = BatchSerializer(many=True, help_text="The newest that are open")
    next = NextWorkSerializer(allow_null=True, help_text="What to go on with")


class WorkFilterSerializer(serializers.Serializer):
    dataset = serializers.IntegerField(required=False)


@extend_schema(
    operation_id="get_label_desk",
    tags=["label"],
    parameters=[OpenApiParameter("dataset", int, description="Only of this dataset")],
    responses=LabelDeskSerializer,
)
def get_label_desk(request: Request) -> Response:
    """What is yours in Label: sent back, begun, assigned, to review; and what to go on with."""
    dataset = validated_query(WorkFilterSerializer, request).get("dataset")
    if dataset is not None:
        dataset_for(request, dataset)
    return Response(LabelDeskSerializer(desk_of(request.user, dataset_id=dataset)).data)
