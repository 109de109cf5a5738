"""Looking inside the boxes: what the finder of mislabels finds with an encoder's opinion, and what without.

    PYTHONPATH=platform:. python benchmarks/inside_boxes.py [--images 480] [--rate 0.25] [--seed 0]
    PYTHONPATH=platform:. python benchmarks/inside_boxes.py --data FOLDER --weights FILE.pt --imgsz 256 --epochs 5

Generated scenes, or somebody's labelled folder, whose labels then count as the truth. Errors are planted by
`demo.plant`, which plants otherwise than the finder does for itself; two networks judge, each without half of the
images; the encoder looks into the labelled boxes, into places where nothing is labelled and into detections.
Average precision of each kind's own order and of the joint one, beside FiftyOne's formula of mistakenness on the same
judges (`mislabel_peers` says how it is read); then, of the suggestions of at least 0.2, what they promise and how many
are right; and the seconds of processor that encoding and searching take.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.mislabel_peers import KINDS, Doubts, as_doubts, figures, found_missing, mistakenness
from benchmarks.simulated_judges import Objects, SpoiltLabels
from demo.objects import CLASSES
from demo.plant import ImageLabels, Planted, plant
from demo.presets import LEARNT, SCENES, TUNED
from demo.scenes import scenes
from model.engines import (
    ConvertRequest,
    LabelledImage,
    PredictRequest,
    PredictSettings,
    TrainRequest,
    TrainSettings,
    run_in_process,
)
from science.autocurate.mislabels import (
    Crops,
    LabelErrorKind,
    MislabelSettings,
    SuggestedLabel,
    crops_wanted,
    find_mislabels,
)
from science.evaluation.types import Detections, GroundTruth

BASE = Path(__file__).resolve().parents[1] / "model" / "weights" / "road11t.pt"
FOLDS = 2
SHOWN = 0.2


@dataclass(frozen=True, eq=False)
class LabelledScenes:
    """Images, their true labels, and which belong together."""

    paths: list[Path]
    labels: list[ImageLabels]
    groups: list[str]
    names: tuple[str, ...]


def main() -> None:
    """Draw or read, plant, judge, search, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=480)
    parser.add_argument("--rate", type=float, default=0.25, help="of the labels that get an error")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, metavar="FOLDER")
    parser.add_argument("--weights", type=Path, metavar="FILE.pt")
    parser.add_argument("--imgsz", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="halfday-inside-") as name:
        folder = Path(name)
        material = read(options, folder) if options.data else draw(options, folder)
        given, planted = plant(material.labels, options.rate, material.names, options.seed)
        world = judged_labels(options, folder, material, given, planted)
        began = time.process_time()
        crops = encoded(material, world)
        print(f"encoding took {time.process_time() - began:.1f} s of processor", flush=True)
        table(world, material.names, crops)


