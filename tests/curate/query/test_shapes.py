"""Conditions on a label's finer shape: each kind against what its numbers are by hand."""

import pytest

from curate.query.image_search import matching_images
from dataset.models import Annotation
from science.shapes.finer import Finer, mask_of, polygon_of, turned_box_of
from science.shapes.packed import pack
from tests.factories import make_annotation, make_cast, make_dataset, make_image

pytestmark = pytest.mark.django_db

SHAPES: dict[str, Finer | None] = {
    "box": None,
    "polygon": polygon_of([[[10, 10, 50, 10, 50, 40, 10, 40], [20, 20, 30, 20, 30, 30, 20, 30]]]),  # 1100 px², 180 px
    "turned": turned_box_of(30, 25, 20, 10, -30),  # 200 px², 60 px, turned by 150 degrees
    "mask": mask_of(48, 64, [100, 20, 28, 20, 2904]),  # 40 px², two columns of 20: 44 px
}


CONDITIONS = [
    ("shape = polygon", ["polygon"]),
    ("shape = box", ["box"]),
    ("shape != box", ["mask", "polygon", "turned"]),
    ("shape in (mask, turned)", ["mask", "turned"]),
    ("points = 8", ["polygon"]),
    ("points >= 4", ["polygon", "turned"]),
    ("length = 180 or length = 44", ["mask", "polygon"]),
    ("length < 61", ["mask", "turned"]),
    ("angle = 150", ["turned"]),
    ("angle < 180", ["turned"]),
    ("shape_area = 1100 or shape_area = 40", ["mask", "polygon"]),
    ("shape_area > 0.1%", ["polygon", "turned"]),
    ("area = 1200", ["box", "mask", "polygon", "turned"]),  # the box's own
]


def test_it_works() -> None:
    dataset = make_dataset(make_cast().project)
    for name, shape in SHAPES.items():
        row = make_annotation(make_image(dataset, key=name, width=400, height=400), dataset.classes.all()[0])
        if shape is not None:
            Annotation.objects.filter(pk=row.pk).update(shape=pack(shape))
    for condition, expected in CONDITIONS:
        found = matching_images(dataset, f"any(*, {condition})")
        assert sorted(image.key for image in found) == expected, condition
