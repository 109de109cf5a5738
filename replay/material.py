"""The same images and labels on this installation: found, checked, and brought to the states that the runs used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from client import Halfday
from client.errors import NotFound
from client.nouns import Dataset, Slice
from client.query import dataset_id, named
from replay.reading import CannotReplay, LedgerFile, first_names
from science.label_digest import label_digest

Say = Callable[[str], None]
MOST_REVISIONS = 50  # looked at, the newest first
SHA_SHOWN = 12  # characters of an image's SHA-256 in the addresses of its bytes


@dataclass
class SameMaterial:
    """A dataset of this installation as the ledger sees it."""

    halfday: Halfday
    file: LedgerFile
    dataset: Dataset
    say: Say
    image_ids: list[int] = field(default_factory=list)  # by the file's places
    slices: list[Slice] = field(default_factory=list)  # by the file's places of sets
    revisions: dict[int, int] = field(default_factory=dict)  # the file's -> here
    hashes: dict[tuple[int, int], str] = field(default_factory=dict)  # by place of the set and revision here

    def prepare(self) -> None:
        """Find the images, make the slices, find or make the labels. Raises CannotReplay."""
        self.check_classes()
        labels = self.match_images()
        self.make_slices()
        self.place_labels(labels)

    @property
    def class_ids(self) -> list[int]:
        return [one["id"] for one in sorted(self.dataset["classes"], key=lambda one: one["index"])]

    def check_classes(self) -> None:
        """The same names in the same order: a network knows classes by their places."""
        here = [one["name"] for one in sorted(self.dataset["classes"], key=lambda one: one["index"])]
        if here != self.file.replay["classes"]:
            raise CannotReplay(
                f"The classes of “{self.dataset['name']}” are {', '.join(here)}; the ledger's are"
                f" {', '.join(self.file.replay['classes'])}. Import the images with the same class list."
            )

    def match_images(self) -> list[str]:
        """Find each image by its key, check its bytes; returns the digests of the present labels by place."""
        wanted = {key: place for place, (key, _, _) in enumerate(self.file.replay["images"])}
        found: dict[int, tuple[int, str, str]] = {}
        for row in self.halfday.datasets.images(self.dataset["id"], boxes=True):
            place = wanted.get(row["key"])
            if place is not None:
                found[place] = (row["id"], self._digest(row["boxes"]), bytes_shown(row))
        images = self.file.replay["images"]
        if missing := [key for key, place in wanted.items() if place not in found]:
            raise CannotReplay(
                f"“{self.dataset['name']}” lacks {len(missing)} of the {len(images)} images:"
                f" {first_names(missing)}. Import them under the same keys, or name another dataset with --dataset."
            )
        others = [key for place, (key, sha256, _) in enumerate(images) if found[place][2] != sha256[:SHA_SHOWN]]
        if others:
            raise CannotReplay(
                f"Same key, other bytes: {first_names(others)} ({len(others)} of {len(images)} images)."
                " The figures would be those of other pictures."
            )
        self.image_ids = [found[place][0] for place in range(len(images))]
        self.say(f"{len(images)} images are there, with the same bytes")
        return [found[place][1] for place in range(len(images))]

    def _digest(self, boxes: Sequence[Any]) -> str:
        places = {pk: place for place, pk in enumerate(self.class_ids)}
        labels = [one for one in boxes if one["kind"] == "gt" and not one.get("ignore")]
        return label_digest([places[one["class_id"]] for one in labels], [one["box"] for one in labels])

    def make_slices(self) -> None:
        """One for each set of images that was trained or judged on."""
        taken = {one["name"] for one in self.halfday.slices.list(self.dataset["id"])}
        for place, one in enumerate(self.file.replay["sets"]):
            wanted = f"replay · {one['name'] or f'set {place + 1}'}"[:110]
            name = free_name(wanted, taken)
            taken.add(name)
            images = [self.image_ids[image] for image in one["images"]]
            made = self.halfday.slices.create(
                self.dataset["id"], name, images=images, description=f"Of the ledger of {self.file.name}"
            )
            self.slices.append(made)
            self.say(f"slice “{name}”: {len(images)} images")

    def place_labels(self, labels: Sequence[str]) -> None:
        """For each revision that a run used, one here with the same labels; made where there is none.

        Whatever is made is taken back at the end, by a revision: the present labels stay as they were.
        """
        head = self.halfday.datasets.get(self.dataset["id"])["head_revision"]
        before: int | None = None
        for state in self.file.replay["states"]:
            here = self.revision_with(state["revision"], self._newest())
            if here is None and before is None:
                self.refuse_labels(labels)
            if here is None:
                here = self.make_labels(state, on=self.revisions[before or 0])
            self.revisions[state["revision"]] = here
            before = state["revision"]
            self.say(f"labels of the ledger's revision {state['revision']}: here revision {here}")
        if self._newest() != head:
            self.halfday.datasets.revert(self.dataset["id"], to=head)
            self.say("the present labels are as they were before")

    def _newest(self) -> int:
        return int(self.halfday.datasets.get(self.dataset["id"])["head_revision"])

    def revision_with(self, revision: int, newest: int) -> int | None:
        """The newest revision here at which every run of the ledger's revision finds what it found."""
        wanted = self.file.runs_on(revision)
        candidates = range(newest, max(0, newest - MOST_REVISIONS), -1)
        return next((here for here in candidates if all(self.same_labels(run, here) for run in wanted)), None)

    def same_labels(self, run: dict[str, Any], here: int) -> bool:
        """Whether images, classes and labels are those of the run, by the hash of both manifests."""
        return all(self.content_hash(run[side], here) == run[f"{side}_hash"] for side in SIDES)

    def content_hash(self, place: int, here: int) -> str:
        """Of a set with the labels of a revision here, which never change: asked for once."""
        if (place, here) not in self.hashes:
            frozen = self.halfday.slices.freeze(self.slices[place]["id"], revision=here)
            self.hashes[place, here] = frozen["content_hash"]
        return self.hashes[place, here]

    def refuse_labels(self, labels: Sequence[str]) -> None:
        """Say which images have other labels than the ledger's first run saw."""
        images = self.file.replay["images"]
        others = [key for (key, _, digest), here in zip(images, labels, strict=True) if digest != here]
        raise CannotReplay(
            f"At none of the {MOST_REVISIONS} newest revisions are the labels those that the first run was trained and"
            f" judged on. At the newest, {len(others)} of the {len(images)} images differ: {first_names(others)}."
            " Import the labels as they were, into a dataset of its own, and replay on that."
        )

    def make_labels(self, state: dict[str, Any], *, on: int) -> int:
        """A revision with the ledger's changes upon those labels; returns its number."""
        dataset = self.dataset["id"]
        if self._newest() != on:
            self.halfday.datasets.revert(dataset, to=on)
        edits = list(self.edits_of(state["edits"]))
        message = f"Replayed from the ledger of {self.file.name}: labels of its revision {state['revision']}"
        made = self.halfday.datasets.edit(dataset, on=self._newest(), message=message[:500], edits=edits)
        self.say(f"{len(edits)} label changes applied as revision {made['number']}")
        if not all(self.same_labels(run, made["number"]) for run in self.file.runs_on(state["revision"])):
            raise CannotReplay(
                f"With the ledger's {len(edits)} changes the labels are still not those of its revision"
                f" {state['revision']}: revision {made['number']} here is not what was trained on."
            )
        return made["number"]

    def edits_of(self, changes: Sequence[Any]) -> Iterator[dict[str, Any]]:
        """The ledger's changes as edits of objects that are here."""
        present: dict[int, list[dict[str, Any]]] = {}
        for place, before, after in changes:
            image = self.image_ids[place]
            if image not in present:
                present[image] = list(self.halfday.datasets.image(image)["annotations"])
            new = {} if after is None else {"class_id": self.class_ids[int(after[0])], "box": after[1:5]}
            if after is not None and ignored(before) != ignored(after):
                new["ignore"] = ignored(after)
            if before is None:
                yield {"op": "add", "image": image, **new}
                continue
            one = self.take_out(present[image], before)
            yield {"op": "remove" if after is None else "set", "image": image, "object_id": one["object_id"], **new}

    def take_out(self, labels: list[dict[str, Any]], wanted: Sequence[Any]) -> dict[str, Any]:
        """The label with that class and box, which is then spoken for."""
        class_id, box = self.class_ids[int(wanted[0])], np.asarray(wanted[1:5], np.float32)
        for place, one in enumerate(labels):
            same = one["class_id"] == class_id and one.get("ignore", COUNTS) == ignored(wanted)
            if same and np.array_equal(np.asarray(one["box"], np.float32), box):
                return labels.pop(place)
        raise CannotReplay(f"A label that the ledger changes is not here: class {wanted[0]:g}, box {list(wanted[1:])}.")


