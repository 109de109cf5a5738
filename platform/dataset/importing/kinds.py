"""The formats whose readers stand in one table: how a file is known, and who reads it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from dataset.importing import (
    automl,
    box_csv,
    cityscapes,
    cloud_lines,
    createml,
    crowdhuman,
    darwin,
    dataloop,
    datumaro,
    dota,
    encord,
    fiftyone_samples,
    ground_truth,
    hasty,
    hugging_face,
    keras_lines,
    kili,
    kitti,
    label_studio,
    labelbox,
    makesense,
    mmdetection,
    mot,
    named_lines,
    nuimages,
    scale,
    superb,
    supervisely,
    tfrecord,
    tt100k,
    ultralytics_lines,
    via,
    visdrone,
    vott,
    wider,
)
from dataset.importing.files import IN_PIECES, Tree
from dataset.importing.heads import LOOKED_AT, FileHead
from dataset.importing.types import Problems, Source
from dataset.importing.yolo_lists import is_class_list

PICTURE = re.compile(rb"([^\"'/\\\s,<>=?]+)\.(?:jpe?g|png|webp|bmp|tiff?|gif)\b", re.IGNORECASE)
TEXT_ENDINGS = (".json", ".csv", ".tsv", ".odgt", ".ndjson", ".jsonl", ".manifest")
OWN_ENDINGS = (*TEXT_ENDINGS, ".tfrecord", ".tfrecords", ".record")
LOOKED_THROUGH = 64 << 20  # bytes of a file, where several formats compete
ASKED = 5  # text files of a folder that are looked into: they are of one kind


@dataclass(frozen=True)
class Kind:
    """A format. `in_folders`: its text files are known by those of their folder, since an empty one says nothing."""

    title: str
    is_kind: Callable[[FileHead], bool]
    read: Callable[[Tree, Problems, list[str]], Source]
    in_folders: bool = False


KINDS = {
    "label_studio": Kind("Label Studio", label_studio.is_kind, label_studio.read),
    "superb": Kind("Superb AI", superb.is_kind, superb.read),
    "supervisely": Kind("Supervisely", supervisely.is_kind, supervisely.read),
    "labelbox": Kind("Labelbox", labelbox.is_kind, labelbox.read),
    "datumaro": Kind("Datumaro", datumaro.is_kind, datumaro.read),
    "fiftyone": Kind("FiftyOne", fiftyone_samples.is_kind, fiftyone_samples.read),
    "createml": Kind("CreateML", createml.is_kind, createml.read),
    "crowdhuman": Kind("CrowdHuman", crowdhuman.is_kind, crowdhuman.read),
    "hugging_face": Kind("Hugging Face", hugging_face.is_kind, hugging_face.read),
    "via": Kind("VIA", via.is_kind, via.read),
    "tf_csv": Kind("TensorFlow CSV", box_csv.is_table, box_csv.read_table),
    "retinanet": Kind("RetinaNet CSV", box_csv.is_bare, box_csv.read_bare),
    "tfrecord": Kind("TFRecord", tfrecord.is_kind, tfrecord.read),
    "mot": Kind("MOT", mot.is_kind, mot.read),
    "kitti": Kind("KITTI", kitti.is_kind, kitti.read, in_folders=True),
    "visdrone": Kind("VisDrone", visdrone.is_kind, visdrone.read, in_folders=True),
    "dota": Kind("DOTA", dota.is_kind, dota.read, in_folders=True),
    "wider": Kind("WIDER FACE", wider.is_kind, wider.read, in_folders=True),
    "ultralytics": Kind("Ultralytics NDJSON", ultralytics_lines.is_kind, ultralytics_lines.read),
    "automl": Kind("AutoML CSV", automl.is_kind, automl.read),
    "ground_truth": Kind("SageMaker Ground Truth", ground_truth.is_kind, ground_truth.read),
    "darwin": Kind("Darwin (V7)", darwin.is_kind, darwin.read),
    "vott": Kind("VoTT", vott.is_kind, vott.read),
    "makesense": Kind("makesense", makesense.is_kind, makesense.read),
    "mmdetection": Kind("OpenMMLab", mmdetection.is_kind, mmdetection.read),
    "nuimages": Kind("nuImages", nuimages.is_kind, nuimages.read),
    "tt100k": Kind("Tsinghua-Tencent 100K", tt100k.is_kind, tt100k.read),
    "vertex": Kind("Vertex AI", cloud_lines.is_vertex, cloud_lines.read_vertex),
    "azure_ml": Kind("Azure Machine Learning", cloud_lines.is_azure, cloud_lines.read_azure),
    "hasty": Kind("Hasty", hasty.is_kind, hasty.read),
    "scale": Kind("Scale AI", scale.is_kind, scale.read),
    "dataloop": Kind("Dataloop", dataloop.is_kind, dataloop.read),
    "kili": Kind("Kili", kili.is_kind, kili.read),
    "encord": Kind("Encord", encord.is_kind, encord.read),
    "cityscapes": Kind("Cityscapes", cityscapes.is_kind, cityscapes.read),
    "keras_lines": Kind("Keras YOLO", keras_lines.is_kind, keras_lines.read, in_folders=True),
    "named_lines": Kind("texts of names and pixels", named_lines.is_kind, named_lines.read, in_folders=True),
}
LISTS = frozenset({"readme.txt", "license.txt"})


def kinds_of(tree: Tree) -> dict[str, str]:
    """The format of each label file that is in one of these."""
    found = {name: kind for name in tree.others if (kind := kind_of(tree, name)) is not None}
    return found | texts_by_folder(tree, found)


def kind_of(tree: Tree, name: str) -> str | None:
    """The format of one file, by its first bytes."""
    file = PurePosixPath(name).name.lower()
    if not (file.endswith(OWN_ENDINGS) or IN_PIECES.search(file) or file in ("gt.txt", "det.txt")):
        return None
    head = FileHead(name, tree.head(name, LOOKED_AT))
    return next((key for key, kind in KINDS.items() if not kind.in_folders and kind.is_kind(head)), None)


def texts_by_folder(tree: Tree, known: Iterable[str]) -> dict[str, str]:
    """Text files, a folder at a time: what a few of them that are not empty look like, all of them are."""
    folders: dict[PurePosixPath, list[str]] = {}
    taken = set(known)
    for name in tree.with_suffix(".txt"):
        if name not in taken and PurePosixPath(name).name.lower() not in LISTS and not is_class_list(name):
            folders.setdefault(PurePosixPath(name).parent, []).append(name)
    kinds = {folder: kind_of_texts(tree, names) for folder, names in folders.items()}
    by_folder_name = {folder.name: kind for folder, kind in kinds.items() if kind}
    found: dict[str, str] = {}
    for folder, names in folders.items():
        kind = by_folder_name.get(folder.name) if kinds[folder] is None else kinds[folder]
        found |= dict.fromkeys(names, kind) if kind else {}
    return found


def kind_of_texts(tree: Tree, names: list[str]) -> str | None:
    """What most of the first few files are; "" where that is none of these, None where all of them are empty."""
    votes: Counter[str] = Counter()
    for name in names:
        head = FileHead(name, tree.head(name, 4096))
        if head.lines:
            votes[next((key for key, kind in KINDS.items() if kind.in_folders and kind.is_kind(head)), "")] += 1
        if votes.total() == ASKED:
            break
    return max(votes, key=lambda kind: (votes[kind], kind != "")) if votes else None


def stems_in(tree: Tree, files: list[str]) -> set[str]:
    """Names without endings of the images that label files may speak of: their own, and those of pictures in them."""
    stems: set[str] = set()
    for name in files:
        own = PurePosixPath(name).stem
        stems |= {own, PurePosixPath(own).stem}
        if not name.lower().endswith(".txt"):
            data = tree.head(name, LOOKED_THROUGH)
            stems |= {match.group(1).decode("utf-8", "replace") for match in PICTURE.finditer(data)}
    return stems
