"""What every operation of the OpenAPI document has in common: how it says no."""

from typing import Any

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. Some problems carry more, e.g. `current` where a version was stale.",
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
    },
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": True,
}
ANSWER = {
    "description": "A problem",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def add_problems(result: dict[str, Any], **kwargs: object) -> dict[str, Any]:
    """A drf-spectacular hook: give every operation the problem as its default answer."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = ANSWER
    return result
