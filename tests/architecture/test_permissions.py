"""Every service that takes `by` checks that person's role, as the table of docs/permissions.md says it."""

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from accounts.models import ROLE_RANK, AuditLine, Role, User
from accounts.problems import Problem
from jobs.models import Job
from tests.architecture.every_service import ARGUMENTS, WholeProject
from tests.architecture.test_rooms import BELOW, ROOT, folder_of, module_of, sources

LINE = re.compile(r"^\| (\w+) \| `([\w.]+)` \|", re.MULTILINE)
ONESELF = "oneself"  # not about a project
# Takes `by` and checks nothing: it writes down what a checked service did.
UNCHECKED = {"accounts.audit.record"}
# Whose a token is says whether it exists, so too weak a role is told that there is none.
HIDDEN = {"accounts.services.delete_token"}
# What the API calls of the services without a person: it changes nothing, but for the base checkpoint, which is
# everybody's and registered when somebody first asks for it.
READS = {
    "dataset.services.export_files.open_archive", "dataset.services.imports.open_report",
    "dataset.services.slice_sources.images_from", "dataset.services.slices.sibling", "dataset.services.tags.tag_named",
    "dataset.services.uploads.check_own", "model.services.base.base_checkpoint",
    "model.services.conversion.can_be_asked_again",
}  # fmt: skip
# A project's token cannot change its owner's account, wherever it is asked.
OF_AN_ACCOUNT = {"accounts.services.create_token", "accounts.services.delete_token"}
ADMINISTRATOR = "administrator"
# Who asks for each kind of job.
ASKED_BY = {
    "prelabel_look": "label.assists.prelabelling.start_prelabel",
    "prelabel_write": "label.assists.prelabelling.apply_prelabel",
    "import_dataset": "dataset.services.imports.start_folder",
    "import_predictions": "dataset.services.prediction_imports.start_file",
    "measure_images": "dataset.services.image_facts.start",
    "export_dataset": "dataset.services.exports.start",
    "evaluate": "curate.evaluations.creation.start",
    "find_weak_slices": "curate.evaluations.weak_slices.start",
    "prepare_report": "curate.reports.preparation.start",
    "compare": "curate.comparisons.compare.start",
    "split": "curate.autocurate.lifecycle.start",
    "find_mislabels": "curate.autocurate.lifecycle.start",
    "test_finder": "curate.autocurate.self_test.start_self_test",
    "find_edge_cases": "curate.autocurate.lifecycle.start",
    "choose_what_to_label": "curate.autocurate.lifecycle.start",
    "find_rare_classes": "curate.autocurate.lifecycle.start",
    "compute_embeddings": "curate.map.embed.start_embeddings",
    "find_duplicates": "curate.duplicates.search.start_search",
    "learning_curve": "curate.improve.learning_curve.start_curve",
    "train": "model.services.runs.create_run",
    "judge_experiment": "model.services.judging.judge_again",
    "predict": "model.services.predicting.start_prediction",
    "export_checkpoint": "model.services.exports.start_export",
    "convert_weights": "model.services.checkpoints.upload_checkpoint",
    "gate": "model.gate.asking.start_gate",
    "deploy": "model.endpoints.promoting.promote",
    "measure_baseline": "model.measurements.asking.start_measurement",
    "show_augmentations": "model.augmentations.asking.show_augmentations",
    "search_settings": "model.searches.asking.create_search",
    "bring_kept": "model.endpoints.lifecycle.bring_kept",
}
BULK = [
    "dataset.services.bulk_labels.relabel_objects", "dataset.services.bulk_labels.delete_objects",
    "dataset.services.bulk_labels.ignore_objects", "dataset.services.label_states.set_label_state",
    "dataset.services.slices.create_slice", "dataset.services.slices.change_members",
    "dataset.services.tags.tag_images", "dataset.services.tags.untag_images", "curate.autocurate.verdicts.decide",
]  # fmt: skip


@cache
def table() -> dict[str, str]:
    """The weakest role that may, by service, as the documentation has it."""
    return {service: role for role, service in LINE.findall((ROOT / "docs/permissions.md").read_text())}


IN_A_PROJECT = sorted(service for service, role in table().items() if role not in (ONESELF, ADMINISTRATOR))


def is_edge(path: Path) -> bool:
    """Whether people come in through this file: the API and the administration."""
    return path.parent.name == "api" or path.stem.endswith("api") or path.stem == "admin"


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text()) for room in sorted(BELOW) for path in sources(folder_of(room))}


@cache
def taking(name: str) -> dict[str, str]:
    """The public functions and methods that take a User by that name, each with the annotation."""
    return {
        f"{module_of(path)}.{node.name}": note
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if one.arg == name and "User" in (note := ast.unparse(one.annotation) if one.annotation else "")
    }


def test_every_service_that_takes_by_has_a_line_in_the_table() -> None:
    """A new one fails here until docs/permissions.md says who may, and every_service.py how it is called."""
    found = taking("by").keys() - UNCHECKED
    assert found == set(table())
    assert found == set(ARGUMENTS)


def test_by_is_never_nobody() -> None:
    """None would be everybody who is not signed in. The platform itself goes by `author`."""
    assert {service: note for service, note in taking("by").items() if note != "User"}.keys() == UNCHECKED


def test_no_function_both_asks_and_is_told() -> None:
    assert taking("by").keys() & taking("author").keys() == set()


def test_people_do_not_reach_what_checks_nobody() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, tree in trees().items()
        if is_edge(path)
        for call in calls(tree)
        if "author" in {keyword.arg for keyword in call.keywords}
    ]
    assert wrong == []


