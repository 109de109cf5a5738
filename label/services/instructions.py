"""How a batch is to be labelled: versions of a Markdown text, their pictures, and who has looked at them."""

from django.db import transaction
from django.db.models import Max

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from dataset.models import Dataset
from label.models import Batch, InstructionPicture, Instructions, InstructionsSeen
from label.services import telling
from storage import blobs
from storage.decoding import take_in_apart
from storage.refusals import PictureRefused

LARGEST_PICTURE = 10 * 1024**2  # bytes


def write_instructions(*, batch: Batch, text: str, seen: int, by: User) -> Instructions:
    """Store a new version and tell whoever has tasks of the batch. Reviewers and above.

    `seen` is the version that was changed, 0 where there was none: Conflict where somebody wrote another meanwhile.
    """
    access.check(by, batch.dataset.project_id, Role.REVIEWER)
    with transaction.atomic():
        Batch.objects.select_for_update().get(pk=batch.pk)
        newest = newest_number(batch)
        if newest != seen:
            raise Conflict(f"Somebody has written version {newest} meanwhile. Read it before you change it.")
        row = Instructions.objects.create(batch=batch, number=newest + 1, text=text, author=by)
        _look(batch, row.number, by)
        data = {"id": batch.pk, "number": row.number}
        audit.record(by=by, action="batch.instructions", target=batch, project=batch.dataset.project_id, data=data)
        telling.instructed(batch, by)
    return row


def look_at(*, batch: Batch, number: int, by: User) -> None:
    """Remember that a person has seen the instructions up to this version. Whoever may read the batch."""
    access.check(by, batch.dataset.project_id, Role.VIEWER)
    if number > newest_number(batch):
        raise BadInput("There is no such version.", errors={"number": ["There is no such version."]})
    _look(batch, number, by)


def _look(batch: Batch, number: int, by: User) -> None:
    row, made = InstructionsSeen.objects.get_or_create(batch=batch, user=by, defaults={"number": number})
    if not made and row.number < number:
        InstructionsSeen.objects.filter(pk=row.pk).update(number=number)


def newest_number(batch: Batch) -> int:
    return batch.instructions.aggregate(newest=Max("number"))["newest"] or 0


def add_picture(*, dataset: Dataset, data: bytes, by: User) -> InstructionPicture:
    """Keep a picture for instructions, checked and turned upright as every image is. Reviewers and above.

    The same picture again is the one that is there.
    """
    access.check(by, dataset.project_id, Role.REVIEWER)
    if len(data) > LARGEST_PICTURE:
        detail = f"A picture in instructions has at most {LARGEST_PICTURE // 1024**2} MB."
        raise BadInput(detail, errors={"file": [detail]})
    try:
        picture = take_in_apart(data)
    except PictureRefused as error:
        raise BadInput(f"This picture cannot be used: {error}", errors={"file": [str(error)]}) from error
    blob = blobs.put_bytes(picture.data, suffix=picture.suffix)
    with transaction.atomic():
        row, made = InstructionPicture.objects.get_or_create(
            dataset=dataset,
            sha256=blob.sha256,
            defaults={
                "location": blob.key,
                "width": picture.width,
                "height": picture.height,
                "created_by": by,
            },
        )
        data_ = {"id": row.pk, "again": not made}
        audit.record(by=by, action="instructions.picture", target=dataset, project=dataset.project_id, data=data_)
    return row
