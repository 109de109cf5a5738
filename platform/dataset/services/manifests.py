"""Manifests: images and a revision, frozen under a hash of their content."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from dataset.models import Dataset, Image, LabelClass, Manifest, Slice
from dataset.selectors import slices as slice_reads
from dataset.selectors.annotations import LabelledBoxes, labelled_at, labels_at, shapes_at
from dataset.services.slices import as_ids, check_images

Ids = NDArray[np.int64]


@transaction.atomic
def freeze_slice(*, row: Slice, revision: int | None = None, by: User) -> Manifest:
    """The manifest of a slice at a revision (None: the newest). Managers and above; raises as `freeze`."""
    access.check(by, row.dataset.project_id, Role.MANAGER)
    wanted = row.dataset.head_revision if revision is None else revision
    manifest = freeze(dataset=row.dataset, slices=[row], revision=wanted)
    data = {"id": row.pk, "manifest": manifest.pk, "revision": wanted}
    audit.record(by=by, action="slice.freeze", target=row.name, project=row.dataset.project_id, data=data)
    return manifest


@transaction.atomic
def freeze(
    *,
    dataset: Dataset,
    slices: Sequence[Slice] = (),
    revision: int,
    image_ids: Iterable[int] | Ids | None = None,
) -> Manifest:
    """The manifest of the slices' images (or of `image_ids`) with their labels at the revision.

    Equal content is one row, whoever freezes it and from whatever slices. Raises BadInput where there are no images,
    or no such revision.
    """
    ids = slice_reads.image_ids(slices) if image_ids is None else as_ids(image_ids)
    if not len(ids):
        raise BadInput("There are no images to freeze.")
    if not 0 <= revision <= dataset.head_revision:
        raise BadInput(f"There is no revision {revision}; the newest is {dataset.head_revision}.")
    check_images(dataset, ids)
    labels = labels_at(dataset=dataset, revision=revision, image_ids=ids)
    unlabelled = ids[~labelled_at(dataset=dataset, revision=revision, image_ids=ids)]
    shapes = shapes_at(dataset=dataset, revision=revision, image_ids=ids)
    return Manifest.objects.get_or_create(
        dataset=dataset,
        content_hash=content_hash(dataset, ids, labels, unlabelled, shapes),
        defaults={
            "revision": revision,
            "image_ids": ids.tolist(),
            "image_count": len(ids),
            "annotation_count": len(labels),
            "slices": [{"id": row.pk, "name": row.name} for row in slices],
        },
    )[0]


def content_hash(
    dataset: Dataset, image_ids: Ids, labels: LabelledBoxes, unlabelled: Ids, shapes: Mapping[int, bytes]
) -> str:
    """SHA-256 over class names and, by key, each image's key, bytes and boxes (class index, xyxy float32).

    Where some are, also over what is ignored, the areas that are not the boxes', finer shapes (by row id), and which
    images are not labelled.
    """
    classes = list(LabelClass.objects.filter(dataset=dataset).order_by("index").values_list("pk", "index", "name"))
    images = list(Image.objects.filter(pk__in=image_ids.tolist()).values_list("pk", "key", "sha256"))
    images.sort(key=lambda image: image[1])
    digest = hashlib.sha256("\n".join(name for _, _, name in classes).encode())
    digest.update("".join(f"\n{key}\t{sha256}" for _, key, sha256 in images).encode())
    place = translated(labels.image_id, {pk: place for place, (pk, _, _) in enumerate(images)})
    label = translated(labels.class_id, {pk: place for pk, place, _ in classes})
    boxes = labels.boxes.astype("<f4")
    shape = shape_digests(labels, shapes)
    order = np.lexsort([shape, labels.area, labels.ignore, *boxes.T[::-1], label, place])
    for array in (place, label, boxes):
        digest.update(np.ascontiguousarray(array[order]).tobytes())
    more = {"ignore": labels.ignore.astype("<i2"), "area": labels.area.astype("<f4"), "shape": shape}
    for name, facts in more.items():
        if facts.any():
            digest.update(name.encode() + np.ascontiguousarray(facts[order]).tobytes())
    if len(unlabelled):
        left = set(unlabelled.tolist())
        keys = sorted(key for pk, key, _ in images if pk in left)
        digest.update(b"\nnot labelled" + "".join(f"\n{key}" for key in keys).encode())
    return digest.hexdigest()


def shape_digests(labels: LabelledBoxes, shapes: Mapping[int, bytes]) -> NDArray[np.uint64]:
    """`(N,)` the first 64 bits of the SHA-256 of every label's packed shape, 0 where it has none."""
    found = np.zeros(len(labels), "<u8")
    if shapes:
        for place in np.flatnonzero(np.isin(labels.annotation_id, list(shapes))).tolist():
            packed = shapes[int(labels.annotation_id[place])]
            found[place] = int.from_bytes(hashlib.sha256(packed).digest()[:8], "little")
    return found


def translated(ids: Ids, places: dict[int, int]) -> NDArray[np.int64]:
    """The `(N,)` place of every id, little-endian."""
    known, place = np.unique(ids, return_inverse=True)
    return np.array([places[pk] for pk in known.tolist()], dtype="<i8")[place]
