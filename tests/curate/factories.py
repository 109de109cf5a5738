"""Small datasets for the tests of Curate, written straight into the tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from accounts.models import Project
from dataset.models import Annotation, Dataset, Image, LabelClass, Manifest, Provenance, Revision, Slice, SliceImage
from tests.factories import COLOURS, make_project, make_user

_numbers = count(1)


def make_dataset(project: Project | None = None, classes: Sequence[str] = ("car", "bike", "rider")) -> Dataset:
    project = project or make_project(make_user("Alice"))
    dataset = Dataset.objects.create(project=project, name=f"Dataset {next(_numbers)}", head_revision=1)
    LabelClass.objects.bulk_create(
        LabelClass(dataset=dataset, index=index, name=name, colour=COLOURS[index % len(COLOURS)])
        for index, name in enumerate(classes)
    )
    Revision.objects.create(dataset=dataset, number=1, kind=Revision.Kind.IMPORT)
    return dataset


@dataclass
class Picture:
    """One image to make: `boxes` are (class name, x1, y1, x2, y2[, attributes])."""

    boxes: list[tuple] = field(default_factory=list)
    metadata: dict[str, object] = field(default_factory=dict)
    key: str = ""
    sequence: str = ""
    captured_at: datetime | None = None
    width: int = 640
    height: int = 480
    slices: list[str] = field(default_factory=list)
    labelled: bool = True  # where there are no boxes: somebody found that there is nothing


def make_images(dataset: Dataset, pictures: Sequence[Picture]) -> list[Image]:
    """Store the pictures with their boxes, current and born at revision 1, and their slices."""
    classes = dict(dataset.classes.values_list("name", "id"))
    images = Image.objects.bulk_create(
        Image(
            dataset=dataset,
            key=picture.key or f"{next(_numbers):06}.jpg",
            sha256=f"{next(_numbers):064x}",
            location="nowhere",
            width=picture.width,
            height=picture.height,
            sequence=picture.sequence,
            captured_at=picture.captured_at,
            metadata=picture.metadata,
            labelled_since=1 if picture.labelled else None,
        )
        for picture in pictures
    )
    annotations = [
        annotation(dataset, image, classes[name], (x1, y1, x2, y2), rest[0] if rest else None)
        for image, picture in zip(images, pictures, strict=True)
        for name, x1, y1, x2, y2, *rest in picture.boxes
    ]
    Annotation.objects.bulk_create(annotations)
    for name in {name for picture in pictures for name in picture.slices}:
        members = [image for image, picture in zip(images, pictures, strict=True) if name in picture.slices]
        make_slice(dataset, name, members)
    dataset.image_count = dataset.images.count()
    dataset.metadata_keys = sorted({*dataset.metadata_keys, *(key for picture in pictures for key in picture.metadata)})
    dataset.annotation_count += len(annotations)
    dataset.save(update_fields=["image_count", "annotation_count", "metadata_keys"])
    return images


def annotation(
    dataset: Dataset, image: Image, class_id: int, box: tuple, attributes: dict | None = None, born: int = 1
) -> Annotation:
    x1, y1, x2, y2 = box
    return Annotation(
        dataset=dataset,
        image=image,
        object_id=next(_numbers),
        label_class_id=class_id,
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        attributes=attributes,
        provenance=Provenance.IMPORTED,
        born=born,
    )


def make_slice(dataset: Dataset, name: str, images: Sequence[Image]) -> Slice:
    made = Slice.objects.create(dataset=dataset, name=name, image_count=len(images))
    SliceImage.objects.bulk_create(SliceImage(slice=made, image=image) for image in images)
    return made


def make_manifest(dataset: Dataset, images: Sequence[Image], revision: int = 1) -> Manifest:
    ids = sorted(image.pk for image in images)
    return Manifest.objects.create(
        dataset=dataset,
        revision=revision,
        content_hash=f"{next(_numbers):064x}",
        image_ids=ids,
        image_count=len(ids),
        annotation_count=0,
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
