"""Verdicts on suggestions."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.problems import BadInput
from curate.models import Suggestion

Verdict = Suggestion.Verdict


@transaction.atomic
def decide(*, verdicts: Mapping[int, str], by: User) -> int:
    """Set the verdicts (by suggestion id) that a person gave; returns how many changed. "pending" takes one back.

    Who may is the caller's to check. Raises BadInput for an unknown verdict or suggestion.
    """
    unknown = sorted(set(verdicts.values()) - set(Verdict.values))
    if unknown:
        raise BadInput(f"A verdict is {', '.join(Verdict.values)}; not {unknown[0]}.")
    rows = list(
        Suggestion.objects.select_for_update(of=("self",))
        .filter(pk__in=verdicts.keys())
        .select_related("auto_curate__dataset")
        .order_by("pk")
    )
    if len(rows) != len(verdicts):
        raise BadInput(f"{len(verdicts) - len(rows)} of these suggestions do not exist.")
    changed = [row for row in rows if row.verdict != verdicts[row.pk]]
    for row in changed:
        pending = verdicts[row.pk] == Verdict.PENDING
        row.verdict = verdicts[row.pk]
        row.decided_by = None if pending else by
        row.decided_at = None if pending else timezone.now()
    Suggestion.objects.bulk_update(changed, ["verdict", "decided_by", "decided_at"], batch_size=1000)
    _audit(changed, by)
    return len(changed)


def _audit(changed: list[Suggestion], by: User) -> None:
    """One line per auto-curate run."""
    for run in {row.auto_curate_id: row.auto_curate for row in changed}.values():
        mine = [row for row in changed if row.auto_curate_id == run.pk]
        data = {"auto_curate": run.pk, "verdicts": {str(row.pk): row.verdict for row in mine[:1000]}}
        audit.record(by=by, action="suggestion.verdict", target=str(run), project=run.dataset.project_id, data=data)
