"""What the comparison of a call with the OpenAPI document finds, and what it lets pass."""

import json
from typing import Any

import pytest

from tests.factories import call, make_cast, make_dataset
from tests.schema import watch
from tests.schema.comparison import Answer, Call, differences
from tests.schema.document import Document

PROBLEM = {"type": "not-found", "title": "Not Found", "status": 404, "detail": "It is not there."}
CAR: dict[str, Any] = {"id": 1, "name": "car", "born": "2026-11-30T02:15:40Z", "kind": "wide", "note": None, "more": {}}


def text(**words: Any) -> dict[str, Any]:
    return {"type": "string", **words}


def body(name: str, media_type: str = "application/json") -> dict[str, Any]:
    return {"content": {media_type: {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


PAGE = {"type": "object", "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Car"}}}}
SHAPES = {
    "Car": {
        "type": "object",
        "properties": {
            "id": {"type": "integer", "readOnly": True},
            "name": text(),
            "born": text(format="date-time"),
            "kind": text(enum=["wide", "tall"]),
            "note": text(nullable=True),
            "owner": {"allOf": [{"$ref": "#/components/schemas/Owner"}], "nullable": True},
            "secret": text(writeOnly=True),
            "more": {"type": "object", "additionalProperties": {}},
        },
        "required": ["id", "name", "born", "kind", "note", "more", "secret"],
    },
    "Owner": {"type": "object", "properties": {"email": text(format="email")}, "required": ["email"]},
    "Cars": PAGE,
    "Problem": {
        "type": "object",
        "properties": {"type": text(), "title": text(), "status": {"type": "integer"}, "detail": text()},
        "required": ["type", "title", "status", "detail"],
    },
}
LIMIT = {"in": "query", "name": "limit", "schema": {"type": "integer"}}
NO = {"default": body("Problem", "application/problem+json")}
CARS = {
    "get": {"parameters": [LIMIT], "responses": {"200": body("Cars"), **NO}},
    "post": {"requestBody": {"required": True, **body("Car")}, "responses": {"201": body("Car"), **NO}},
    "delete": {"responses": {"204": {"description": ""}, **NO}},
}
PHOTO = {
    "get": {"responses": {"200": {"content": {"image/*": {"schema": text(format="binary")}}}}},
    "post": {
        "requestBody": {"content": {"multipart/form-data": {"schema": {"properties": {"photo": text()}}}}},
        "responses": {"204": {"description": ""}},
    },
}
DOCUMENT = Document({"paths": {"/cars": CARS, "/photo": PHOTO}, "components": {"schemas": SHAPES}})


def told(call: Call, answer: Answer) -> list[str]:
    return differences(DOCUMENT, call, answer)


def told_of_car(**fields: Any) -> list[str]:
    """What is said of an answer that differs from a right one in these fields; `...` leaves one out."""
    car = {name: value for name, value in {**CAR, **fields}.items() if value is not ...}
    return told(Call("GET", "/cars"), json_answer({"items": [car]}))


def json_answer(value: Any, status: int = 200, media_type: str = "application/json") -> Answer:
    return Answer(status, media_type, json.dumps(value).encode())


def posted(**fields: Any) -> Call:
    sent = {**CAR, "id": ..., "secret": "x", **fields}
    sent = {name: value for name, value in sent.items() if value is not ...}
    return Call("POST", "/cars", [], "application/json", json.dumps(sent).encode())


def test_it_works() -> None:
    assert told_of_car(note="fast", owner={"email": "a@example.org"}, more={"wheels": [4, {"spare": None}]}) == []
    assert told_of_car(owner=None) == []
    assert told(posted(), json_answer(CAR, 201)) == []
    assert told(Call("DELETE", "/cars"), Answer(204)) == []
    assert told(Call("HEAD", "/cars"), Answer(200, "application/json")) == []


@pytest.mark.parametrize(
    ("fields", "difference"),
    [
        ({"name": ...}, '.items.0: "name" is a required property'),
        ({"colour": "red"}, ".items.0: Additional properties are not allowed ('colour' was unexpected)"),
        ({"secret": "x"}, ".items.0: Additional properties are not allowed ('secret' was unexpected)"),
        ({"id": "1"}, '.items.0.id: "1" is not of type "integer"'),
        ({"id": 1.0}, '.items.0.id: 1.0 is not of type "integer"'),
        ({"id": True}, '.items.0.id: true is not of type "integer"'),
        ({"name": None}, '.items.0.name: null is not of type "string"'),
        ({"born": "yesterday"}, '.items.0.born: "yesterday" is not a "date-time"'),
        ({"kind": "flat"}, '.items.0.kind: "flat" is not one of "wide" or "tall"'),
        ({"owner": {"email": "nobody"}}, '.items.0.owner.email: "nobody" is not a "email"'),
        ({"owner": {"email": "a@b.org", "age": 4}}, "('age' was unexpected)"),
    ],
)
def test_it_finds_what_an_answer_should_not_be(fields: dict[str, Any], difference: str) -> None:
    [found] = told_of_car(**fields)
    assert found.startswith("GET /cars → 200: the answer")
    assert found.endswith(difference)


