"""Boxes written by other tools in their formats, read by Halfday's readers: does each come back as it was?

    PYTHONPATH=.:platform python benchmarks/format_round_trips.py --peer PYTHON [--peer PYTHON …]

`--peer` names a Python with some of datumaro, label-studio-sdk, fiftyone, supervisely, labelbox[data] and tfrecord
(virtual environments of their own; none is a dependency of Halfday). For each tool that one of them has, twelve
pictures of odd sizes get up to five boxes each by a fixed seed, the tool writes them in each of its formats, and ours
reads the folder. A row says how many boxes came back within the tolerance, which is the tool's own rounding, how many
did not, how many images without boxes came back as negatives, and how many as not labelled.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

TOOLS = ("datumaro", "label_studio_sdk", "fiftyone", "supervisely", "labelbox", "tfrecord")
CLASSES = ("pan", "pot", "kettle")

PRELUDE = '''
import json, random, sys
from pathlib import Path
from PIL import Image
root = Path(sys.argv[1])
random.seed(20)
CLASSES = ("pan", "pot", "kettle")
WORLD = {}
for n in range(12):
    size = (random.randint(50, 400), random.randint(50, 400))
    boxes = []
    for _ in range(n % 6):
        x, y = random.uniform(0, size[0] - 20), random.uniform(0, size[1] - 20)
        boxes.append((random.choice(CLASSES), x, y, random.uniform(x + 4, size[0]), random.uniform(y + 4, size[1])))
    WORLD[f"{n + 1:06d}"] = (size, boxes)
def pictures(folder, suffix=".jpg"):
    folder.mkdir(parents=True, exist_ok=True)
    for at, (name, (size, _)) in enumerate(WORLD.items()):
        Image.new("RGB", size, (at * 9, 40, 40)).save(folder / (name + suffix))
def done(form, tolerance):
    """What a folder should hold, beside it."""
    expected = {name: boxes for name, (_, boxes) in WORLD.items()}
    (root / f"{form}.expected.json").write_text(json.dumps({"tolerance": tolerance, "boxes": expected}))
'''

WRITERS = {
    "datumaro": """
import numpy as np
from importlib.metadata import version
from datumaro.components.annotation import Bbox, RotatedBbox
from datumaro.components.dataset import Dataset
from datumaro.components.dataset_base import DatasetItem
from datumaro.components.media import Image as Media
TOLERANCES = {"datumaro": 0.02, "kitti_detection": 0.02, "mot_seq_gt": 0.02, "dota": 0.02, "cvat": 0.02}
for form, tolerance in TOLERANCES.items():
    items = []
    for at, (name, (size, boxes)) in enumerate(WORLD.items()):
        upright = [(x, y, x2 - x, y2 - y, CLASSES.index(label)) for label, x, y, x2, y2 in boxes]
        found = [Bbox(x, y, w, h, label=label) for x, y, w, h, label in upright]
        if form == "dota":  # of which datumaro writes turned boxes only, and leaves others out without a word
            found = [RotatedBbox(x + w / 2, y + h / 2, w, h, 0, label=label) for x, y, w, h, label in upright]
        pixels = np.full((size[1], size[0], 3), at * 9, np.uint8)
        items.append(DatasetItem(id=name, subset="train", media=Media.from_numpy(data=pixels), annotations=found))
    Dataset.from_iterable(items, categories=list(CLASSES)).export(str(root / form), form, save_media=True)
    done(form, tolerance)
print(version("datumaro"))
""",
    "label_studio_sdk": """
from importlib.metadata import version
from label_studio_sdk.converter import Converter
config = '<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image">'
config += "".join(f'<Label value="{name}"/>' for name in CLASSES) + "</RectangleLabels></View>"
tasks = []
for at, (name, (size, boxes)) in enumerate(WORLD.items()):
    result = [{"id": str(n), "type": "rectanglelabels", "from_name": "label", "to_name": "image", "image_rotation": 0,
               "original_width": size[0], "original_height": size[1],
               "value": {"x": x / size[0] * 100, "y": y / size[1] * 100, "width": (x2 - x) / size[0] * 100,
                         "height": (y2 - y) / size[1] * 100, "rotation": 0, "rectanglelabels": [label]}}
              for n, (label, x, y, x2, y2) in enumerate(boxes)]
    annotation = {"id": at, "completed_by": 1, "result": result, "was_cancelled": False, "created_at": "2026-01-01"}
    image = f"/data/upload/1/1a2b3c4d-{name}.jpg"
    tasks.append({"id": at, "data": {"image": image}, "annotations": [annotation], "predictions": []})
