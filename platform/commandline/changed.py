"""What `./halfday check --changed` runs: the checks that the changed files can fail, on these files where one can."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from embedded.failures import Failure
from embedded.home import ROOT

BIOME = {".css", ".html", ".js", ".json", ".ts", ".tsx"}
SCHEMA = {"frontend/openapi.json", "frontend/src/api/schema.d.ts"}
# Rooms whose code the OpenAPI document and the migrations are made from.
DESCRIBED = (
    "platform/accounts/",
    "platform/config/",
    "platform/dataset/",
    "platform/jobs/",
    "curate/",
    "label/",
    "model/",
)


@dataclass(frozen=True)
class Changed:
    """Changed files by who checks them, as paths from the root of the repository."""

    python: list[str]
    front_end: list[str]
    schema: bool  # the generated documents themselves
    described: bool  # code that the document, or migrations, are made from


def changed(paths: list[Path]) -> Changed:
    """Sort the given files, or without any those that differ from the last commit; deleted ones are left out."""
    names = sorted(path.resolve().relative_to(ROOT).as_posix() for path in paths) if paths else from_git()
    there = [name for name in names if (ROOT / name).is_file()]
    python = [name for name in there if name.endswith(".py") or name == "halfday"]
    return Changed(
        python=python,
        front_end=[name for name in there if name.startswith("frontend/") and Path(name).suffix in BIOME],
        schema=bool(SCHEMA.intersection(names)),
        described=any(name.startswith(DESCRIBED) for name in python),
    )


def from_git() -> list[str]:
    """Files that differ from the last commit, new ones included."""
    listed = ["diff", "--name-only", "HEAD", "--"], ["ls-files", "--others", "--exclude-standard"]
    return sorted({name for arguments in listed for name in _git(arguments)})


def _git(arguments: list[str]) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failure(
            "Git cannot say what has changed.", log=done.stderr.splitlines(), advice="Name the files instead."
        )
    return done.stdout.splitlines()
