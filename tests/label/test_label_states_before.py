"""Images whose tasks were finished before label states were kept: labelled, though without a box."""

from importlib import import_module

import pytest
from django.db import connection

from dataset.models import Image
from label.models import Batch, Task
from tests.factories import make_cast, make_dataset, make_image

pytestmark = pytest.mark.django_db


def test_what_a_person_finished_is_labelled_and_the_rest_is_not() -> None:
    dataset = make_dataset(make_cast().project)
    batch = Batch.objects.create(dataset=dataset, name="night", base=3)
    states = {"done": None, "waiting": None, "skipped": None, "to merge": []}
    for place, (name, boxes) in enumerate(states.items()):
        state = {"done": "done", "to merge": "done", "skipped": "skipped"}.get(name, "to_label")
        image = make_image(dataset, key=name)
        Task.objects.create(batch=batch, image=image, position=place, base=3, state=state, boxes=boxes)
    with connection.cursor() as cursor:
        cursor.execute(import_module("label.migrations.0002_finished_is_labelled").FINISHED)
    found = dict(Image.objects.filter(dataset=dataset).values_list("key", "labelled_since"))
    assert found == {"done": 3, "waiting": None, "skipped": None, "to merge": None}
