"""Which format a folder is in."""

import mmap
import re
from collections import defaultdict
from pathlib import PurePosixPath

from dataset.importing import bdd100k, coco, cvat, kinds, labelme, openimages, own_export, ua_detrac, voc, yolo
from dataset.importing.files import EXPORT_AGAIN, Tree
from dataset.importing.joining import join
from dataset.importing.json_stream import collector_paused
from dataset.importing.keeping import keep
from dataset.importing.left_out import tell_of_left_out
from dataset.importing.text import head_as_utf8
from dataset.importing.types import NO_ANSWERS, Answers, ImportProblem, Problems, Source
from dataset.importing.xml_safely import root_tag
from storage.stand_ins import stand_in

TITLES = {
    "coco": "COCO",
    "bdd100k": "BDD100K",
    "cvat": "CVAT",
    "voc": "Pascal VOC",
    "labelme": "LabelMe",
    "openimages": "OpenImages",
    "yolo": "YOLO",
    "ua_detrac": "UA-DETRAC",
    **{key: kind.title for key, kind in kinds.KINDS.items()},
    "images": "images without labels",
}  # in the order in which they are preferred
XML_ROOTS = {"annotation": "voc", "annotations": "cvat", "sequence": "ua_detrac"}
FIRST = 1 << 16  # bytes; enough of nearly all files
HEAD = 1 << 20  # half a million pictures' labels may begin with a long licence
NAMED = {  # how a file of many images names them
    "coco": re.compile(rb'"file_name"\s*:\s*"([^"]+)"'),
    "bdd100k": re.compile(rb'"name"\s*:\s*"([^"]+)"'),
    "cvat": re.compile(rb'<image\s[^>]*?name="([^"]+)"'),
    "openimages": re.compile(rb"^([^,\n]+),", re.MULTILINE),
}
RESULTS = re.compile(rb'\s*\[\s*\{[^{}]*"image_id"')
READERS = {
    "bdd100k": bdd100k.read,
    "cvat": cvat.read,
    "voc": voc.read,
    "labelme": labelme.read,
    "ua_detrac": ua_detrac.read,
}
Files = dict[str, list[str]]


def read_source(
    tree: Tree,
    problems: Problems,
    *,
    wanted: str,
    annotations: str | None,
    known_classes: list[str],
    answers: Answers = NO_ANSWERS,
) -> Source:
    """Read the tree as the format, or as what it looks like."""
    own = own_export.take(tree, problems)
    with collector_paused():
        source = read_as(
            tree, problems, wanted=wanted, annotations=annotations, known_classes=known_classes, answers=answers
        )
        join(source)
        keep(source)
    own.give_back(source)
    tell_of_left_out(tree.left_out, problems)
    problems.tell_encodings()
    return source


def read_as(
    tree: Tree,
    problems: Problems,
    *,
    wanted: str,
    annotations: str | None,
    known_classes: list[str],
    answers: Answers,
) -> Source:
    if annotations and wanted == "auto":
        wanted = kind_and_encoding(tree, annotations)[0] or "coco"
    if annotations and wanted == "coco":
        return coco.read(tree, problems, [annotations], asked_for=True)
    files = label_files(tree, problems)
    found = format_of(tree, files) if wanted == "auto" else wanted
    chosen = [annotations] if annotations else files[found]
    if wanted == "auto":
        tell_of_others(tree, files, found, problems)
    elif wanted not in ("images", "yolo") and not chosen:
        problems.add(ImportProblem(".", f"there is no {TITLES[wanted]} file here", kind="no_labels"))
    if found == "coco":
        return coco.read(tree, problems, chosen)
    if found == "yolo":
        return yolo.read(tree, problems, known_classes, answers.class_numbers)
    if found == "openimages":
        return openimages.read(tree, problems, chosen)
    if found in kinds.KINDS:
        return kinds.KINDS[found].read(tree, problems, chosen)
    if found in READERS:
        return READERS[found](tree, problems, chosen)
    return Source("images", [], [tree.image(name) for name in tree.images], problems, images_found=len(tree.images))