(root / "tasks").mkdir()
(root / "tasks" / "tasks.json").write_text(json.dumps(tasks))
converter = Converter(config, str(root / "tasks"), download_resources=False)
for form, write in (("json_min", converter.convert_to_json_min), ("json", converter.convert_to_json)):
    pictures(root / form / "images")
    write(str(root / "tasks" / "tasks.json"), str(root / form), is_dir=False)
    done(form, 1e-3)
print(version("label-studio-sdk"))
""",
    "fiftyone": """
import fiftyone as fo
import fiftyone.utils.cvat as cvat
import fiftyone.utils.kitti as kitti
from bson import json_util
samples, made = [], root / "made"
pictures(made)
exporter = kitti.KITTIDetectionDatasetExporter(export_dir=str(root / "kitti"))
exporter.setup()
for name, (size, boxes) in WORLD.items():
    found = fo.Detections(detections=[
        fo.Detection(label=label, bounding_box=[x / size[0], y / size[1], (x2 - x) / size[0], (y2 - y) / size[1]])
        for label, x, y, x2, y2 in boxes])
    path = str(made / f"{name}.jpg")
    with_labels = fo.Sample(f"data/{name}.jpg", ground_truth=found)
    raw = with_labels.to_mongo_dict(include_id=True)
    raw["filepath"] = f"data/{name}.jpg"
    samples.append(raw)
    exporter.export_sample(path, found, metadata=fo.ImageMetadata.build_for(path))
done("kitti", 0.51)
seen = [(int(name), label, x, y, x2, y2) for name, (_, boxes) in WORLD.items() for label, x, y, x2, y2 in boxes]
tracks = [cvat.CVATTrack(at, one[1], 400, 400, boxes={one[0]: cvat.CVATVideoBox(*one)}) for at, one in enumerate(seen)]
pictures(root / "cvat_video" / "images")
for path in (root / "cvat_video" / "images").iterdir():
    path.rename(path.with_name("frame_" + path.name))
about = fo.VideoMetadata(total_frame_count=13, frame_width=400, frame_height=400)
cvat.CVATVideoAnnotationWriter().write(cvat.CVATTaskLabels(), tracks, about, str(root / "cvat_video" / "a.xml"))
done("cvat_video", 1e-3)
pictures(root / "samples" / "data")
(root / "samples" / "samples.json").write_text(json_util.dumps({"samples": samples}))
done("samples", 1e-3)
print(fo.__version__)
""",
    "supervisely": """
import supervisely as sly
from importlib.metadata import version
classes = {name: sly.ObjClass(name, sly.Rectangle) for name in CLASSES}
project = root / "project"
pictures(project / "ds1" / "img")
(project / "ds1" / "ann").mkdir()
for name, (size, boxes) in WORLD.items():
    labels = [sly.Label(sly.Rectangle(y, x, y2, x2), classes[label]) for label, x, y, x2, y2 in boxes]
    about = sly.Annotation((size[1], size[0]), labels=labels).to_json()
    (project / "ds1" / "ann" / f"{name}.jpg.json").write_text(json.dumps(about))
(project / "meta.json").write_text(json.dumps(sly.ProjectMeta(obj_classes=list(classes.values())).to_json()))
done("project", 1.0)
print(version("supervisely"))
""",
    "labelbox": """
import labelbox.types as types
from importlib.metadata import version
from labelbox.data.serialization import NDJsonConverter
made = []
for name, (size, boxes) in WORLD.items():
    found = [types.ObjectAnnotation(name=label, value=types.Rectangle(start=types.Point(x=x, y=y),
                                                                      end=types.Point(x=x2, y=y2)))
             for label, x, y, x2, y2 in boxes]
    made.append(types.Label(data={"global_key": f"{name}.jpg"}, annotations=found))
