"""Bulk actions of the grid over HTTP. What is meant comes as ids, or for all that match as the filter itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from drf_spectacular.utils import extend_schema
from numpy.typing import NDArray
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from accounts.problems import validated
from curate.evaluations.points import lasting_origin
from curate.grid import objects as object_reads
from curate.grid.object_conditions import ObjectConditionsSerializer, object_list
from curate.grid.removal import remove_images
from curate.query.request import Filter, finished_evaluations, row_of
from dataset.api.datasets import dataset_for
from dataset.api.revisions import RevisionSerializer
from dataset.api.shapes import SliceBriefSerializer, TagSerializer
from dataset.api.slices import OriginInSerializer, SliceSerializer
from dataset.importing.ignoring import WORDS
from dataset.models import Dataset, Slice
from dataset.services import sequences as sequence_services
from dataset.services import slices as slice_services
from dataset.services import tags as tag_services
from dataset.services.bulk_labels import delete_objects, ignore_objects, relabel_objects
from dataset.services.label_states import NEGATIVE, NOT_LABELLED, set_label_state

Ids = NDArray[np.int64]
MOST = 200_000


class ChosenSerializer(serializers.Serializer):
    """Which are meant: those of `ids`, or without them all that match `q`, `slice` and `evaluation`, but `without`."""

    ids = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=MOST)
    q = serializers.CharField(required=False, allow_blank=True, default="")
    slice = serializers.IntegerField(required=False, allow_null=True)
    evaluation = serializers.IntegerField(required=False, allow_null=True)
    without = serializers.ListField(child=serializers.IntegerField(), required=False, default=list, max_length=MOST)


class ChosenObjectsSerializer(ChosenSerializer):
    """As `Chosen`; ids are those of the object grid."""

    conditions = ObjectConditionsSerializer(required=False)
    objects = serializers.BooleanField(required=False, default=True, help_text="Objects are meant, said or not")


class ChosenImagesSerializer(ChosenObjectsSerializer):
    """As `Chosen`; with `objects` what is meant are objects, and their images are taken."""

    objects = serializers.BooleanField(required=False, default=False)


class BulkSliceInSerializer(serializers.Serializer):
    chosen = ChosenImagesSerializer()
    name = serializers.CharField(max_length=120)
    description = serializers.CharField(required=False, allow_blank=True, default="")
    origin = OriginInSerializer(required=False)


class BulkMemberInSerializer(serializers.Serializer):
    chosen = ChosenImagesSerializer()
    slice = serializers.IntegerField()
    remove = serializers.BooleanField(required=False, default=False)


class BulkMemberSerializer(serializers.Serializer):
    slice = SliceBriefSerializer()
    changed = serializers.ListField(
        child=serializers.IntegerField(), help_text="The images that were put in or taken out: what undoing needs"
    )


class BulkTagInSerializer(serializers.Serializer):
    chosen = ChosenImagesSerializer()
    name = serializers.CharField(max_length=tag_services.LONGEST)
    remove = serializers.BooleanField(required=False, default=False)


class BulkTagSerializer(serializers.Serializer):
    tag = TagSerializer()
    changed = serializers.ListField(
        child=serializers.IntegerField(), help_text="The images that got or lost it: what undoing needs"
    )


class BulkSequenceInSerializer(serializers.Serializer):
    chosen = ChosenImagesSerializer()
    sequence = serializers.CharField(max_length=sequence_services.LONGEST, allow_blank=True, help_text="Empty: none")


class FormerSequenceSerializer(serializers.Serializer):
    sequence = serializers.CharField(allow_blank=True)
    images = serializers.ListField(child=serializers.IntegerField())


class BulkSequenceSerializer(serializers.Serializer):
    changed = serializers.IntegerField(help_text="Images")
    before = FormerSequenceSerializer(many=True, help_text="What they had before: what undoing needs")


class BulkRemoveInSerializer(serializers.Serializer):
    chosen = ChosenImagesSerializer()


class RemovedSerializer(serializers.Serializer):
    images = serializers.IntegerField()
    boxes = serializers.IntegerField()


class BulkRelabelInSerializer(serializers.Serializer):
    chosen = ChosenObjectsSerializer()
    class_id = serializers.IntegerField()
    on = serializers.IntegerField(required=False, help_text="The head revision that one has seen")
    message = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class BulkDeleteInSerializer(serializers.Serializer):
    chosen = ChosenObjectsSerializer()
    on = serializers.IntegerField(required=False, help_text="The head revision that one has seen")
    message = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class BulkIgnoreInSerializer(serializers.Serializer):
    chosen = ChosenObjectsSerializer()
    ignore = serializers.ChoiceField(choices=list(WORDS), help_text="no: they count again")
    on = serializers.IntegerField(required=False, help_text="The head revision that one has seen")
    message = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class BulkStateInSerializer(serializers.Serializer):
    chosen = ChosenImagesSerializer()
    state = serializers.ChoiceField(choices=[NEGATIVE, NOT_LABELLED], help_text="Images with boxes stay labelled")
    on = serializers.IntegerField(required=False, help_text="The head revision that one has seen")


class BulkStateSerializer(serializers.Serializer):
    revision = RevisionSerializer()
    images = serializers.IntegerField(help_text="How many changed")


@dataclass(frozen=True)
class Chosen:
    """What a body's `chosen` means."""

    filter: Filter
    given: dict[str, Any]

    @property
    def ids(self) -> Ids | None:
        return np.array(self.given["ids"], np.int64) if "ids" in self.given else None

    @property
    def without(self) -> Ids:
        return np.array(self.given["without"], np.int64)

    def images(self) -> Ids:
        """The images meant, ascending."""
        if self.given.get("objects"):
            wanted = object_list(self.filter, self.given.get("conditions", {}))
            return object_reads.image_ids(wanted, ids=self.ids, without=self.without)
        if (ids := self.ids) is not None:
            return np.unique(ids)
        found = np.array(list(self.filter.images().order_by("id").values_list("id", flat=True)), np.int64)
        return np.setdiff1d(found, self.without)

    def labels(self) -> Ids:
        """The current labels of the objects meant, ascending."""
        wanted = object_list(self.filter, self.given.get("conditions", {}))
        return object_reads.annotation_ids(wanted, ids=self.ids, without=self.without)

    def origin(self, action: str) -> dict[str, Any]:
        """What a revision keeps of how it came about."""
        return {"bulk": action, **({} if self.ids is not None else {"q": self.filter.q})}


