"""Leaks between training and validation over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, PageRequest, cut_page, page_request
from accounts.problems import BadInput, validated
from curate.duplicates import actions
from curate.duplicates.api import place_of
from curate.duplicates.leaks import Leaks, Relation, leaks_between, pairs_as_json
from dataset.api.datasets import dataset_for
from dataset.api.shapes import ImageBriefSerializer, SliceBriefSerializer
from dataset.api.slices import SliceSerializer
from dataset.models import Dataset, Slice
from dataset.selectors.slices import image_ids
from science.duplicates.poses import CopyPose

MOST_SLICES = 100


class LeakRelationSerializer(serializers.Serializer):
    """How many validation images are known in training so, each counted by its surest relation."""

    relation = serializers.ChoiceField(choices=[one.value for one in Relation])
    images = serializers.IntegerField()


class LeaksLookedSerializer(serializers.Serializer):
    """What was looked for. Same images, same bytes and sequences always are, the pictures by a search."""

    search = serializers.IntegerField(allow_null=True, help_text="The job that looked at the pictures; null: none has")
    not_looked_at = serializers.IntegerField(help_text="Images of both sides at whose pictures no search has looked")
    with_embedding = serializers.IntegerField()
    job = serializers.IntegerField(allow_null=True, help_text="The search that is waiting or at work")


class LeakPairSerializer(serializers.Serializer):
    validation = ImageBriefSerializer()
    training = ImageBriefSerializer()
    relation = serializers.ChoiceField(choices=[one.value for one in Relation])
    overlap = serializers.FloatField(help_text="The part of both pictures that they share")
    pose = serializers.ChoiceField(choices=[one.value for one in CopyPose], allow_null=True)


class LeaksSerializer(serializers.Serializer):
    train_images = serializers.IntegerField()
    validation_images = serializers.IntegerField()
    images = serializers.IntegerField(help_text="Validation images with a copy in training")
    training_images = serializers.IntegerField(help_text="Training images with a copy in validation")
    pairs = serializers.IntegerField()
    relations = LeakRelationSerializer(many=True)
    sequences = serializers.IntegerField(help_text="Sequences with images on both sides")
    sequence_images = serializers.IntegerField(help_text="Validation images in them")
    looked = LeaksLookedSerializer()
    items = LeakPairSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class TakeOutInSerializer(serializers.Serializer):
    train = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=MOST_SLICES)
    validation = serializers.IntegerField()


class LeakSliceInSerializer(TakeOutInSerializer):
    name = serializers.CharField(max_length=120)


class TakenOutSerializer(serializers.Serializer):
    slice = SliceBriefSerializer()
    images = serializers.ListField(child=serializers.IntegerField(), help_text="What was taken out: undoing needs it")


class TakeOutSerializer(serializers.Serializer):
    changed = TakenOutSerializer(many=True)


def leaks_page(dataset: Dataset, found: Leaks, page: PageRequest) -> dict[str, Any]:
    """A page of pairs, with the numbers."""
    start = place_of(page)
    few = list(enumerate(found.pairs.at(start, start + page.fetch), start))
    shown, following = cut_page(few, page, lambda entry: [entry[0] + 1])
    return {**found.as_json(dataset), "items": pairs_as_json([pair for _, pair in shown]), "next": following}


def slices_named(dataset: Dataset, ids: list[int], field: str) -> list[Slice]:
    """The dataset's slices of these ids. Raises BadInput where one is none."""
    found = dataset.slices.in_bulk(ids)
    missing = [pk for pk in ids if pk not in found]
    if missing or not ids:
        sentence = f"This dataset has no slice {missing[0]}." if missing else "Name at least one slice."
        raise BadInput(sentence, errors={field: [sentence]})
    return [found[pk] for pk in dict.fromkeys(ids)]


@extend_schema(
    operation_id="list_leaks",
    tags=["curate"],
    parameters=[
        OpenApiParameter("train", str, required=True, description="The slices trained on: their ids, with commas"),
        OpenApiParameter("validation", int, required=True, description="The slice judged on"),
        *PAGE_PARAMETERS,
    ],
    responses=LeaksSerializer,
)
def list_leaks(request: Request, dataset_id: int) -> Response:
    """Validation images that have a copy in training, pair by pair, the surest first."""
    dataset = dataset_for(request, dataset_id)
    given = validated(
        TakeOutInSerializer,
        {
            "train": [one for one in request.query_params.get("train", "").split(",") if one],
            "validation": request.query_params.get("validation"),
        },
    )
    train = slices_named(dataset, given["train"], "train")
    validation = slices_named(dataset, [given["validation"]], "validation")
    found = leaks_between(dataset, image_ids(train), image_ids(validation))
    return Response(leaks_page(dataset, found, page_request(request)))


@extend_schema(
    operation_id="take_copies_out", tags=["curate"], request=TakeOutInSerializer, responses=TakeOutSerializer
)
def take_out(request: Request, dataset_id: int) -> Response:
    """Take out of the training slices every image that has a copy in the validation slice."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(TakeOutInSerializer, request.data)
    changes = actions.take_copies_out(
        train=slices_named(dataset, given["train"], "train"),
        validation=slices_named(dataset, [given["validation"]], "validation")[0],
        by=request.user,
    )
    changed = [{"slice": SliceBriefSerializer(one.slice).data, "images": one.image_ids} for one in changes]
    return Response({"changed": changed})


@extend_schema(
    operation_id="make_slice_of_copies",
    tags=["curate"],
    request=LeakSliceInSerializer,
    responses={201: SliceSerializer},
)
def make_slice(request: Request, dataset_id: int) -> Response:
    """Make a slice of the training images that have a copy in the validation slice."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(LeakSliceInSerializer, request.data)
    row = actions.slice_the_copies(
        train=slices_named(dataset, given["train"], "train"),
        validation=slices_named(dataset, [given["validation"]], "validation")[0],
        name=given["name"],
        by=request.user,
    )
    return Response(SliceSerializer(row).data, status=201)
