"""One call and its answer beside the OpenAPI document: every difference, in words."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson
from jsonschema_rs import Draft4Validator, ValidationError

from tests.schema.document import Content, Document, Operation

JSON = {"application/json", "application/problem+json"}
SHOWN = 160  # characters of a value in a message
SPELT = {"integer", "number", "boolean"}  # kinds of parameters that are written as JSON writes them


@dataclass(frozen=True)
class Call:
    """What was asked."""

    method: str
    path: str  # as the document writes it: /api/v1/datasets/{dataset_id}
    query: list[tuple[str, str]] = field(default_factory=list)
    media_type: str = ""
    body: bytes | None = b""  # None: no JSON, and left alone
    parts: frozenset[str] = frozenset()  # the names of a form's fields and files


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    media_type: str = ""
    body: bytes | None = b""  # None: streamed

    @property
    def accepts(self) -> bool:
        """Whether the call was taken for good."""
        return self.status < 400


def differences(document: Document, call: Call, answer: Answer) -> list[str]:
    """What the document does not say about this call, or says otherwise."""
    method = "GET" if call.method == "HEAD" else call.method
    operation = document.operation(method, call.path)
    found = ["is not described"] if operation is None else [*compared(operation, call, answer)]
    return [f"{call.method} {call.path} → {answer.status}: {difference}" for difference in found]


def compared(operation: Operation, call: Call, answer: Answer) -> Iterator[str]:
    yield from of_the_answer(operation, answer, bare=call.method == "HEAD")
    if answer.accepts:
        yield from of_the_query(operation, call.query)
        yield from of_the_request(operation, call)


def of_the_answer(operation: Operation, answer: Answer, *, bare: bool) -> Iterator[str]:
    """Status, media type and body. What is not an error must be described by its own number."""
    content = operation.answers.get(str(answer.status))
    if content is None and not answer.accepts:
        content = operation.answers.get("default")
    if content is None:
        yield "the status is not described"
    elif not content and answer.body != b"":
        yield f"a body of {answer.media_type} is not described"
    elif content and not bare:
        yield from of_the_body(content, answer.media_type, answer.body, "the answer")


def of_the_body(content: Content, media_type: str, body: bytes | None, what: str) -> Iterator[str]:
    """The media type, and of JSON every value."""
    validator = content.get(media_type) or content.get(f"{media_type.partition('/')[0]}/*")
    if validator is None:
        yield f"{what} is {media_type or 'of no type'}, described is {' or '.join(content)}"
    elif media_type in JSON and body is not None:
        yield from of_the_value(validator, what, lambda: orjson.loads(body))


def of_the_value(validator: Draft4Validator, what: str, read: Callable[[], Any]) -> Iterator[str]:
    try:
        value = read()
    except ValueError as error:  # NaN, too, is no JSON
        yield f"{what} is not JSON: {error}"
        return
    for error in validator.iter_errors(value):
        yield from said(error, what)


def said(error: ValidationError, what: str) -> Iterator[str]:
    """Where it is wrong, and how; of alternatives, why the one that came furthest is not met."""
    alternatives: list[list[ValidationError]] = getattr(error.kind, "context", [])
    nearest = max(alternatives, key=how_far, default=[])
    if how_far(nearest) > (len(error.instance_path), False):
        for inner in nearest:
            yield from said(inner, what)
        return
    message = error.message if len(error.message) <= SHOWN else f"… {error.message[-SHOWN:]}"
    yield f"{what}{''.join(f'.{step}' for step in error.instance_path)}: {message}"


def how_far(errors: list[ValidationError]) -> tuple[int, bool]:
    """How deep in the value the deepest of them lies, and whether there is more wrong than the type."""
    deepest = max((len(error.instance_path) for error in errors), default=0)
    return deepest, any(error.kind.name != "type" for error in errors)


def of_the_query(operation: Operation, query: list[tuple[str, str]]) -> Iterator[str]:
    """The parameters after the question mark."""
    for name, text in query:
        if parameter := operation.parameters.get(name):
            read = partial(json.loads if parameter.kind in SPELT else str, text)
            yield from of_the_value(parameter.validator, f"?{name}=", read)
        else:
            yield f"?{name}= is not described"
    required = {name for name, parameter in operation.parameters.items() if parameter.required}
    yield from (f"?{name}= is required" for name in sorted(required - {name for name, _ in query}))


def of_the_request(operation: Operation, call: Call) -> Iterator[str]:
    """What was sent: JSON by value, a form by its fields' names. An empty object needs no description."""
    if call.body == b"":
        yield from ["a body is required"] if operation.needs_body else []
    elif operation.takes:
        yield from of_the_body(operation.takes, call.media_type, call.body, "the request")
        yield from (f"the form's {name} is not described" for name in sorted(call.parts - operation.form))
    elif call.body != b"{}":
        yield f"no body is described, {call.media_type} was sent"
