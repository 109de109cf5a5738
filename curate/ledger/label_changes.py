"""What became of labels between two revisions: the revisions on the way, and the difference that is left of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.api.people import PersonSerializer
from dataset.models import Dataset, Revision
from dataset.selectors.changes import summary_of

KINDS = ("added", "removed", "relabelled", "moved")
MOST_REVISIONS = 200  # listed, the newest

# Objects that are not the same at two revisions; what is ignored is none, unless it is asked for. What was changed back
# is no difference.
CHANGED = """
    WITH old AS (SELECT * FROM dataset_annotation WHERE dataset_id = %(dataset)s AND image_id = ANY(%(images)s)
                 AND (%(ignored)s OR ignore = 0) AND born <= %(old)s AND (died IS NULL OR died > %(old)s)
                 AND NOT (died IS NULL OR died > %(new)s)),
         new AS (SELECT * FROM dataset_annotation WHERE dataset_id = %(dataset)s AND image_id = ANY(%(images)s)
                 AND (%(ignored)s OR ignore = 0) AND born <= %(new)s AND (died IS NULL OR died > %(new)s)
                 AND born > %(old)s)
    SELECT coalesce(new.image_id, old.image_id),
           old.label_class_id, old.x1, old.y1, old.x2, old.y2, new.label_class_id, new.x1, new.y1, new.x2, new.y2,
           coalesce(old.ignore, 0), coalesce(new.ignore, 0)
    FROM old FULL JOIN new ON new.object_id = old.object_id
    WHERE (old.label_class_id, old.x1, old.y1, old.x2, old.y2, old.ignore)
          IS DISTINCT FROM (new.label_class_id, new.x1, new.y1, new.x2, new.y2, new.ignore)
    ORDER BY 1, coalesce(new.object_id, old.object_id)
"""


@dataclass(frozen=True)
class LabelChange:
    """One label before and after; `before` None: added, `after` None: removed. Each is (class id, xyxy pixels).

    `ignore`: an Ignore before and after, where what is ignored was asked for.
    """

    image_id: int
    before: tuple[int, list[float]] | None
    after: tuple[int, list[float]] | None
    ignore: tuple[int, int] = (0, 0)

    @property
    def kinds(self) -> list[str]:
        """What was done; a label that got both another class and another box has two kinds."""
        if self.before is None or self.after is None:
            return ["added" if self.before is None else "removed"]
        differs = {"relabelled": self.before[0] != self.after[0], "moved": self.before[1] != self.after[1]}
        return [kind for kind, yes in differs.items() if yes]


def changes_between(
    dataset_id: int, old: int, new: int, image_ids: Sequence[int], *, with_ignored: bool = False
) -> list[LabelChange]:
    """The labels of these images that differ from the earlier revision to the later, image by image.

    Of attributes nothing is said: no training reads them. `with_ignored`: also labels that are ignored at one
    of the two.
    """
    values: dict[str, Any] = {
        "dataset": dataset_id,
        "old": min(old, new),
        "new": max(old, new),
        "images": list(image_ids),
        "ignored": with_ignored,
    }
    if old == new or not image_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, values)
        rows = cursor.fetchall()
    found = [LabelChange(row[0], _shape(row[1:6]), _shape(row[6:11]), (row[11], row[12])) for row in rows]
    return found if old < new else [LabelChange(one.image_id, one.after, one.before, one.ignore[::-1]) for one in found]


def _shape(columns: Sequence[Any]) -> tuple[int, list[float]] | None:
    class_id, *box = columns
    return None if class_id is None else (class_id, box)


def change_totals(changes: Iterable[LabelChange]) -> dict[str, int]:
    """How many labels differ, and in what; one with another class and another box counts in both, once in `labels`."""
    listed = list(changes)
    kinds = Counter(kind for change in listed for kind in change.kinds)
    return {
        "labels": len(listed),
        "images": len({one.image_id for one in listed}),
        **{kind: kinds[kind] for kind in KINDS},
    }


def revisions_between(dataset: Dataset, old: int, new: int) -> list[Revision]:
    """The revisions after the earlier one, up to the later."""
    rows = Revision.objects.filter(dataset=dataset, number__gt=old, number__lte=new).select_related("author")
    return list(rows.order_by("-number")[:MOST_REVISIONS])[::-1]


def described_revisions(rows: Sequence[Revision]) -> list[dict[str, Any]]:
    """Each with what it changed, by whom, and the batch that it is the merge of."""
    return [
        {
            "number": row.number,
            "kind": row.kind,
            "message": row.message,
            "author": PersonSerializer(row.author).data if row.author else None,
            "created_at": row.created_at,
            "batch": row.origin.get("batch"),
            "counts": summary_of(row)["changes_by_kind"],
        }
        for row in rows
    ]
