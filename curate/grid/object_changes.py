"""What changed between the two evaluations of a comparison: pieces of SQL over the match table.

The two are on the same labels at the same IoU, each at its own confidence; only images that both judged count. A label
is *fixed* where only the later finds it, *broken* where only the earlier does. A false positive has *gone* where the
later has no false positive of its class with an IoU of at least 0.5 to it, and is *new* where the earlier has none.
"""

from __future__ import annotations

from dataclasses import dataclass

from curate.models import Comparison, Evaluation
from curate.query.sql import FALSE, Sql, all_of, any_of

FIXED, BROKEN, FP_GONE, FP_NEW = WORDS = ("fixed", "broken", "fp_gone", "fp_new")
SAME_PLACE = 0.5  # IoU from which on two predictions mean the same place

# Both are written so that they are looked up in a hash table, or row by row in the index by image, whatever the
# database guesses: right after an evaluation it knows nothing of the new matches, and would compare all with all.
SAME_LABEL = """(match.annotation_id IN (
SELECT other.annotation_id FROM curate_match other WHERE other.evaluation_id = %s AND other.verdict = %s)) IS TRUE"""
COUNTERPART = """EXISTS (
SELECT 1 FROM curate_match other JOIN dataset_prediction there ON there.id = other.prediction_id
WHERE other.evaluation_id = %s AND other.image_id = match.image_id AND (other.verdict = 'fp') IS TRUE
AND (other.predicted_class_id = match.predicted_class_id) IS TRUE
AND {shared} >= %s * ({here} + {there} - {shared}) OFFSET 0)"""


@dataclass(frozen=True)
class Pair:
    """The evaluations that a finished comparison set side by side, with the manifests of their images."""

    comparison: int
    earlier: int
    later: int
    earlier_manifest: int
    later_manifest: int

    @classmethod
    def of(cls, comparison: Comparison) -> Pair:
        """Raises Evaluation.DoesNotExist where one of the two was deleted."""
        assert comparison.result, "finished"
        named = comparison.result["pair"]
        found = Evaluation.objects.only("manifest_id")
        return cls.between(comparison, found.get(pk=named["a"]), found.get(pk=named["b"]))

    @classmethod
    def between(cls, comparison: Comparison, earlier: Evaluation, later: Evaluation) -> Pair:
        return cls(comparison.pk, earlier.pk, later.pk, earlier.manifest_id, later.manifest_id)

    def seen_from(self, evaluation: int) -> Seen:
        """The pair as the list of one of the two shows it."""
        if evaluation == self.later:
            return Seen(self.earlier, self.earlier_manifest == self.later_manifest, self.earlier_manifest, later=True)
        return Seen(self.later, self.earlier_manifest == self.later_manifest, self.later_manifest, later=False)


@dataclass(frozen=True)
class Seen:
    """From the list of one evaluation's matches (`match`, with its `prediction`): the other one, and which it is."""

    other: int
    same_images: bool
    other_manifest: int
    later: bool  # the list is the later one's

    @property
    def words(self) -> tuple[str, ...]:
        """What can have become of an object of this list."""
        return (FIXED, BROKEN, FP_NEW if self.later else FP_GONE)

    def on_common_images(self, image: str = "match.image_id") -> list[Sql]:
        """That the other judged the image too; nothing where both judged the same."""
        if self.same_images:
            return []
        text = f"{image} IN (SELECT unnest(image_ids) FROM dataset_manifest WHERE id = %s)"
        return [Sql(text, (self.other_manifest,))]

    def changed(self, words: tuple[str, ...]) -> Sql:
        """That one of these became of the object."""
        return any_of(self._became(word) for word in words) if words else FALSE

    def word(self) -> Sql:
        """The word of what became of the object; NULL of what stayed."""
        cases = [(word, self._became(word)) for word in self.words]
        text = " ".join(f"WHEN {condition.text} THEN '{word}'" for word, condition in cases)
        return Sql(f"CASE {text} END", tuple(value for _, condition in cases for value in condition.params))

    def _became(self, word: str) -> Sql:
        if word not in self.words:
            return FALSE
        if word in (FIXED, BROKEN):
            mine, others = ("tp", "fn") if (word == FIXED) == self.later else ("fn", "tp")
            return all_of([Sql("match.verdict = %s", (mine,)), Sql(SAME_LABEL, (self.other, others))])
        return all_of([Sql("match.verdict = 'fp'"), Sql(f"NOT {_counterpart()}", (self.other, SAME_PLACE))])


def _counterpart() -> str:
    wide, high = (
        f"GREATEST(LEAST(prediction.{axis}2, there.{axis}2)::float8 - GREATEST(prediction.{axis}1, there.{axis}1), 0)"
        for axis in "xy"
    )
    here, there = (f"({of}.x2::float8 - {of}.x1) * ({of}.y2::float8 - {of}.y1)" for of in ("prediction", "there"))
    return COUNTERPART.format(shared=f"{wide} * {high}", here=here, there=there)
