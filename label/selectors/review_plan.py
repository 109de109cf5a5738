"""How a batch is reviewed, what that found, and what it says of what nobody reviewed."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from accounts.models import User
from label.models import Batch
from label.selectors.review_figures import PersonReviewed, reviewed_by_person
from science.proportion import wilson
from science.review_sampling import ReviewedWork, errors_left, review_share


def plan_of(batch: Batch) -> dict[str, Any]:
    """As BatchReviewSerializer describes it."""
    rows = reviewed_by_person(batch.pk)
    left = errors_left([ReviewedWork(one.reviewed, one.wrong, one.unreviewed) for one in rows])
    return {
        "review": batch.review,
        "share": batch.review_share,
        "own": batch.own_review,
        "seed": batch.review_seed,
        "total": _figures(_total(rows)),
        "people": _people(batch, rows),
        "errors_left": asdict(left) if left else None,
    }


COUNTED = ("handed_in", "reviewed", "wrong", "unreviewed")


def _total(rows: Sequence[PersonReviewed]) -> PersonReviewed:
    """Of everybody together."""
    handed_in, reviewed, wrong, unreviewed = (sum(getattr(one, name) for one in rows) for name in COUNTED)
    return PersonReviewed(None, handed_in, reviewed, wrong, unreviewed, max((one.rounds for one in rows), default=0))


def _figures(one: PersonReviewed) -> dict[str, Any]:
    return {name: getattr(one, name) for name in COUNTED} | {"interval": wilson(one.wrong, one.reviewed)}


def _people(batch: Batch, rows: Sequence[PersonReviewed]) -> list[dict[str, Any]]:
    """Who handed something in, then whoever a manager named."""
    named = {int(key) for key in batch.review_shares} - {one.person_id for one in rows}
    every = [*rows, *(PersonReviewed(person, 0, 0, 0, 0, 0) for person in sorted(named))]
    users = User.objects.in_bulk([one.person_id for one in every if one.person_id])
    found = []
    for one in every:
        own = batch.review_shares.get(str(one.person_id))
        base = batch.review_share if own is None else own
        share = review_share(base, one.wrong, one.reviewed) if batch.review else 0.0
        person = users.get(one.person_id) if one.person_id else None
        found.append(_figures(one) | {"person": person, "share": share, "set_share": own})
    return found
