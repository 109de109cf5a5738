"""The files of a folder that is imported."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from dataset.importing.types import ImportProblem, Problems, SourceImage
from storage.folders import is_inside
from storage.pictures import NAMES

LABEL_NAMES = frozenset({".txt", ".json", ".yaml", ".yml", ".names", ".labels", ".data", ".xml", ".csv", ".tsv"})
LABEL_NAMES |= {".odgt", ".ndjson", ".jsonl", ".manifest", ".tfrecord", ".tfrecords", ".record", ".pbtxt"}
COMPANIONS = frozenset({"seqinfo.ini", "readme.md"})  # that say something of labels
IN_PIECES = re.compile(r"\.(tfrecords?|record)-\d+-of-\d+$", re.IGNORECASE)
ARCHIVES = frozenset({".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz", ".zst"})
OTHER_DATA = frozenset({".parquet", ".arrow", ".feather", ".mat", ".h5", ".hdf5", ".pkl", ".pickle", ".npz", ".xlsx"})
OTHER_DATA |= {".xls", ".sqlite", ".lst", ".geojson", ".rec", ".lmdb", ".mdb", ".kml", ".toml"}
LONGEST_KEY = 400
EXPORT_AGAIN = "; if it holds labels, export them in one of the formats that are read"
SPLITS = {
    "train": "train",
    "training": "train",
    "val": "valid",
    "valid": "valid",
    "validation": "valid",
    "test": "test",
}


@dataclass(frozen=True)
class Inside:
    """A picture within a label file. `within`: where its bytes begin and how many they are; None: known by reading."""

    file: str
    within: tuple[int, int] | None = None


@dataclass
class Tree:
    """What lies in a folder, by path relative to it ("train/images/a.jpg"), in order."""

    root: Path  # a real path
    images: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)  # label files, class lists, JSON
    inside: dict[str, Inside] = field(default_factory=dict)  # pictures in label files, by their key
    left_out: list[str] = field(default_factory=list)  # files of no known kind, and hidden ones; folders end in /
    elsewhere: Sequence[str] = ()  # keys of the dataset's images, which label files without images speak of

    @property
    def images_meant(self) -> Sequence[str]:
        """The images that labels may speak of: the folder's, or the dataset's where the folder has none."""
        return self.images or self.elsewhere

    def path(self, relative: str) -> Path:
        return self.root / relative

    def head(self, relative: str, size: int = 1 << 16) -> bytes:
        """A file's first bytes; none where it cannot be read."""
        try:
            with self.path(relative).open("rb") as file:
                return file.read(size)
        except OSError:
            return b""

    def image(self, key: str) -> SourceImage:
        """One of the images meant."""
        if key in self.inside:
            found = self.inside[key]
            return SourceImage(key, self.root, inside=found.file, within=found.within)
        return SourceImage(key, self.root if self.images else None)

    def with_suffix(self, *suffixes: str) -> list[str]:
        return [name for name in self.others if suffix_of(name) in suffixes]


def walk(root: Path, problems: Problems, check: Callable[[], None] = lambda: None) -> Tree:
    """List images and label files. Hidden files are no part of a dataset; links that lead outside are refused."""
    tree = Tree(root.resolve())
    start = len(str(tree.root).rstrip(os.sep)) + 1
    waiting = [str(tree.root)]
    while waiting:
        check()
        with os.scandir(waiting.pop()) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        folders = [entry.path for entry in entries if is_folder(entry)]
        waiting += reversed(folders)
        for entry in entries:
            relative = entry.path[start:].replace(os.sep, "/")
            if entry.is_dir(follow_symlinks=False):
                tree.left_out += [] if is_folder(entry) else [f"{relative}/"]
            elif is_wanted(entry.name) and not entry.name.startswith("."):
                sort_in(tree, entry, relative, problems)
            else:
                tree.left_out.append(relative)
    return tree


def is_wanted(name: str) -> bool:
    """Whether a file of that name may be an image, or say something of images."""
    return suffix_of(name) in NAMES or is_label_name(name)


def is_label_name(name: str) -> bool:
    """Whether a file of that name may be a label file, or stands beside such files and says something of them."""
    suffix = suffix_of(name)
    return suffix in LABEL_NAMES or name.lower() in COMPANIONS or IN_PIECES.search(suffix) is not None


def why_unread(name: str) -> tuple[str, str] | None:
    """Sentence and kind for a file that may hold labels and is not looked into; None: it is no part of a dataset."""
    suffix = suffix_of(name)
    if suffix in ARCHIVES:
        reason = "it is an archive within the folder, which is not looked into; unpack it and import again"
        return reason, "archive_inside"
    return (f"{suffix} files are not read{EXPORT_AGAIN}", "unrecognised") if suffix in OTHER_DATA else None


def suffix_of(name: str) -> str:
    """.jpg of a.JPG; a path object for each of a hundred thousand files would take longer than listing them."""
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""


def is_folder(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith((".", "__MACOSX")) and entry.is_dir(follow_symlinks=False)


def sort_in(tree: Tree, entry: os.DirEntry[str], relative: str, problems: Problems) -> None:
    if reason := refusal(tree, entry, relative):
        problems.add(ImportProblem(relative.encode("utf-8", "replace").decode(), reason, kind="file"))
    elif suffix_of(entry.name) in NAMES:
        tree.images.append(relative)
    else:
        tree.others.append(relative)


def refusal(tree: Tree, entry: os.DirEntry[str], relative: str) -> str:
    """Why a file cannot be taken, or nothing."""
    if entry.is_symlink() and not is_inside(Path(entry.path), tree.root):
        return "it is a link that leads out of the folder"
    if len(relative) > LONGEST_KEY:
        return f"its path is longer than {LONGEST_KEY} characters"
    if not relative.isprintable():
        try:
            relative.encode()
        except UnicodeEncodeError:
            return "its name is not UTF-8"
    return ""


def by_name(relatives: Sequence[str], part: Callable[[PurePosixPath], str]) -> dict[str, list[str]]:
    """Paths grouped by a part of their name, such as the stem."""
    groups: dict[str, list[str]] = defaultdict(list)
    for relative in relatives:
        groups[part(PurePosixPath(relative))].append(relative)
    return groups


def split_of(relative: str) -> str | None:
    """train, valid or test, where a folder on the way to the file is called so."""
    for part in relative.split("/")[:-1]:
        if split := SPLITS.get(part.lower().rstrip("0123456789")):
            return split
    return None


def only_folder(root: Path) -> Path:
    """The folder that matters in an unpacked archive: down through folders that hold nothing but one folder."""
    while True:
        entries = [entry for entry in root.iterdir() if not entry.name.startswith((".", "__MACOSX"))]
        if len(entries) != 1 or not entries[0].is_dir() or entries[0].is_symlink():
            return root
        root = entries[0]
