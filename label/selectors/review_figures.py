"""What reviews found so far, by person: figures of a batch."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

# A task is its first hander-in's. It was wrong where it was sent back, or mended by somebody else, in any round.
BY_PERSON = """
SELECT person, count(*), count(*) FILTER (WHERE reviewed), count(*) FILTER (WHERE reviewed AND wrong),
    count(*) FILTER (WHERE unreviewed AND NOT reviewed), max(rounds)
FROM (
    SELECT entry.task_id, (array_agg(entry.handed_in_by_id ORDER BY entry.number))[1] AS person,
        bool_or(entry.verdict IN ('passed', 'sent_back')) AS reviewed,
        bool_or(entry.verdict = 'sent_back' OR entry.mended) AS wrong,
        bool_or(entry.verdict = 'unreviewed') AS unreviewed,
        max(entry.number) AS rounds
    FROM label_reviewround entry JOIN label_task task ON task.id = entry.task_id
    WHERE task.batch_id = %s GROUP BY entry.task_id
) tasks
GROUP BY person ORDER BY count(*) DESC, person
"""


@dataclass(frozen=True)
class PersonReviewed:
    """One person's tasks of a batch in review: handed in, reviewed, of these wrong, done without a review."""

    person_id: int | None
    handed_in: int
    reviewed: int
    wrong: int
    unreviewed: int
    rounds: int  # the most that one of the tasks took


def reviewed_by_person(batch_id: int) -> Sequence[PersonReviewed]:
    """Whoever handed in most first."""
    with connection.cursor() as cursor:
        cursor.execute(BY_PERSON, [batch_id])
        return [PersonReviewed(*row) for row in cursor.fetchall()]


def record_of(batch_id: int, person_id: int) -> tuple[int, int]:
    """How many of a person's tasks of the batch were reviewed, and how many of these were wrong."""
    mine = next((one for one in reviewed_by_person(batch_id) if one.person_id == person_id), None)
    return (mine.reviewed, mine.wrong) if mine else (0, 0)
