"""The jobs of this app."""

from typing import Any

from accounts.models import Role
from dataset.services import exports, image_facts, imports, prediction_imports
from jobs import registry
from jobs.models import Job
from jobs.reporting import Report


@registry.handler(imports.KIND, at_least=Role.MANAGER, attempts=3)
def run_import(job: Job, report: Report) -> dict[str, Any]:
    return imports.run(job, report)


@registry.handler(prediction_imports.KIND, at_least=Role.MANAGER, attempts=3)
def run_prediction_import(job: Job, report: Report) -> dict[str, Any]:
    return prediction_imports.run(job, report)


@registry.handler(image_facts.KIND, at_least=Role.MANAGER, attempts=3)
def run_measuring(job: Job, report: Report) -> dict[str, Any]:
    return image_facts.run(job, report)


@registry.handler(exports.KIND, at_least=Role.VIEWER)
def run_export(job: Job, report: Report) -> dict[str, Any]:
    return exports.run(job, report)