def test_whatever_the_api_has_a_service_do_it_asks_as_somebody() -> None:
    """Else a write without `by` would be one that nobody is asked for."""
    nameless = {
        called
        for path, tree in trees().items()
        if is_edge(path)
        for names in [imported(tree)]
        for call in calls(tree)
        if ".services." in (called := address(call, names)) and not called.rpartition(".")[2][0].isupper()
        if "by" not in {keyword.arg for keyword in call.keywords}
    }
    assert nameless == READS


def test_an_api_function_names_its_services_role_or_none() -> None:
    wrong = []
    asking = 0
    for path, tree in trees().items():
        names = imported(tree)
        for function in (node for node in tree.body if is_edge(path) and isinstance(node, ast.FunctionDef)):
            asked = {role for call in calls(function) if (role := table().get(address(call, names)))}
            named = {node.attr.lower() for node in ast.walk(function) if is_role(node)}
            asking += bool(asked)
            if asked and not named <= asked:
                wrong.append(f"{module_of(path)}.{function.name} names {named}, its services {asked}")
    assert wrong == []
    assert asking > 50  # else the services were not found among the calls


def calls(within: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(within) if isinstance(node, ast.Call))


def is_role(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Role"


def imported(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def address(call: ast.Call, names: dict[str, str]) -> str:
    """The dotted address of what is called: services.cancel → jobs.services.cancel."""
    first, dot, rest = ast.unparse(call.func).partition(".")
    return f"{names.get(first, first)}{dot}{rest}"


def service_of(dotted: str) -> Callable[..., Any]:
    module, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(module), name)


def ask(dotted: str, stage: WholeProject, by: User) -> None:
    """Call the service as that person. What it refuses for another reason than the person's role is no matter here."""
    arguments = ARGUMENTS[dotted](stage, by)
    try:
        with transaction.atomic():
            service_of(dotted)(by=by, **arguments)
    except Problem:
        return


def traces() -> tuple[int, int]:
    """Lines and jobs, but for those that a stage makes."""
    return AuditLine.objects.count(), Job.objects.exclude(kind="nothing").exclude(state=Job.State.FAILED).count()


def refused(dotted: str, stage: WholeProject, by: User, error: type[Exception]) -> None:
    before = traces()
    with pytest.raises(error):
        ask(dotted, stage, by)
    assert traces() == before


@pytest.mark.django_db
@pytest.mark.parametrize("dotted", IN_A_PROJECT)
def test_whoever_may_is_let_through_and_for_everybody_else_nothing_is_written(dotted: str) -> None:
    """Every weaker role is refused, in person and as the owner's script with a viewer's token. For Charlie there is
    nothing there, nor for the owner's script whose token is another project's."""
    stage, least = WholeProject(), Role(table()[dotted])
    for role in (role for role in Role if ROLE_RANK[role] < ROLE_RANK[least]):
        refused(dotted, stage, stage.member(role), Http404 if dotted in HIDDEN else PermissionDenied)
    refused(dotted, stage, stage.cast.charlie, Http404)
    if least != Role.VIEWER:
        refused(dotted, stage, stage.script(stage.project, Role.VIEWER), PermissionDenied)
        refused(dotted, stage, stage.administrator(role="viewer"), PermissionDenied)
    elsewhere = stage.script(stage.cast.charlie.memberships.get().project, Role.OWNER)
    refused(dotted, stage, elsewhere, PermissionDenied if dotted in OF_AN_ACCOUNT else Http404)
    ask(dotted, stage, stage.member(least))


@pytest.mark.django_db
@pytest.mark.parametrize("dotted", sorted(service for service, role in table().items() if role == ONESELF))
def test_ones_own_is_ones_own_but_not_a_projects_tokens(dotted: str) -> None:
    stage = WholeProject()
    ask(dotted, stage, stage.member(Role.VIEWER))
    refused(dotted, stage, stage.script(stage.project, Role.OWNER), PermissionDenied)
    refused(dotted, stage, stage.administrator(role="owner"), PermissionDenied)


@pytest.mark.django_db
@pytest.mark.parametrize("dotted", sorted(service for service, role in table().items() if role == ADMINISTRATOR))
def test_what_is_for_administrators_is_for_no_token_that_is_held_to_a_role(dotted: str) -> None:
    stage = WholeProject()
    refused(dotted, stage, stage.member(Role.OWNER), PermissionDenied)
    refused(dotted, stage, stage.script(stage.project, Role.OWNER), PermissionDenied)
    refused(dotted, stage, stage.administrator(role="owner"), PermissionDenied)
    ask(dotted, stage, stage.administrator())


@pytest.mark.django_db
@pytest.mark.parametrize("dotted", BULK)
def test_a_check_costs_one_query_however_many_rows(dotted: str) -> None:
    stage = WholeProject()
    by = stage.member(Role(table()[dotted]))
    arguments = ARGUMENTS[dotted](stage, by)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        service_of(dotted)(by=by, **arguments)
    assert len([one for one in queries if "accounts_member" in one["sql"]]) == 1


def test_a_kind_of_job_takes_the_role_that_asking_for_it_takes() -> None:
    for room in ("dataset", "curate", "label", "model"):
        importlib.import_module(f"{room}.tasks")
    from jobs.registry import HANDLERS

    ours = {kind: handler for kind, handler in HANDLERS.items() if handler.run.__module__.split(".")[0] != "tests"}
    assert {kind: handler.at_least.value for kind, handler in ours.items()} == {
        kind: table()[service] for kind, service in ASKED_BY.items()
    }
