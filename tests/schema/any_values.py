"""Values by a schema of the OpenAPI document, drawn by a seed; some of them are what nobody should send."""

from random import Random
from typing import Any

Json = dict[str, Any]
DEEP: Any = "middle"
for _ in range(70):
    DEEP = [DEEP]
HOSTILE: list[Any] = [
    None, True, 0, -1, 1.5, 2**31, 2**63, 2**70, 1e308, "", " ", "a\0b", "\ud800", "가" * 3000, "5", "-1", "null",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "../../etc", "%00", "' OR 1=1 --", [], {}, [[]], [None],
    {"a": 2**70}, {"": ""}, DEEP,
]  # fmt: skip


class Dice:
    """Draws; a quarter of the values are hostile."""

    def __init__(self, seed: str, schemas: Json, ids: dict[str, int]) -> None:
        self.random, self.schemas, self.ids = Random(seed), schemas, ids

    def value(self, schema: Json, name: str = "", depth: int = 0) -> Any:
        schema = self.resolved(schema)
        if self.random.random() < 0.25:
            return self.random.choice(HOSTILE)
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        if schema.get("type") == "object" or "properties" in schema:
            return self.an_object(schema, depth)
        if schema.get("type") == "array":
            count = 0 if depth > 4 else self.random.randint(schema.get("minItems", 0), schema.get("minItems", 0) + 2)
            return [self.value(schema.get("items", {}), name, depth + 1) for _ in range(count)]
        return self.plain(schema, name)

    def an_object(self, schema: Json, depth: int) -> Json:
        needed = schema.get("required", [])
        found = {
            name: self.value(inner, name, depth + 1)
            for name, inner in schema.get("properties", {}).items()
            if not inner.get("readOnly") and (name in needed or self.random.random() < 0.5)
        }
        return found | ({"nobody_reads_this": 1} if self.random.random() < 0.1 else {})

    def plain(self, schema: Json, name: str) -> Any:
        kind = schema.get("type", "string")
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind == "integer":
            return self.ids.get(name.removesuffix("_id"), self.random.randint(0, 20))
        return self.random.uniform(0, 1) if kind == "number" else self.random.choice(["car", "x", 'weather = "rainy"'])

    def resolved(self, schema: Json) -> Json:
        if "$ref" in schema:
            return self.resolved(self.schemas[schema["$ref"].rsplit("/", 1)[-1]])
        for word in ("oneOf", "anyOf", "allOf"):
            if word in schema:
                return self.resolved(self.random.choice(schema[word]))
        return schema

    def text(self, schema: Json, name: str) -> str:
        """A value as an address has it."""
        value = self.value(schema, name)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return text[:400].encode("utf-8", "replace").decode()
