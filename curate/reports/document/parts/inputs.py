"""What was judged: everything that the numbers rest on."""

from __future__ import annotations

from curate.reports.document.content import Made, ReportSide
from curate.reports.document.markup import Child, Markup, tag
from curate.reports.document.page import facts


def inputs(made: Made, side: ReportSide) -> Markup:
    """Dataset, predictions, images, labels, thresholds, evaluator, date and person."""
    w, one = made.words, side.described
    judged, counts = one["prediction_set"], one["counts"]
    run = judged["run"]
    rows: list[tuple[str, Child]] = [
        (w("facts.dataset"), made.dataset),
        (w("facts.predictions"), judged["name"]),
        (w("facts.kind"), w("kinds." + judged["kind"])),
        (w("facts.run"), f"{run['name']} (#{run['id']})" if run else None),
        (w("facts.checkpoint"), f"#{judged['checkpoint']}" if judged["checkpoint"] else None),
        (w("facts.slices"), ", ".join(part["name"] for part in one["slices"])),
        (w("facts.images"), w.count(counts["images"])),
        (w("facts.labels"), w("facts.revision", n=one["revision"]) if one["revision"] is not None else None),
        (w("facts.thresholds"), w("facts.point", conf=w.number(one["conf"]), iou=w.number(one["iou"]))),
        (w("facts.evaluator"), tag("code", one["evaluator"])),
        (w("facts.when"), w.moment(one["created_at"])),
        (w("facts.by"), side.by),
        (w("facts.id"), w("facts.idOf", id=one["id"]) if one["id"] is not None else None),
        (w("facts.manifest"), tag("code", side.manifest_hash, class_="hash") if side.manifest_hash else None),
        *((name, tag("code", digest, class_="hash")) for name, digest in side.files),
    ]
    return facts(rows)


def training_warning(made: Made, side: ReportSide) -> Markup | None:
    """Where images were trained on, the figures are no test."""
    w, one = made.words, side.described
    trained = one["on_training_images"]
    if not trained:
        return None
    what = w("training.what", n=w.count(trained), of=w.count(one["counts"]["images"]))
    return tag("p", tag("strong", w("training.title") + ". "), what, class_="warning", role="note")
