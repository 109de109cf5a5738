"""A form as one file to take away, and unpacked again for whoever serves it."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from pathlib import Path

from django.conf import settings

from model.models import ExportedForm
from model.serving.example import example_script
from model.serving.facts import facts_of_values
from storage import blobs

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same content is the same file, whenever it was packed
UNPACKED = "forms"  # in HALFDAY_HOME


def packed(folder: Path, destination: Path) -> Path:
    """A zip of the form's files, with an example of its use."""
    facts = facts_of_values(json.loads((folder / "facts.json").read_text("utf-8")))
    files = sorted(path for path in folder.iterdir() if path.is_file())
    example = example_script(facts, {path.name for path in files})
    with zipfile.ZipFile(destination, "w", zipfile.ZIP_STORED) as archive:
        for path in files:
            with path.open("rb") as source, archive.open(_entry(path.name), "w", force_zip64=True) as out:
                shutil.copyfileobj(source, out, 1 << 20)
        if example:
            archive.writestr(_entry("example.py"), example)
    return destination


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.external_attr = 0o644 << 16
    return entry


def form_folder(form: ExportedForm) -> Path:
    """The folder of a finished form's files on this machine, for `open_form`; unpacked when it is first asked for.

    Raises FileNotFoundError where its file is gone.
    """
    folder: Path = settings.HOME / UNPACKED / form.sha256
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".draft-"))
    try:
        with zipfile.ZipFile(blobs.local_path(form.location)) as archive:
            archive.extractall(draft)  # of our own making: names without folders
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was quicker
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder
