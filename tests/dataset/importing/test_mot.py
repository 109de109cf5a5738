"""MOTChallenge's ground truth."""

from pathlib import Path

from dataset.importing.columns import Ignore
from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read

INFO = "[Sequence]\nname=MOT16-02\nimDir=img1\nframeRate=30\nseqLength=2\nimWidth=64\nimHeight=48\nimExt=.jpg\n"


def sequence(root: Path, rows: str, *, info: str = INFO) -> Path:
    for frame in (1, 2):
        write_image(root / "img1" / f"00000{frame}.jpg", colour=frame * 20)
    write_text(root / "gt" / "gt.txt", rows)
    if info:
        write_text(root / "seqinfo.ini", info)
    return root


def test_it_works(tmp_path: Path) -> None:
    """Frame, track, left, top, width, height, whether it counts, class (from 1), how much of it is seen."""
    sequence(tmp_path / "train" / "MOT16-02", "1,7,10,20,30,20,1,1,0.5\n1,8,1,2,3,4,0,8,1\n")
    found = read(tmp_path)
    key = "train/MOT16-02/img1/000001.jpg"
    assert found.source.format == "mot"
    assert found.boxes[key] == [("pedestrian", [10, 20, 40, 40]), ("distractor", [1, 2, 4, 6])]
    assert found.ignore[key] == [Ignore.NO, Ignore.REGION]
    assert found.attributes[key] == [{"track": 7, "visibility": 0.5}, {"track": 8, "visibility": 1}]
    assert [found.sequence(image) for image in found.boxes] == ["MOT16-02", "MOT16-02"]
    assert list(found.states.values()) == ["labelled", "not labelled"]
    assert found.metadata(key) == {"split": "train"}


def test_frames_are_those_of_their_own_sequence(tmp_path: Path) -> None:
    """Two sequences have a frame 1 each."""
    sequence(tmp_path / "A", "1,1,10,20,30,20,1,1,1\n", info="")
    sequence(tmp_path / "B", "1,1,0,0,5,5,1,1,1\n", info="")
    found = read(tmp_path)
    assert found.boxes["A/img1/000001.jpg"] == [("pedestrian", [10, 20, 40, 40])]
    assert found.boxes["B/img1/000001.jpg"] == [("pedestrian", [0, 0, 5, 5])]
    assert found.sequence("B/img1/000002.jpg") == "B"


def test_labels_txt_names_the_classes(tmp_path: Path) -> None:
    """As CVAT and datumaro write it beside gt.txt."""
    sequence(tmp_path, "1,-1,4.0,6.0,16.0,24.0,1,2,0.0\n", info="")
    write_text(tmp_path / "gt" / "labels.txt", "pan\npot\n")
    found = read(tmp_path)
    assert found.boxes["img1/000001.jpg"] == [("pot", [4, 6, 20, 30])]
    assert found.attributes["img1/000001.jpg"] == [{"visibility": 0}]


def test_the_older_form_has_no_classes(tmp_path: Path) -> None:
    sequence(tmp_path, "1,3,10,20,30,20,1,-1,-1,-1\n")
    found = read(tmp_path)
    assert found.boxes["img1/000001.jpg"] == [("pedestrian", [10, 20, 40, 40])]
    assert found.attributes["img1/000001.jpg"] == [{"track": 3}]


def test_it_rejects_rows_that_it_cannot_take(tmp_path: Path) -> None:
    """A frame without an image, a class that is none, too few values; detections are no labels."""
    sequence(tmp_path, "9,1,10,20,30,20,1,1,1\n1,1,10,20,30,20,1,99,1\n1,1,10\n")
    write_text(tmp_path / "det" / "det.txt", "1,-1,10,20,30,20,0.9,-1,-1,-1\n")
    found = read(tmp_path)
    assert sorted(found.kinds) == [
        ("broken_record", "skipped"),
        ("broken_record", "skipped"),
        ("no_image", "skipped"),
        ("predictions", "skipped"),
    ]
    assert set(found.states.values()) == {"not labelled"}
