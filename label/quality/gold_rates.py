"""How often people err on gold tasks: by person and by class, with intervals."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from label.models import Batch
from label.quality.models import GoldResult
from science.proportion import wilson


@dataclass
class ErrorRate:
    """Counts of objects on gold tasks; see science/gold.py. An answer is an object of the truth, or one too many."""

    right: int = 0
    wrong_class: int = 0
    missed: int = 0
    extra: int = 0
    tasks: int = 0
    overlaps: list[float] = field(default_factory=list)

    @property
    def answers(self) -> int:
        return self.right + self.wrong_class + self.missed + self.extra

    @property
    def rate(self) -> float | None:
        return 1 - self.right / self.answers if self.answers else None

    @property
    def interval(self) -> dict[str, float] | None:
        return wilson(self.answers - self.right, self.answers)

    @property
    def precision(self) -> float | None:
        drawn = self.right + self.wrong_class + self.extra
        return self.right / drawn if drawn else None

    @property
    def recall(self) -> float | None:
        real = self.right + self.wrong_class + self.missed
        return self.right / real if real else None

    @property
    def overlap(self) -> float | None:
        """Mean IoU of the found, by task."""
        return sum(self.overlaps) / len(self.overlaps) if self.overlaps else None

    def add(self, counts: Iterable[int], overlap: float | None = None) -> None:
        right, wrong_class, missed, extra = counts
        self.right += right
        self.wrong_class += wrong_class
        self.missed += missed
        self.extra += extra
        self.tasks += 1
        if overlap is not None:
            self.overlaps.append(overlap)


def error_rates(batch: Batch) -> tuple[dict[int, ErrorRate], dict[int, ErrorRate]]:
    """By person's id, and by class id, over all gold tasks of the batch that were handed in."""
    by_person: dict[int, ErrorRate] = defaultdict(ErrorRate)
    by_class: dict[int, ErrorRate] = defaultdict(ErrorRate)
    for row in GoldResult.objects.filter(gold__task__batch=batch).order_by("pk"):
        by_person[row.person_id].add((row.right, row.wrong_class, row.missed, row.extra), row.overlap)
        for class_id, counts in row.by_class.items():
            by_class[int(class_id)].add(counts)
    return dict(by_person), dict(by_class)
