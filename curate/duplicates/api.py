"""Duplicates of a dataset over HTTP: looking for them, their groups, keeping one of each."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, PageRequest, cut_page, page_request
from accounts.problems import BadInput, validated, validated_query
from curate.duplicates import actions, groups
from curate.duplicates.groups import CopyKind, Wanted
from curate.duplicates.search import start_search
from dataset.api.datasets import dataset_for
from dataset.api.shapes import ImageBriefSerializer, SliceBriefSerializer
from dataset.api.slices import SliceSerializer
from jobs.api import JobSerializer

COPY_KINDS = [likeness.value for likeness in CopyKind]


class DuplicateImageSerializer(ImageBriefSerializer):
    boxes = serializers.IntegerField()
    kept = serializers.BooleanField(help_text="Whether this is the one to keep: most boxes, most pixels, the first")


class DuplicateGroupSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="Its first image's")
    count = serializers.IntegerField()
    images = DuplicateImageSerializer(
        many=True, help_text=f"The one to keep first, then others; {groups.SHOWN} at most"
    )


class DuplicateSearchSerializer(serializers.Serializer):
    """The newest search by sight."""

    job = serializers.IntegerField()
    at = serializers.DateTimeField()
    images = serializers.IntegerField(help_text="Looked at")
    unreadable = serializers.IntegerField(help_text="No thumbnail could be read or made")
    with_embedding = serializers.IntegerField(help_text="Of whom the nearest by embedding were looked at too")
    not_looked_at = serializers.IntegerField(help_text="Images that came later")


class DuplicatesSerializer(serializers.Serializer):
    groups = serializers.IntegerField()
    images = serializers.IntegerField(help_text="In all groups")
    exact_copies = serializers.IntegerField(help_text="Images that have the same bytes as an earlier one")
    searched = DuplicateSearchSerializer(allow_null=True)
    job = serializers.IntegerField(allow_null=True, help_text="The search that is waiting or at work")
    items = DuplicateGroupSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class WantedGroupsSerializer(serializers.Serializer):
    likeness = serializers.ChoiceField(choices=COPY_KINDS, default=CopyKind.EXACT.value)
    least_overlap = serializers.FloatField(
        default=0.0, min_value=0, max_value=1, help_text="Of near ones: the part of both pictures that they share"
    )


class DuplicateSliceInSerializer(WantedGroupsSerializer):
    name = serializers.CharField(max_length=120)
    groups = serializers.ListField(
        child=serializers.IntegerField(), required=False, allow_null=True, help_text="Ids of groups; left out: all"
    )


class SliceKeptOneSerializer(serializers.Serializer):
    slice = SliceBriefSerializer()
    taken_out = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of images: undoing needs them")
    put_in = serializers.ListField(child=serializers.IntegerField(), help_text="Kept images that took their place")


class KeptOneSerializer(serializers.Serializer):
    slice = SliceSerializer(help_text="Made of all the others")
    changed = SliceKeptOneSerializer(many=True)


class KeptBeforeSerializer(serializers.Serializer):
    slice = serializers.IntegerField(help_text="Its id")
    taken_out = serializers.ListField(child=serializers.IntegerField())
    put_in = serializers.ListField(child=serializers.IntegerField())


class UndoKeepingSerializer(serializers.Serializer):
    slice = serializers.IntegerField(help_text="Id of the slice that was made of all the others")
    changed = KeptBeforeSerializer(many=True)


def place_of(wanted: PageRequest) -> int:
    """Where a page begins in a list that is made anew each time. Raises BadInput where `after` is no page's `next`."""
    match wanted.after:
        case None:
            return 0
        case [int() as place] if place >= 0:
            return place
    raise BadInput("after must be the `next` of an earlier page.", errors={"after": ["Not a page's `next`."]})


@extend_schema(
    operation_id="list_duplicates",
    tags=["curate"],
    parameters=[
        OpenApiParameter("likeness", str, enum=COPY_KINDS, description="exact where left out"),
        OpenApiParameter("least_overlap", float, description="Of near ones, 0 to 1"),
        *PAGE_PARAMETERS,
    ],
    responses=DuplicatesSerializer,
)
def list_duplicates(request: Request, dataset_id: int) -> Response:
    """Groups of images with the same bytes, or that show the same; the largest group first."""
    dataset = dataset_for(request, dataset_id)
    wanted, page = _wanted(validated_query(WantedGroupsSerializer, request)), page_request(request)
    told, found = groups.overview(dataset, wanted)
    start = place_of(page)
    few = list(enumerate(found[start : start + page.fetch], start))
    shown, following = cut_page(few, page, lambda entry: [entry[0] + 1])
    return Response({**told, "items": groups.as_json([group for _, group in shown]), "next": following})


@extend_schema(operation_id="find_duplicates", tags=["curate"], request=None, responses={202: JobSerializer})
def find_duplicates(request: Request, dataset_id: int) -> Response:
    """Look for images that show the same: mirrored, turned, cut out, moved, lighter or darker."""
    job = start_search(dataset=dataset_for(request, dataset_id), by=request.user)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(
    operation_id="make_slice_of_duplicates",
    tags=["curate"],
    request=DuplicateSliceInSerializer,
    responses={201: SliceSerializer},
)
def make_slice(request: Request, dataset_id: int) -> Response:
    """Make a slice of all images of the groups but the one of each that is kept."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(DuplicateSliceInSerializer, request.data)
    row = actions.slice_the_rest(
        dataset=dataset, wanted=_wanted(given), name=given["name"], groups=given.get("groups"), by=request.user
    )
    return Response(SliceSerializer(row).data, status=201)


@extend_schema(
    operation_id="keep_one_of_each_duplicate",
    tags=["curate"],
    request=DuplicateSliceInSerializer,
    responses={201: KeptOneSerializer},
)
def keep_one(request: Request, dataset_id: int) -> Response:
    """Take all images of the groups but the kept one of each out of every slice, and make a slice of them."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(DuplicateSliceInSerializer, request.data)
    made, changes = actions.keep_one_of_each(
        dataset=dataset, wanted=_wanted(given), name=given["name"], groups=given.get("groups"), by=request.user
    )
    changed = [
        {"slice": SliceBriefSerializer(one.slice).data, "taken_out": one.taken_out, "put_in": one.put_in}
        for one in changes
    ]
    return Response({"slice": SliceSerializer(made).data, "changed": changed}, status=201)


@extend_schema(
    operation_id="undo_keeping_one_of_each",
    tags=["curate"],
    request=UndoKeepingSerializer,
    responses={204: None},
)
def undo_keep_one(request: Request, dataset_id: int) -> Response:
    """Undo what was done to slices by keeping one of each duplicate; what is gone meanwhile is passed over."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(UndoKeepingSerializer, request.data)
    changes = [actions.KeptBefore(one["slice"], one["taken_out"], one["put_in"]) for one in given["changed"]]
    actions.undo_keeping_one(dataset=dataset, made=given["slice"], changes=changes, by=request.user)
    return Response(status=204)


def _wanted(given: dict[str, object]) -> Wanted:
    return Wanted(CopyKind(str(given["likeness"])), float(str(given["least_overlap"])))
