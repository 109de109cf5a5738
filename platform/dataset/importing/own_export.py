"""halfday.json of our own exports: the keys that images had, their splits, and the order of the classes.

The files of an archive lie where other tools look for them. Here they are called by their keys again.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from accounts.values import reason_against_text
from dataset.importing.files import LONGEST_KEY, Tree
from dataset.importing.types import ImportProblem, Problems, Source

FILE = "halfday.json"
BESIDE = ("labelling_config.xml", "dataset_meta.json", "predictions_")  # files of our exports that hold no labels
LARGEST = 500_000_000  # bytes


@dataclass(frozen=True)
class OwnExport:
    """What the file says; nothing where there is none."""

    keys: dict[str, str] = field(default_factory=dict)  # by where the image lies
    splits: dict[str, Any] = field(default_factory=dict)  # likewise
    classes: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)  # what the format calls a class that it cannot name so

    def give_back(self, source: Source) -> None:
        """Call images by their keys, and put classes in their order."""
        for image in source.images:
            if image.key in self.keys:
                self.settle_split(image.key, image.metadata)
                image.lies_at, image.key = image.key, self.keys[image.key]
        if self.classes and None not in source.class_names:
            self.order_classes(source)

    def settle_split(self, place: str, metadata: dict[str, Any]) -> None:
        """The split that the image had, whatever its folder is called."""
        if (split := self.splits.get(place)) is None:
            metadata.pop("split", None)
        else:
            metadata["split"] = split

    def order_classes(self, source: Source) -> None:
        called = {said: name for name, said in self.written.items()}
        found = [called.get(name or "", name) for name in source.class_names]
        names: list[str | None] = [*self.classes, *(name for name in found if name not in self.classes)]
        places = np.array([names.index(name) for name in found], np.int32)
        source.class_names = names
        if (places == np.arange(len(places))).all():
            return
        source.lost = type(source.lost)({int(places[label]): count for label, count in source.lost.items()})
        source.boxes.relabel(places.tolist())
        source.predictions.relabel(places.tolist())


def take(tree: Tree, problems: Problems) -> OwnExport:
    """Read the file of the tree's root, if there is one that is sound, and take it from the label files."""
    if FILE not in tree.others:
        return OwnExport()
    try:
        given = orjson.loads(tree.head(FILE, LARGEST))
        if not isinstance(given, dict) or "halfday" not in given:
            return OwnExport()
        found = own_export(given)
    except (ValueError, TypeError, AttributeError) as error:
        reason = f"it does not say what the images are called ({error}); they are called by their files"
        problems.add(ImportProblem(FILE, reason, "kept", "broken_file"))
        found = OwnExport()
    tree.others = [name for name in tree.others if name != FILE and not name.startswith(BESIDE)]
    known = set(tree.elsewhere)
    if places := [place for place, key in found.keys.items() if key in known]:
        tree.elsewhere = places
    return found


def own_export(given: dict[str, Any]) -> OwnExport:
    """Raises ValueError where two images have one key, or a key is no path."""
    images = {place: (key, split) for place, (key, split) in given.get("images", {}).items()}
    keys = {place: key for place, (key, _) in images.items()}
    if len(set(keys.values())) < len(keys):
        raise ValueError("two images have one key")
    for key in keys.values():
        if not is_key(key):
            raise ValueError(f"{str(key)[:80]!r} is no path")
    splits = {place: split for place, (_, split) in images.items() if isinstance(split, str)}
    classes = list(dict.fromkeys(name for name in given.get("classes", []) if isinstance(name, str) and name))
    written = {name: said for name, said in given.get("written", {}).items() if isinstance(said, str)}
    return OwnExport(keys, splits, classes, written)


def is_key(key: object) -> bool:
    """Whether an image may be called so: a path below the root."""
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or reason_against_text(key):
        return False
    return not key.startswith("/") and not {"", ".", ".."} & set(key.split("/"))
