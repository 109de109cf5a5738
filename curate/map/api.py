"""Embeddings over HTTP: computing them, similar images, the map and its colours."""

from __future__ import annotations

from typing import Any

import numpy as np
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from accounts.pages import limit_of, limit_parameter
from accounts.problems import BadInput, validated
from curate.embeddings import reads
from curate.map import colours, embed
from curate.models import EmbeddingMap
from curate.query.image_source import ImageSource
from curate.query.request import finished_evaluations, row_named
from dataset.api.datasets import dataset_for
from dataset.api.images import image_for
from dataset.api.shapes import ImageBriefSerializer
from dataset.models import Dataset
from jobs.api import JobSerializer

MAP = OpenApiParameter("map", int, description="Which map; the newest where nothing is said")
MOST_SIMILAR = 200
SIMILAR = 24  # where nothing is said
GONE = -2


class EmbeddingsInSerializer(serializers.Serializer):
    slice = serializers.IntegerField(required=False, allow_null=True, help_text="The images meant …")
    q = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="… narrowed by a query line; neither: all"
    )
    objects = serializers.BooleanField(default=False, help_text="Also every labelled object on them, cut out")


class EmbeddedSerializer(serializers.Serializer):
    embedded = serializers.IntegerField()
    total = serializers.IntegerField()


class EmbeddingsSerializer(serializers.Serializer):
    """How far a dataset is embedded."""

    encoder = serializers.CharField()
    images = EmbeddedSerializer()
    objects = EmbeddedSerializer()
    map = serializers.IntegerField(allow_null=True, help_text="The newest embedding map")
    job = serializers.IntegerField(allow_null=True, help_text="The job that is computing")


class SimilarImageSerializer(serializers.Serializer):
    image = ImageBriefSerializer()
    distance = serializers.FloatField(help_text="0: the same picture; 1: nothing in common")


class SimilarImagesSerializer(serializers.Serializer):
    embedded = serializers.BooleanField(help_text="False: this image has no embedding yet, hence no similar images")
    items = SimilarImageSerializer(many=True)


class EmbeddingMapSerializer(serializers.Serializer):
    """Points in the order of `image_ids`, whole numbers from 0 to `plane`; y points down."""

    id = serializers.IntegerField()
    encoder = serializers.CharField()
    method = serializers.ChoiceField(choices=["umap", "pca"])
    seed = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    plane = serializers.IntegerField()
    image_ids = serializers.ListField(child=serializers.IntegerField())
    x = serializers.ListField(child=serializers.IntegerField())
    y = serializers.ListField(child=serializers.IntegerField())


class ColourGroupSerializer(serializers.Serializer):
    """Images of one colour: `name`, or a `code` that the interface has words for."""

    name = serializers.CharField(required=False)
    code = serializers.ChoiceField(choices=["other", "outside", "fn", "fp", "tp"], required=False)
    colour = serializers.CharField(required=False, help_text="Where it has one of its own")
    images = serializers.IntegerField()


class MapColoursSerializer(serializers.Serializer):
    groups = ColourGroupSerializer(many=True)
    of = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="For each point the place of its group; -1: none; -2: the image was removed",
    )


@extend_schema(operation_id="get_embeddings", tags=["curate"], responses=EmbeddingsSerializer)
def get_embeddings(request: Request, dataset_id: int) -> Response:
    """How many images and objects have an embedding, the newest map, and the job at work."""
    return Response(reads.status(dataset_for(request, dataset_id)))


@extend_schema(
    operation_id="compute_embeddings", tags=["curate"], request=EmbeddingsInSerializer, responses={202: JobSerializer}
)
def compute_embeddings(request: Request, dataset_id: int) -> Response:
    """Compute the embeddings that are missing, then the map. Asked twice, the first job is the answer."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(EmbeddingsInSerializer, request.data)
    within = None
    if given.get("slice") is not None:
        within = dataset.slices.filter(pk=given["slice"]).first()
        if within is None:
            raise BadInput("This dataset has no such slice.", errors={"slice": ["There is no such one."]})
    new = embed.NewEmbeddings(ImageSource(within, given["q"]), given["objects"])
    job = embed.start_embeddings(dataset=dataset, new=new, by=request.user)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(
    operation_id="list_similar_images",
    tags=["curate"],
    parameters=[limit_parameter(MOST_SIMILAR, SIMILAR)],
    responses=SimilarImagesSerializer,
)
def list_similar_images(request: Request, image_id: int) -> Response:
    """The images of the same dataset that look most like this one, nearest first."""
    image = image_for(request, image_id)
    limit = limit_of(request, default=SIMILAR, largest=MOST_SIMILAR)
    return Response({"embedded": reads.has_embedding(image), "items": reads.similar_images(image, limit)})


def map_for(request: Request, dataset: Dataset) -> EmbeddingMap:
    """The map asked for, or the newest; 404 where there is none."""
    found = row_named(request, "map", dataset.embedding_maps.all()) or reads.newest_map(dataset)
    if found is None:
        raise NotFound("This dataset has no embedding map yet. Compute its embeddings.")
    return found


@extend_schema(operation_id="get_embedding_map", tags=["curate"], parameters=[MAP], responses=EmbeddingMapSerializer)
def get_embedding_map(request: Request, dataset_id: int) -> Response:
    """Where the images lie on the map."""
    drawn = map_for(request, dataset_for(request, dataset_id))
    found = reads.points_of(drawn)
    return Response(
        {
            "id": drawn.pk,
            "encoder": drawn.encoder,
            "method": drawn.method,
            "seed": drawn.seed,
            "created_at": drawn.created_at,
            "plane": EmbeddingMap.PLANE,
            "image_ids": found.image_ids.tolist(),
            "x": found.points[:, 0].tolist(),
            "y": found.points[:, 1].tolist(),
        }
    )


@extend_schema(
    operation_id="get_map_colours",
    tags=["curate"],
    parameters=[
        MAP,
        OpenApiParameter("by", str, required=True, enum=["class", "sequence", "metadata", "slice", "evaluation"]),
        OpenApiParameter("key", str, description="Of the metadata"),
        OpenApiParameter("slice", int),
        OpenApiParameter("evaluation", int),
    ],
    responses=MapColoursSerializer,
)
def get_map_colours(request: Request, dataset_id: int) -> Response:
    """The groups that the map's points are coloured by."""
    dataset = dataset_for(request, dataset_id)
    ids = reads.points_of(map_for(request, dataset)).image_ids
    there = reads.still_there(dataset, ids)
    found = _coloured(request, dataset, ids[there])
    of = np.full(len(ids), GONE)
    of[there] = found.of
    return Response({"groups": found.groups, "of": of.tolist()})


def _coloured(request: Request, dataset: Dataset, ids: np.ndarray[Any, Any]) -> colours.Colours:
    by = request.query_params.get("by")
    if by == "class":
        return colours.by_class(dataset, ids)
    if by == "sequence":
        return colours.by_sequence(dataset, ids)
    if by == "metadata":
        return colours.by_metadata(dataset, ids, request.query_params.get("key", ""))
    if by == "slice" and (one := row_named(request, "slice", dataset.slices.all())):
        return colours.by_slice(one, ids)
    if by == "evaluation" and (evaluation := row_named(request, "evaluation", finished_evaluations(dataset))):
        return colours.by_evaluation(evaluation, ids)
    sentence = "Colours go by class, by sequence, by metadata with a key, by a slice or by an evaluation."
    raise BadInput(sentence, errors={"by": [sentence]})