def label_files(tree: Tree, problems: Problems) -> Files:
    """The label files by format, as far as their first bytes tell."""
    files: Files = defaultdict(list)
    of_tables = kinds.kinds_of(tree)
    for name, kind in of_tables.items():
        files[kind].append(name)
    for name in tree.with_suffix(".json", ".xml", ".csv"):
        if name in of_tables:
            continue
        kind_found, encoding = kind_and_encoding(tree, name)
        if kind_found is not None:
            files[kind_found].append(name)
            problems.read_as(name, encoding)
    files["yolo"] = [name for name in yolo.label_files(tree) if name not in of_tables]
    return files


def kind_and_encoding(tree: Tree, name: str) -> tuple[str | None, str]:
    """The format that a file's beginning tells, or more of it where that is not enough, and its encoding."""
    for size in (FIRST, HEAD):
        head, encoding = head_as_utf8(tree.head(name, size))
        if (kind := kind_of(name, head)) is not None or len(head) < size // 4:
            break
    return kind, encoding


def kind_of(name: str, head: bytes) -> str | None:
    """The format of a JSON, XML or CSV file."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".xml":
        return XML_ROOTS.get(root_tag(head))
    if suffix == ".csv":
        return "openimages" if openimages.is_head(head) else None
    for kind, is_head in (("labelme", labelme.is_head), ("coco", coco.is_head), ("bdd100k", bdd100k.is_head)):
        if is_head(head):
            return kind
    return None


def format_of(tree: Tree, files: Files) -> str:
    """The format with labels for most images; where several have as many, the first of TITLES."""
    candidates = [kind for kind in TITLES if files.get(kind)]
    if len(candidates) > 1 and not any(coco.has_boxes(tree, name) for name in files["coco"]):
        candidates = [kind for kind in candidates if kind != "coco"]
    if len(candidates) < 2:
        return candidates[0] if candidates else "images"
    images = {PurePosixPath(name).stem for name in tree.images_meant}
    return max(candidates, key=lambda kind: len(stems_named(tree, kind, files[kind]) & images))


def stems_named(tree: Tree, kind: str, files: list[str]) -> set[str]:
    """The names, without endings, of the images that label files speak of."""
    if kind in kinds.KINDS:
        return kinds.stems_in(tree, files)
    pattern = NAMED.get(kind)
    if pattern is None:
        return {PurePosixPath(name).stem for name in files}
    stems: set[str] = set()
    for name in files:
        with tree.path(name).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            for found in pattern.finditer(text):
                given = found.group(1).decode("utf-8", "replace").replace("\\", "/")
                stems.add(PurePosixPath(given).stem)
    return stems


def tell_of_others(tree: Tree, files: Files, found: str, problems: Problems) -> None:
    """Labels of formats that were not chosen, and files of no known format."""
    for kind, names in files.items():
        if kind != found and names:
            were = "1 label file in {} was" if len(names) == 1 else f"{len(names)} label files in {{}} were"
            reason = f"{were.format(TITLES[kind])} left out, because the others are in another format"
            problems.add(ImportProblem(names[0], reason, kind="other_format", count=len(names)))
    known = {name for names in files.values() for name in names}
    for name in tree.with_suffix(*kinds.TEXT_ENDINGS, ".xml"):
        if name not in known and not openimages.DESCRIBED.match(tree.head(name, 200)):
            problems.add(ImportProblem(name, unknown(tree, name), kind="unrecognised"))
    for name in yolo.other_texts(tree, known):
        reason = stand_in(tree.head(name, 500)) or f"it is a text in no format that is known{EXPORT_AGAIN}"
        problems.add(ImportProblem(name, reason, kind="unrecognised"))


def unknown(tree: Tree, name: str) -> str:
    """Why a file is in no known format, as far as its beginning tells."""
    head = tree.head(name, 1 << 12)
    if RESULTS.match(head) and all(key in head for key in (b'"category_id"', b'"bbox"', b'"score"')):
        return "it is a COCO results file: predictions, not labels. Choose it in New evaluation once there are labels"
    return stand_in(head) or f"it is in no format that is known{EXPORT_AGAIN}"
