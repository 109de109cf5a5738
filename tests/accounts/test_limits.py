"""One rule for `?limit=` of every list: what is over its maximum is refused by name, never cut."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.architecture.every_operation import Stage
from tests.factories import signed_in
from tests.schema.now import described_now

pytestmark = pytest.mark.django_db
READ = ("list_images", "list_objects", "list_object_ids", "list_tasks", "list_jobs", "list_ledgers")
NO_LIMITS = (10**30, -1, "ten", "1.5", "")


def limited() -> dict[str, tuple[str, dict[str, Any]]]:
    """By name the address of each operation that takes a limit, and how the document describes that."""
    paths = described_now()["paths"]
    return {
        methods["get"]["operationId"]: (path, given["schema"])
        for path, methods in paths.items()
        for given in methods.get("get", {}).get("parameters", [])
        if given["name"] == "limit"
    }


def test_it_says_the_maximum_of_every_list() -> None:
    found = {name: (schema["minimum"], schema["maximum"], schema["default"]) for name, (_, schema) in limited().items()}
    few = {name: three for name, three in found.items() if three != (1, 500, 50)}
    assert len(found) - len(few) >= 18
    assert few == {
        "list_images": (1, 1000, 100),
        "list_objects": (1, 500, 100),
        "list_object_ids": (1, 20_000, 20_000),
        "list_similar_images": (1, 200, 24),
        "list_changed_objects": (1, 60, 12),
        "list_project_lineage": (1, 200, 50),
        "list_ledgers": (1, 50, 10),
        "list_tasks": (1, 500, 100),
        "get_revision_diff": (1, 500, 100),
    }


def test_it_refuses_more_than_that_and_what_is_no_number() -> None:
    stage = Stage()
    beside = {
        "list_changed_objects": {"changed": "fixed"},
        "list_checkpoints": {"project": stage.project.pk},
        "list_leaks": {"train": stage.slice.pk, "validation": stage.slice.pk},
    }
    client = signed_in(stage.cast.alice)
    for name, (path, schema) in limited().items():
        address = path.format_map(stage.rows)
        largest = schema["maximum"]
        for wrong in (largest + 1, 0, *(NO_LIMITS if name == "list_datasets" else ())):
            status, answer = asked(client, address, {**beside.get(name, {}), "limit": wrong})
            assert (status, list(answer["errors"])) == (400, ["limit"]), (name, wrong, answer)
            assert answer["detail"] == f"limit is a whole number from 1 to {largest} here.", name
        if name in READ:
            assert asked(client, address, {"limit": largest})[0] == 200, name


def asked(client: Client, address: str, given: dict[str, Any]) -> tuple[int, Any]:
    response = client.get(f"{address}?{urlencode(given)}")
    return response.status_code, json.loads(response.content or b"null")
