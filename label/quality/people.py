"""What each person did in a batch: tasks by state, pace, and how sure their work is."""

from dataclasses import dataclass, field

from django.db import connection

from accounts.models import User
from label.models import Batch
from label.quality.agreement import BatchAgreement, agreement_in
from label.quality.gold_rates import ErrorRate, error_rates

# A task is its assignee's, else whose save was the last; a copy is its person's.
TASKS = """
SELECT person, state, count(*) FROM (
    SELECT coalesce(assignee_id, saved_by_id) AS person, state FROM label_task
    WHERE batch_id = %(batch)s AND copies = 1
    UNION ALL
    SELECT copy.person_id, copy.state FROM label_taskcopy copy JOIN label_task task ON task.id = copy.task_id
    WHERE task.batch_id = %(batch)s
) piece WHERE person IS NOT NULL GROUP BY person, state
"""
TIME = """
SELECT sitting.person_id, sum(sitting.seconds) FILTER (WHERE NOT sitting.review),
    coalesce(sum(sitting.seconds) FILTER (WHERE sitting.review), 0)
FROM label_sitting sitting JOIN label_task task ON task.id = sitting.task_id
WHERE task.batch_id = %(batch)s AND sitting.person_id IS NOT NULL GROUP BY 1
"""
FINISHED = ("in_review", "done")


@dataclass
class PersonFigures:
    """One person in one batch; seconds are at work."""

    person: User
    states: dict[str, int] = field(default_factory=dict)  # tasks and copies of theirs, by state
    seconds: float = 0.0  # labelling
    review_seconds: float = 0.0
    gold: ErrorRate | None = None
    agreed: tuple[int, int] | None = None  # answers alike and all, paired with everybody else's

    @property
    def finished(self) -> int:
        return sum(self.states.get(state, 0) for state in FINISHED)

    @property
    def tasks_per_hour(self) -> float | None:
        return 3600 * self.finished / self.seconds if self.seconds and self.finished else None


@dataclass(frozen=True)
class BatchFigures:
    """All of a batch's figures of people and quality."""

    people: list[PersonFigures]
    agreement: BatchAgreement
    by_class: dict[int, ErrorRate]


def figures_of(batch: Batch) -> BatchFigures:
    """Who finished most comes first."""
    rates, by_class = error_rates(batch)
    agreement = agreement_in(batch)
    found: dict[int, PersonFigures] = {}
    states, times = _rows(TASKS, batch), _rows(TIME, batch)
    ids = {row[0] for row in [*states, *times]} | set(rates)
    for person in User.objects.filter(pk__in=ids):
        found[person.pk] = PersonFigures(person, gold=rates.get(person.pk), agreed=agreement.pairs.get(person.pk))
    for person_id, state, count in states:
        found[person_id].states[state] = count
    for person_id, seconds, reviewing in times:
        found[person_id].seconds, found[person_id].review_seconds = seconds or 0.0, reviewing
    people = sorted(found.values(), key=lambda one: (-one.finished, one.person.pk))
    return BatchFigures(people, agreement, by_class)


def _rows(query: str, batch: Batch) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"batch": batch.pk})
        return cursor.fetchall()
