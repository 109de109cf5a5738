"""Label files as people have them, where the checkout has them beside it (shared/data/wild): read as they are meant."""

from pathlib import Path

import pytest

from dataset.importing.columns import Ignore
from tests.dataset.importing.reading import read

WILD = Path(__file__).resolve().parents[3] / "shared" / "data" / "wild"

Boxes = dict[str, list[tuple[str, list[float]]]]

CASES: dict[str, tuple[str, Boxes]] = {
    "19-supervisely": ("supervisely", {"ds1/img/a.jpg": [("pan", [10, 20, 40, 60])]}),
    "20-labelstudio-json": ("label_studio", {"images/3fa1-kettle.jpg": [("kettle", [40, 60, 160, 180])]}),
    "20b-labelstudio-min": ("label_studio", {"images/3fa1-kettle.jpg": [("kettle", [40, 60, 160, 180])]}),
    "21-createml": ("createml", {"a.jpg": [("pot", [160, 120, 240, 180])]}),
    "24-visdrone": (
        "visdrone",
        {"images/0001.jpg": [("car", [10, 20, 40, 60]), ("ignored regions", [100, 120, 130, 160])]},
    ),
    "25-kitti": (
        "kitti",
        {"training/image_2/000001.png": [("Car", [10, 20, 40, 60]), ("DontCare", [100, 100, 120, 120])]},
    ),
    "27-mot": ("mot", {"MOT-01/img1/000001.jpg": [("pedestrian", [10, 20, 40, 60])]}),
    "97-superb": ("superb", {"images/a.jpg": [("keel", [10, 20, 40, 60])]}),
    "01-cvat-video-frames": (
        "cvat",
        {
            f"images/frame_00000{frame}.PNG": [("tram", [20 + 5 * frame, 30, 140 + 5 * frame, 130])]
            for frame in range(3)
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_wild_files_are_read_as_they_are_meant(case: str) -> None:
    folder = WILD / case
    if not folder.is_dir():
        pytest.skip(f"shared/data/wild/{case} is not beside this checkout")
    form, boxes = CASES[case]
    found = read(folder)
    assert (found.source.format, found.boxes) == (form, boxes)


@pytest.mark.parametrize("case", ["24-visdrone", "25-kitti"])
def test_places_that_nobody_looked_into_are_no_objects(case: str) -> None:
    if not (WILD / case).is_dir():
        pytest.skip(f"shared/data/wild/{case} is not beside this checkout")
    (ignored,) = read(WILD / case).ignore.values()
    assert ignored == [Ignore.NO, Ignore.ANYTHING]
