"""What a slice has to do with other things, over HTTP: other slices, what uses it, the manifests that froze it."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.problems import validated, validated_query
from dataset.api.shapes import ManifestSerializer, SliceBriefSerializer
from dataset.api.slices import slice_for
from dataset.models import Manifest
from dataset.selectors import manifests as manifest_reads
from dataset.selectors import slice_sets, slice_uses
from dataset.services import manifests
from dataset.services import slices as services


class OtherSliceSerializer(serializers.Serializer):
    other = serializers.IntegerField()


class UseIntervalSerializer(serializers.Serializer):
    """Bounds of the figure."""

    low = serializers.FloatField()
    high = serializers.FloatField()


class SharedImagesSerializer(serializers.Serializer):
    images = serializers.IntegerField()
    q = serializers.CharField(help_text="The query line that finds them")


class SliceDiffSerializer(serializers.Serializer):
    """Two slices of a dataset beside each other."""

    a = SliceBriefSerializer()
    b = SliceBriefSerializer()
    only_a = SharedImagesSerializer()
    both = SharedImagesSerializer()
    only_b = SharedImagesSerializer()


class SliceUseSerializer(serializers.Serializer):
    """Something that uses a slice."""

    kind = serializers.ChoiceField(choices=["run", "evaluation", "prediction_set", "batch", "auto_curate"])
    id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=slice_uses.ROLES)
    created_at = serializers.DateTimeField()
    link = serializers.CharField(help_text="The front end's address")
    ap = serializers.FloatField(allow_null=True)
    interval = UseIntervalSerializer(allow_null=True)


class ManifestInSerializer(serializers.Serializer):
    revision = serializers.IntegerField(min_value=0, required=False, help_text="Whose labels; default: the newest")


class FrozenSliceSerializer(serializers.Serializer):
    """A manifest made of a slice, and how the slice has changed since."""

    manifest = ManifestSerializer()
    alone = serializers.BooleanField(help_text="Made of this slice and no other; only then is anything compared")
    added = serializers.IntegerField(help_text="Images that came into the slice since")
    removed = serializers.IntegerField(help_text="Images that went out of it since")


@extend_schema(
    operation_id="get_slice_diff",
    tags=["dataset"],
    parameters=[OpenApiParameter("other", int, required=True, description="Another slice of the dataset")],
    responses=SliceDiffSerializer,
)
def get_diff(request: Request, slice_id: int) -> Response:
    """The slice (a) beside another one (b): what only one of them has, and what both have."""
    row = slice_for(request, slice_id)
    given = validated_query(OtherSliceSerializer, request)
    return Response(SliceDiffSerializer(slice_sets.difference(row, services.sibling(row, given["other"]))).data)


@extend_schema(operation_id="list_slice_uses", tags=["dataset"], responses=SliceUseSerializer(many=True))
def list_uses(request: Request, slice_id: int) -> Response:
    """Runs, evaluations, batches and auto-curate runs that use the slice, newest first."""
    return Response(SliceUseSerializer(slice_uses.uses_of(slice_for(request, slice_id)), many=True).data)


@extend_schema(operation_id="list_slice_manifests", tags=["dataset"], responses=FrozenSliceSerializer(many=True))
def list_manifests(request: Request, slice_id: int) -> Response:
    """The manifests that name the slice, newest first."""
    return Response(FrozenSliceSerializer(manifest_reads.manifests_of(slice_for(request, slice_id)), many=True).data)


@extend_schema(
    operation_id="freeze_slice", tags=["dataset"], request=ManifestInSerializer, responses={201: ManifestSerializer}
)
def freeze_slice(request: Request, slice_id: int) -> Response:
    """Freeze the slice's images with the labels of a revision. Equal content is the same manifest."""
    row = slice_for(request, slice_id, Role.MANAGER)
    given = validated(ManifestInSerializer, request.data)
    made = manifests.freeze_slice(row=row, revision=given.get("revision"), by=request.user)
    return Response(ManifestSerializer(made).data, status=201)


@extend_schema(operation_id="get_manifest", tags=["dataset"], responses=ManifestSerializer)
def get_manifest(request: Request, manifest_id: int) -> Response:
    rows = Manifest.objects.select_related("dataset")
    row = access.one_of(request.user, rows, manifest_id, through="dataset.project_id")
    return Response(ManifestSerializer(row).data)
