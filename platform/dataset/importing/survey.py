"""What is known of a source once its images have been looked at: usable boxes, classes, and what is worth knowing."""

import re
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from dataset.importing.boxes import PixelBoxes
from dataset.importing.names import class_name
from dataset.importing.types import ClassCount, ImportNote, ImportProblem, LabelStateCounts, Source, SourceImage

FRACTIONS = ("fractions", "centred")  # forms that the stated size does not matter to
NOT_LABELLED, NEGATIVE, LABELLED = 0, 1, 2


def class_counts(source: Source, pixels: PixelBoxes, new: Iterable[str] = ()) -> list[ClassCount]:
    """Boxes by class, in the order of the class list; `new`: names that the dataset lacks."""
    size = max(len(source.class_names), 1)
    found = np.bincount(source.boxes.view("label"), minlength=size)
    usable = np.bincount(pixels.classes, minlength=size)
    names, unknown = names_of(source), set(new)
    return [
        ClassCount(name, int(found[place]) + source.lost[place], int(usable[place]), name in unknown)
        for place, name in enumerate(names)
    ]


def names_of(source: Source) -> list[str]:
    """Class names; those that only a number is known of are called after it."""
    return [class_name(name or "") or f"class {place}" for place, name in enumerate(source.class_names)]


def label_states(source: Source, pixels: PixelBoxes) -> NDArray[np.int8]:
    """`(I,)` NOT_LABELLED, NEGATIVE or LABELLED for each image of the source.

    A negative is an image of which a label file says that nothing is on it. Where all of its labels were refused,
    nothing is known of it.
    """
    usable = np.bincount(pixels.image, minlength=len(source.images)) > 0
    nothing = np.array([image.boxes == 0 and not image.refused for image in source.images], dtype=bool)
    return np.where(usable, LABELLED, np.where(nothing, NEGATIVE, NOT_LABELLED)).astype(np.int8)


def state_counts(states: NDArray[np.int8], sizes: NDArray[np.int64]) -> LabelStateCounts:
    """How many of the images that can be taken are in each state; `sizes` as `tell_of_images` has them."""
    found = np.bincount(states[sizes[:, 0] > 0], minlength=3)
    return LabelStateCounts(*(int(found[state]) for state in (LABELLED, NEGATIVE, NOT_LABELLED)))


def tell_of_images(source: Source, sizes: NDArray[np.int64], states: NDArray[np.int8]) -> None:
    """Report sizes that the labels state wrongly, images that are negatives, and images without labels.

    `sizes`: `(I, 2)` width and height of each image, 0 where it cannot be taken. `states`: as `label_states`.
    """
    usable = np.flatnonzero(sizes[:, 0])
    tell_of_sizes(source, sizes)
    tell_of_alike_names(source)
    negatives = [source.images[place] for place in usable if states[place] == NEGATIVE]
    tell(source, negatives, "no_boxes", "are labelled as having no boxes, and are kept as negatives")
    if source.format == "images":
        return
    rest = [source.images[place] for place in usable if states[place] == NOT_LABELLED]
    refused = [image for image in rest if image.boxes is not None or image.refused]
    tell(source, refused, "all_refused", "have labels of which none could be taken, and are kept as not yet labelled")
    unlabelled = [image for image in rest if image.boxes is None and not image.refused]
    tell(source, unlabelled, "unlabelled", "have no labels, and are kept as not yet labelled")


def tell_of_sizes(source: Source, sizes: NDArray[np.int64]) -> None:
    """Report sizes that the labels state wrongly."""
    taken = [(image, tuple(size)) for image, size in zip(source.images, sizes.tolist(), strict=True) if size[0]]
    for image, (width, height) in taken if source.form not in FRACTIONS else ():
        if image.size and image.boxes and image.size != (width, height):
            stated = f"{image.size[0]} × {image.size[1]}"
            reason = f"the labels state {stated} pixels, the upright image has {width} × {height}; boxes kept as given"
            source.problems.add(ImportProblem(image.key, reason, "kept", "size"))


def tell_of_alike_names(source: Source) -> None:
    """Classes whose names differ in case or spaces alone are two classes, and often meant as one."""
    alike: dict[str, list[str]] = {}
    for name in dict.fromkeys(names_of(source)):
        alike.setdefault(re.sub(r"[\s_-]+", "", name.casefold()), []).append(name)
    some = [" and ".join(names) for names in alike.values() if len(names) > 1]
    if some:
        text = f"{len(some)} classes have several spellings, which stay classes of their own: {', '.join(some[:5])}"
        source.problems.notes.append(ImportNote("alike_names", len(some), text))


def tell(source: Source, images: list[SourceImage], kind: str, what: str) -> None:
    if images:
        text = f"{len(images)} images {what}, {images[0].key} among them"
        source.problems.notes.append(ImportNote(kind, len(images), text))


def tell_of_renamed(source: Source, now: Mapping[str, str]) -> None:
    """Say which names of the files are taken for classes that are called otherwise since."""
    if now:
        pairs = ", ".join(f"{before} is {after}" for before, after in now.items())
        text = f"{len(now)} classes were renamed in the dataset since and stay so: {pairs}"
        source.problems.notes.append(ImportNote("renamed", len(now), text))


def stated_sizes(source: Source) -> NDArray[np.int64]:
    """`(I, 2)` width and height of each image as the labels state them; 0 where they do not."""
    return np.array([image.size or (0, 0) for image in source.images], dtype=np.int64).reshape(-1, 2)


def tell_if_labels_only(source: Source) -> None:
    """One plain sentence where the folder has labels for images that it does not have."""
    missing = source.problems.of("no_image")
    if not source.images and missing:
        text = (
            f"The folder holds labels, but none of the {missing} images that they name. Add the images, or import the"
            " labels alone into a dataset that has images of these names"
        )
        source.problems.notes.append(ImportNote("labels_only", missing, text))
