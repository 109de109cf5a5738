"""`./halfday demo --preset published`: 30,000 of somebody's images, 4 : 1, and what data or machine it refuses.

The data is generated in BDD100K's own layout, at a hundredth of the published numbers.
"""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from commandline import demo as demo_command
from commandline.labelled_folder import write_labelled_folder
from demo.__main__ import _material, _preset, parser
from demo.cost import CannotAfford, check_shape, does_not_fit, image_passes, too_slow
from demo.desk import Desk
from demo.material import Material
from embedded.failures import Failure

CLASSES = ["car", "traffic sign", "traffic light", "person", "truck", "bus", "bike", "rider", "motor", "train"]
HUNDREDTH = ["--preset", "published", "--scale", "0.01"]
SIZE = (64, 36)  # a twentieth of BDD100K's


def frame(name: str, number: int) -> dict:
    """As bdd100k_labels_images_*.json has it: boxes, and lanes that are none."""
    box = {"x1": 4.5, "y1": 5.0, "x2": 40.0 + number % 20, "y2": 30.0}
    attributes = {"occluded": number % 2 == 0, "truncated": False, "trafficLightColor": "none"}
    shown = {"category": CLASSES[number % 10], "attributes": attributes, "manualShape": True, "manualAttributes": True}
    lane = {"category": "lane", "attributes": {"laneType": "crosswalk"}, "manualShape": True, "manualAttributes": True}
    lane["poly2d"] = [{"vertices": [[0.0, 9.0], [30.0, 20.0]], "types": "LL", "closed": False}]
    context = {"weather": "rainy", "scene": "city street", "timeofday": "night"}
    labels = [{**shown, "box2d": box, "id": 2 * number}, {**lane, "id": 2 * number + 1}]
    return {"name": name, "attributes": context, "timestamp": 10000, "labels": labels}


def bdd100k(folder: Path, *, train: int, val: int, test: int = 0) -> Path:
    """images/100k/{train,val,test} and labels/bdd100k_labels_images_{train,val}.json; nobody labelled the test part."""
    random = np.random.default_rng(0)
    (folder / "labels").mkdir(parents=True)
    for part, count in (("train", train), ("val", val), ("test", test)):
        images = folder / "images" / "100k" / part
        images.mkdir(parents=True)
        names = [f"{part[0]:0>8}-{number:08x}.jpg" for number in range(count)]
        for name in names:
            cv2.imwrite(str(images / name), random.integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8))
        if part != "test":
            frames = [frame(name, number) for number, name in enumerate(names)]
            (folder / "labels" / f"bdd100k_labels_images_{part}.json").write_text(json.dumps(frames))
    return folder


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is read of a hundredth of BDD100K, and some of its unlabelled images."""
    folder = tmp_path_factory.mktemp("data")
    target = folder / "labels.json"
    write_labelled_folder(
        bdd100k(folder / "bdd100k", train=350, val=50, test=10), target, wanted="auto", annotations=None
    )
    return target


def material(labels: Path, *more: str) -> Material:
    options = parser().parse_args([*HUNDREDTH, "--data", "any", "--material", str(labels), *more])
    preset = _preset(options)
    desk = Desk(None, None, preset, 0)  # type: ignore[arg-type] - no platform is asked
    return _material(options, preset, labels.parent, desk)


def test_it_works(labels: Path) -> None:
    found = material(labels)
    assert (len(found.experiment), len(found.pool), len(found.validation)) == (300, 100, 0)
    assert sorted(found.class_names) == sorted(CLASSES)
    assert {one.metadata["timeofday"] for one in found.pictures} == {"night"}
    assert "10 images without labels were left out." in found.notes
    check_shape(found, _preset(parser().parse_args(HUNDREDTH)))


def test_it_is_the_published_experiment() -> None:
    preset = _preset(parser().parse_args(["--preset", "published"]))
    assert (preset.experiment, preset.rare, preset.edge) == (30_000, 3000, 3000)
    assert (preset.baseline, preset.imgsz) == ("yolov6l6", 1280)
    own = _preset(parser().parse_args([*HUNDREDTH, "--baseline", "yolov6n6", "--imgsz", "64", "--batch", "4"]))
    assert (own.experiment, own.rare, own.edge, own.baseline, own.imgsz) == (300, 30, 30, "yolov6n6", 64)
    assert own.settings["batch"] == 4


def test_it_rejects_too_few_images(labels: Path) -> None:
    preset = _preset(parser().parse_args(["--preset", "published"]))
    with pytest.raises(CannotAfford, match=r"36,000 in all; bdd100k holds 400 .* Give --scale 0\.011 for"):
        check_shape(material(labels), preset)


def test_it_rejects_before_the_platform_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(demo_command, "serve", lambda *args, **kwargs: started.append(args))
    with pytest.raises(Failure, match="--preset published needs --data FOLDER"):
        demo_command.main(["--preset", "published"])
    assert started == []


def test_passes_are_counted_by_hand() -> None:
    preset = _preset(parser().parse_args(["--preset", "published", "--epochs", "10"]))
    passes = image_passes(preset, 30_000, 40_000)
    # 24,000 images: baseline 10 epochs, two folds of half of them, four later trainings of 4 epochs
    assert passes.trained == 24_000 * (10 + 10 + 4 * 4)
    # five evaluations of 6,000, out-of-fold predictions of 24,000, the pool's for edge cases
    assert passes.predicted == 5 * 6000 + 24_000 + 40_000
    assert image_passes(preset, 30_000, 40_000, ceiling=True).trained - passes.trained == 24_000 * 4


def measurement(**figures: object) -> dict:
    return {
        "device": "A processor, 2 cores", "imgsz": 1280, "batch": 16, "trained_per_second": 0.05,
        "predicted_per_second": 0.5, "memory": 2**33, "problem": "", **figures,
    }  # fmt: skip


def test_it_says_how_long_a_slow_machine_would_take() -> None:
    preset = _preset(parser().parse_args(["--preset", "published"]))
    passes = image_passes(preset, 30_000, 6000)
    said = too_slow(preset, measurement(), passes, 72)
    assert "A processor, 2 cores yolov6l6 trains 0.05 images a second at 1280 px" in said
    assert "2,592,000 images of all trainings would take 601 days, more than the 72 hours" in said
    assert too_slow(preset, measurement(trained_per_second=40.0, predicted_per_second=200.0), passes, 72) == ""


def test_it_says_what_does_not_fit_in_memory() -> None:
    preset, problem = _preset(parser().parse_args(["--preset", "published"])), "It takes more memory than is free."
    found = measurement(trained_per_second=None, problem=problem)
    said = does_not_fit(preset, found, measurement(batch=1), image_passes(preset, 30_000, 6000))
    assert "cannot train yolov6l6 at 1280 px in batches of 16: It takes more memory than is free." in said
    assert "One image at a time it trains 0.05 images a second" in said
    assert "601 days" in said
    nothing = does_not_fit(preset, found, {**found, "batch": 1}, image_passes(preset, 30_000, 6000))
    assert "One image" not in nothing


@pytest.mark.parametrize("value", ["0", "1.5", "all", "nan"])
def test_it_rejects_no_share(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--scale", value])
    assert f"{value} is not a share" in capsys.readouterr().err
