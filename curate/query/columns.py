"""What a field of the query line is in the tables: its SQL and how it compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum

from curate.query.errors import QueryError
from curate.query.tree import FieldPath
from dataset.importing.columns import Ignore


class FieldKind(StrEnum):
    """How a field compares, and what the interface offers for it."""

    NUMBER = "number"
    REAL = "real"  # a number kept in four bytes
    TEXT = "text"
    TIME = "time"
    JSON = "json"  # a place inside a JSON column
    CLASS = "class"  # a class of the dataset, null = background
    CHOICE = "choice"  # one of a few words
    TRUTH = "truth"  # true or false


@dataclass(frozen=True)
class QueryColumn:
    """One field: `sql` gives its value, for JSON the column that `path` leads into."""

    kind: FieldKind
    sql: str
    path: tuple[str, ...] = ()
    choices: Mapping[str, object] | None = None  # word -> what the table holds
    blank: bool = False  # a text whose absence is kept as ""
    whole: str = ""  # SQL of what 100 % of it is
    named: bool = False  # a name, sorted as people read names


Resolve = Callable[[FieldPath], QueryColumn]


@dataclass(frozen=True)
class Scope:
    """The fields that can be named in one place of the query line: of an image, a label, a prediction, a match …"""

    what: str
    columns: Mapping[str, QueryColumn]
    json_name: str = ""  # "metadata" or "attributes": any other name is a key in here
    json_sql: str = ""
    check_key: Callable[[FieldPath, str], None] | None = None  # raises where no row has such a key
    refused: Mapping[str, str] | None = None  # names that belong elsewhere, and a sentence that says so

    def resolve(self, field: FieldPath) -> QueryColumn:
        """The column that a field names. Raises QueryError where there is none."""
        name = field.path[0].lower()
        if len(field.path) == 1 and name in self.columns:
            return self.columns[name]
        if self.refused and str(field).lower() in self.refused:
            raise QueryError(self.refused[str(field).lower()], field.at)
        if self.json_name:
            return self._inside_json(field)
        raise self._no_such(field)

    def _inside_json(self, field: FieldPath) -> QueryColumn:
        named = field.path[0] == self.json_name and len(field.path) > 1
        path = field.path[1:] if named else field.path
        if self.check_key is not None:
            self.check_key(field, path[0])
        elif not named and get_close_matches(path[0].lower(), self.columns, cutoff=0.75):
            raise self._no_such(field)
        return QueryColumn(FieldKind.JSON, self.json_sql, path)

    def _no_such(self, field: FieldPath) -> QueryError:
        near = get_close_matches(str(field).lower(), self.columns, n=3) or sorted(self.columns)
        return QueryError(
            f"{self.what} has no field “{field}”; it has {', '.join(sorted(self.columns))}.", field.at, near
        )


def number(sql: str, whole: str = "") -> QueryColumn:
    return QueryColumn(FieldKind.NUMBER, sql, whole=whole)


def state_columns(revision: int | None = None) -> dict[str, QueryColumn]:
    """Whether an image is labelled and whether it is a negative: now, or as it was at a revision."""
    since, alive = "dataset_image.labelled_since IS NOT NULL", "box.died IS NULL"
    if revision is not None:
        since = f"COALESCE(dataset_image.labelled_since <= {revision:d}, FALSE)"
        alive = f"box.born <= {revision:d} AND (box.died IS NULL OR box.died > {revision:d})"
    has_box = f"EXISTS (SELECT 1 FROM dataset_annotation box WHERE box.image_id = dataset_image.id AND {alive})"
    return {
        "labelled": QueryColumn(FieldKind.TRUTH, f"({since} OR {has_box})"),
        "negative": QueryColumn(FieldKind.TRUTH, f"({since} AND NOT {has_box})"),
    }


IMAGE = Scope(
    "An image",
    {
        "key": QueryColumn(FieldKind.TEXT, "dataset_image.key", named=True),
        "id": number("dataset_image.id"),
        "width": number("dataset_image.width"),
        "height": number("dataset_image.height"),
        "sequence": QueryColumn(FieldKind.TEXT, "dataset_image.sequence", blank=True, named=True),
        "captured_at": QueryColumn(FieldKind.TIME, "dataset_image.captured_at"),
        "latitude": number("dataset_image.latitude"),
        "longitude": number("dataset_image.longitude"),
        "brightness": number("dataset_image.brightness"),
        "contrast": number("dataset_image.contrast"),
        "sharpness": number("dataset_image.sharpness"),
        **state_columns(),
    },
    json_name="metadata",
    json_sql="dataset_image.metadata",
    refused={
        "touches_border": "touches_border is said of boxes, as in any(*, touches_border).",
        "revision": "revision = … stands at the top of the line, joined by and, or inside count(), any() and all(); "
        "a metadata key of that name is metadata.revision.",
    },
)


# The image that a box is of; Rows joins it where a condition speaks of it.
PICTURE = "picture"
BORDER = 1  # pixels; a box that comes so near to the image's edge touches it


def _box_columns(table: str) -> dict[str, QueryColumn]:
    """Sizes and places of a box in double precision: the area of a float32 box is not a float32."""
    x1, y1, x2, y2 = (f"{table}.{side}::float8" for side in ("x1", "y1", "x2", "y2"))
    width, height = f"({x2} - {x1})", f"({y2} - {y1})"
    across, down = f"{PICTURE}.width::float8", f"{PICTURE}.height::float8"
    sides = {
        side: QueryColumn(FieldKind.REAL, f"{table}.{side}", whole=whole)
        for side, whole in (("x1", across), ("y1", down), ("x2", across), ("y2", down))
    }
    touches = (
        f"(LEAST({table}.x1, {table}.y1) <= {BORDER} OR {table}.x2 >= {PICTURE}.width - {BORDER} "
        f"OR {table}.y2 >= {PICTURE}.height - {BORDER})"
    )
    return {
        "area": number(f"({width} * {height})", f"({across} * {down})"),
        "width": number(width, across),
        "height": number(height, down),
        "aspect": number(f"({width} / NULLIF({height}, 0))"),
        "x": number(f"(({x1} + {x2}) / 2)", across),
        "y": number(f"(({y1} + {y2}) / 2)", down),
        **sides,
        "touches_border": QueryColumn(FieldKind.TRUTH, touches),
    }


LABEL = Scope(
    "A label",
    {
        **_box_columns("label"),
        "provenance": QueryColumn(
            FieldKind.CHOICE, "label.provenance", choices={"imported": 0, "human": 1, "model": 2}
        ),
        "ignore": QueryColumn(FieldKind.TRUTH, f"(label.ignore <> {int(Ignore.NO)})"),
        "crowd": QueryColumn(FieldKind.TRUTH, f"(label.ignore = {int(Ignore.CROWD)})"),
    },
    json_name="attributes",
    json_sql="label.attributes",
    refused={
        "score": "A label has no field “score”; predictions = … counts predictions instead.",
        "iou": "A label has no field “iou”; tp(), fp() and fn() ask for matches.",
    },
)

PREDICTION = Scope(
    "A prediction",
    {
        **_box_columns("prediction"),
        "score": QueryColumn(FieldKind.REAL, "prediction.score"),
        "conf": QueryColumn(FieldKind.REAL, "prediction.score"),
    },
)


def _words(*words: str) -> dict[str, object]:
    return {word: word for word in words}


MATCH = Scope(
    "A match",
    {
        "score": QueryColumn(FieldKind.REAL, "match.score"),
        "conf": QueryColumn(FieldKind.REAL, "match.score"),
        "iou": QueryColumn(FieldKind.REAL, "match.iou"),
        "truth": QueryColumn(FieldKind.CLASS, "match.truth_class_id"),
        "predicted": QueryColumn(FieldKind.CLASS, "match.predicted_class_id"),
        "error": QueryColumn(
            FieldKind.CHOICE,
            "match.error",
            choices=_words("class", "localisation", "both", "duplicate", "background", "missed"),
        ),
    },
)

SUGGESTION = Scope(
    "A suggestion",
    {
        "score": QueryColumn(FieldKind.REAL, "suggestion.score"),
        "kind": QueryColumn(
            FieldKind.CHOICE, "suggestion.kind", choices=_words("wrong_class", "missing", "spurious", "badly_drawn")
        ),
        "verdict": QueryColumn(
            FieldKind.CHOICE, "suggestion.verdict", choices=_words("pending", "accepted", "corrected", "rejected")
        ),
    },
)


def image_scope(check_key: Callable[[FieldPath, str], None], revision: int | None = None) -> Scope:
    """The fields of an image, with a check that a metadata key exists; its label state as it was at a revision."""
    return replace(IMAGE, check_key=check_key, columns={**IMAGE.columns, **state_columns(revision)})
