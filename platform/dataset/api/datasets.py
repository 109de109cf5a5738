"""Datasets and their classes over HTTP."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import BadInput, validated
from dataset.api.shapes import AttributeSerializer, DatasetClassSerializer
from dataset.models import Dataset, LabelClass
from dataset.selectors import datasets as reads
from dataset.services import datasets as services


class DatasetSerializer(serializers.ModelSerializer[Dataset]):
    classes = DatasetClassSerializer(many=True)
    attributes = AttributeSerializer(many=True)
    metadata_keys = serializers.ListField(child=serializers.CharField())
    cover = serializers.SerializerMethodField(help_text="Addresses of at most four thumbnails")

    class Meta:
        model = Dataset
        fields = [
            "id", "project", "name", "description", "classes", "attributes", "head_revision", "image_count",
            "annotation_count", "created_at", "metadata_keys", "cover",
        ]  # fmt: skip

    def get_cover(self, row: Dataset) -> list[str]:
        return reads.cover(row)


class ClassInSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    colour = serializers.RegexField(r"^#[0-9a-fA-F]{6}$", required=False)
    hotkey = serializers.CharField(max_length=1, required=False, allow_blank=True)


class DatasetInSerializer(serializers.Serializer):
    project = serializers.IntegerField()
    name = serializers.CharField(max_length=120)
    description = serializers.CharField(required=False, allow_blank=True)
    classes = ClassInSerializer(many=True, required=False)


class DatasetChangeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120, required=False)
    description = serializers.CharField(required=False, allow_blank=True)


def dataset_for(request: Request, dataset_id: int, at_least: Role = Role.VIEWER) -> Dataset:
    """The dataset, if the caller may; 404 or 403 otherwise."""
    return access.one_of(request.user, Dataset.objects.all(), dataset_id, at_least=at_least)


@extend_schema(
    operation_id="list_datasets",
    tags=["dataset"],
    parameters=[OpenApiParameter("project", int), *PAGE_PARAMETERS],
    responses=page_shape(DatasetSerializer),
)
def list_datasets(request: Request) -> Response:
    """The datasets that you see, newest first."""
    project = request.query_params.get("project")
    if project is not None and not project.isdecimal():
        raise BadInput("project must be a number.", errors={"project": ["Must be a number."]})
    rows = reads.datasets_for(request.user, project=int(project) if project else None)
    items, following = newest_first(rows, page_request(request))
    return Response({"items": DatasetSerializer(items, many=True).data, "next": following})


@extend_schema(
    operation_id="create_dataset", tags=["dataset"], request=DatasetInSerializer, responses={201: DatasetSerializer}
)
def create_dataset(request: Request) -> Response:
    """Make an empty dataset; classes may also come with an import."""
    given = validated(DatasetInSerializer, request.data)
    project = access.project_for(request.user, given.pop("project"))
    row = services.create_dataset(project=project, by=request.user, **given)
    return Response(DatasetSerializer(row).data, status=201)


@extend_schema(operation_id="get_dataset", tags=["dataset"], responses=DatasetSerializer)
def get_dataset(request: Request, dataset_id: int) -> Response:
    return Response(DatasetSerializer(dataset_for(request, dataset_id)).data)


@extend_schema(
    operation_id="change_dataset", tags=["dataset"], request=DatasetChangeSerializer, responses=DatasetSerializer
)
def change_dataset(request: Request, dataset_id: int) -> Response:
    row = dataset_for(request, dataset_id, Role.MANAGER)
    changed = services.change_dataset(
        dataset=row, by=request.user, **validated(DatasetChangeSerializer, request.data, partial=True)
    )
    return Response(DatasetSerializer(changed).data)


@extend_schema(operation_id="delete_dataset", tags=["dataset"], responses={204: None})
def delete_dataset(request: Request, dataset_id: int) -> Response:
    """Remove a dataset with its images, annotations, slices, runs and evaluations. There is no way back."""
    services.delete_dataset(dataset=dataset_for(request, dataset_id), by=request.user)
    return Response(status=204)


@extend_schema(
    operation_id="create_class", tags=["dataset"], request=ClassInSerializer, responses={201: DatasetClassSerializer}
)
def create_class(request: Request, dataset_id: int) -> Response:
    """Append a class to the list."""
    row = dataset_for(request, dataset_id, Role.MANAGER)
    made = services.create_class(dataset=row, by=request.user, **validated(ClassInSerializer, request.data))
    return Response(DatasetClassSerializer(made).data, status=201)


@extend_schema(
    operation_id="change_class", tags=["dataset"], request=ClassInSerializer, responses=DatasetClassSerializer
)
def change_class(request: Request, class_id: int) -> Response:
    """Change a class's name, colour or hotkey."""
    rows = LabelClass.objects.select_related("dataset")
    row = access.one_of(request.user, rows, class_id, through="dataset.project_id", at_least=Role.MANAGER)
    given = validated(ClassInSerializer, request.data, partial=True)
    return Response(DatasetClassSerializer(services.change_class(row=row, by=request.user, **given)).data)
