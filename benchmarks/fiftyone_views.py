"""FiftyOne's part of grid_reads.py: run by a Python of its own that has it, never by Halfday's.

    python benchmarks/fiftyone_views.py DATA.npz

The samples are written straight into its collection, in the form of one that FiftyOne made itself, since its own
`add_samples` takes a quarter of an hour for them; the fields that are filtered by are indexed, as its documentation
advises. Then the questions of the grid are asked as views, and their medians printed as JSON. A page is asked for
with `values`, which makes no sample objects and is the quickest way to what a page shows.
"""

from __future__ import annotations

import copy
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import fiftyone as fo
import numpy as np
from bson import ObjectId
from fiftyone import ViewField as F

TIMES = 5
PAGE = 100
KEYS = ("weather", "timeofday", "scene", "speed")
SHOWN = ["id", "filepath", *KEYS, "ground_truth.detections.label", "ground_truth.detections.bounding_box"]


def template(data: Any) -> tuple[fo.Dataset, dict[str, Any]]:
    """A dataset with one sample of FiftyOne's making, and how it keeps that one."""
    dataset = fo.Dataset("bench", overwrite=True)
    box = fo.Detection(label=str(data["names"][0]), bounding_box=[0.1, 0.1, 0.2, 0.2], eval="tp")
    values = {key: data[key][0].item() for key in KEYS}
    dataset.add_sample(fo.Sample(filepath="/none/first.jpg", ground_truth=fo.Detections(detections=[box]), **values))
    dataset.add_dynamic_sample_fields()
    stored = dataset._sample_collection.find_one()
    dataset._sample_collection.delete_many({})
    return dataset, stored


def documents(data: Any, stored: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every image as FiftyOne would have stored it."""
    empty = copy.deepcopy(stored)
    (box,) = empty["ground_truth"]["detections"]
    empty["ground_truth"] = {**empty["ground_truth"], "detections": []}
    names, starts, labels = data["names"].tolist(), data["starts"].tolist(), data["label"].tolist()
    missed, corners, keys = data["missed"].tolist(), data["boxes"].astype(float), data["keys"].tolist()
    corners[:, 2:] -= corners[:, :2]
    boxes, columns = corners.tolist(), {key: data[key].tolist() for key in KEYS}
    for place, key in enumerate(keys):
        detections = [
            {
                **box,
                "_id": ObjectId(),
                "label": names[labels[at]],
                "bounding_box": boxes[at],
                "eval": "fn" if missed[at] else "tp",
            }
            for at in range(starts[place], starts[place + 1])
        ]
        yield {
            **empty,
            "_id": ObjectId(),
            "filepath": f"/none/{key}",
            "ground_truth": {**empty["ground_truth"], "detections": detections},
            **{name: column[place] for name, column in columns.items()},
        }


def fill(data: Any) -> fo.Dataset:
    dataset, stored = template(data)
    waiting: list[dict[str, Any]] = []
    for document in documents(data, stored):
        waiting.append(document)
        if len(waiting) == 2000:
            dataset._sample_collection.insert_many(waiting, ordered=False)
            waiting = []
    if waiting:
        dataset._sample_collection.insert_many(waiting, ordered=False)
    for field in ("weather", "ground_truth.detections.label", "ground_truth.detections.eval"):
        dataset.create_index(field)
    dataset.reload()
    return dataset


def questions(dataset: fo.Dataset) -> dict[str, Callable[[], Any]]:
    """The reads of grid_reads.py that FiftyOne has a view for."""
    riders = F("ground_truth.detections").filter(F("label") == "rider")
    mixed = dataset.match((F("weather") == "rainy") & (riders.length() >= 2))
    missed = F("ground_truth.detections").filter((F("label") == "rider") & (F("eval") == "fn"))
    not_found = dataset.match(missed.length() > 0)
    facets = [fo.CountValues("ground_truth.detections.label"), *(fo.CountValues(key) for key in KEYS)]
    return {
        "page_mixed": lambda: mixed.limit(PAGE).values(SHOWN),
        "page_fn": lambda: not_found.limit(PAGE).values(SHOWN),
        "facets_mixed": lambda: mixed.aggregate(facets),
        "facets_all": lambda: dataset.aggregate(facets),
    }


def milliseconds(ask: Callable[[], Any]) -> float:
    taken = []
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[1:])


def main() -> None:
    data = np.load(sys.argv[1])
    began = time.perf_counter()
    dataset = fill(data)
    print(
        f"FiftyOne {fo.__version__}: {len(dataset)} images filled in {time.perf_counter() - began:.0f} s",
        file=sys.stderr,
    )
    assert len(dataset) == len(data["keys"])
    print(json.dumps({name: milliseconds(ask) for name, ask in questions(dataset).items()}))
    fo.delete_dataset("bench")


if __name__ == "__main__":
    main()
