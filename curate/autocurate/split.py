"""Auto-curate: split into two slices that share no sequence and no near-duplicate, with the same mix on both sides."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from curate.autocurate.image_tables import CodedImageTable, described_images
from curate.autocurate.lifecycle import NewSlice, finish, forget, source_of
from curate.evaluations.arrays import ground_of, ground_truth
from curate.models import AutoCurate
from jobs.errors import JobFailed
from jobs.reporting import Report
from science.autocurate.split import Split, SplitReport, split
from science.evaluation.arrays import Ground
from science.evaluation.as_json import json_number


def run_split(run: AutoCurate, report: Report) -> dict[str, Any]:
    """Split the run's images and make a slice of each side."""
    report(0.0, "Reading images and labels")
    ground = ground_of(run.dataset, source_of(run).image_ids(run.dataset))
    truth = ground_truth(run.dataset, ground, run.source["revision"])
    images = described_images(run.dataset, ground, truth, run.params.get("stratify"))
    report(0.3, f"Splitting {len(ground.image_ids)} images")
    ratio = run.params["ratio"]
    try:
        found = split(images.table, ratios=(ratio, 1 - ratio), seed=run.params["seed"])
    except ValueError as error:
        raise JobFailed(f"These images cannot be split: {error}.") from error
    report(0.9, "Making the slices")
    sides = [NewSlice(name, ground.image_ids[found.side == side]) for side, name in enumerate(run.params["names"])]
    with transaction.atomic():
        forget(run)
        slices = finish(run, sides, split_report(run, ground, images, found))
    return {"auto_curate": run.pk, "slices": [row.pk for row in slices], "leakage": run.report["leakage"]}


def split_report(run: AutoCurate, ground: Ground, images: CodedImageTable, found: Split) -> dict[str, Any]:
    """How even the sides are, and what leaks between them."""
    report = found.report
    return {
        "sides": [
            {"name": name, "images": report.images[side], "boxes": report.boxes[side]}
            for side, name in enumerate(run.params["names"])
        ],
        "classes": [
            {
                "class_id": class_id,
                "boxes": [side[c] for side in report.class_boxes],
                "share": [json_number(side[c]) for side in report.class_share],
            }
            for c, class_id in enumerate(ground.class_ids.tolist())
        ],
        "strata": [
            {
                "key": key,
                "values": [
                    {"value": images.values[key][place], "images": counts} for place, counts in sorted(values.items())
                ],
            }
            for key, values in report.strata_images.items()
        ],
        "leakage": leakage(report),
        "groups": report.groups,
        "largest_group": report.largest_group,
    }


def leakage(report: SplitReport) -> dict[str, int]:
    """What the two sides still share: near-duplicates may, where they would chain into one big group."""
    return {
        "sequences_across": report.sequences_across,
        "near_duplicates_across": report.near_duplicates_across,
        "hash_bits": report.hash_bits,
        "hash_bits_asked": report.hash_bits_asked,
    }
