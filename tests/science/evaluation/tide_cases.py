"""Generated cases for which tests/science/evaluation/tide_reference.json records what tidecv 1.0.1 says.

benchmarks/tide_reference.py writes that file: tidecv needs another build of OpenCV than Halfday, so it is not here.
"""

from typing import Any

import numpy as np

from tests.science.evaluation.reference import Case

CASES = 8
IOUS = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.75, 0.3]


def tide_case(number: int) -> Case:
    """A few images with many mistakes of every type, ties in score, crowds, and a class without a box or detection."""
    random = np.random.default_rng(number)
    images, classes = int(random.integers(2, 30)), int(random.integers(2, 6))
    annotations: list[dict[str, Any]] = []
    for identity in range(1, int(random.integers(20, 120))):
        box = [*random.uniform(0, 100, 2).round(1), *random.uniform(5, 60, 2).round(1)]
        annotations.append(
            {
                "id": identity,
                "image_id": int(random.integers(1, images + 1)),
                "category_id": int(random.integers(1, classes + 1)),
                "bbox": [float(value) for value in box],
                "area": float(box[2] * box[3]),
                "iscrowd": int(random.random() < 0.1),
            }
        )
    results = [_found(random, annotations, images, classes) for _ in range(int(random.integers(50, 350)))]
    return Case(list(range(1, images + 1)), list(range(1, classes + 2)), annotations, results)


def _found(random: np.random.Generator, annotations: list[dict[str, Any]], images: int, classes: int) -> dict[str, Any]:
    label, image = int(random.integers(1, classes + 2)), int(random.integers(1, images + 1))
    box = np.array([*random.uniform(0, 100, 2), *random.uniform(5, 60, 2)])
    if random.random() < 0.7:
        source = annotations[int(random.integers(len(annotations)))]
        box, image = (np.array(source["bbox"]) + random.normal(0, 4, 4)).clip(1), source["image_id"]
        label = source["category_id"] if random.random() < 0.8 else label
    return {
        "image_id": image,
        "category_id": label,
        "bbox": [float(value) for value in box.round(1)],
        "score": round(float(random.random()), 2),
    }