def chosen_in(dataset: Dataset, given: dict[str, Any]) -> Chosen:
    return Chosen(
        Filter(
            dataset=dataset,
            q=given["q"],
            slice=row_of("slice", given.get("slice"), dataset.slices.all()),
            evaluation=row_of("evaluation", given.get("evaluation"), finished_evaluations(dataset)),
        ),
        given,
    )


@extend_schema(
    operation_id="make_slice_of", tags=["curate"], request=BulkSliceInSerializer, responses={201: SliceSerializer}
)
def make_slice(request: Request, dataset_id: int) -> Response:
    """Make a slice of what is chosen in a grid."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(BulkSliceInSerializer, request.data)
    row = slice_services.create_slice(
        dataset=dataset,
        name=given["name"],
        description=given["description"],
        image_ids=chosen_in(dataset, given["chosen"]).images(),
        origin=lasting_origin(given.get("origin", {"kind": "hand"}), dataset),
        by=request.user,
    )
    return Response(SliceSerializer(row).data, status=201)


@extend_schema(
    operation_id="change_slice_by", tags=["curate"], request=BulkMemberInSerializer, responses=BulkMemberSerializer
)
def change_members(request: Request, dataset_id: int) -> Response:
    """Put what is chosen into a slice, or take it out."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(BulkMemberInSerializer, request.data)
    row: Slice | None = row_of("slice", given["slice"], dataset.slices.all())
    assert row is not None
    row, changed = slice_services.change_members(
        row=row, image_ids=chosen_in(dataset, given["chosen"]).images(), remove=given["remove"], by=request.user
    )
    return Response({"slice": SliceBriefSerializer(row).data, "changed": changed.tolist()})


