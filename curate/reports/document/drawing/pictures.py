"""A part of an image with boxes on it: labels solid, predictions dashed, each on a dark halo."""

from __future__ import annotations

from base64 import b64encode

from curate.reports.document.content import Crop, CropBox
from curate.reports.document.drawing.frame import ON_PICTURE
from curate.reports.document.markup import Markup, tag

SIDE = 160  # CSS pixels of the longer side


def picture(crop: Crop) -> Markup:
    """The picture as SVG in the image's own pixels, the bytes within it."""
    x1, y1, x2, y2 = crop.region
    width, height = x2 - x1, y2 - y1
    data = "data:image/jpeg;base64," + b64encode(crop.jpeg).decode()
    image = tag("image", href=data, x=x1, y=y1, width=width, height=height, preserveAspectRatio="none")
    ordered = sorted(crop.boxes, key=lambda one: one.main)
    larger = max(width, height)
    box = f"{x1} {y1} {width} {height}"
    # the inner one cuts off what lies beyond the picture, whatever shape the page gives to the outer one
    inner = tag("svg", image, (_boxed(one) for one in ordered), x=x1, y=y1, width=width, height=height, viewBox=box)
    return tag(
        "svg", inner, viewBox=box, role="img",
        width=round(SIDE * width / larger), height=round(SIDE * height / larger), aria_label=crop.title, class_="crop",
    )  # fmt: skip


def _boxed(drawn: CropBox) -> list[Markup]:
    x1, y1, x2, y2 = drawn.box
    width = 2.0 if drawn.main else 1.25
    dash = None if drawn.is_label else "5 3"
    place = {"x": f"{x1:.2f}", "y": f"{y1:.2f}", "width": f"{x2 - x1:.2f}", "height": f"{y2 - y1:.2f}"}
    same = {"fill": "none", "vector_effect": "non-scaling-stroke"}
    halo = tag("rect", **place, **same, stroke="#000000", stroke_opacity="0.55", stroke_width=str(width + 2))
    return [
        halo,
        tag("rect", **place, **same, stroke=ON_PICTURE[drawn.tone], stroke_width=str(width), stroke_dasharray=dash),
    ]
