"""What every operation of the OpenAPI document has in common: how it says no, and which fields an answer always has."""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers
from rest_framework.fields import empty

NUMBER = {"type": "integer"}
# What some problems carry besides.
MORE = {
    "current": {
        "type": "object",
        "additionalProperties": True,
        "description": "412: what was changed, as it is now",
    },
    "changed": {
        "type": "array",
        "items": NUMBER,
        "description": "412: the tasks of the call that were saved meanwhile",
    },
    "reason": {
        "type": "string",
        "enum": [
            "disk_full",
            "database_away",
            "broker_away",
            "endpoint_busy",
            "endpoint_down",
            "not_deployed",
            "stopped",
            "outside_hours",
            "held_back",
            "open_issues",
            "unanswered_issues",
        ],
        "description": "507, 503: what is full or away just now; it passes, and the same call may be sent again. "
        "409: why an endpoint does not answer, that its gate holds a checkpoint back, or which issues of a task are in "
        "the way",
    },
    "open_issues": NUMBER | {"description": "How many issues of a task are not resolved"},
    "issues": {"type": "array", "items": NUMBER, "description": "Those that have no answer yet"},
    "line": NUMBER | {"description": "Where a query line cannot be read, from 1"},
    "column": NUMBER | {"description": "Where in that line, from 1"},
    "expected": {
        "type": "array",
        "items": {"type": "string"},
        "description": "What could stand in the query line there",
    },
    "offset": NUMBER | {"description": "Of an upload: where its next part starts"},
    "head": NUMBER | {"description": "The revision that the labels have moved on to"},
    "unresolved": {
        "type": "array",
        "items": NUMBER,
        "description": "The objects whose conflicts must be decided first",
    },
    "images": NUMBER | {"description": "How many images are in the way"},
    "slice": NUMBER | {"description": "The slice that they are in"},
    "gate_result": NUMBER | {"nullable": True, "description": "The result that holds a checkpoint back"},
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. The fields after `errors` come with some problems only.",
    "properties": {
        "type": {"type": "string", "description": "The kind of problem as a slug", "example": "not-found"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person"},
        "errors": {
            "type": "object",
            "description": "Messages by field of the input",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        **MORE,
    },
    "required": ["type", "title", "status", "detail"],
}
CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
ANSWER = {"description": "A problem", "content": CONTENT}


class OperationSchema(AutoSchema):
    """The document's reading of a serializer, with `required` of an answer as what is always there.

    drf-spectacular reads it as what a client must send, and so calls optional what only has a default.
    """

    def _map_basic_serializer(self, serializer: Any, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        if direction == "response":
            row = serializer() if isinstance(serializer, type) else serializer
            always = {name for name in schema.get("properties", {}) if _is_always_there(row, name)}
            if required := always.union(schema.get("required", [])):
                schema["required"] = sorted(required)
        return schema


def _is_always_there(serializer: serializers.Serializer, name: str) -> bool:
    """Whether the answer has the field: one of the model's own columns, or one with a default."""
    columns = isinstance(serializer, serializers.ModelSerializer) and name not in serializer._declared_fields
    return columns or serializer.fields[name].default is not empty


def add_problems(result: dict[str, Any], **kwargs: object) -> dict[str, Any]:
    """A drf-spectacular hook: give every operation the problem as its default answer.

    An error that an operation describes by its status and nothing more is a problem, too.
    """
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    answer.setdefault("content", CONTENT)
            operation["responses"]["default"] = ANSWER
    return result


def add_summaries(result: dict[str, Any], **kwargs: object) -> dict[str, Any]:
    """A drf-spectacular hook: a line for every operation, which the list of them at /api/docs shows."""
    for operations in result["paths"].values():
        for operation in operations.values():
            operation.setdefault("summary", summary_of(operation))
    return result


def summary_of(operation: dict[str, Any]) -> str:
    """What its description begins with; without one, its name."""
    said = " ".join(operation.get("description", "").split())
    first = re.split(r"(?<=[.;:])\s", said, maxsplit=1)[0].rstrip(".;:")
    return first or str(operation["operationId"]).replace("_", " ").capitalize()