@pytest.mark.parametrize(
    ("asked", "answer", "difference"),
    [
        (Call("GET", "/lorries"), json_answer({}), "is not described"),
        (Call("PUT", "/cars"), json_answer(PROBLEM, 405), "is not described"),
        (Call("GET", "/cars"), json_answer({"items": []}, 202), "the status is not described"),
        (Call("GET", "/photo"), json_answer(PROBLEM, 404), "the status is not described"),
        (
            Call("GET", "/cars"),
            Answer(200, "text/html", b"<p>"),
            "the answer is text/html, described is application/json",
        ),
        (Call("GET", "/cars"), Answer(200, "application/json", b'{"items": NaN}'), "the answer is not JSON"),
        (
            Call("GET", "/cars"),
            json_answer(PROBLEM, 404),
            "the answer is application/json, described is application/prob",
        ),
        (Call("GET", "/cars"), json_answer({}, 404, "application/problem+json"), '"type" is a required property'),
        (Call("DELETE", "/cars"), json_answer({}, 204), "a body of application/json is not described"),
        (Call("GET", "/photo"), Answer(200, "text/plain", None), "the answer is text/plain, described is image/*"),
    ],
)
def test_it_finds_what_the_document_does_not_describe(asked: Call, answer: Answer, difference: str) -> None:
    assert difference in " ".join(told(asked, answer))


@pytest.mark.parametrize(
    ("asked", "answer", "difference"),
    [
        (Call("GET", "/cars", [("limit", "many")]), json_answer({}), "?limit= is not JSON"),
        (Call("GET", "/cars", [("limit", "1.5")]), json_answer({}), '?limit=: 1.5 is not of type "integer"'),
        (Call("GET", "/cars", [("page", "2")]), json_answer({}), "?page= is not described"),
        (posted(colour="red"), json_answer(CAR, 201), "the request: Additional properties are not allowed ('colour'"),
        (posted(id=4), json_answer(CAR, 201), "the request: Additional properties are not allowed ('id'"),
        (posted(secret=...), json_answer(CAR, 201), 'the request: "secret" is a required property'),
        (Call("POST", "/cars"), json_answer(CAR, 201), "a body is required"),
        (Call("DELETE", "/cars", [], "application/json", b'{"a": 1}'), Answer(204), "no body is described"),
        (Call("POST", "/photo", [], "multipart/form-data", None, frozenset({"film"})), Answer(204), "the form's film"),
    ],
)
def test_it_finds_what_was_sent_and_is_not_described(asked: Call, answer: Answer, difference: str) -> None:
    assert difference in " ".join(told(asked, answer))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (Call("GET", "/cars", [("limit", "many")]), json_answer(PROBLEM, 400, "application/problem+json")),
        (posted(colour="red"), json_answer(PROBLEM, 400, "application/problem+json")),
        (Call("GET", "/photo"), Answer(200, "image/png", None)),
        (Call("POST", "/photo", [], "multipart/form-data", None, frozenset({"photo"})), Answer(204)),
        (Call("DELETE", "/cars", [], "application/json", b"{}"), Answer(204)),
    ],
)
def test_it_lets_pass_what_was_refused_and_what_is_bytes(asked: Call, answer: Answer) -> None:
    assert told(asked, answer) == []


@pytest.mark.django_db
def test_a_call_of_a_test_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch stands in the way of every test: an answer with a field more is found, and the next call is not."""
    from dataset.api.datasets import DatasetSerializer

    cast = make_cast()
    path = f"datasets/{make_dataset(cast.project).pk}"
    right = DatasetSerializer.to_representation
    monkeypatch.setattr(DatasetSerializer, "to_representation", lambda *given: {**right(*given), "cover": 3, "x": 1})
    call(cast.alice, "get", path)
    described = "GET /api/v1/datasets/{dataset_id} → 200: the answer"
    assert set(watch.taken()) == {
        f"{described}: Additional properties are not allowed ('x' was unexpected)",
        f'{described}.cover: 3 is not of type "array"',
    }
    monkeypatch.undo()
    call(cast.alice, "get", path)
    assert watch.taken() == []


@pytest.mark.django_db
def test_an_address_that_does_not_exist_is_found() -> None:
    """A mistyped address answers 404, which a test of who may see what would take for an answer."""
    call(make_cast().charlie, "get", "dataset/1")
    assert watch.taken() == ["GET /api/v1/dataset/1 → 404: is not described"]
