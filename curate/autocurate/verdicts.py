"""Verdicts on suggestions."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from curate.autocurate.ranking import rank_after_commit
from curate.models import AutoCurate, Suggestion

Verdict = Suggestion.Verdict


def decide(*, verdicts: Mapping[int, str], by: User) -> int:
    """Set verdicts as `record` does. Reviewers and above, in the project of every suggestion."""
    runs = AutoCurate.objects.filter(suggestions__in=list(verdicts))
    for project_id in runs.values_list("dataset__project_id", flat=True).distinct() or [None]:
        access.check(by, project_id, Role.REVIEWER)
    return record(verdicts=verdicts, author=by)


@transaction.atomic
def record(*, verdicts: Mapping[int, str], author: User) -> int:
    """Set the verdicts (by suggestion id) that a person gave; returns how many changed. "pending" takes one back.

    What they teach ranks the open suggestions of the same runs anew, once they are committed.

    Raises BadInput for an unknown verdict or suggestion.
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
        row.decided_by = None if pending else author
        row.decided_at = None if pending else timezone.now()
    Suggestion.objects.bulk_update(changed, ["verdict", "decided_by", "decided_at"], batch_size=1000)
    _audit(changed, author)
    rank_after_commit(row.auto_curate_id for row in changed)
    return len(changed)


def _audit(changed: list[Suggestion], author: User) -> None:
    """One line per auto-curate run."""
    for run in {row.auto_curate_id: row.auto_curate for row in changed}.values():
        mine = [row for row in changed if row.auto_curate_id == run.pk]
        data = {"auto_curate": run.pk, "verdicts": {str(row.pk): row.verdict for row in mine[:1000]}}
        audit.record(by=author, action="suggestion.verdict", target=str(run), project=run.dataset.project_id, data=data)