SIDES = ("train", "validation")
COUNTS = "no"  # of a label that is not ignored


def ignored(label: Sequence[Any] | None) -> str:
    """How a label of the file is ignored."""
    return str(label[5]) if label is not None and len(label) > 5 else COUNTS


def bytes_shown(row: Any) -> str:
    """The beginning of the image's SHA-256: its address carries it, so that a browser may keep the picture for ever."""
    return str(row["file"]).rpartition("v=")[2][:SHA_SHOWN]


def find_dataset(halfday: Halfday, file: LedgerFile, wanted: str | None) -> Dataset:
    """The dataset by name or id; where nothing is said, the one that is called as the ledger's."""
    name = file.content["dataset"]["name"]
    try:
        found = [dataset_id(halfday, wanted)] if wanted else named(halfday, name)
    except NotFound as error:
        raise CannotReplay(str(error)) from None
    if len(found) != 1:
        what = f"{len(found)} datasets are called “{name}”" if found else f"There is no dataset “{name}” here"
        raise CannotReplay(f"{what}. Name the one that holds the images: --dataset N.")
    return halfday.datasets.get(found[0])


def free_name(wanted: str, taken: set[str]) -> str:
    """The name, numbered where it is taken."""
    return next(name for name in (wanted, *(f"{wanted} {n}" for n in range(2, len(taken) + 3))) if name not in taken)