pictures(root / "ndjson")
lines = [json.dumps(line) for line in NDJsonConverter.serialize(made)]
(root / "ndjson" / "labels.ndjson").write_text("\\n".join(lines))
done("ndjson", 1e-3)
print(version("labelbox"))
""",
    "tfrecord": """
import tfrecord
from importlib.metadata import version
pictures(root / "examples")
writer = tfrecord.TFRecordWriter(str(root / "examples" / "train.tfrecord"))
for name, (size, boxes) in WORLD.items():
    example = {"image/filename": (f"{name}.jpg".encode(), "byte"), "image/width": (size[0], "int"),
               "image/height": (size[1], "int"), "image/object/class/text": ([b[0].encode() for b in boxes], "byte")}
    for at, side in enumerate(("xmin", "ymin", "xmax", "ymax"), 1):
        example[f"image/object/bbox/{side}"] = ([box[at] / size[(at - 1) % 2] for box in boxes], "float")
    writer.write(example)
writer.close()
done("examples", 1e-3)
print(version("tfrecord"))
""",
}  # what each prints last is its version


def written_by(tool: str, peers: list[Path], folder: Path) -> str | None:
    """Let the tool write its folders; its version, or None where no peer has it."""
    script = folder / "write.py"
    script.write_text(PRELUDE + WRITERS[tool])
    for python in peers:
        if subprocess.run([str(python), "-c", f"import {tool}"], capture_output=True, check=False).returncode:
            continue
        environment = {**os.environ, "FIFTYONE_DO_NOT_TRACK": "true"}
        told = subprocess.run(
            [str(python), str(script), str(folder)], capture_output=True, text=True, check=False, env=environment
        )
        if told.returncode == 0:
            return told.stdout.splitlines()[-1]
        print(f"{tool}: {told.stderr.strip().splitlines()[-1]}")
    return None


def compare(folder: Path, expected: dict[str, Any]) -> dict[str, Any]:
    """How the boxes of a folder came back."""
    from tests.dataset.importing.reading import read

    found = read(folder)
    stems = {Path(key).stem.rsplit("-", 1)[-1].removeprefix("frame_"): key for key in found.boxes}
    same = other = 0
    for name, boxes in expected["boxes"].items():
        read_here = found.boxes.get(stems.get(name, ""), [])
        matched = sum(any(is_same(box, one, expected["tolerance"] + 0.051) for one in read_here) for box in boxes)
        same, other = same + matched, other + max(len(boxes), len(read_here)) - matched
    states = [
        found.states.get(stems.get(name, ""), "missing") for name, boxes in expected["boxes"].items() if not boxes
    ]
    negatives, unlabelled = states.count("negative"), states.count("not labelled")
    row = {"format": found.source.format, "same": same, "other": other}
    return row | {"negatives": negatives, "not labelled": unlabelled, "said": sorted(set(found.kinds))}


def is_same(given: list[Any], found: tuple[str, list[float]], tolerance: float) -> bool:
    """Class and box; `read` rounds to a tenth of a pixel, half of which is in the tolerance."""
    return given[0] == found[0] and bool(np.abs(np.array(given[1:]) - np.array(found[1])).max() <= tolerance)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, action="append", default=[], metavar="PYTHON")
    options = parser.parse_args()
    print(f"{'written by':30} {'folder':16} {'read as':14} same other negatives unlabelled said")
    for tool in TOOLS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            version = written_by(tool, options.peer, folder)
            if version is None:
                print(f"{tool:30} no Python given has it")
                continue
            for path in sorted(folder.glob("*.expected.json")):
                form = path.name.removesuffix(".expected.json")
                row = compare(folder / form, json.loads(path.read_text()))
                said = ", ".join(kind for kind, _ in row["said"])
                print(
                    f"{tool + ' ' + version:30} {form:16} {row['format']:14} {row['same']:4} {row['other']:5} "
                    f"{row['negatives']:9} {row['not labelled']:10} {said}"
                )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    main()
