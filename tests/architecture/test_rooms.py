"""Imports point down, and platform/ stays a folder (house rules 2 and 7)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTS = {"curate", "label", "model"}
# Each room, and the rooms it may import from.
BELOW: dict[str, set[str]] = {
    "geometry": set(),
    "children": set(),
    "embedded": {"children"},
    # ./halfday demo checks the demo's options before it starts a platform; the commands on files need no platform
    "commandline": {"embedded", "demo", "dataset", "jobs", "storage", "curate"},
    "accounts": {"geometry"},
    "storage": {"geometry", "accounts"},
    "jobs": {"geometry", "accounts", "storage"},
    "dataset": {"geometry", "accounts", "storage", "jobs"},
    "curate": {"children", "geometry", "accounts", "storage", "jobs", "dataset"},
    "label": {"geometry", "accounts", "storage", "jobs", "dataset"},
    "model": {"children", "geometry", "accounts", "storage", "jobs", "dataset"},
    "client": set(),
    "demo": {"client", "geometry"},
}
# Where the products may meet: each other's services and selectors, and a model named by a foreign key.
DOORS = ("services", "selectors", "models")
PURE = [
    "platform/children", "platform/geometry", "curate/diagnosis", "curate/autocurate", "curate/analytics",
    "curate/embeddings", "curate/reports", "model/engines", "demo",
]  # fmt: skip


def folder_of(room: str) -> Path:
    inside = ROOT / "platform" / room
    return inside if inside.is_dir() else ROOT / room


def sources(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_allowed(room: str, module: str) -> bool:
    target, _, rest = module.partition(".")
    if target not in BELOW or target == room or target in BELOW[room]:
        return True
    if room in PRODUCTS and target in PRODUCTS:
        return rest.split(".")[0] in DOORS
    return False


@pytest.mark.parametrize("room", sorted(BELOW))
def test_imports_point_down(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sources(folder_of(room))
        for module in imported_modules(path)
        if not is_allowed(room, module)
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", PURE)
def test_science_and_engines_run_without_django(folder: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sources(ROOT / folder)
        for module in imported_modules(path)
        if module.split(".")[0] in {"django", "rest_framework", "celery"}
    ]
    assert wrong == []


def test_ultralytics_is_imported_in_the_engines_folder_only() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for folder in ("platform", "curate", "label", "model", "demo", "client", "tests")
        for path in sources(ROOT / folder)
        if not path.is_relative_to(ROOT / "model" / "engines") and not path.is_relative_to(ROOT / "tests/model/engines")
        for module in imported_modules(path)
        if module.split(".")[0] == "ultralytics"
    ]
    assert wrong == []


def test_platform_is_a_folder_and_not_a_package() -> None:
    """An __init__.py there would hide the standard library's `platform` from Celery, pytest and torch."""
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not (ROOT / "tests" / "platform").exists()


@pytest.mark.parametrize("name", ["datasets", "models", "utils", "data"])
def test_no_room_takes_a_name_that_others_look_for(name: str) -> None:
    assert not (ROOT / "platform" / name).exists()
    assert not (ROOT / name).exists()
