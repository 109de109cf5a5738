"""What stands around YOLO's label files: class lists, and which images are for training.

Each label file has the class list that stands nearest above it, so folders with other orders each keep their own.
"""

import posixpath
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import yaml

from dataset.importing.files import SPLITS, Tree, suffix_of
from dataset.importing.finding import ImageFinder
from dataset.importing.names import clean
from dataset.importing.text import text_of
from dataset.importing.types import ImportProblem, Problems
from dataset.importing.yolo_names import names_in as listed_in
from storage.pictures import NAMES

LISTS = frozenset({"classes.txt", "labels.txt", "obj.names", "_darknet.labels", "predefined_classes.txt"})
LISTS |= {"class_names.txt", "classnames.txt", "class_list.txt", "label_names.txt", "labelmap.txt", "label_map.txt"}
LISTS |= {"_classes.txt"}  # Roboflow's
LIST_ENDINGS = (".names", ".labels")
SETTINGS = ("data.yaml", "data.yml", "dataset.yaml", "dataset.yml")  # of several, these first
PARTS = {"train": "train", "val": "valid", "valid": "valid", "validation": "valid", "test": "test"}
LARGEST = 5_000_000  # bytes of a YAML file
Given = dict[str, Any]


@dataclass(frozen=True, eq=False)
class ClassList:
    """Class names by index, empty where a number has none, and what else the file says.

    `folders` and `images` are those that it calls its own.
    """

    origin: str
    names: list[str] = field(default_factory=list)
    keypoints: int = 0  # numbers of a pose after its box
    is_turned: bool | None = None  # whether four corners are turned boxes; None where nothing says so
    folders: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()
    splits: dict[str, str] = field(default_factory=dict)  # by image

    def name(self, index: int) -> str:
        """The name of a class. Raises ValueError where the list has no such number."""
        if not 0 <= index < len(self.names):
            raise ValueError(f"class {index} is not in {self.origin}, which has 0 to {len(self.names) - 1}")
        return self.names[index] or f"class {index}"

    def index(self, name: str) -> int | None:
        """The number of a name; None where it is not in the list."""
        return self.names.index(name) if name and name in self.names else None

    def reaches(self, image: str) -> bool:
        return image in self.images or any(image.startswith(f"{folder}/") or not folder for folder in self.folders)


def is_class_list(name: str) -> bool:
    base = posixpath.basename(name).lower()
    return base in LISTS or base.endswith(LIST_ENDINGS)


