"""The OpenAPI document as strict shapes: what each operation takes and answers, each with a compiled validator.

OpenAPI 3.0 speaks JSON Schema draft 4 with words of its own, and leaves objects open unless they say otherwise. Here an
object that does not say that it is open is closed, so that a field which nobody described is found.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from jsonschema_rs import Draft4, Draft4Validator, Registry

Json = dict[str, Any]
Content = Mapping[str, Draft4Validator]  # by media type; of bytes that are not JSON the validator is never asked
NAMED = "#/components/schemas/"
HIDDEN = {"answers": "writeOnly", "requests": "readOnly"}  # the fields that a side leaves out
MEANINGLESS = {"nullable", "readOnly", "writeOnly", "description", "title", "default", "example", "discriminator"}


@dataclass(frozen=True)
class Parameter:
    """A parameter of the address's query."""

    kind: str  # its JSON type
    validator: Draft4Validator
    required: bool


@dataclass(frozen=True)
class Operation:
    """One method at one address."""

    parameters: Mapping[str, Parameter]
    takes: Content
    form: frozenset[str]  # the names of a form's fields
    needs_body: bool
    answers: Mapping[str, Content]  # by status or "default"


def strict(schema: Json, side: str) -> Json:
    """The schema in the words of draft 4, as that side sees it; every object that does not say it is open is closed."""
    if "$ref" in schema:
        return {"$ref": f"urn:{side}{schema['$ref']}"}
    plain = {word: value for word, value in schema.items() if word not in MEANINGLESS}
    if "items" in plain:
        plain["items"] = strict(plain["items"], side)
    for word in ("allOf", "oneOf", "anyOf"):
        if word in plain:
            plain[word] = [strict(part, side) for part in plain[word]]
    if plain.get("type") == "object":
        plain = closed(plain, side)
    return or_null(plain) if schema.get("nullable") else plain


def closed(schema: Json, side: str) -> Json:
    """An object whose fields are those described, and no others unless it says so."""
    fields = {name: value for name, value in schema.get("properties", {}).items() if not value.get(HIDDEN[side])}
    hidden = schema.get("properties", {}).keys() - fields.keys()
    more = schema.get("additionalProperties", False)
    required = [name for name in schema.get("required", []) if name not in hidden]
    return {
        "type": "object",
        "properties": {name: strict(value, side) for name, value in fields.items()},
        "additionalProperties": strict(more, side) if isinstance(more, dict) else more,
        **({"required": required} if required else {}),  # draft 4 wants at least one name
    }


def or_null(schema: Json) -> Json:
    """Null, or what the schema says."""
    if "type" not in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    values = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return schema | values | {"type": [schema["type"], "null"]}


class Document:
    """The operations of an OpenAPI document. Validators are compiled when their operation is first asked for."""

    def __init__(self, document: Json) -> None:
        self.paths: Json = document["paths"]
        self.schemas: Json = document.get("components", {}).get("schemas", {})
        self.operation = cache(self._operation)

    @cached_property
    def registry(self) -> Registry:
        """The document's named shapes, once as answers and once as requests."""
        return Registry([(f"urn:{side}", self._named(side)) for side in HIDDEN], draft=Draft4)

    def _named(self, side: str) -> Json:
        return {"components": {"schemas": {name: strict(schema, side) for name, schema in self.schemas.items()}}}

    def _operation(self, method: str, path: str) -> Operation | None:
        """What that method does at that address ("/api/v1/datasets/{dataset_id}"); None where nothing is described."""
        found = self.paths.get(path, {}).get(method.lower())
        if found is None:
            return None
        body = found.get("requestBody", {})
        return Operation(
            parameters=self._parameters(found.get("parameters", [])),
            takes=self._content(body, "requests"),
            form=self._form(body),
            needs_body=body.get("required", False),
            answers={status: self._content(answer, "answers") for status, answer in found["responses"].items()},
        )

    def _parameters(self, parameters: Iterable[Json]) -> dict[str, Parameter]:
        return {
            one["name"]: Parameter(
                one["schema"].get("type", ""), self._compiled(one["schema"], "requests"), one.get("required", False)
            )
            for one in parameters
            if one["in"] == "query"
        }

    def _form(self, body: Json) -> frozenset[str]:
        schema = body.get("content", {}).get("multipart/form-data", {}).get("schema", {})
        named = self.schemas.get(schema.get("$ref", "").removeprefix(NAMED), schema)
        return frozenset(named.get("properties", {}))

    def _content(self, described: Json, side: str) -> dict[str, Draft4Validator]:
        content = described.get("content", {})
        return {kind: self._compiled(shape.get("schema", {}), side) for kind, shape in content.items()}

    def _compiled(self, schema: Json, side: str) -> Draft4Validator:
        return Draft4Validator(strict(schema, side), registry=self.registry, validate_formats=True)
