"""CVAT for video: tracks, in the shape of CVAT's own export; jobs of one task; frames without endings."""

from pathlib import Path

import pytest

from dataset.importing.columns import Ignore
from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read

META = (
    "<meta><task><id>1</id><name>harbour</name><size>{size}</size><mode>interpolation</mode><start_frame>0</start_frame>"
    "<stop_frame>{last}</stop_frame><labels><label><name>van</name></label><label><name>tram</name></label></labels>"
    "</task></meta>"
)


def box(frame: int, left: float, *, key: int = 1, outside: int = 0, more: str = "") -> str:
    return (
        f'<box frame="{frame}" keyframe="{key}" outside="{outside}" occluded="0" '
        f'xtl="{left}" ytl="10" xbr="{left + 20}" ybr="20" z_order="0" {more}>'
        '<attribute name="parked">true</attribute></box>'
    )


def write(root: Path, *tracks: str, size: int = 5, names: str = "frame_{:06d}.jpg") -> None:
    for frame in range(size):
        write_image(root / "images" / names.format(frame), colour=frame * 9)
    inside = "".join(
        f'<track id="{at}" label="tram" source="manual">{track}</track>' for at, track in enumerate(tracks)
    )
    text = f"<annotations><version>1.1</version>{META.format(size=size, last=size - 1)}{inside}</annotations>"
    write_text(root / "annotations.xml", text)


def lefts(root: Path) -> list[list[float]]:
    """Left edges of the boxes, frame by frame."""
    return [[one[0] for _, one in found] for _, found in sorted(read(root).boxes.items())]


def test_it_works(tmp_path: Path) -> None:
    """CVAT writes the frames between key frames too, and one where the object is gone."""
    write(tmp_path, box(0, 4) + box(1, 6, key=0) + box(2, 8) + box(3, 8, outside=1))
    found = read(tmp_path)
    assert found.source.format == "cvat"
    assert found.source.class_names == ["van", "tram"]
    assert lefts(tmp_path) == [[4], [6], [8], [], []]
    kept = {"occluded": False, "parked": True, "track": 0}
    assert found.attributes["images/frame_000000.jpg"] == [kept]
    assert found.attributes["images/frame_000001.jpg"] == [kept | {"keyframe": False}]  # lies on the line
    assert found.sequence("images/frame_000002.jpg") == "harbour"
    assert found.states["images/frame_000003.jpg"] == "not labelled"
    assert found.kinds == []


@pytest.mark.parametrize(
    ("track", "expected"),
    [
        (box(0, 4) + box(4, 12), [[4], [6], [8], [10], [12]]),
        (box(0, 4) + box(2, 8), [[4], [6], [8], [8], [8]]),
        (box(0, 4) + box(3, 9, outside=1), [[4], [4], [4], [], []]),
        (box(0, 4) + box(1, 4, outside=1) + box(3, 9), [[4], [], [], [9], [9]]),
    ],
)
def test_key_frames_alone_are_filled_as_cvat_does(tmp_path: Path, track: str, expected: list[list[float]]) -> None:
    write(tmp_path, track)
    assert lefts(tmp_path) == expected
    assert read(tmp_path).kinds == [("interpolated", "repaired")]


def test_a_turning_box_takes_the_shorter_way(tmp_path: Path) -> None:
    """From 350 to 10 degrees by way of 0, in two frames: upright in the middle."""
    write(tmp_path, box(0, 20, more='rotation="350"') + box(2, 20, more='rotation="10"') + box(3, 20, outside=1))
    found = read(tmp_path)
    assert found.boxes["images/frame_000001.jpg"] == [("tram", [20, 10, 40, 20])]
    assert found.shapes[-1] == {"kind": "turned", "centre": [30, 15], "size": [20, 10], "angle": 10}


def test_frames_by_the_order_of_images_with_other_names(tmp_path: Path) -> None:
    """As many images as the task has frames."""
    write(tmp_path, box(0, 4) + box(1, 6, outside=1), names="shot{:d}_x.jpg", size=3)
    assert read(tmp_path).boxes["images/shot0_x.jpg"] == [("tram", [4, 10, 24, 20])]


def test_it_rejects_frames_that_are_not_here_and_shapes_that_are_no_box(tmp_path: Path) -> None:
    points = '<points frame="0" keyframe="1" outside="0" points="1,2"/>'
    write(tmp_path, box(9, 4) + box(10, 4, outside=1), points + points.replace('outside="0"', 'outside="1"'))
    found = read(tmp_path)
    assert found.states["images/frame_000000.jpg"] == "not labelled"
    assert sorted(found.kinds) == [("no_box", "skipped"), ("no_image", "skipped")]


def image(name: str, inside: str, *, width: int = 64) -> str:
    return f'<image id="0" name="{name}" width="{width}" height="48">{inside}</image>'


def test_labels_to_be_ignored_are_no_objects(tmp_path: Path) -> None:
    """By the label's name, or by an attribute."""
    write_image(tmp_path / "frame_000000.jpg")
    sides = 'xtl="{}" ytl="10" xbr="60" ybr="20"'
    drawn = f'<box label="Ignore" {sides.format(1)}/><box label="van" {sides.format(2)}/>'
    drawn += f'<box label="van" {sides.format(3)}><attribute name="ignored">true</attribute></box>'
    write_text(tmp_path / "a.xml", f"<annotations>{image('frame_000000', drawn)}</annotations>")
    assert read(tmp_path).ignore["frame_000000.jpg"] == [Ignore.ANYTHING, Ignore.NO, Ignore.REGION]


def test_jobs_of_one_task_are_joined(tmp_path: Path) -> None:
    """Two files of one image; a third that speaks of another size is not."""
    write_image(tmp_path / "frame_000000.jpg")
    drawn = [f'<box label="van" xtl="{left}" ytl="10" xbr="{left + 20}" ybr="20"/>' for left in (0, 30, 40)]
    for at, (inside, width) in enumerate(zip(drawn, (64, 64, 640), strict=True)):
        text = f"<annotations>{image('frame_000000', inside, width=width)}</annotations>"
        write_text(tmp_path / f"job_{at}.xml", text)
    found = read(tmp_path)
    assert found.boxes == {"frame_000000.jpg": [("van", [0, 10, 20, 20]), ("van", [30, 10, 50, 20])]}
    assert found.kinds == [("described_twice", "skipped"), ("described_twice", "repaired")]


def test_a_box_says_that_its_object_goes_and_comes_back(tmp_path: Path) -> None:
    """Whoever goes on with the track in the editor does not fill the frames where the object is out of sight."""
    write(tmp_path, box(0, 4) + box(1, 4, outside=1) + box(3, 9) + box(4, 9, outside=1))
    found = read(tmp_path)
    leaves = [[one.get("leaves") for one in found.attributes[name] or []] for name in sorted(found.attributes)]
    assert leaves == [[True], [], [], [None], []]  # after the last one there is nothing to fill
