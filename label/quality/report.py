"""The report of a batch as rows, for the page and for spreadsheets."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO

from accounts.models import User
from dataset.models import LabelClass
from label.models import Batch
from label.quality.time_spent import Spent, time_spent

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute instead of show
HEAD = ["person", "email", "day", "kind", "class", "acts", "seconds", "median_seconds"]


@dataclass(frozen=True)
class ReportRow:
    """Time of one person, day (UTC), kind of action and class."""

    person: User | None
    label_class: str | None
    spent: Spent


def report_rows(batch: Batch) -> list[ReportRow]:
    spent = time_spent(batch.pk)
    people = User.objects.in_bulk({row.person_id for row in spent if row.person_id})
    names = dict(LabelClass.objects.filter(dataset=batch.dataset_id).values_list("pk", "name"))
    return [
        ReportRow(people.get(row.person_id or 0), names.get(row.class_id) if row.class_id else None, row)
        for row in spent
    ]


def as_csv(rows: Iterable[ReportRow]) -> str:
    """After RFC 4180; with a mark by which spreadsheets see that it is UTF-8."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in rows:
        who = row.person
        words = [str(who) if who else "", who.email if who else "", row.spent.day.isoformat(), row.spent.kind]
        figures = [row.spent.acts, round(row.spent.seconds, 1), round(row.spent.median, 2)]
        writer.writerow([*map(shown_as_text, [*words, row.label_class or ""]), *figures])
    return "\ufeff" + out.getvalue()


def shown_as_text(word: str) -> str:
    """A name that begins as a formula does is shown, not computed."""
    return f"'{word}" if word.startswith(FORMULA) else word
