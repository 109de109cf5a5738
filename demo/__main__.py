"""`./halfday demo`: the published experiment on generated road scenes, or on your own labelled data."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from client import Halfday, HalfdayError
from demo.console import Console
from demo.cost import CannotAfford, check_machine, check_shape, image_passes
from demo.desk import Desk
from demo.experiment import Replay, project_of
from demo.material import Material, generated_material
from demo.presets import PRESETS, Preset, own_data, scaled, with_baseline, with_figures
from demo.reading import CannotRead, read_material
from demo.review import ReviewHabits
from demo.seeds import rendered, summary
from demo.table import conclusion, render

PUBLISHED = "published"
FORMATS = ["auto", "coco", "yolo", "voc", "bdd100k", "cvat", "labelme", "openimages"]
FORMATS += ["label_studio", "superb", "supervisely", "labelbox", "datumaro", "fiftyone", "createml", "crowdhuman"]
FORMATS += ["hugging_face", "via", "tf_csv", "retinanet", "tfrecord", "mot", "kitti", "visdrone", "dota"]
FORMATS += ["wider", "automl", "ultralytics", "ground_truth", "darwin", "vott", "makesense", "mmdetection", "nuimages"]
FORMATS += ["tt100k", "vertex", "azure_ml", "hasty", "scale", "dataloop", "kili", "encord", "cityscapes", "ua_detrac"]
FORMATS += ["keras_lines", "named_lines"]


def main(arguments: list[str] | None = None) -> int:
    """Replay the experiment; the exit code is 0 where every step was taken, whatever it brought."""
    options = parser().parse_args(arguments)
    try:
        with Halfday.from_environment() as halfday, tempfile.TemporaryDirectory(prefix="halfday-demo-") as name:
            _replay(options, halfday, Path(name))
    except (HalfdayError, CannotRead, CannotAfford) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. What was made stays; the next replay makes a dataset of its own.", file=sys.stderr)
        return 130
    return 0


def _replay(options: argparse.Namespace, halfday: Halfday, folder: Path) -> None:
    """One experiment for each seed, then what they say together."""
    began, clock = datetime.now(UTC), time.monotonic()
    replays: list[Replay] = []
    for number in range(options.seeds):
        replays.append(_one(options, halfday, folder, options.seed + number))
        together = summary([{**one.facts, "seed": one.desk.seed} for one in replays])
        if options.report:  # after each, so that what was measured is not lost with a later one
            content = _report(replays, options, began, time.monotonic() - clock) | together
            options.report.write_text(json.dumps(content, indent=2, default=_plain) + "\n", encoding="utf-8")
    if len(replays) > 1:
        print("\n" + rendered(together), flush=True)


def _one(options: argparse.Namespace, halfday: Halfday, folder: Path, seed: int) -> Replay:
    """Replay the experiment with one seed, and say what it brought."""
    clock, preset = time.monotonic(), _preset(options)
    desk = Desk(halfday, Console(), preset, seed)
    own = folder / str(seed)
    own.mkdir()
    material = _material(options, preset, own, desk)
    if options.preset == PUBLISHED:
        _check(options, material, desk)
    habits = ReviewHabits(options.minutes, careful=options.reviewer == "careful")
    experiment = Replay(desk, material, own, _weights(options, desk), habits, options.ceiling)
    experiment.run()
    _tell(experiment, time.monotonic() - clock)
    return experiment


def _check(options: argparse.Namespace, material: Material, desk: Desk) -> None:
    """Whether the data and this machine are up to the published experiment. Raises CannotAfford."""
    check_shape(material, desk.preset)
    passes = image_passes(desk.preset, len(material.experiment), len(material.pool), ceiling=options.ceiling)
    check_machine(desk.halfday, desk.console, project_of(desk), desk.preset, passes, options.hours)


def share(text: str) -> float:
    """A share of the published numbers, above 0 and at most 1."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a share; give more than 0 and at most 1")
    return found


