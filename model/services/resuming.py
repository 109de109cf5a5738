"""What a run may have otherwise when it is resumed."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from accounts.problems import BadInput
from model.models import Run
from model.services.devices import check_devices
from model.services.settings import BOUNDS, BadSettings, read_settings, settings_json

CHANGEABLE = ("epochs", "batch", "devices")


def change_settings(run: Run, changes: Mapping[str, Any]) -> None:
    """Give the run these settings from its next epoch on; None leaves one as it is. Raises BadInput."""
    given = {name: changes[name] for name in CHANGEABLE if changes.get(name) is not None}
    if "epochs" in given:
        _check_epochs(run, given["epochs"])
    if not given:
        return
    try:
        settings = settings_json(read_settings({**run.settings, **given}))
    except BadSettings as error:
        raise BadInput(next(iter(error.errors.values()))[0], errors=error.errors) from error
    check_devices(run.baseline, settings["devices"], "devices")
    run.settings = settings
    run.save(update_fields=["settings"])


def _check_epochs(run: Run, epochs: int) -> None:
    """Raises BadInput below what is trained already, or beyond what a training may have."""
    done = run.epochs.aggregate(last=Max("epoch"))["last"] or 0
    low, high = max(1, done), int(BOUNDS["epochs"][1])
    if not low <= epochs <= high:
        detail = f"Give {low} to {high} epochs: {done} are trained already."
        raise BadInput(detail, errors={"epochs": [detail]})
