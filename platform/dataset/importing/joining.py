"""Several files that describe one image: their boxes are joined, unless they contradict each other.

Jobs of one task, and files of different classes, say more of an image together. A box that stands in both is one box.
Two boxes of one class that lie nearly in the same place are two versions of one object: then the first file's are kept.
"""

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataset.importing.boxes import as_xyxy
from dataset.importing.types import ImportProblem, Source
from science.geometry.boxes import iou

SAME_OBJECT = 0.7  # IoU
ROUNDING = {"xyxy": 100.0, "xywh": 100.0, "centred": 1e6, "fractions": 1e6}  # steps in which equal boxes may differ

Mask = NDArray[np.bool_]


def join(source: Source) -> None:
    """Leave out what stands twice or contradicts, and report it file by file."""
    image, file = source.boxes.view("image"), source.boxes.view("file")
    chosen = boxes_of_several(image, file, len(source.files))
    if not len(chosen):
        return
    given = source.boxes.view("box")[chosen]
    boxes = as_xyxy(given, source.form, np.ones((len(chosen), 2)))
    label = source.boxes.view("label")[chosen]
    again = equal_in_another(image[chosen], label, file[chosen], np.rint(boxes * ROUNDING[source.form]))
    against = contradicting(image[chosen], label, file[chosen], boxes, ~again)
    tell(source, chosen, again, against)
    kept = np.ones(len(image), dtype=bool)
    kept[chosen[again | against]] = False
    source.boxes_skipped += int((~kept).sum())
    for place, count in Counter(image[~kept].tolist()).items():
        source.images[place].boxes = max((source.images[place].boxes or 0) - count, 0)
    places = np.cumsum(kept) - 1
    for of_boxes in ("corners", "shapes", "fraction_outlines"):
        before: dict[int, Any] = getattr(source, of_boxes)
        setattr(source, of_boxes, {int(places[box]): one for box, one in before.items() if kept[box]})
    source.boxes.keep(kept)


def boxes_of_several(image: NDArray[np.int32], file: NDArray[np.int32], files: int) -> NDArray[np.intp]:
    """Places of the boxes of images that several files give boxes to."""
    if files < 2 or not len(image):
        return np.zeros(0, dtype=np.intp)
    size = int(image.max()) + 1
    first, last = np.full(size, files), np.full(size, -1)
    np.minimum.at(first, image, file)
    np.maximum.at(last, image, file)
    return np.flatnonzero((first != last)[image])


def equal_in_another(
    image: NDArray[np.int32], label: NDArray[np.int32], file: NDArray[np.int32], boxes: NDArray[np.float64]
) -> Mask:
    """`(N,)` whether an earlier file has the same box, `(N, 4)` in whole steps, of the same class."""
    order = np.lexsort([file, *boxes.T[::-1], label, image])
    key = np.column_stack([image, label, boxes])[order]
    starts = np.concatenate([[True], (key[1:] != key[:-1]).any(axis=1)])
    group = np.cumsum(starts) - 1
    first_file = file[order][np.flatnonzero(starts)][group]
    found = np.zeros(len(image), dtype=bool)
    found[order] = file[order] != first_file
    return found


def contradicting(
    image: NDArray[np.int32],
    label: NDArray[np.int32],
    file: NDArray[np.int32],
    boxes: NDArray[np.float64],
    open_: Mask,
) -> Mask:
    """`(N,)` whether a box is of a file that contradicts an earlier one of its image; `open_`: the boxes to look at."""
    found = np.zeros(len(image), dtype=bool)
    first = np.full(int(image.max()) + 1, np.iinfo(np.int32).max)
    np.minimum.at(first, image, file)
    later = np.flatnonzero(open_ & (file != first[image]))
    order = np.argsort(image, kind="stable")
    starts = np.searchsorted(image[order], np.unique(image[later]))
    stops = np.searchsorted(image[order], np.unique(image[later]), side="right")
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        own = order[start:stop]
        standing = file[own] == file[own].min()
        for number in np.unique(file[own][~standing]).tolist():
            new = (file[own] == number) & open_[own]
            overlap = iou(boxes[own[standing]].astype(np.float32), boxes[own[new]].astype(np.float32))
            same = label[own[standing]][:, None] == label[own[new]][None, :]
            if (same & (overlap >= SAME_OBJECT)).any():
                found[own[new]] = True
            else:
                standing |= new
    return found


def tell(source: Source, chosen: NDArray[np.intp], again: Mask, against: Mask) -> None:
    """One entry for each file that was joined, and one for each image where that could not be."""
    image, file = source.boxes.view("image")[chosen], source.boxes.view("file")[chosen]
    for number in np.unique(file).tolist():
        own = file == number
        later = [
            place
            for place in np.unique(image[own]).tolist()
            if source.images[place].described_in != source.files[number]
        ]
        if later:
            tell_of_file(source, number, later, int((own & again).sum()), alone=bool((own & ~again).any()))
    for place, number in sorted({*zip(image[against].tolist(), file[against].tolist(), strict=True)}):
        left_out = int((against & (image == place) & (file == number)).sum())
        reason = (
            f"{source.images[place].described_in} has other boxes of the same objects; those were kept and"
            f" {left_out} boxes of this file left out"
        )
        record = source.images[place].key
        source.problems.add(
            ImportProblem(source.files[number], reason, "skipped", "contradicts", record=record, count=left_out)
        )


def tell_of_file(source: Source, number: int, images: list[int], equal: int, *, alone: bool) -> None:
    first = source.images[images[0]]
    what = f"{len(images)} of its images are described in another file too, {first.key} in {first.described_in}"
    reason = f"{what}; their boxes were joined" + (f", {equal} equal ones taken once" if equal else "")
    if not alone:
        reason = f"{what}, which has all of its boxes; nothing was taken from it"
    action = "repaired" if alone else "skipped"
    source.problems.add(ImportProblem(source.files[number], reason, action, "described_twice", count=len(images)))
