"""What is imported when: pure tests need numbers alone, and Django starts without libraries that few paths use."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.test_rooms import imported_modules, sources

ROOT = Path(__file__).resolve().parents[2]
# What takes long to import, and the one file that imports it (house rule 7).
HEAVY = {
    "boto3": "platform/storage/s3.py",
    "botocore": "platform/storage/s3.py",
    "numba": "platform/science/geometry/compiled.py",
    "shapely": "platform/science/shapes/mending.py",
    "optuna": "model/searches/study.py",
    "sklearn": "platform/science/learning.py",
    "onnxruntime": "model/serving/onnx.py",
    "storages": "platform/storage/s3.py",
    "umap": "platform/science/projection.py",
}
PURE_TESTS = """
import contextlib, io, sys, pytest
with contextlib.redirect_stdout(io.StringIO()):
    code = pytest.main(["-p", "no:cacheprovider", "tests/science/geometry/test_boxes.py"])
assert code == 0
"""
PROGRAMS = {
    "web": "import config.wsgi",
    "worker": "from config.celery import app; app.loader.import_default_modules()",
}
# What few jobs use, and takes 10 to 300 MB in each process that loads it.
LARGE = {
    "cv2",
    "llvmlite",
    "matplotlib",
    "onnx",
    "openvino",
    "pandas",
    "scipy",
    "torch",
    "torchvision",
    "transformers",
    "ultralytics",
}


def loaded_by(program: str) -> set[str]:
    """The top-level modules of a fresh Python after it ran the program."""
    script = f"{program}\nimport json, sys\nprint(json.dumps([*sys.modules]))"
    environment = os.environ | {"PYTHONPATH": f"platform{os.pathsep}."}
    del environment["DJANGO_SETTINGS_MODULE"]  # this session's: pytest-django would follow it
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, check=True)
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_a_pure_test_runs_on_numbers_alone() -> None:
    loaded = loaded_by(PURE_TESTS)
    assert "numpy" in loaded
    assert loaded & {"django", "rest_framework", "celery", "redis", "psycopg", "torch", *HEAVY} == set()


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_starts_without_what_few_jobs_use(program: str) -> None:
    loaded = loaded_by(PROGRAMS[program])
    assert {"rest_framework", "curate", "model"} <= loaded
    assert loaded & {*LARGE, *HEAVY} == set()


@pytest.mark.parametrize("library", sorted(HEAVY))
def test_a_heavy_library_is_imported_in_one_file(library: str) -> None:
    importing = [
        str(path.relative_to(ROOT))
        for folder in ("platform", "curate", "label", "model", "demo", "replay", "client")
        for path in sources(ROOT / folder)
        if library in {module.partition(".")[0] for module in imported_modules(path)}
    ]
    assert importing == [HEAVY[library]]