def at_least_one(text: str) -> int:
    """A number of replays."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of replays; give 1 or more")
    return int(text)


def not_negative(text: str) -> float:
    """A time in minutes; 0 reviews nothing."""
    try:
        minutes = float(text)
    except ValueError:
        minutes = -1.0
    if not 0 <= minutes < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of minutes; give 0 or more")
    return minutes


def parser() -> argparse.ArgumentParser:
    """The options of `./halfday demo`, which also looks here before it starts the platform."""
    parser = argparse.ArgumentParser(prog="./halfday demo", description=__doc__)
    parser.add_argument(
        "--preset",
        choices=["tiny", "small", PUBLISHED, "test"],
        default="tiny",
        help="tiny: up to 8 minutes on two cores; small: up to 30; published: 30,000 images of --data, on a GPU",
    )
    parser.add_argument("--exit", action="store_true", help="stop the platform when the demo has ended")
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the table and what led to it as JSON")
    parser.add_argument(
        "--seed", type=int, default=0, help="of scenes, planted errors, split and trainings (default 0)"
    )
    parser.add_argument(
        "--seeds", type=at_least_one, default=1, metavar="K", help="replay with K seeds, N to N + K - 1, and average"
    )
    parser.add_argument(
        "--ceiling", action="store_true", help="train once more with every planted error removed: what is to be reached"
    )
    parser.add_argument(
        "--minutes",
        type=not_negative,
        default=30.0,
        metavar="N",
        help="of a person's time for the review, counted (default 30)",
    )
    parser.add_argument(
        "--reviewer",
        choices=["answers", "careful"],
        default="answers",
        help="answers: only what is asked; careful: mends all that is wrong in an image once it is open",
    )
    parser.add_argument(
        "--baseline", metavar="NAME", help="the architecture, such as yolov6n6; from scratch, unless --weights has it"
    )
    own = parser.add_argument_group("on your own labelled data")
    own.add_argument("--data", type=Path, metavar="FOLDER", help="a folder with images and labels that can be imported")
    own.add_argument("--format", choices=FORMATS, default="auto", help="of the labels; default: found out")
    own.add_argument("--annotations", metavar="FILE", help="the label file in FOLDER, where there are several")
    own.add_argument("--material", type=Path, help=argparse.SUPPRESS)  # what was read of it
    own.add_argument(
        "--weights", type=Path, metavar="FILE.pt", help="a checkpoint to start from instead of the project's own"
    )
    own.add_argument(
        "--plant", type=float, metavar="RATE", help="share of the training labels that get an error, 0 to 1"
    )
    own.add_argument("--imgsz", type=int, metavar="N", help="longer side that images are scaled to, a multiple of 32")
    own.add_argument("--epochs", type=int, metavar="N", help="of the baseline; later trainings follow in proportion")
    own.add_argument("--batch", type=at_least_one, metavar="N", help="images of an optimiser step")
    own.add_argument(
        "--scale", type=share, default=1.0, metavar="S", help="share of the images of preset published, 0.1 for 3,000"
    )
    own.add_argument(
        "--hours", type=not_negative, default=72.0, metavar="N", help="that preset published may take (default 72)"
    )
    return parser


def needs_data(options: argparse.Namespace) -> str:
    """Why these options lack the data that they need; empty where they do not."""
    if options.preset != PUBLISHED or options.data:
        return ""
    return "--preset published needs --data FOLDER: 36,000 or more labelled images, such as BDD100K's."


def _preset(options: argparse.Namespace) -> Preset:
    if options.data and options.preset != PUBLISHED:
        preset = own_data(weights=options.weights is not None)
    else:
        preset = scaled(PRESETS[options.preset], options.scale if options.preset == PUBLISHED else 1.0)
    if options.baseline and options.preset == PUBLISHED:
        preset = replace(preset, baseline=options.baseline)
    elif options.baseline:
        preset = with_baseline(preset, options.baseline, weights=options.weights is not None)
    return with_figures(preset, plant=options.plant, imgsz=options.imgsz, epochs=options.epochs, batch=options.batch)


def _material(options: argparse.Namespace, preset: Preset, folder: Path, desk: Desk) -> Material:
    if options.data:
        return read_material(options.material, seed=desk.seed, experiment=preset.experiment)
    count = preset.experiment + preset.validation + preset.pool
    desk.console.say(f"Drawing {count} road scenes, seed {desk.seed} …")
    sizes = {"experiment": preset.experiment, "validation": preset.validation, "pool": preset.pool}
    return generated_material(folder, **sizes, seed=desk.seed)


def _weights(options: argparse.Namespace, desk: Desk) -> dict[str, Any]:
    """The project's base checkpoint, or the user's file, brought to the platform like any other."""
    if not options.weights:
        return {"kind": "scratch" if desk.preset.baseline else "base"}
    if not options.weights.is_file():
        raise CannotRead(f"{options.weights} is not a file.")
    checkpoints = desk.halfday.checkpoints
    job = checkpoints.upload(project=project_of(desk), file=options.weights, name=options.weights.stem)
    return {"kind": "checkpoint", "checkpoint": desk.wait(job)["checkpoint"]}


def _tell(experiment: Replay, seconds: float) -> None:
    """The table, the conclusion, where to look."""
    facts, desk = experiment.facts, experiment.desk
    print("\n" + render(experiment.rows) + "\n")
    print(conclusion("the baseline", "the last run", facts["to_baseline"], facts["to_control"]))
    print(
        f"Took {seconds / 60:.1f} minutes. Everything can be opened at {desk.link('datasets', desk.dataset)}",
        flush=True,
    )


def _report(replays: list[Replay], options: argparse.Namespace, began: datetime, seconds: float) -> dict[str, Any]:
    """What was asked and what came of it, one entry for each seed under `replays`."""
    first = replays[0].desk
    return {
        "preset": None if options.data and options.preset != PUBLISHED else options.preset,
        "data": str(options.data) if options.data else None,
        "settings": asdict(first.preset),
        "minutes_allowed": options.minutes,
        "reviewer": options.reviewer,
        "started_at": began.isoformat(),
        "seconds": round(seconds, 1),
        "platform": first.halfday.url,
        "replays": [
            {
                "seed": one.desk.seed,
                "dataset": one.desk.dataset,
                "table": [row.as_json() for row in one.rows],
                **one.facts,
            }
            for one in replays
        ],
    }


def _plain(value: Any) -> Any:
    """The report's dataclasses as JSON."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


if __name__ == "__main__":
    sys.exit(main())
