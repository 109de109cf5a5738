"""Where a deployed form lies: on this machine as a folder, and for a serving process elsewhere by its content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from model.models import ExportedForm
from model.services.form_package import form_folder


def place_of_form(form: ExportedForm, *, here: bool) -> dict[str, Any]:
    """What the serving process is told. Raises FileNotFoundError where the form is gone."""
    return {"path": str(form_folder(form))} if here else {"location": form.location, "sha256": form.sha256}


def folder_of_place(place: dict[str, Any]) -> Path:
    """The folder of a form that was told by its content, out of the storage that both share."""
    return form_folder(ExportedForm(location=place["location"], sha256=place["sha256"]))
