"""A gate's rules checked against a dataset: its classes, slices, query lines and images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.problems import BadInput, Problem
from curate.query.image_search import image_ids
from dataset.models import Dataset, Image, Slice
from science.evaluation.gate_rules import BadRules, WrittenGate, WrittenScenario, read_gate

FIELD = "document"
Meant = dict[str, list[int]]  # image ids by scenario


def checked_document(given: Any, dataset: Dataset) -> WrittenGate:
    """The rules. Raises BadInput with what is wrong by place (`document.rules.2.drop`)."""
    gate = read_document(given)
    faults = {}
    names = list(dataset.classes.values_list("name", flat=True))
    for number, rule in enumerate(gate.rules):
        if rule.class_name is not None and rule.class_name not in names:
            there = ", ".join(names)
            faults[f"rules.{number}.class"] = f"There is no class {rule.class_name!r}. There are: {there}."
    if faults:
        raise refused(BadRules(faults))
    scenario_images(gate, dataset)
    return gate


def read_document(given: Any) -> WrittenGate:
    try:
        return read_gate(given)
    except BadRules as bad:
        raise refused(bad) from None


def refused(bad: BadRules) -> BadInput:
    errors = {f"{FIELD}.{place}".rstrip("."): [said] for place, said in bad.faults.items()}
    place, said = next(iter(errors.items()))
    return BadInput(f"{place}: {said[0]}", errors=errors)


def scenario_images(gate: WrittenGate, dataset: Dataset) -> Meant:
    """The images of each scenario, now. Raises BadInput where one cannot be read, or means none."""
    found: Meant = {}
    faults = {}
    for name, scenario in gate.scenarios.items():
        place = f"scenarios.{name}.{scenario.kind}"
        try:
            found[name] = images_meant(scenario, dataset)
        except Problem as problem:
            faults[place] = problem.detail
            continue
        if not found[name]:
            faults[place] = "It means no image of this dataset."
    if faults:
        raise refused(BadRules(faults))
    return found


def images_meant(scenario: WrittenScenario, dataset: Dataset) -> list[int]:
    """The ids of the images, rising. Raises Problem."""
    if scenario.kind == "query":
        return image_ids(dataset, scenario.value)
    rows = Image.objects.filter(dataset=dataset)
    if scenario.kind == "slice":
        found = Slice.objects.filter(dataset=dataset, name=scenario.value).first()
        if found is None:
            raise BadInput(f"This dataset has no slice {scenario.value!r}.")
        rows = rows.filter(slice_images__slice=found)
    elif scenario.kind == "images":
        keys = [one for one in scenario.value if isinstance(one, str)]
        ids = [one for one in scenario.value if isinstance(one, int)]
        rows = rows.filter(key__in=keys) | rows.filter(pk__in=ids)
    else:
        rows = rows.filter(**metadata_filter(scenario.value))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def metadata_filter(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """As a file's `where`, on the images' metadata."""
    return {"metadata__contains": dict(wanted)}
