"""What the OpenAPI document says is always there: the front end reads such a field without asking."""

import json
from typing import Any

import pytest

from config.settings import ROOT


@pytest.fixture(scope="module")
def shapes() -> dict[str, Any]:
    document = json.loads((ROOT / "frontend" / "openapi.json").read_text())
    return dict(document["components"]["schemas"])


def required(shapes: dict[str, Any], name: str) -> set[str]:
    return set(shapes[name].get("required", []))


def test_it_calls_required_what_every_answer_has(shapes: dict[str, Any]) -> None:
    assert required(shapes, "Dataset") == shapes["Dataset"]["properties"].keys()
    assert {"merged_revision", "state", "review"} <= required(shapes, "Batch")  # with a default


def test_it_leaves_out_what_only_some_answers_have(shapes: dict[str, Any]) -> None:
    assert not {"score", "verdict", "error"} & required(shapes, "GridBox")
    assert "boxes" not in required(shapes, "ImageRow")


def test_it_asks_nobody_to_send_what_has_a_default(shapes: dict[str, Any]) -> None:
    assert required(shapes, "BatchInRequest") == {"name"}
    assert required(shapes, "PatchedDatasetChangeRequest") == set()