def draw(options: argparse.Namespace, folder: Path) -> LabelledScenes:
    """Road scenes."""
    paths, labels, groups = [], [], []
    for scene in scenes(options.images, options.seed * 10):
        path = folder / f"{scene.key}.jpg"
        cv2.imwrite(str(path), scene.pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
        height, width = scene.pixels.shape[:2]
        paths.append(path)
        labels.append(ImageLabels(path.name, width, height, scene.boxes, scene.classes))
        groups.append(scene.sequence or scene.key)
    return LabelledScenes(paths, labels, groups, CLASSES)


def read(options: argparse.Namespace, folder: Path) -> LabelledScenes:
    """Somebody's folder, by the platform's importers; copies left out."""
    from commandline.labelled_folder import write_labelled_folder

    target = folder / "labels.json"
    write_labelled_folder(options.data, target, wanted="auto", annotations=None)
    content = json.loads(target.read_text())
    rows = list({row["sha256"]: row for row in content["images"]}.values())
    labels = [
        ImageLabels(row["key"], row["width"], row["height"], np.array(row["boxes"], np.float32).reshape(-1, 4),
                    np.array(row["classes"], np.int32))
        for row in rows
    ]  # fmt: skip
    paths, groups = [Path(row["path"]) for row in rows], [row["sequence"] or row["key"] for row in rows]
    return LabelledScenes(paths, labels, groups, tuple(content["classes"]))


def judged_labels(
    options: argparse.Namespace,
    folder: Path,
    material: LabelledScenes,
    given: Sequence[ImageLabels],
    planted: Sequence[Planted],
) -> SpoiltLabels:
    """Train a network per fold without the fold's images, and have it predict them."""
    weights, settings = start_of(options, folder)
    names = sorted(set(material.groups))
    fold_of = dict(zip(names, np.random.default_rng(options.seed).integers(0, FOLDS, len(names)), strict=True))
    folds = np.array([fold_of[group] for group in material.groups])
    columns: list[list[np.ndarray]] = [[], [], [], []]
    for fold in range(FOLDS):
        taught = tuple(
            LabelledImage(material.paths[i], given[i].width, given[i].height, given[i].boxes, given[i].classes)
            for i in np.flatnonzero(folds != fold).tolist()
        )
        request = TrainRequest("", material.names, taught, folder / f"fold{fold}", settings, weights, resume=False)
        trained = run_in_process(request, log=folder / "log")
        mine = np.flatnonzero(folds == fold)
        asked = PredictRequest(
            trained.best, tuple(material.paths[i] for i in mine), PredictSettings(imgsz=options.imgsz)
        )
        said = run_in_process(asked, log=folder / "log")
        told: list[np.ndarray] = [mine[said.image_index], said.class_index, said.boxes, said.scores]
        for column, values in zip(columns, told, strict=True):
            column.append(values)
    image, label, boxes, scores = (np.concatenate(column) for column in columns)
    order = np.argsort(image, kind="stable")
    detections = Detections.of(
        image_index=image[order], class_index=label[order], boxes=boxes[order], scores=scores[order]
    )
    return spoilt(material, given, planted, detections)


def start_of(options: argparse.Namespace, folder: Path) -> tuple[Path, TrainSettings]:
    """The weights and the settings that the demo takes for such data."""
    own = {"epochs": options.epochs, "imgsz": options.imgsz, "seed": options.seed}
    if not options.weights:
        return BASE, TrainSettings(**{**(LEARNT if options.data else SCENES), **own})
    converted = folder / "start.pt"
    run_in_process(ConvertRequest(options.weights, converted), log=folder / "log")
    return converted, TrainSettings(**{**TUNED, **own})


def spoilt(
    material: LabelledScenes, given: Sequence[ImageLabels], planted: Sequence[Planted], detections: Detections
) -> SpoiltLabels:
    """Labels, what is wrong with each, and what is missing."""
    place = {labels.key: at for at, labels in enumerate(given)}
    start = np.concatenate([[0], np.cumsum([len(labels.boxes) for labels in given])])
    kind: list[LabelErrorKind | None] = [None] * int(start[-1])
    missing: list[tuple[int, int, tuple[float, ...]]] = []
    for error in planted:
        image = place[error.key]
        if error.given_box is None:
            assert error.true_box is not None
            assert error.true_class is not None
            missing.append((image, error.true_class, error.true_box))
            continue
        off = np.abs(given[image].boxes - np.array(error.given_box, np.float32)).max(axis=1)
        kind[int(start[image] + off.argmin())] = LabelErrorKind(error.kind)
    empty = np.zeros(len(missing))
    return SpoiltLabels(
        truth_of(given),
        kind,
        Objects(
            np.array([row[0] for row in missing], np.int64),
            np.array([row[1] for row in missing], np.int64),
            np.array([row[2] for row in missing], np.float64).reshape(-1, 4),
            empty,
            empty,
        ),
        detections,
        np.array([(labels.width, labels.height) for labels in material.labels], np.float64),
    )


def truth_of(given: Sequence[ImageLabels]) -> GroundTruth:
    """The labels as columns."""
    return GroundTruth.of(
        image_ids=np.arange(len(given)),
        image_index=np.repeat(np.arange(len(given)), [len(labels.boxes) for labels in given]),
        class_index=np.concatenate([labels.classes for labels in given]),
        boxes=np.concatenate([labels.boxes for labels in given]),
    )


def encoded(material: LabelledScenes, world: SpoiltLabels) -> Crops:
    """What the encoder sees in the boxes."""
    import torch

    from curate.embeddings.encoder import CROP_SIDE, PictureToEncode
    from curate.embeddings.encoder.efficientnet import EfficientNetLite0
    from curate.embeddings.encoder.pictures import tiles_of

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    wanted = crops_wanted(world.given, world.detections, classes=len(material.names), image_sizes=world.sizes, seed=0)
    found = world.detections
    image = np.concatenate([world.given.image_index, wanted.places.image, found.image_index[wanted.detected]])
    boxes = np.concatenate([world.given.boxes, wanted.places.box, found.boxes[wanted.detected]]).astype(np.float32)
    encoder, vectors = EfficientNetLite0(), np.zeros((len(boxes), 1280), np.float16)
    for at in np.unique(image):
        mine = np.flatnonzero(image == at)
        vectors[mine] = encoder(tiles_of(PictureToEncode(material.paths[at], boxes[mine]), CROP_SIDE))
    labels, empty, detected = np.split(vectors, [len(world.given), len(world.given) + len(wanted.places.row)])
    print(f"{len(labels)} labels, {len(empty)} empty places, {len(detected)} detections", flush=True)
    return Crops(labels, wanted.places, empty, wanted.detected, detected)


def table(world: SpoiltLabels, names: Sequence[str], crops: Crops) -> None:
    """Print average precisions, then what was promised and kept."""
    print(f"{world.errors} errors in {len(world.given)} labels")
    heads = ["any", *(kind.value for kind in KINDS), "seconds"]
    print(f"{'':<16}" + "".join(f"{head:>13}" for head in heads))
    ways: dict[str, Callable[[SpoiltLabels], Doubts]] = {
        "with crops": lambda world: as_doubts(search(world, names, crops, 0.0), world),
        "without": lambda world: as_doubts(search(world, names, None, 0.0), world),
        "mistakenness": mistakenness,
    }
    search(world, names, crops, 0.0)  # so that nothing is compiled while timed
    for name, way in ways.items():
        row = figures(world, way)
        print(f"{name:<16}" + "".join(f"{row[head]:>13.3f}" for head in heads), flush=True)
    for name, some in (("with crops", crops), ("without", None)):
        print(f"{name}: " + ", ".join(promises_kept(search(world, names, some, SHOWN), world)))


def search(world: SpoiltLabels, names: Sequence[str], crops: Crops | None, least: float) -> list[SuggestedLabel]:
    """Our finder's suggestions."""
    return find_mislabels(
        world.given,
        world.detections,
        class_names=names,
        image_sizes=world.sizes,
        settings=MislabelSettings(smallest_score=least),
        crops=crops,
    ).suggestions


def promises_kept(found: Sequence[SuggestedLabel], world: SpoiltLabels) -> list[str]:
    """By kind, what the shown suggestions promise and how many are right; a label is right with any error."""
    lines = []
    for kind in KINDS:
        mine = [one for one in found if one.kind is kind]
        if kind is LabelErrorKind.MISSING:
            lone = [(one.image_index, np.array(one.proposed_box), one.score) for one in mine]
            right = found_missing(world, lone)[1]
        else:
            right = np.array([world.kind[one.annotation_id] is not None for one in mine], bool)
        if mine:
            lines.append(f"{kind.value} {np.mean([one.score for one in mine]):.2f}, {right.mean():.2f} of {len(mine)}")
    return lines


if __name__ == "__main__":
    main()
