"""Auto-curate: split into two slices that share no sequence and no copy, with the same mix on both sides."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import transaction

from curate.autocurate.image_tables import CodedImageTable, described_images
from curate.autocurate.lifecycle import NewSlice, finish, forget, source_of
from curate.duplicates.looked import Searched
from curate.duplicates.search import searched_among
from curate.duplicates.sources import sources_of, store_sources
from curate.evaluations.arrays import ground_of, ground_truth
from curate.models import AutoCurate
from jobs.errors import JobFailed
from jobs.reporting import Report
from jobs.sentences import Sentence
from science.autocurate.split import Split, SplitReport, split
from science.evaluation.arrays import Ground
from science.evaluation.as_json import json_number

READING = 0.6  # of the job's progress, where images are looked at


def run_split(run: AutoCurate, report: Report) -> dict[str, Any]:
    """Split the run's images and make a slice of each side."""
    report(0.0, Sentence.of("reading_images_and_labels", "Reading images and labels"))
    ground = ground_of(run.dataset, source_of(run).image_ids(run.dataset))
    kept = store_sources(run.dataset, ground.image_ids, author=run.created_by) if run.params.get("sources") else 0
    copies = _copies(run, ground, report) if run.params.get("sight") else None
    truth = ground_truth(run.dataset, ground, run.source["revision"])
    images = described_images(run.dataset, ground, truth, run.params.get("stratify"), copies)
    report(
        READING + 0.1, Sentence.of("splitting", "Splitting {count} {count:image|images}", count=len(ground.image_ids))
    )
    ratio = run.params["ratio"]
    try:
        found = split(images.table, ratios=(ratio, 1 - ratio), seed=run.params["seed"])
    except ValueError as error:
        raise JobFailed(f"These images cannot be split: {error}.") from error
    report(0.9, Sentence.of("making_slices", "Making the slices"))
    sides = [NewSlice(name, ground.image_ids[found.side == side]) for side, name in enumerate(run.params["names"])]
    told = split_report(run, ground, images, found)
    told["sources"] = sources_report(run, ground, found) | {"newly_kept": kept}
    told["leakage"] |= sight_report(ground, copies)
    with transaction.atomic():
        forget(run)
        slices = finish(run, sides, told)
    return {"auto_curate": run.pk, "slices": [row.pk for row in slices], "leakage": run.report["leakage"]}


def _copies(run: AutoCurate, ground: Ground, report: Report) -> Searched:
    """What is known of these images, or can be seen now."""

    def told(progress: float, message: Sentence) -> None:
        report(READING * progress, message)

    return searched_among(run.dataset, ground.image_ids, told)


def sources_report(run: AutoCurate, ground: Ground, found: Split) -> dict[str, int]:
    """What the names tell of these images, and how many of those sources stand on both sides."""
    known = sources_of(run.dataset)
    places = np.searchsorted(known.image_ids, ground.image_ids)
    sources = [known.named.source[place] for place in places]
    sides: dict[str, set[int]] = {}
    for source, side in zip(sources, found.side.tolist(), strict=True):
        if source:
            sides.setdefault(source, set()).add(side)
    return {
        "named": sum(map(bool, sources)),
        "sources": len(sides),
        "across": sum(len(found) > 1 for found in sides.values()),
    }


def sight_report(ground: Ground, copies: Searched | None) -> dict[str, Any]:
    """Whether the pictures were looked at, and how many of them could not be."""
    if copies is None:
        return {"by_sight": False, "not_looked_at": len(ground.image_ids), "with_embedding": 0}
    seen = int(np.isin(ground.image_ids, copies.image_ids).sum())
    return {
        "by_sight": True,
        "not_looked_at": len(ground.image_ids) - seen,
        "with_embedding": min(copies.with_vector, seen),
    }


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


def leakage(report: SplitReport) -> dict[str, Any]:
    """What the two sides still share: near-duplicates and copies may, where they would chain into one big group."""
    return {
        "sequences_across": report.sequences_across,
        "near_duplicates_across": report.near_duplicates_across,
        "hash_bits": report.hash_bits,
        "hash_bits_asked": report.hash_bits_asked,
        "copies": report.copies,
        "copies_across": report.copies_across,
        "images_copied_across": report.images_copied_across,
    }
