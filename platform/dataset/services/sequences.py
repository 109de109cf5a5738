"""The sequence of images: set by a person, or kept from what their names tell; what it was before is given back."""

from collections.abc import Iterable, Mapping

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from dataset.models import Dataset
from dataset.services.slices import as_ids, check_images

Ids = NDArray[np.int64]
LONGEST = 200
SET = """
    UPDATE dataset_image image SET sequence = given.sequence
    FROM (SELECT unnest(%s::bigint[]) AS id, unnest(%s::text[]) AS sequence) given,
         (SELECT id, sequence FROM dataset_image WHERE dataset_id = %s AND id = ANY(%s) FOR UPDATE) before
    WHERE image.id = given.id AND before.id = image.id AND image.sequence <> given.sequence
    RETURNING image.id, before.sequence
"""


@transaction.atomic
def set_sequence(*, dataset: Dataset, image_ids: Iterable[int] | Ids, sequence: str, by: User) -> dict[str, list[int]]:
    """Give images a sequence, "" for none. Returns those that had another: what they had -> the images.

    Managers and above. Raises BadInput where the name is too long, or an image is not the dataset's.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    name = " ".join(sequence.split())
    if len(name) > LONGEST:
        sentence = f"A sequence's name has at most {LONGEST} characters."
        raise BadInput(sentence, errors={"sequence": [sentence]})
    ids = as_ids(image_ids)
    check_images(dataset, ids)
    return store_sequences(dataset=dataset, sequences=dict.fromkeys(ids.tolist(), name), author=by, what=name)


@transaction.atomic
def store_sequences(
    *, dataset: Dataset, sequences: Mapping[int, str], author: User | None, what: str
) -> dict[str, list[int]]:
    """Give each image its sequence, with one audit line that names `what`. Returns as `set_sequence` does."""
    ids = list(sequences)
    before: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(SET, [ids, [sequences[pk] for pk in ids], dataset.pk, ids])
        for pk, sequence in sorted(cursor.fetchall()):
            before.setdefault(sequence, []).append(pk)
    changed = sum(map(len, before.values()))
    data = {"dataset": dataset.pk, "images": changed, "sequence": what}
    audit.record(by=author, action="image.sequence", target=dataset.name, project=dataset.project_id, data=data)
    return before
