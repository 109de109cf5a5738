"""Labelbox's JSON before 2023: a list with a row for each label, brought to the data rows that it exports today.

A row has `Labeled Data` (an address), `External ID` and `Label`: `objects` with a `bbox`, and `classifications`; or a
word such as Skip. The first exports gave outlines by class instead, some with the origin below the image: refused.
"""

from typing import Any

from dataset.importing.records import Record, objects_of

KEYS = {"Labeled Data", "Label"}


def is_old(row: Record) -> bool:
    return row.keys() >= KEYS


def name_of(row: Record) -> str:
    keys = ("External ID", "Global Key", "Labeled Data", "DataRow ID")
    return next((row[key] for key in keys if isinstance(row.get(key), str) and row[key]), "")


def as_data_row(rows: list[Record]) -> Record:
    """One data row with the labels of all rows of an image."""
    first = rows[0]
    about = {"external_id": first.get("External ID"), "row_data": first.get("Labeled Data"), "id": name_of(first)}
    names = {"dataset": "Dataset Name", "project": "Project Name"}
    fields = [{"schema_name": name, "value": first[key]} for name, key in names.items() if first.get(key)]
    labels = [label_of(row) for row in rows]
    return {"data_row": about, "metadata_fields": fields, "projects": {"old": {"labels": labels}}}


def label_of(row: Record) -> Record:
    label = row.get("Label")
    if row.get("Skipped") is True or not isinstance(label, dict) or (not label and "Skipped" in row):
        return {"skipped": True}
    if "objects" not in label and "classifications" not in label:
        return {"annotations": {"objects": [unread(name) for name, some in label.items() for _ in listed(some)]}}
    told = [told_of(one) for one in objects_of(label.get("classifications"))]
    return {
        "annotations": {
            "objects": [as_object(one) for one in objects_of(label.get("objects"))],
            "classifications": told,
        }
    }


def listed(some: Any) -> list[Any]:
    return some if isinstance(some, list) else [some]


def unread(name: str) -> Record:
    kind = "outline of Labelbox's first exports, whose origin is not known (export again as NDJSON)"
    return {"name": name, "annotation_kind": kind}


def as_object(one: Record) -> Record:
    told = [told_of(each) for each in objects_of(one.get("classifications"))]
    shape = next((key for key in ("point", "line", "instanceURI", "mask") if key in one), "thing without a box")
    return {"annotation_kind": shape} | one | {"name": one.get("title", one.get("value")), "classifications": told}


def told_of(one: Record) -> Record:
    """A question and its answer, or its answers."""
    answer, several = one.get("answer"), objects_of(one.get("answers"))
    if several:
        answer = ", ".join(str(each.get("title", each.get("value"))) for each in several)
    elif isinstance(answer, dict):
        answer = answer.get("title", answer.get("value"))
    return {"name": one.get("title", one.get("value")), "answer": answer}
