"""Sources by name over HTTP: what the names tell, and keeping it as the images' sequence."""

from __future__ import annotations

import numpy as np
from drf_spectacular.utils import extend_schema
from numpy.typing import NDArray
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from accounts.problems import validated
from curate.duplicates import sources
from curate.query.request import FILTER_PARAMETERS, Filter, read_filter, row_of
from dataset.api.datasets import dataset_for
from science.duplicates.names import Naming


class FoundNamingSerializer(serializers.Serializer):
    naming = serializers.ChoiceField(choices=[one.value for one in Naming])
    images = serializers.IntegerField()
    sources = serializers.IntegerField()
    largest = serializers.IntegerField(help_text="Images of the source that has most")
    example = serializers.CharField()
    example_names = serializers.ListField(child=serializers.CharField())


class NamedSourcesSerializer(serializers.Serializer):
    """What the names tell. A way of naming counts where most of a folder's names follow it."""

    images = serializers.IntegerField(help_text="That were asked about")
    named = serializers.IntegerField(help_text="Of them: those of which the name tells a source")
    sources = serializers.IntegerField()
    kept = serializers.IntegerField(help_text="Images whose sequence is the source that their name tells of")
    to_keep = serializers.IntegerField(help_text="Images without a sequence that would get one")
    with_sequence = serializers.IntegerField(help_text="Images that have any sequence")
    found = FoundNamingSerializer(many=True, help_text="Of the whole dataset")


class SourcesInSerializer(serializers.Serializer):
    keep = serializers.BooleanField(help_text="True: keep the sources as the images' sequence. False: undo that")
    q = serializers.CharField(required=False, allow_blank=True, default="")
    slice = serializers.IntegerField(required=False, allow_null=True)


class SourcesKeptSerializer(serializers.Serializer):
    changed = serializers.IntegerField(help_text="Images")


@extend_schema(
    operation_id="get_sources", tags=["curate"], parameters=FILTER_PARAMETERS, responses=NamedSourcesSerializer
)
def get_sources(request: Request, dataset_id: int) -> Response:
    """Which images were made of one source, as their names tell."""
    dataset = dataset_for(request, dataset_id)
    return Response(sources.sources_of(dataset).as_json(_ids(read_filter(request, dataset))))


@extend_schema(
    operation_id="keep_sources", tags=["curate"], request=SourcesInSerializer, responses=SourcesKeptSerializer
)
def keep_sources(request: Request, dataset_id: int) -> Response:
    """Keep the sources as the sequence of images that have none, or undo that."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(SourcesInSerializer, request.data)
    meant = Filter(dataset=dataset, q=given["q"], slice=row_of("slice", given.get("slice"), dataset.slices.all()))
    service = sources.keep_sources if given["keep"] else sources.forget_sources
    return Response({"changed": service(dataset=dataset, image_ids=_ids(meant), by=request.user)})


def _ids(meant: Filter) -> NDArray[np.int64] | None:
    """The images meant; None where they are all of the dataset's."""
    if not meant.narrowed:
        return None
    return np.array(list(meant.images().order_by("id").values_list("id", flat=True)), np.int64)
