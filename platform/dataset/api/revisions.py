"""Revisions over HTTP: list, diff, revert, edits."""

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.pages import (
    PAGE_PARAMETERS,
    cut_page,
    newest_first,
    only_number,
    page_parameters,
    page_request,
    page_shape,
)
from accounts.problems import validated
from dataset.api.datasets import dataset_for
from dataset.api.finer_shapes import SHAPES, PackedShapeField, wants_shapes
from dataset.api.shapes import (
    BoxField,
    CountsSerializer,
    ImageBriefSerializer,
    MetadataField,
    ShapeSerializer,
)
from dataset.importing.ignoring import WORDS
from dataset.models import Revision
from dataset.selectors import changes as reads
from dataset.selectors.images import image_brief
from dataset.services import revisions as services

CHANGE_KINDS = ["added", "removed", "relabelled", "moved", "relabelled_and_moved", "reshaped", "ignored", "attributes"]


class RevisionSerializer(serializers.ModelSerializer[Revision]):
    kind = serializers.ChoiceField(choices=Revision.Kind.choices)
    author = PersonSerializer(allow_null=True)
    counts = CountsSerializer()

    class Meta:
        model = Revision
        fields = ["id", "dataset", "number", "kind", "message", "author", "created_at", "counts"]


class ClassCountsSerializer(CountsSerializer):
    class_id = serializers.IntegerField()


class ChangeKindsSerializer(serializers.Serializer):
    """A box both relabelled and moved counts in both."""

    relabelled = serializers.IntegerField()
    moved = serializers.IntegerField()
    added = serializers.IntegerField()
    removed = serializers.IntegerField()


class RevisionDetailSerializer(RevisionSerializer):
    by_class = ClassCountsSerializer(many=True)
    changes_by_kind = ChangeKindsSerializer()

    class Meta(RevisionSerializer.Meta):
        fields = [*RevisionSerializer.Meta.fields, "by_class", "changes_by_kind"]


class ChangeSerializer(serializers.Serializer):
    """One object before and after a revision; null where it was not."""

    image = serializers.SerializerMethodField()
    object_id = serializers.IntegerField()
    change = serializers.ChoiceField(choices=CHANGE_KINDS)
    before = ShapeSerializer(allow_null=True)
    after = ShapeSerializer(allow_null=True)

    @extend_schema_field(ImageBriefSerializer(allow_null=True))
    def get_image(self, change: reads.ObjectChange) -> dict[str, object] | None:
        return None if change.image is None else image_brief(change.image)


class RevertInSerializer(serializers.Serializer):
    to = serializers.IntegerField(min_value=0)
    on = serializers.IntegerField(required=False, help_text="The head that one has seen; 412 where it is another")
    message = serializers.CharField(max_length=500, required=False, allow_blank=True)


class EditSerializer(serializers.Serializer):
    """`add` needs class_id and box; `set` changes what is given; `remove` needs the object only."""

    op = serializers.ChoiceField(choices=["add", "set", "remove"])
    image = serializers.IntegerField()
    object_id = serializers.IntegerField(required=False)
    class_id = serializers.IntegerField(required=False)
    box = BoxField(required=False)
    attributes = MetadataField(required=False)
    ignore = serializers.ChoiceField(choices=list(WORDS), required=False)
    shape = PackedShapeField(
        required=False, allow_null=True, help_text="Without a box, the box is the one around it; null: none any more"
    )


class EditsInSerializer(serializers.Serializer):
    on = serializers.IntegerField(min_value=0, help_text="The head revision that the edits were made on")
    message = serializers.CharField(max_length=500, required=False, allow_blank=True)
    edits = EditSerializer(many=True, allow_empty=False)


def revision_for(request: Request, revision_id: int) -> Revision:
    rows = Revision.objects.select_related("dataset", "author")
    return access.one_of(request.user, rows, revision_id, through="dataset.project_id")


@extend_schema(
    operation_id="list_revisions",
    tags=["dataset"],
    parameters=PAGE_PARAMETERS,
    responses=page_shape(RevisionSerializer),
)
def list_revisions(request: Request, dataset_id: int) -> Response:
    """A dataset's revisions, newest first."""
    rows = Revision.objects.filter(dataset=dataset_for(request, dataset_id)).select_related("author")
    items, following = newest_first(rows, page_request(request))
    return Response({"items": RevisionSerializer(items, many=True).data, "next": following})


@extend_schema(operation_id="get_revision", tags=["dataset"], responses=RevisionDetailSerializer)
def get_revision(request: Request, revision_id: int) -> Response:
    """A revision and what it changed, counted by class and kind."""
    row = revision_for(request, revision_id)
    return Response(RevisionSerializer(row).data | reads.summary_of(row))


@extend_schema(
    operation_id="get_revision_diff",
    tags=["dataset"],
    parameters=[*page_parameters(default=100), SHAPES],
    responses=page_shape(ChangeSerializer),
)
def get_diff(request: Request, revision_id: int) -> Response:
    """What the revision changed, object by object."""
    row, wanted = revision_for(request, revision_id), page_request(request, default=100)
    after = only_number(wanted.after) if wanted.after else 0
    changes = reads.changes_of(row, after=after, limit=wanted.fetch)
    items, following = cut_page(changes, wanted, lambda change: [change.object_id])
    shown = ChangeSerializer(items, many=True, context={"shapes": wants_shapes(request)})
    return Response({"items": shown.data, "next": following})


@extend_schema(
    operation_id="revert_dataset", tags=["dataset"], request=RevertInSerializer, responses={201: RevisionSerializer}
)
def revert(request: Request, dataset_id: int) -> Response:
    """Make a revision whose labels are those of an earlier one; 0 is before the first."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    made = services.revert(dataset=dataset, by=request.user, **validated(RevertInSerializer, request.data))
    return Response(RevisionSerializer(made).data, status=201)


@extend_schema(
    operation_id="edit_annotations", tags=["dataset"], request=EditsInSerializer, responses={201: RevisionSerializer}
)
def edit(request: Request, dataset_id: int) -> Response:
    """Change annotations: all of the edits or none. 412 with the present head when `on` is not it any more."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(EditsInSerializer, request.data)
    made = services.apply_changes(
        dataset=dataset,
        by=request.user,
        kind=Revision.Kind.EDIT,
        message=given.get("message", ""),
        changes=[as_change(change) for change in given["edits"]],
        on=given["on"],
    )
    return Response(RevisionSerializer(made).data, status=201)


def as_change(given: dict[str, object]) -> services.AnnotationChange:
    """An edit with its words as the services have them."""
    ignore = given.pop("ignore", None)
    how = None if ignore is None else WORDS[str(ignore)]
    no_shape = "shape" in given and given["shape"] is None
    return services.AnnotationChange(image_id=given.pop("image"), **given, ignore=how, no_shape=no_shape)
