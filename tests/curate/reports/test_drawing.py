"""The pieces of reports: text that cannot become markup, scales, charts of nothing, words in both languages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from curate.reports.document import words as texts
from curate.reports.document.content import Crop, CropBox
from curate.reports.document.drawing.bars import BarRow, Layer, bars, histogram
from curate.reports.document.drawing.curves import Axes, CurveLine, calibration, curves, panel
from curate.reports.document.drawing.frame import ON_PICTURE, TONES, Scale, ticks
from curate.reports.document.drawing.intervals import around_zero, interval_row, scale_of
from curate.reports.document.drawing.matrix import matrix
from curate.reports.document.drawing.pictures import picture
from curate.reports.document.markup import Markup, markup, tag
from curate.reports.document.parts.confusion import MOST, folded
from curate.reports.document.words import words
from embedded.home import ROOT
from tests.curate.reports.report_file import read

FOLDER = Path(texts.__file__).parent / "words"


def test_text_is_escaped_and_markup_is_not() -> None:
    assert tag("p", "a < b & c", Markup("<b>x</b>"), None, ["y", 3]) == "<p>a &lt; b &amp; c<b>x</b>y3</p>"
    assert tag("p", title='"><i>', class_="a") == '<p title="&quot;&gt;&lt;i&gt;" class="a"></p>'
    assert (
        tag("line", x1=1.25, x2=2.0, stroke_width="1", y1=0.0, hidden=None, open_=False)
        == '<line x1="1.2" x2="2" stroke-width="1" y1="0"></line>'
    )
    assert markup(["<", Markup("<")]) == "&lt;<"


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 1, 5, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, 0.43, 5, [0.0, 0.1, 0.2, 0.3, 0.4]),
        (-0.12, 0.12, 4, [-0.1, 0.0, 0.1]),
        (0, 990, 5, [0, 200, 400, 600, 800]),
        (3, 3, 5, [3]),
    ],
)
def test_ticks_are_round(low: float, high: float, most: int, expected: list[float]) -> None:
    assert ticks(low, high, most) == pytest.approx(expected)


def test_a_scale_holds_what_is_beyond() -> None:
    scale = Scale(0, 2, 10, 110)
    assert [scale(value) for value in (-1, 0, 1, 2, 5)] == [10, 10, 60, 110, 110]
    assert Scale(1, 1, 10, 110)(1) == 10


def test_a_curve_breaks_where_there_is_no_value() -> None:
    drawn = read(curves([CurveLine("one", [0, 0.5, 1], [0.2, None, 0.4])], Axes("x", "y"), label="chart"))
    path = drawn.all("path")[0].attributes["d"]
    assert re.findall("[ML]", str(path)) == ["M", "M"]


def test_charts_of_nothing_are_drawn() -> None:
    axes = Axes("x", "y")
    curves([CurveLine("none", [], [])], axes, label="")
    curves([CurveLine("missing", [0, 1], [None, None])], axes, label="")
    panel([], [], label="")
    panel([None, None], [None, None], label="")
    calibration([None], [None], [0], axes, label="", ideal="", colour="#000")
    histogram([0, 1], [Layer("a", [0], "#000")], label="", x_name="", y_name="")
    bars([BarRow("a", 0.0, "0")], label="")
    interval_row(scale_of([{"AP": None, "interval": {"high": None}}]), None, None, None)
    interval_row(around_zero([{"low": None, "high": None, "value": None}]), None, None, None)
    matrix([], [[0]], label="", labelled="", predicted="", background=("", ""))


def test_the_interval_stands_where_its_numbers_say() -> None:
    scale = Scale(-1, 1, 0, 200)
    drawn = read(interval_row(scale, 0.5, 0.25, 0.75))
    assert drawn.all("circle")[0].attributes["cx"] == "150"
    assert ("125", "175") in [(one.attributes["x1"], one.attributes["x2"]) for one in drawn.all("line")]


def test_many_classes_are_drawn_together_and_the_sums_stay() -> None:
    classes = MOST + 5
    counts = [[(r * 7 + c * 3) % 5 + (r == c) * r for c in range(classes + 1)] for r in range(classes + 1)]
    names, summed = folded([f"c{n}" for n in range(classes)], counts, "others")
    assert len(names) == MOST
    assert names[-1] == "others"
    assert len(summed) == MOST + 1
    assert sum(map(sum, summed)) == sum(map(sum, counts))
    assert summed[-1][-1] == counts[-1][-1]
    kept = [int(name[1:]) for name in names[:-1]]
    assert summed[0][0] == counts[kept[0]][kept[0]]
    assert min(sum(counts[c]) for c in kept) >= max(sum(counts[c]) for c in range(classes) if c not in kept)


@pytest.mark.parametrize(
    ("value", "points", "signed"),
    [
        (0.4234, "42.3", "+42.3"),
        (-0.002, "-0.2", "−0.2"),
        (0.0001, "0.0", "0.0"),
        (-0.0001, "-0.0", "0.0"),
        (None, "–", "–"),
    ],
)
def test_numbers_are_points(value: float | None, points: str, signed: str) -> None:
    assert words("en").points(value) == points
    assert words("en").signed(value) == signed


def gaps(text: dict[str, Any], before: str = "") -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, value in text.items():
        if isinstance(value, dict):
            found |= gaps(value, f"{before}{key}.")
        else:
            assert value.strip()
            assert "!" not in value
            found[before + key] = set(re.findall(r"\{(\w+)\}", value))
    return found


def test_both_languages_say_the_same_with_the_same_gaps() -> None:
    english, korean = (gaps(json.loads((FOLDER / f"{language}.json").read_text())) for language in ("en", "ko"))
    assert english == korean


def test_the_colours_are_those_of_the_pages() -> None:
    pages = (ROOT / "frontend/src/ui/colours.ts").read_text()
    light, dark = (
        re.search(rf"{scheme}: {{ tp: '(#\w+)', fp: '(#\w+)', fn: '(#\w+)'", pages) for scheme in ("light", "dark")
    )
    assert light is not None
    assert dark is not None
    assert light.groups() == tuple(TONES[name] for name in ("tp", "fp", "fn"))
    assert dark.groups() == tuple(ON_PICTURE[name] for name in ("tp", "fp", "fn"))


def test_what_is_ignored_is_hatched_within_its_box() -> None:
    boxes = [CropBox((10, 20, 30, 30), True, "other", ignored=True), CropBox((40, 40, 50, 50), True, "tp", main=True)]
    drawn = str(picture(Crop(b"jpeg", (0, 0, 100, 100), boxes, "car", "", "a.jpg")))
    (path,) = re.findall(r'<path d="([^"]+)"', drawn)
    numbers = [float(number) for number in re.findall(r"[\d.]+", path)]
    assert (min(numbers[::2]), max(numbers[::2])) == (10, 30)
    assert (min(numbers[1::2]), max(numbers[1::2])) == (20, 30)
