"""Label files as people really have them (shared/data/wild, whose README says what is right), read as an import reads.

A row a case: what is in each image by its stem, which images are labelled, and the kinds of problems and notes that
must be said. A case whose folder is not there is left out with that reason.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dataset.importing.columns import Ignore
from dataset.importing.files import walk
from dataset.importing.inspection import Survey, report_of, survey
from dataset.importing.survey import LABELLED, NEGATIVE, NOT_LABELLED, label_states, names_of
from dataset.importing.types import Problems
from dataset.tasks import run_import
from tests.dataset.folders import import_folder
from tests.factories import Cast, call, make_dataset

assert run_import

ROOT = Path(__file__).parents[3] / "shared" / "data" / "wild"
Boxes = dict[str, list[tuple[str, list[float]]]]


@dataclass(frozen=True)
class Case:
    """A folder and what it means. `states` None: images with boxes are labelled, the others negatives."""

    folder: str
    boxes: Boxes
    states: dict[str, int] | None = None
    said: frozenset[str] = frozenset()  # kinds of problems and notes that must be among those said
    silent: frozenset[str] = frozenset()  # and that must not be
    splits: dict[str, str] = field(default_factory=dict)
    predictions: int = 0
    classes: list[str] | None = None
    format: str = ""
    ignored: list[Ignore] = field(default_factory=list)  # of its boxes, in order


def tram(left: float) -> list[tuple[str, list[float]]]:
    return [("tram", [left, 30, left + 120, 130])]


PAIR = [("lorry", [160, 120, 240, 180]), ("taxi", [60, 45, 100, 75])]

CASES = [
    Case("01-cvat-video-frames", {f"frame_00000{n}": tram(20 + 5 * n) for n in range(3)}, classes=["tram", "van"]),
    Case(
        "02-yolo-pose",
        {"plate1": [("plate", [160, 135, 240, 165])], "plate2": [("plate", [80, 90, 120, 150])]},
        said=frozenset(["pose"]),
        silent=frozenset(["polygon"]),
    ),
    Case(
        "03-two-class-orders",
        {"north_1": [("bus", [120, 90, 280, 210])], "south_1": [("pedestrian", [190, 105, 210, 195])]},
        classes=["bus", "cyclist", "pedestrian"],
    ),
    Case("04-classes-bom", {"a": PAIR}, classes=["lorry", "taxi"]),
    Case("06-darknet-labels", {}, classes=["crane", "forklift"], silent=frozenset(["no_names"])),
    Case("07-yolo-conf", {"a": []}, {"a": NOT_LABELLED}, said=frozenset(["predictions"]), predictions=2),
    Case(
        "08-coco-rotation",
        {"t": [("pipe", [190, 100, 210, 200])]},
        said=frozenset(["shapes"]),
    ),
    Case("31-split-lists", {}, splits={"p1": "train", "p2": "train", "p3": "train", "p4": "valid"}, classes=["pot"]),
    Case(
        "45-coco-seg-only",
        {"a": [("sign", [10, 20, 60, 80]), ("sign", [110, 20, 160, 80])]},
        said=frozenset(["polygon"]),
    ),
    Case("46a-float-ids", {"a": [("sign", [10, 20, 40, 60])]}, silent=frozenset(["unknown_image", "unknown_class"])),
    Case(
        "82-coco-download",
        {
            "000000000001": [("walker", [10, 20, 40, 60]), ("coach", [100, 20, 160, 60])],
            "000000000002": [("coach", [100, 20, 160, 60])],
            "000000000003": [],
        },
        said=frozenset(["other_file", "described_twice"]),
        classes=["walker", "coach"],
    ),
    Case(
        "83-false-negatives",
        {"a": [], "b": [], "c": [], "d": []},
        {"a": NOT_LABELLED, "b": NOT_LABELLED, "c": NOT_LABELLED, "d": NEGATIVE},
        said=frozenset(["broken_record", "all_refused", "no_boxes"]),
    ),
    Case("19-supervisely", {"a": [("pan", [10, 20, 40, 60])]}, format="supervisely"),
    Case("20-labelstudio-json", {"3fa1-kettle": [("kettle", [40, 60, 160, 180])]}, format="label_studio"),
    Case("20b-labelstudio-min", {"3fa1-kettle": [("kettle", [40, 60, 160, 180])]}, format="label_studio"),
    Case("21-createml", {"a": [("pot", [160, 120, 240, 180])]}, format="createml"),
    Case(
        "24-visdrone",
        {"0001": [("car", [10, 20, 40, 60]), ("ignored regions", [100, 120, 130, 160])]},
        format="visdrone",
        ignored=[Ignore.NO, Ignore.ANYTHING],
    ),
    Case(
        "25-kitti",
        {"000001": [("Car", [10, 20, 40, 60]), ("DontCare", [100, 100, 120, 120])]},
        format="kitti",
        ignored=[Ignore.NO, Ignore.ANYTHING],
    ),
    Case("27-mot", {"000001": [("pedestrian", [10, 20, 40, 60])]}, format="mot"),
    Case("97-superb", {"a": [("keel", [10, 20, 40, 60])]}, format="superb"),
]


def read(folder: str) -> tuple[Survey, dict[str, Any]]:
    if not (ROOT / folder).is_dir():
        pytest.skip(f"shared/data/wild/{folder} is not here")
    problems = Problems()
    found = survey(walk(ROOT / folder, problems), problems, lambda *_: None, wanted="auto", annotations=None)
    return found, report_of(found).as_json(problems)


def stem(key: str) -> str:
    return Path(key).stem


def boxes_of(found: Survey) -> Boxes:
    names, pixels = names_of(found.source), found.pixels
    boxes: Boxes = {stem(image.key): [] for image in found.source.images}
    for image, label, box in zip(pixels.image, pixels.classes, pixels.boxes.tolist(), strict=True):
        boxes[stem(found.source.images[image].key)].append((names[label], pytest.approx(box, abs=0.01)))
    return boxes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder)
def test_it_is_read_as_it_was_meant(case: Case) -> None:
    found, report = read(case.folder)
    boxes = boxes_of(found)
    if case.boxes:
        assert boxes == case.boxes
        kinds = {key: LABELLED if some else NEGATIVE for key, some in case.boxes.items()}
        states = label_states(found.source, found.pixels)
        assert {stem(one.key): state for one, state in zip(found.source.images, states, strict=True)} == (
            case.states or kinds
        )
    said = {one["kind"] for one in (*report["kinds"], *report["notes"])}
    assert said >= case.said
    assert not said & case.silent
    assert {stem(one.key): one.metadata.get("split") for one in found.source.images if case.splits} == case.splits
    assert (report["predictions"] or {"boxes": 0})["boxes"] == case.predictions
    assert found.source.format == case.format or not case.format
    assert found.pixels.ignore.tolist() == case.ignored or not case.ignored
    if case.classes is not None:
        assert names_of(found.source) == case.classes


@pytest.mark.django_db
def test_a_class_that_was_renamed_stays_so(cast: Cast, import_root: Path) -> None:
    """93-rename: the same unchanged folder again, and nothing is to do."""
    folder = ROOT / "93-rename"
    if not folder.is_dir():
        pytest.skip("shared/data/wild/93-rename is not here")
    folder = shutil.copytree(folder, import_root / "set")
    dataset = make_dataset(cast.project, classes=())
    import_folder(cast, dataset, folder)
    row = dataset.classes.get(name="cow")
    assert call(cast.alice, "PATCH", f"classes/{row.pk}", {"name": "cattle"}).status_code == 200
    assert import_folder(cast, dataset, folder).result["revision"] is None
    assert [one.name for one in dataset.classes.all()] == ["cattle", "sheep"]


def test_a_class_list_in_gbk_has_its_three_classes() -> None:
    found, report = read("04b-classes-gbk")
    names = names_of(found.source)
    assert len(set(names)) == len(names) == 3
    assert not any("\ufffd" in name for name in names)
    (note,) = [note for note in report["notes"] if note["kind"] == "encoding"]
    assert "GBK" in note["text"]
