"""Record what tidecv says of the generated cases, for tests/science/evaluation/test_error_budget.py.

    python -m venv /tmp/tide && /tmp/tide/bin/pip install tidecv==1.0.1 pycocotools numpy
    PYTHONPATH=platform:. python benchmarks/tide_reference.py /tmp/tide/bin/python

tidecv brings an OpenCV that does not stand beside that of Halfday's networks: hence a Python of its own, and a record.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from dataclasses import asdict
from pathlib import Path

from tests.science.evaluation.tide_cases import CASES, IOUS, tide_case

OUT = Path(__file__).parents[1] / "tests" / "science" / "evaluation" / "tide_reference.json"
THEIRS = """
import json, sys
from tidecv import TIDE, Data
def judge(case):
    truth, found = Data("truth", max_dets=100), Data("found", max_dets=100)
    for image in case["images"]:
        truth.add_image(image, str(image))
    for row in case["annotations"]:
        add = truth.add_ignore_region if row["iscrowd"] else truth.add_ground_truth
        add(row["image_id"], row["category_id"], row["bbox"])
    for row in case["results"]:
        found.add_detection(row["image_id"], row["category_id"], row["score"], row["bbox"])
    tide = TIDE(pos_threshold=case["iou"])
    run = tide.evaluate(truth, found, mode=TIDE.BOX, name="run")
    errors = tide.get_all_errors()
    counts = {kind.short_name: count for kind, count in run.count_errors().items()}
    return {"ap": run.ap, "delta": errors["main"]["run"] | errors["special"]["run"], "counts": counts}
json.dump([judge(case) for case in json.load(sys.stdin)], sys.stdout)
"""


def main() -> None:
    """Ask tidecv, write the record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", help="a Python that has tidecv")
    options = parser.parse_args()
    cases = [asdict(tide_case(number)) | {"iou": iou} for number, iou in zip(range(CASES), IOUS, strict=True)]
    said = subprocess.run(
        [options.python, "-c", THEIRS], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    OUT.write_text(json.dumps(json.loads(said.stdout), indent=1) + "\n")
    print(f"{len(cases)} cases recorded in {OUT}")


if __name__ == "__main__":
    main()
