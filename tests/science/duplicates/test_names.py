"""Sources by name: each way of naming by hand, and names that only look like one."""

import uuid
from pathlib import Path

import numpy as np
import pytest

from science.duplicates.names import sources_by_name

AUGMENTED = [f"train/site{site}_jpg.rf.{site}{copy}c0ffee.jpg" for site in range(3) for copy in range(2)]


@pytest.mark.parametrize(
    ("keys", "naming", "sources"),
    [
        (AUGMENTED, "roboflow", ["site0", "site0", "site1", "site1", "site2", "site2"]),
        # train/ and valid/ are sides and no part of the source: this is the leak that matters
        (
            ["train/a_jpg.rf.1.jpg", "valid/a_jpg.rf.2.jpg", "train/b_png.rf.3.jpg", "valid/b_png.rf.4.jpg"],
            "roboflow",
            ["a", "a", "b", "b"],
        ),
        # as Roboflow names what came without an ending of its own, or with two
        (
            ["a.rf.1f.jpg", "a.rf.2f.jpg", "b_jpeg.jpg.rf.3f.jpg", "b_jpeg.jpg.rf.4f.jpg"],
            "roboflow",
            ["a", "a", "b", "b"],
        ),
        # cameras of one drive: what one of them sees at a moment the next one sees too
        (
            [
                f"n0{n}-2018__CAM_{side}__15331514{at}0412470.jpg"
                for n in (15, 16)
                for side in ("FRONT", "BACK")
                for at in (3, 4)
            ],
            "frames",
            ["n015-2018"] * 4 + ["n016-2018"] * 4,
        ),
        # without a name of the drive, a pause of more than a minute tells
        (
            [
                f"CAM_{side}__{at}412470.jpg"
                for at in (1533151400, 1533151460, 1533151521)
                for side in ("FRONT", "LEFT")
            ],
            "frames",
            ["drive 1533151400"] * 4 + ["drive 1533151521"] * 2,
        ),
        (["p_512_0.png", "p_0_512.png", "q_512_0.png", "q_0_512.png"], "tiles", ["p", "p", "q", "q"]),
        (
            ["p_0_0_640_640.png", "p_512_0_1152_640.png", "q_0_0_640_640.png", "q_512_0_1152_640.png"],
            "tiles",
            ["p", "p", "q", "q"],
        ),
        (
            ["P0001__1__0___824.png", "P0001__1__824___0.png", "P0002__0.5__0___0.png", "P0002__1__0___0.png"],
            "tiles",
            ["P0001"] * 2 + ["P0002"] * 2,
        ),
        (["a.jpg", "a_tile_1.jpg", "b.jpg", "b_tile_1.jpg"], "tiles", ["a", "a", "b", "b"]),  # the whole is of it too
        (["a_aug_1.jpg", "a_flip.jpg", "b_rot90.jpg", "b_bright_2.jpg"], "augmented", ["a", "a", "b", "b"]),
        (
            [
                "IMG_20200101_101010_BURST001.jpg",
                "IMG_20200101_101010_BURST002.jpg",
                "IMG_20200102_101010_BURST001.jpg",
                "IMG_20200102_101010_BURST002_COVER.jpg",
            ],
            "bursts",
            ["IMG_20200101_101010"] * 2 + ["IMG_20200102_101010"] * 2,
        ),
        (["a.jpg", "a (1).jpg", "b.jpg", "b (1).jpg"], "bursts", ["a", "a", "b", "b"]),
        (["clip1_000123.jpg", "clip1_000124.jpg", "clip2_000123.jpg"], "frames", ["clip1", "clip1", "clip2"]),
        (
            ["v/one/frame0001.jpg", "v/one/frame0002.jpg", "v/two/frame0001.jpg", "v/two/frame0002.jpg"],
            "frames",
            ["v/one/frames"] * 2 + ["v/two/frames"] * 2,
        ),
        # augmented frames of clips: what is left of a name is looked at once more
        (
            [f"ride{ride}_mp4-{n}_jpg.rf.{n}{k}.jpg" for ride in (1, 2) for n in (10, 11) for k in "ab"],
            "roboflow",
            ["ride1_mp4"] * 4 + ["ride2_mp4"] * 4,
        ),
        (
            [f"{town}/{n:06}.png" for town in ("t1", "t2", "t3") for n in (0, 20, 40)],
            "frames",
            [f"{town}/frames" for town in ("t1", "t2", "t3") for _ in range(3)],
        ),
    ],
)
def test_it_works(keys: list[str], naming: str, sources: list[str]) -> None:
    named = sources_by_name(keys)
    assert named.source == sources
    [found] = named.found
    assert (found.naming, found.images, found.sources) == (naming, len(keys), len(set(sources)))


@pytest.mark.parametrize(
    ("keys", "classes"),
    [
        ([f"BloodImage_{n:05}.jpg" for n in range(20)], []),  # one name and a number: no clips
        ([f"train2017/{n * 977:012}.jpg" for n in range(20)], []),
        ([f"{n:012}.jpg" for n in range(20)], []),
        ([f"COCO_val2014_{n * 977:012}.jpg" for n in range(20)], []),
        ([f"{year}_{n:06}.jpg" for year in (2007, 2008, 2009, 2010) for n in range(20)], []),  # as VOC's
        ([f"IMG_{n:04}.jpg" for n in range(40)], []),
        (
            [f"{word}{n:04}.jpg" for word in ("IMG_", "DSC", "DSCN", "P") for n in range(20)],
            [],
        ),  # of four people's cameras
        ([f"IMG-202001{day:02}-WA{n:04}.jpg" for day in range(1, 9) for n in range(4)], []),
        ([f"{(n * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128:032x}.jpg" for n in range(1, 30)], []),
        ([f"{uuid.UUID(int=n * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)}.jpg" for n in range(1, 30)], []),
        ([f"{name}_{n:04}.jpg" for name in ("car", "bus", "truck") for n in range(9)], ["car", "bus", "truck"]),
        ([f"car ({n}).jpg" for n in range(20)], []),  # all of one would leave nothing to split
        ([*AUGMENTED, *(f"shot-{n * 37:x}z.jpg" for n in range(20))], []),  # a few among many
        ([f"IMG_2020{n:02}{n:02}_{n * 977:06}.jpg" for n in range(1, 12)], []),
        ([f"a{n}_jpg.rf.{n}.jpg" for n in range(20)], []),  # each source has one image
        ([], []),
        (["alone.jpg"], []),
    ],
)
def test_names_that_tell_nothing(keys: list[str], classes: list[str]) -> None:
    named = sources_by_name(keys, classes)
    assert named.found == []
    assert set(named.source) <= {""}


def test_numbers_are_equal_where_sources_are() -> None:
    assert sources_by_name(AUGMENTED).numbers().tolist() == [0, 0, 1, 1, 2, 2]


def test_roboflows_copies_as_people_have_them(shared_data: Path) -> None:
    """35-split-leak: 20 sources, three augmented copies of each."""
    folder = shared_data / "wild" / "35-split-leak"
    if not folder.is_dir():
        pytest.skip("shared/data/wild/35-split-leak is not here")
    keys = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg"))
    found = sources_by_name(keys)
    assert (len(keys), found.images, found.sources) == (60, 60, 20)
    assert set(np.bincount(found.numbers()).tolist()) == {3}
