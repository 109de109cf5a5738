"""Every operation, asked anything: nothing answers 5xx, and every answer is as the document says.

A small seeded part of what `benchmarks/schemathesis_run.py` does with 60 examples each (docs/tests.md).
"""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.factories import browser_of, make_annotation, make_cast, make_dataset, make_image
from tests.schema import watch
from tests.schema.any_values import Dice
from tests.schema.now import described_now

pytestmark = pytest.mark.django_db
CALLS = 4  # of each operation
LEFT_OUT = ("auth/logout", "auth/login", "baselines")  # end the session; count guesses; make weights, which takes long
METHODS = ("get", "post", "put", "patch", "delete")
OF_THE_ANSWER = ("the answer", "the status", "a body of", "is not described")


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return described_now()


def scene() -> tuple[Any, dict[str, int]]:
    """Alice, and the ids of what her project holds."""
    cast = make_cast()
    dataset = make_dataset(cast.project)
    image = make_image(dataset, metadata={"weather": "rainy"}, location="blobs/none/1.jpg")
    label = make_annotation(image, dataset.classes.first())
    ids = {"project": cast.project.pk, "dataset": dataset.pk, "image": image.pk, "annotation": label.pk}
    return cast.alice, ids | {"images": image.pk, "class": dataset.classes.first().pk, "object": label.object_id}


@pytest.mark.parametrize("tag", ["accounts", "jobs", "dataset", "curate", "label", "model"])
@pytest.mark.parametrize("method", METHODS)
def test_it_is_answered_as_described(described: dict[str, Any], tag: str, method: str) -> None:
    alice, ids = scene()
    asked = [
        (path, operations[method])
        for path, operations in described["paths"].items()
        if method in operations and tag in operations[method]["tags"] and not path.endswith(LEFT_OUT)
    ]
    for path, operation in asked:
        dice = Dice(operation["operationId"], described["components"]["schemas"], ids)
        for _ in range(CALLS):
            answer = one_call(alice, method, path, operation, dice)
            b"".join(whole(answer))  # a file is closed at its end
            assert answer.status_code < 500, (method, path, answer.content)
    # What was sent is the test's own affair: texts for numbers, say, that are understood.
    wrong = [one for one in watch.taken() if any(f": {words}" in one for words in OF_THE_ANSWER)]
    assert wrong == []


def whole(answer: Any) -> Any:
    """The parts of a file; a stream of events has no end."""
    events = answer.headers.get("Content-Type") == "text/event-stream"
    return answer.streaming_content if answer.streaming and not events else ()


def one_call(alice: Any, method: str, path: str, operation: dict[str, Any], dice: Dice) -> Any:
    query, headers = {}, {}
    for parameter in operation.get("parameters", []):
        name, where = parameter["name"], parameter["in"]
        if where == "path":
            known = dice.ids.get(name.removesuffix("_id"), 1) if parameter["schema"]["type"] == "integer" else "step"
            path = path.replace(f"{{{name}}}", str(known))
        elif parameter.get("required") or dice.random.random() < 0.4:
            text = dice.text(parameter["schema"], name)
            query |= {name: text} if where == "query" else {}
            headers |= {name: text.encode("ascii", "ignore").decode()} if where == "header" else {}
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    body = json.dumps(dice.value(schema)) if schema else ""
    address = path + (f"?{urlencode(query)}" if query else "")
    kind = "application/json" if schema or not content else next(iter(content))
    kind = "application/octet-stream" if kind.startswith("multipart") else kind
    return browser_of(alice).generic(method.upper(), address, body.encode(), content_type=kind, headers=headers)
