"""A part of an image with boxes on it: labels solid, predictions dashed, ignored ones hatched, each on a halo."""

from __future__ import annotations

from base64 import b64encode

from curate.reports.document.content import Crop, CropBox
from curate.reports.document.drawing.frame import ON_PICTURE
from curate.reports.document.markup import Markup, tag

HATCHES = 12  # lines of an ignored box
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
        *([_hatched(drawn.box, ON_PICTURE[drawn.tone])] if drawn.ignored else []),
        halo,
        tag("rect", **place, **same, stroke=ON_PICTURE[drawn.tone], stroke_width=str(width), stroke_dasharray=dash),
    ]


def _hatched(box: tuple[float, float, float, float], colour: str) -> Markup:
    """Slanted lines over a box: what lies there is not judged."""
    x1, y1, x2, y2 = box
    width, height = x2 - x1, y2 - y1
    starts = [(width + height) * place / HATCHES for place in range(1, HATCHES)]
    lines = [
        f"M{x1 + max(0, at - height):.1f} {y1 + min(height, at):.1f}"
        f"L{x1 + min(width, at):.1f} {y1 + max(0, at - width):.1f}"
        for at in starts
    ]
    path = "".join(lines)
    return tag("path", d=path, fill="none", stroke=colour, stroke_width="1", vector_effect="non-scaling-stroke")
