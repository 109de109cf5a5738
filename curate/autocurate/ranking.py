"""After verdicts: the open suggestions of their run ranked anew, behind the verdicts' own transaction.

A verdict is safe before anything is ranked. Of those who want a run ranked at once, one ranks, one waits to rank next,
and the others go: whoever waits has not read the verdicts yet, and will read theirs too. So the last verdict is always
followed by a ranking, and nobody waits for more than one of another's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial

import numpy as np
from django.db import connection, transaction

from curate.autocurate.forecast import promise_of
from curate.autocurate.lifecycle import add_to_report
from curate.autocurate.review import in_review
from curate.models import AutoCurate, Suggestion
from science.autocurate.refit import OPEN, chances

NEXT_IN_LINE, AT_WORK = 1_729_001, 1_729_002  # Postgres's advisory locks, each with a run's id

# Rows that somebody is deciding just now are left to them: what is decided keeps the score that it was shown with.
NEW_SCORES = """
WITH new AS (SELECT * FROM unnest(%s::bigint[], %s::real[]) AS given (id, score)),
free AS (
    SELECT mine.id, new.score FROM {table} mine JOIN new ON mine.id = new.id
    WHERE mine.score <> new.score AND mine.verdict = 'pending' FOR UPDATE OF mine SKIP LOCKED
)
UPDATE {table} AS mine SET score = free.score FROM free WHERE mine.id = free.id
"""


def rank_after_commit(run_ids: Iterable[int]) -> None:
    """Rank these runs once the caller's transaction is through. A ranking that fails takes no verdict with it."""
    for run_id in sorted(set(run_ids)):
        transaction.on_commit(partial(rank_in_turn, run_id), robust=True)


def rank_in_turn(run_id: int) -> None:
    """Rank the run anew, unless somebody else is about to begin."""
    with _next_in_line(run_id) as place:
        if place is None:
            return
        with transaction.atomic():
            _ask("SELECT pg_advisory_xact_lock(%s, %s)", AT_WORK, run_id)
            place.leave()  # whoever comes from here on waits; whoever came before is read below
            run = AutoCurate.objects.filter(pk=run_id).first()
            if run is not None:
                _keep_promise(run)
                rank_anew(run)


class PlaceInLine:
    """The place next in line, held by this session until it is left."""

    def __init__(self, run_id: int) -> None:
        self.run_id, self.held = run_id, True

    def leave(self) -> None:
        """Let the next wait."""
        if self.held:
            _ask("SELECT pg_advisory_unlock(%s, %s)", NEXT_IN_LINE, self.run_id)
        self.held = False


@contextmanager
def _next_in_line(run_id: int) -> Iterator[PlaceInLine | None]:
    """The place next in line, left at the latest at the end; None where somebody has it."""
    if not _ask("SELECT pg_try_advisory_lock(%s, %s)", NEXT_IN_LINE, run_id):
        yield None
        return
    place = PlaceInLine(run_id)
    try:
        yield place
    finally:
        place.leave()


def _ask(sql: str, lock: int, run_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [lock, run_id % 2**31])
        return bool(cursor.fetchone()[0])


def _keep_promise(run: AutoCurate) -> None:
    """Note what was promised before the first verdict, to be held against what comes."""
    if "promise" not in run.report and (promise := promise_of(run)) is not None:
        add_to_report(run, promise=promise)


def rank_anew(run: AutoCurate) -> None:
    """Give the open suggestions the chances that the verdicts leave them."""
    found = in_review(run)
    if found is None:
        return
    still = found.reviewed.verdict == OPEN
    score = chances(found.reviewed, found.refits)[still].astype(np.float32)
    with connection.cursor() as cursor:
        sql = NEW_SCORES.format(table=Suggestion._meta.db_table)
        cursor.execute(sql, [found.ids[still].tolist(), score.tolist()])
