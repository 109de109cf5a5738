"""Whoever looks at /api/docs reads in the list of operations what each does."""

import json

from embedded.home import ROOT

LONGEST = 120  # characters: one line of that page


def test_every_operation_has_one_line() -> None:
    document = json.loads((ROOT / "frontend" / "openapi.json").read_text(encoding="utf-8"))
    found = {
        operation["operationId"]: operation.get("summary", "")
        for operations in document["paths"].values()
        for operation in operations.values()
    }
    assert len(found) > 200
    assert {name: line for name, line in found.items() if not 4 < len(line) <= LONGEST} == {}
