"""Tags and metadata of one image over HTTP, as labellers give them in the editor."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.problems import validated
from dataset.api.datasets import dataset_for
from dataset.api.shapes import MetadataField, ScalarField
from dataset.models import Image
from dataset.selectors import image_labels as reads
from dataset.services import image_labels as services


class ImageTagsField(serializers.ListField):
    """The names of an image's tags, in order."""

    child = serializers.CharField()


class ImageLabelsInSerializer(serializers.Serializer):
    add_tags = serializers.ListField(child=serializers.CharField(), required=False)
    remove_tags = serializers.ListField(child=serializers.CharField(), required=False)
    metadata = serializers.DictField(
        child=ScalarField(allow_null=True), required=False, help_text="Values by key; null takes one away"
    )


class ImageLabelsSerializer(serializers.Serializer):
    tags = ImageTagsField()
    metadata = MetadataField()


class ChoicesOfKeySerializer(serializers.Serializer):
    key = serializers.CharField()
    values = serializers.ListField(child=ScalarField())


class ImageChoicesSerializer(serializers.Serializer):
    """What an image of the dataset can be said to be."""

    tags = ImageTagsField()
    metadata = ChoicesOfKeySerializer(many=True, help_text="Keys with few values, which can be chosen")


@extend_schema(
    operation_id="label_image", tags=["dataset"], request=ImageLabelsInSerializer, responses=ImageLabelsSerializer
)
def label_image(request: Request, image_id: int) -> Response:
    """Change an image's tags and metadata: known tags, or `rejected`, and known keys."""
    rows = Image.objects.select_related("dataset")
    image = access.one_of(request.user, rows, image_id, through="dataset.project_id", at_least=Role.LABELLER)
    labels = services.ImageLabelChanges(**validated(ImageLabelsInSerializer, request.data))
    image = services.label_image(image=image, labels=labels, by=request.user)
    return Response(reads.labels_of(image))


@extend_schema(operation_id="get_image_choices", tags=["dataset"], responses=ImageChoicesSerializer)
def get_image_choices(request: Request, dataset_id: int) -> Response:
    """The tags, and the metadata keys that have few values, with these."""
    return Response(reads.choices_of(dataset_for(request, dataset_id)))
