"""Charts of the images shown: metadata values, numbers, the time they were taken, facts of the picture, sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from curate.analytics.fields import ELEMENTS, ChartField, fields_of
from curate.analytics.shown_images import Chart, ChartBar, ShownImages, rows_of
from curate.query import query_lines

AT_ONCE = 12  # fields in one pass
MOST_SIZES = 24

# One pass: a count by each field, and for images without a place in it whether they have a value.
COUNTS = """
SELECT GROUPING({names}), {names}, count(*) FROM (
    SELECT {codes} FROM dataset_image WHERE dataset_id = %s {only}
) coded GROUP BY GROUPING SETS ({sets})
"""
LISTED = """
SELECT array_position(%s::jsonb[], value) - 1, count(*) FROM ({held} {only}) held
WHERE value = ANY(%s::jsonb[]) GROUP BY 1
"""
SIZES = """
SELECT width, height, count(*) FROM dataset_image WHERE dataset_id = %s {only}
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""
UNKNOWN = -2


def image_charts(shown: ShownImages) -> list[Chart]:
    """A chart for every field of the images, then their sizes."""
    total = shown.count()
    fields = [field for field in fields_of(shown) if field.clauses]
    found = dict(_counted(shown, [field for field in fields if field.kind != "list"]))
    found |= {field.name: _counted_list(shown, field) for field in fields if field.kind == "list"}
    charts = [_chart(field, found[field.name], total) for field in fields]
    return [*charts, sizes_chart(shown, total)]


def uncharted_keys(shown: ShownImages) -> list[str]:
    """Metadata keys with too many values, or with objects, to chart."""
    return [field.name.removeprefix("metadata.") for field in fields_of(shown) if field.kind == "many"]


def _counted(shown: ShownImages, fields: Sequence[ChartField]) -> Iterator[tuple[str, dict[int, int]]]:
    """By field: its places with their images."""
    for start in range(0, len(fields), AT_ONCE):
        yield from _pass(shown, fields[start : start + AT_ONCE])


def _pass(shown: ShownImages, fields: Sequence[ChartField]) -> Iterator[tuple[str, dict[int, int]]]:
    names = [f"c{place}" for place in range(len(fields))]
    only, params = shown.only("dataset_image.id")
    codes = ", ".join(f"{_coded(field)} AS {name}" for field, name in zip(fields, names, strict=True))
    query = COUNTS.format(names=", ".join(names), codes=codes, only=only, sets=", ".join(f"({name})" for name in names))
    given = [value for field in fields for value in _coded_params(field)]
    rows = rows_of(query, [*given, shown.dataset.pk, *params])
    for place, field in enumerate(fields):
        mine = (1 << len(fields)) - 1 - (1 << (len(fields) - 1 - place))  # GROUPING's bit is 0 where it is grouped by
        yield field.name, {row[1 + place]: row[-1] for row in rows if row[0] == mine}


def _coded(field: ChartField) -> str:
    """The place of an image, -1 for a value beyond the charted ones, -2 for none."""
    if field.kind != "values":
        return f"COALESCE({field.code}, {UNKNOWN})"
    return (
        f"COALESCE({field.code}, CASE WHEN COALESCE(jsonb_typeof(metadata -> %s), 'null') = 'null' "
        f"THEN {UNKNOWN} ELSE -1 END)"
    )


def _coded_params(field: ChartField) -> list[Any]:
    return [*field.params, field.name.removeprefix("metadata.")] if field.kind == "values" else list(field.params)


def _counted_list(shown: ShownImages, field: ChartField) -> dict[int, int]:
    key = field.name.removeprefix("metadata.")
    only, params = shown.only("dataset_image.id")
    query = LISTED.format(held=ELEMENTS, only=only)
    values = field.params[0]
    return dict(rows_of(query, [values, key, key, key, shown.dataset.pk, key, *params, values]))


def _chart(field: ChartField, counts: dict[int, int], total: int) -> Chart:
    lows, highs = bin_bounds(field)
    bars = [
        ChartBar(
            images=counts.get(place, 0), q=clause, low=lows[place], high=highs[place],
            label=field.places[place] if field.places else None,
        )
        for place, clause in enumerate(field.clauses)
    ]  # fmt: skip
    kind = "values" if field.kind == "list" else field.kind
    return Chart(
        field.name, kind, images=total, bars=bars, unit=field.unit,
        unknown_q="" if field.kind == "list" else field.unknown,  # a list may be empty, which is neither

        unknown=counts.get(UNKNOWN, 0), others=counts.get(-1, 0),
    )  # fmt: skip


def bin_bounds(field: ChartField) -> tuple[list[Any], list[Any]]:
    """The bounds of each bin: of a time line in seconds since 1970."""
    if field.kind == "time":
        seconds = [edge.timestamp() for edge in field.edges]
        return seconds[:-1], seconds[1:]
    if field.kind == "bins":
        return [None, *field.edges], [*field.edges, None]
    nothing = [None] * len(field.clauses)
    return nothing, nothing


def sizes_chart(shown: ShownImages, total: int) -> Chart:
    """The most frequent sizes in pixels."""
    only, params = shown.only("dataset_image.id")
    rows = rows_of(SIZES.format(only=only), [shown.dataset.pk, *params])
    bars = [
        ChartBar(
            images=images, label=f"{width} × {height}",
            q=query_lines.both_conditions(query_lines.equals("width", width), query_lines.equals("height", height)),
        )
        for width, height, images in rows[:MOST_SIZES]
    ]  # fmt: skip
    return Chart("size", "values", images=total, bars=bars, others=sum(row[2] for row in rows[MOST_SIZES:]))
