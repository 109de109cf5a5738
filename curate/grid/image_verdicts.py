"""What evaluations say of one image."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from curate.models import Evaluation, Match
from dataset.models import Image

MOST = 100


def verdicts_on(image: Image) -> list[dict[str, Any]]:
    """The evaluations that judged the image, the newest first, each with its verdicts there by kind."""
    kinds = {kind: Count("id", filter=Q(verdict=kind)) for kind in Match.Verdict.values}
    finished = Evaluation.objects.filter(dataset=image.dataset_id, of=None, finished_at__isnull=False)
    judged = finished.filter(manifest__image_ids__contains=[image.pk]).order_by("-pk")[:MOST]
    names = dict(judged.values_list("pk", "prediction_set__name"))
    judged_here = Match.objects.filter(image=image, evaluation__in=list(names))
    rows: list[dict[str, int]] = list(judged_here.values("evaluation_id").annotate(**kinds))  # type: ignore[arg-type]
    counts = {row["evaluation_id"]: {kind: row[kind] for kind in kinds} for row in rows}
    none = dict.fromkeys(kinds, 0)
    return [{"evaluation": pk, "name": name, **counts.get(pk, none)} for pk, name in names.items()]
