"""The schema of attributes in the formats that have a place for one, and from CVAT back again."""

from pathlib import Path
from typing import Any

import pytest

from dataset.models import Attribute, Dataset
from tests.dataset.exports import export, fetched, there_and_back
from tests.dataset.folders import import_folder, write_image
from tests.factories import Cast, make_annotation, make_dataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(cast: Cast, import_root: Path) -> Dataset:
    """One image with a car; a schema with one of each kind."""
    write_image(import_root / "given" / "a.jpg")
    row = make_dataset(cast.project)
    import_folder(cast, row, import_root / "given", format="images")
    car, _ = row.classes.order_by("index")
    label = make_annotation(row.images.get(), car, (2, 2, 20, 20))
    label.attributes = {"pose": "back & left", "speed": 30, "free": "as ever"}
    label.save(update_fields=["attributes"])
    fields: list[dict[str, Any]] = [
        {"name": "lit", "kind": "checkbox", "default": True},
        {"name": "pose", "kind": "choice", "values": ["front", "back & left"], "label_class": car, "required": True},
        {"name": "speed", "kind": "number", "minimum": 0, "maximum": 200, "default": 30, "label_class": car},
        {"name": "note", "kind": "text"},
    ]
    for position, one in enumerate(fields):
        Attribute.objects.create(dataset=row, position=position, **one)
    row.refresh_from_db()
    return row


def test_cvat_states_it_and_brings_it_back(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    back, _, _ = there_and_back(cast, dataset, import_root, "cvat")
    found = {row.name: row for row in Attribute.objects.filter(dataset=back).select_related("label_class")}
    car = back.classes.get(name="car")
    assert {name: (row.kind, row.label_class) for name, row in found.items()} == {
        "lit": ("checkbox", None),
        "pose": ("choice", car),
        "speed": ("number", car),
    }  # a text of CVAT's is free
    assert (found["pose"].values, found["lit"].default) == (["front", "back & left"], True)
    assert (found["speed"].minimum, found["speed"].maximum, found["speed"].default) == (0, 200, 30)


def test_a_schema_that_is_there_stays(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    folder = import_root / "again"
    fetched(cast, export(cast, dataset, format="cvat", files=True)).extractall(folder)
    Attribute.objects.filter(dataset=dataset, name="pose").update(values=["front"])
    import_folder(cast, dataset, folder, format="cvat")
    assert Attribute.objects.filter(dataset=dataset).count() == 4
    assert Attribute.objects.get(dataset=dataset, name="pose").values == ["front"]


def test_label_studio_asks_for_it(cast: Cast, dataset: Dataset) -> None:
    archive = fetched(cast, export(cast, dataset, format="label_studio"))
    config = archive.read("labelling_config.xml").decode()
    values = '<Choice value="front"/><Choice value="back &amp; left"/>'
    assert f'<Choices name="pose" toName="image" perRegion="true">{values}' in config
    assert '<Number name="speed"' in config
    assert '<TextArea name="note"' in config
    tasks = archive.read("tasks.json").decode()
    assert '"choices":["back & left"]' in tasks.replace(": ", ":")