@extend_schema(operation_id="tag_images", tags=["curate"], request=BulkTagInSerializer, responses=BulkTagSerializer)
def tag(request: Request, dataset_id: int) -> Response:
    """Hang a tag on what is chosen, or take it off."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(BulkTagInSerializer, request.data)
    images = chosen_in(dataset, given["chosen"]).images()
    if given["remove"]:
        row = tag_services.tag_named(dataset, given["name"])
        changed = tag_services.untag_images(tag=row, image_ids=images, by=request.user)
    else:
        row, changed = tag_services.tag_images(dataset=dataset, name=given["name"], image_ids=images, by=request.user)
    return Response({"tag": TagSerializer(row).data, "changed": changed.tolist()})


@extend_schema(
    operation_id="set_sequence", tags=["curate"], request=BulkSequenceInSerializer, responses=BulkSequenceSerializer
)
def change_sequence(request: Request, dataset_id: int) -> Response:
    """Give what is chosen a sequence, or none: images of one sequence stay on one side of a split."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(BulkSequenceInSerializer, request.data)
    before = sequence_services.set_sequence(
        dataset=dataset,
        image_ids=chosen_in(dataset, given["chosen"]).images(),
        sequence=given["sequence"],
        by=request.user,
    )
    listed = [{"sequence": sequence, "images": images} for sequence, images in before.items()]
    return Response({"changed": sum(map(len, before.values())), "before": listed})


@extend_schema(
    operation_id="remove_images", tags=["curate"], request=BulkRemoveInSerializer, responses=RemovedSerializer
)
def remove(request: Request, dataset_id: int) -> Response:
    """Remove images from the dataset for good. 409 where a training, an evaluation or Label needs one of them."""
    dataset = dataset_for(request, dataset_id, Role.OWNER)
    given = validated(BulkRemoveInSerializer, request.data)
    images, boxes = remove_images(
        dataset=dataset, image_ids=chosen_in(dataset, given["chosen"]).images(), by=request.user
    )
    return Response({"images": images, "boxes": boxes})


@extend_schema(
    operation_id="relabel_objects",
    tags=["curate"],
    request=BulkRelabelInSerializer,
    responses={201: RevisionSerializer},
)
def relabel(request: Request, dataset_id: int) -> Response:
    """Give what is chosen another class: one revision, whatever the number."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(BulkRelabelInSerializer, request.data)
    chosen = chosen_in(dataset, given["chosen"])
    made = relabel_objects(
        dataset=dataset,
        annotation_ids=chosen.labels(),
        class_id=given["class_id"],
        by=request.user,
        on=given.get("on"),
        message=given["message"],
        origin=chosen.origin("relabel"),
    )
    return Response(RevisionSerializer(made).data, status=201)


@extend_schema(
    operation_id="delete_objects", tags=["curate"], request=BulkDeleteInSerializer, responses={201: RevisionSerializer}
)
def delete(request: Request, dataset_id: int) -> Response:
    """Delete the labels that are chosen: one revision, whatever the number."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(BulkDeleteInSerializer, request.data)
    chosen = chosen_in(dataset, given["chosen"])
    made = delete_objects(
        dataset=dataset,
        annotation_ids=chosen.labels(),
        by=request.user,
        on=given.get("on"),
        message=given["message"],
        origin=chosen.origin("delete"),
    )
    return Response(RevisionSerializer(made).data, status=201)


@extend_schema(
    operation_id="ignore_objects", tags=["curate"], request=BulkIgnoreInSerializer, responses={201: RevisionSerializer}
)
def ignore(request: Request, dataset_id: int) -> Response:
    """Let the labels that are chosen be ignored, or count again: one revision, whatever the number."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(BulkIgnoreInSerializer, request.data)
    chosen = chosen_in(dataset, given["chosen"])
    made = ignore_objects(
        dataset=dataset,
        annotation_ids=chosen.labels(),
        ignore=WORDS[given["ignore"]],
        by=request.user,
        on=given.get("on"),
        message=given["message"],
        origin=chosen.origin("ignore"),
    )
    return Response(RevisionSerializer(made).data, status=201)


@extend_schema(
    operation_id="set_label_state",
    tags=["curate"],
    request=BulkStateInSerializer,
    responses={201: BulkStateSerializer},
)
def label_state(request: Request, dataset_id: int) -> Response:
    """Say of the chosen images without a box that there is nothing on them, or that they are not labelled."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(BulkStateInSerializer, request.data)
    chosen = chosen_in(dataset, given["chosen"])
    made, images = set_label_state(
        dataset=dataset,
        image_ids=chosen.images(),
        state=given["state"],
        by=request.user,
        on=given.get("on"),
        origin=chosen.origin("label_state"),
    )
    return Response({"revision": RevisionSerializer(made).data, "images": images}, status=201)