class YoloLists:
    """The lists and settings of a tree, by the folder that they stand in."""

    def __init__(self, tree: Tree, problems: Problems, finder: ImageFinder) -> None:
        self.tree, self.problems, self.finder = tree, problems, finder
        self.picture_folders = {folder for name in tree.images_meant for folder in folders_above(name)}
        self.lists: dict[str, list[ClassList]] = defaultdict(list)
        self.splits: dict[str, str] = {}
        self.split_lists: set[str] = set()  # texts that name images
        self.told: set[str] = set()
        settings = [one for name in tree.with_suffix(".yaml", ".yml") if (one := self.of_yaml(name))]
        settings += [self.of_data(name) for name in tree.with_suffix(".data")]
        for one in sorted(settings, key=lambda one: preference(one.origin)):
            self.splits = one.splits | self.splits
            if one.names:
                self.lists[posixpath.dirname(one.origin)].append(one)
        for name in sorted(tree.others, key=lambda name: (posixpath.basename(name) != "classes.txt", name)):
            if is_class_list(name) and (names := self.names_in(name)):
                self.lists[posixpath.dirname(name)].append(ClassList(name, names))
        self.read_bare_lists()

    def names_in(self, name: str) -> list[str]:
        """The names of a class list that is a text."""
        found = listed_in(text_of(self.tree, name, self.problems) or "")
        if found.said:
            self.problems.add(ImportProblem(name, found.said, "repaired", found.kind))
        return found.names

    def of_yaml(self, name: str) -> ClassList | None:
        """What a data.yaml says; None where the file is another or is broken."""
        given = self.load(name)
        if not isinstance(given, dict) or given.keys().isdisjoint(("names", *PARTS)):
            return None
        names = given.get("names")
        listed_names = self.names_of_text(names, name) if isinstance(names, str) else names_by_index(names)
        self.check_count(given.get("nc"), listed_names, name)
        shape = given.get("kpt_shape")
        keypoints = product(shape) if isinstance(shape, list) else 0
        is_turned = {"obb": True, "segment": False}.get(str(given.get("task", "")).lower())
        return ClassList(name, listed_names, keypoints, is_turned, *self.parts_of(given, name))

    def names_of_text(self, names: str, file: str) -> list[str]:
        """`names` that is a text: the file of that name, else the names themselves."""
        if (listed := self.resolved(names, posixpath.dirname(file))) in self.tree.others:
            return self.names_in(str(listed))
        if not names.strip() or "/" in names or suffix_of(names) in (*LIST_ENDINGS, ".txt"):
            return []  # a file that is not there
        found = listed_in(names)
        if found.said:
            self.problems.add(ImportProblem(file, found.said, "repaired", found.kind))
        return found.names

    def check_count(self, stated: Any, names: list[str], file: str) -> None:
        """Say where `nc` is another number than the names are, which ultralytics refuses."""
        if names and text(stated).isdecimal() and int(text(stated)) != len(names):
            reason = f"nc says {text(stated)} classes, names has {len(names)}; the names were taken"
            self.problems.add(ImportProblem(file, reason, "kept", "class_count"))

    def load(self, name: str) -> Any:
        """A YAML file, every value as the text that it is written as: no is a class here, not false."""
        if self.tree.path(name).stat().st_size > LARGEST:
            return None
        text = text_of(self.tree, name, self.problems)
        try:
            return yaml.load(text, yaml.BaseLoader) if text else None
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            reason = f"it is not YAML: {getattr(error, 'problem', error)}"
            line = mark.line + 1 if mark else None
            self.problems.add(ImportProblem(name, reason, kind="broken_file", line=line))
            return None

    def of_data(self, name: str) -> ClassList:
        """darknet's obj.data: `train = data/train.txt`, a line each."""
        lines = (text_of(self.tree, name, self.problems) or "").splitlines()
        given = {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}
        listed = self.resolved(given.get("names", ""), posixpath.dirname(name))
        names = self.names_in(listed) if listed in self.tree.others else []
        return ClassList(name, names, 0, False, *self.parts_of(given, name))

    def parts_of(self, given: Given, name: str) -> tuple[frozenset[str], frozenset[str], dict[str, str]]:
        """Folders and single images that `train`, `val` and `test` name, and the split of each image."""
        folders: dict[str, set[str]] = defaultdict(set)
        images: dict[str, set[str]] = defaultdict(set)
        base = posixpath.join(posixpath.dirname(name), text(given.get("path")))
        for key, split in PARTS.items():
            entries = given.get(key) or []
            for entry in entries if isinstance(entries, list) else [entries]:
                found = self.resolved(text(entry), base) or self.resolved(text(entry), posixpath.dirname(name))
                if found in self.picture_folders:
                    folders[str(found)].add(split)
                elif found:
                    for image in self.images_in(found):
                        images[image].add(split)
        for image in self.tree.images_meant if folders else ():
            for folder in folders.keys() & folders_above(image):
                images[image] |= folders[folder]
        splits = {image: next(iter(named)) for image, named in images.items() if len(named) == 1}
        return frozenset(folders), frozenset(images), splits

    def resolved(self, given: str, base: str) -> str | None:
        """The folder or file of the tree that a path means; paths of other machines by their end."""
        if not given:
            return None
        parts = [part for part in given.replace("\\", "/").split("/") if part not in ("", ".")]
        others = self.known_files()
        for start in range(len(parts) + 1):
            for root in dict.fromkeys((base, posixpath.dirname(base), "")):
                path = posixpath.normpath(posixpath.join(root, *parts[start:])) if parts[start:] or not start else None
                path = "" if path == "." else path
                if path is not None and (path in others or (path in self.picture_folders and (path or not start))):
                    return path
        return None

    def known_files(self) -> frozenset[str]:
        if not hasattr(self, "_files"):
            self._files = frozenset(self.tree.others)
        return self._files

    def images_in(self, name: str) -> list[str]:
        """The images that a text names, a line each; none where it is another text."""
        lines = [line.strip() for line in (text_of(self.tree, name, self.problems) or "").splitlines() if line.strip()]
        if not lines or not self.names_image(lines[0]):
            return []
        self.split_lists.add(name)
        found = [self.finder.find(line, name) for line in lines if self.names_image(line)]
        return [image for image in found if isinstance(image, str)]

    def names_image(self, line: str) -> bool:
        """Whether a line is the path of a picture, or the stem of one that is here, as VOC's lists have them."""
        return is_picture(line) or clean(line) in self.finder.by_stem

    def read_bare_lists(self) -> None:
        """train.txt and valid.txt say their split by their name, where no settings do."""
        for name in self.tree.with_suffix(".txt"):
            split = SPLITS.get(PurePosixPath(name).stem.lower().rstrip("0123456789"))
            line = first_line(self.tree, name).strip()
            if name not in self.split_lists and (is_picture(line) or (split and self.names_image(line))):
                images = self.images_in(name)
                self.splits = (dict.fromkeys(images, split) | self.splits) if split else self.splits

    def of(self, label_file: str, image: str) -> ClassList | None:
        """The class list that is meant: nearest above the label file, else above the image, else one that names it."""
        for path in (label_file, image):
            for folder in folders_above(path):
                if found := self.lists.get(folder):
                    return self.one_of(found, image)
        everywhere = [one for found in self.lists.values() for one in found]
        if reaching := [one for one in everywhere if one.reaches(image)]:
            return reaching[0]
        apart = [one for one in everywhere if not self.is_of_others(one)]
        if apart and all(one.names == apart[0].names for one in apart):
            return apart[0]
        return None

    def is_of_others(self, one: ClassList) -> bool:
        """Whether images lie below a list's folder, so that it is theirs."""
        return posixpath.dirname(one.origin) in self.picture_folders

    def one_of(self, found: list[ClassList], image: str) -> ClassList:
        """Of several in one folder the one that reaches the image, else the first; said where they differ."""
        reaching = [one for one in found if one.reaches(image)]
        chosen = (reaching or found)[0]
        others = [one for one in found if one.names != chosen.names]
        if others and not reaching and chosen.origin not in self.told:
            self.told.add(chosen.origin)
            reason = f"{others[0].origin} beside it has other class names; those of {chosen.origin} were taken"
            self.problems.add(ImportProblem(chosen.origin, reason, "kept", "class_lists"))
        return chosen


