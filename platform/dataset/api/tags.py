"""Tags over HTTP. They are hung on images through the grid, which knows what "all that match" means."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.problems import validated
from dataset.api.datasets import dataset_for
from dataset.api.shapes import TagSerializer
from dataset.models import Tag
from dataset.selectors import tags as reads
from dataset.services import tags as services


class TagCountSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    images = serializers.IntegerField()


class TagChangeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=services.LONGEST)


def tag_for(request: Request, tag_id: int) -> Tag:
    rows = Tag.objects.select_related("dataset")
    return access.one_of(request.user, rows, tag_id, through="dataset.project_id")


@extend_schema(operation_id="list_tags", tags=["dataset"], responses=TagCountSerializer(many=True))
def list_tags(request: Request, dataset_id: int) -> Response:
    """A dataset's tags with the number of images that have each, by name."""
    return Response(reads.tags_of(dataset_for(request, dataset_id)))


@extend_schema(operation_id="change_tag", tags=["dataset"], request=TagChangeSerializer, responses=TagSerializer)
def change_tag(request: Request, tag_id: int) -> Response:
    """Rename a tag."""
    given = validated(TagChangeSerializer, request.data)
    tag = services.rename_tag(tag=tag_for(request, tag_id), by=request.user, **given)
    return Response(TagSerializer(tag).data)


@extend_schema(operation_id="delete_tag", tags=["dataset"], responses={204: None})
def delete_tag(request: Request, tag_id: int) -> Response:
    """Take a tag off all images and forget it."""
    services.delete_tag(tag=tag_for(request, tag_id), by=request.user)
    return Response(status=204)
