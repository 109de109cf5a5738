"""Every service that writes for a person leaves a line in the audit trail: who, where, in the same transaction."""

import ast
import importlib
import inspect

import pytest

from accounts.models import AuditLine, Role
from tests.architecture.every_service import ARGUMENTS, WholeProject
from tests.architecture.test_permissions import ADMINISTRATOR, ONESELF, service_of, table

# Reads, though they take `by`; or what somebody has looked at.
READS = {
    "accounts.second_factor.begin",
    "notices.services.mark_read",
    "label.services.instructions.look_at",
    "dataset.services.uploads.unfinished",
    "model.augmentations.asking.show_augmentations",
}
# Thousands for one upload, whose beginning and end leave a line.
PARTS = {"dataset.services.uploads.receive"}
# On this stage there is nothing to change, and nothing is written.
NOTHING_TO_DO = {
    "curate.duplicates.sources.forget_sources", "curate.duplicates.sources.keep_sources",
    "curate.evaluations.points.open_point", "curate.improve.actions.take_step",
}  # fmt: skip
# Refused on this stage for want of a file, a job or a trained run: the text is looked at instead.
REFUSED = {
    "accounts.second_factor.confirm", "accounts.second_factor.remove", "accounts.services.change_password",
    "curate.improve.learning_curve.start_curve",
    "dataset.services.imports.start_checked", "dataset.services.imports.start_folder",
    "dataset.services.prediction_imports.start_file", "dataset.services.prediction_imports.start_found",
    "model.services.checkpoints.import_checkpoint", "model.services.checkpoints.upload_checkpoint",
    "model.services.experiments.add_seeds", "model.services.experiments.cancel_experiment",
    "model.services.experiments.create_experiment", "model.searches.asking.create_search",
    "model.services.runs.cancel_run", "model.services.runs.create_run",
}  # fmt: skip


def writes() -> list[str]:
    return sorted(set(table()) - READS - PARTS - NOTHING_TO_DO - REFUSED)


@pytest.mark.django_db
@pytest.mark.parametrize("dotted", writes())
def test_it_works(dotted: str) -> None:
    stage, role = WholeProject(), table()[dotted]
    persons = {ADMINISTRATOR: stage.administrator, ONESELF: lambda: stage.member(Role.VIEWER)}
    by = persons[role]() if role in persons else stage.member(Role(role))
    arguments = ARGUMENTS[dotted](stage, by)
    before = AuditLine.objects.count()
    service_of(dotted)(by=by, **arguments)
    lines = AuditLine.objects.order_by("pk")[before:]
    assert lines, f"{dotted} leaves no line"
    assert {line.actor_id for line in lines} == {by.pk}
    assert all(line.action and line.target for line in lines)
    if role not in persons:
        assert {line.project_id for line in lines} == {stage.project.pk}


@pytest.mark.parametrize("dotted", sorted(REFUSED))
def test_what_is_refused_here_leaves_one_by_its_text(dotted: str) -> None:
    """The service itself writes it, or the function of its own file that it hands on to."""
    assert reaches_audit(dotted.rpartition(".")[0], dotted.rpartition(".")[2], set())


def reaches_audit(module: str, name: str, seen: set[str]) -> bool:
    function = service_of(f"{module}.{name}")
    tree = ast.parse(inspect.getsource(function))
    called = {ast.unparse(call.func) for call in ast.walk(tree) if isinstance(call, ast.Call)}
    if {"audit.record", "jobs.services.cancel"} & called:
        return True
    own = {one for one in called - seen if is_function_of(module, one)}
    return any(reaches_audit(module, one, seen | {name}) for one in own)


def is_function_of(module: str, name: str) -> bool:
    function = vars(importlib.import_module(module)).get(name)
    return inspect.isfunction(function) and function.__module__ == module


def test_the_exceptions_are_services() -> None:
    assert set(table()) >= READS | PARTS | NOTHING_TO_DO | REFUSED
    assert len(READS | PARTS | NOTHING_TO_DO) < 12