def preference(name: str) -> tuple[int, str]:
    """data.yaml before others, then what is called as its folder, as ultralytics chooses."""
    path = PurePosixPath(name)
    if path.name.lower() in SETTINGS:
        return SETTINGS.index(path.name.lower()), name
    return (8 if path.stem == path.parent.name else 9), name


def folders_above(path: str) -> list[str]:
    """The folders on the way up, the nearest first, the root ("") last."""
    found = []
    while path:
        path = posixpath.dirname(path)
        found.append(path)
    return found


def names_by_index(given: Any) -> list[str]:
    """`names`: a list, a mapping by index (also in quotes) or by name; empty where it is neither.

    A number that has no name has an empty one.
    """
    if isinstance(given, list):
        return [clean(text(name)) for name in given]
    if not isinstance(given, dict):
        return []
    pairs = list(given.items())
    if not all(is_index(key) for key in given):
        pairs = [(value, key) for key, value in pairs]
    by_index = {int(text(key)): clean(text(name)) for key, name in pairs if is_index(key)}
    return [by_index.get(place, "") for place in range(max(by_index, default=-1) + 1)]


def is_index(value: Any) -> bool:
    return text(value).isdecimal() and int(text(value)) < 10_000


def product(shape: list[Any]) -> int:
    """17 · 3 of [17, 3]."""
    sides = [int(text(side)) for side in shape if text(side).isdecimal() and len(text(side)) < 5]
    return sides[0] * sides[1] if len(sides) == 2 else 0


def text(value: Any) -> str:
    """A scalar as text; nothing for what is none."""
    return clean(str(value)) if isinstance(value, str | int | float) else ""


def is_picture(line: str) -> bool:
    return suffix_of(posixpath.basename(line.strip().replace("\\", "/"))) in NAMES


def first_line(tree: Tree, name: str) -> str:
    return tree.head(name, 2000).split(b"\n", 1)[0].decode("utf-8", "replace").lstrip("\ufeff")
