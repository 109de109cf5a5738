"""What a run ignored is ignored again in a replay: neither object nor background."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from curate.ledger.replayable import Places, states_of_labels
from dataset.importing.columns import Ignore
from dataset.models import Annotation, Dataset, Image
from replay.checking import LEDGER, _of_shape
from replay.material import SameMaterial
from replay.reading import LedgerFile
from tests.curate.factories import Picture, make_dataset, make_images
from tests.factories import Cast, make_cast
from tests.replay.stage import client_of

pytestmark = pytest.mark.django_db
SIGNALS = (request_started, request_finished)
FIRST, SECOND = (10.0, 10.0, 60.0, 60.0), (100.0, 100.0, 200.0, 200.0)
ADDED = [300.0, 10.0, 340.0, 60.0]


@pytest.fixture
def cast() -> Iterator[Cast]:
    """Alice administers. Calls come through WSGI in this thread: as with Django's client, none ends the connection."""
    made = make_cast()
    made.alice.is_superuser = True
    made.alice.save(update_fields=["is_superuser"])
    for signal in SIGNALS:
        signal.disconnect(close_old_connections)
    yield made
    for signal in SIGNALS:
        signal.connect(close_old_connections)


def road(cast: Cast) -> tuple[Dataset, list[Image]]:
    """A car, and a crowd of cars that is ignored."""
    dataset = make_dataset(cast.project)
    images = make_images(dataset, [Picture(boxes=[("car", *FIRST), ("car", *SECOND)])])
    Annotation.objects.filter(dataset=dataset, x1=SECOND[0]).update(ignore=Ignore.CROWD)
    return dataset, images


def labels(dataset: Dataset) -> list[tuple[float, str]]:
    rows = Annotation.objects.filter(dataset=dataset, died=None).order_by("x1")
    return [(row.x1, Ignore(row.ignore).word) for row in rows]


def test_it_works(cast: Cast) -> None:
    """The car gets ignored, the crowd counts again, and a region is added."""
    (dataset, images), (other, others) = road(cast), road(cast)
    halfday = client_of(cast.alice)
    car, crowd = halfday.datasets.image(images[0].pk)["annotations"]
    head = halfday.datasets.get(dataset.pk)["head_revision"]
    edits = [
        {"op": "set", "image": images[0].pk, "object_id": car["object_id"], "ignore": "region"},
        {"op": "set", "image": images[0].pk, "object_id": crowd["object_id"], "ignore": "no"},
        {"op": "add", "image": images[0].pk, "class_id": car["class_id"], "box": ADDED, "ignore": "anything"},
    ]
    made = halfday.datasets.edit(dataset.pk, on=head, message="Looked at again", edits=edits)
    places = Places([(images[0].pk, images[0].key, images[0].sha256)], [row.pk for row in dataset.classes.all()])
    states = list(states_of_labels(dataset, [head, made["number"]], places))
    assert list(_of_shape(states, LEDGER["replay"]["states"], "states")) == []  # type: ignore[index]

    file = LedgerFile({"run": {"name": "r"}, "replay": {"runs": [], "images": [], "states": states, "sets": []}})
    here = SameMaterial(halfday, file, halfday.datasets.get(other.pk), lambda _: None, [others[0].pk])
    here.make_labels(states[1], on=halfday.datasets.get(other.pk)["head_revision"])
    assert labels(other) == labels(dataset) == [(10.0, "region"), (100.0, "no"), (300.0, "anything")]
