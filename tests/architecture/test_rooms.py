"""Imports point down, and platform/ stays a folder (house rules 2 and 7)."""

import ast
import sys
from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTS = {"curate", "label", "model"}
# Each room, and the rooms it may import from.
BELOW: dict[str, set[str]] = {
    "science": set(),
    "children": set(),
    "embedded": {"children"},
    # ./halfday demo and replay check their options before they start a platform; the commands on files need none
    "commandline": {
        "embedded",
        "children",
        "client",
        "demo",
        "replay",
        "dataset",
        "jobs",
        "storage",
        "curate",
        "science",
    },
    "accounts": {"science"},
    "storage": {"science", "children", "accounts"},
    "jobs": {"science", "accounts", "storage"},
    "notices": {"accounts", "jobs"},
    "dataset": {"science", "accounts", "storage", "jobs"},
    "curate": {"science", "children", "accounts", "storage", "jobs", "dataset"},
    "label": {"science", "accounts", "storage", "jobs", "notices", "dataset"},
    "model": {"science", "children", "accounts", "storage", "jobs", "dataset"},
    "client": set(),
    "demo": {"client", "science"},
    "replay": {"client", "science"},
}
# Where the products may meet: each other's named services and reads, and a model that a foreign key names.
DOORS = {
    "curate": {
        "models", "duplicates.leaks", "evaluations.arrays", "evaluations.creation", "evaluations.evaluate.evaluate",
        "evaluations.thresholds",
        "autocurate.image_order", "autocurate.verdicts", "comparisons.over_seeds", "query.image_search",
    },
    "label": {"models", "services", "selectors"},
    "model": {"models", "services", "selectors"},
}  # fmt: skip
# Curate by noun: imports point from later in this list to earlier.
NOUNS = [
    "counts", "embeddings", "query", "duplicates", "analytics", "evaluations", "grid", "comparisons", "history", "map",
    "reports", "autocurate", "improve", "ledger",
]  # fmt: skip
NUMERIC = {"numpy", "numba", "scipy", "sklearn", "umap", "orjson"}
WITHOUT_DJANGO = [
    "platform/science", "platform/children", "curate/embeddings/encoder", "curate/reports/document", "model/engines",
    "model/serving", "demo", "replay",
]  # fmt: skip


def folder_of(room: str) -> Path:
    inside = ROOT / "platform" / room
    return inside if inside.is_dir() else ROOT / room


def sources(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)


@cache
def imported_modules(path: Path) -> tuple[str, ...]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(names)


def is_allowed(room: str, module: str) -> bool:
    target, _, rest = module.partition(".")
    if target not in BELOW or target == room or target in BELOW[room]:
        return True
    if room in PRODUCTS and target in PRODUCTS:
        return any(f"{rest}.".startswith(f"{door}.") for door in DOORS[target])
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


@pytest.mark.parametrize("noun", NOUNS)
def test_curate_imports_from_earlier_nouns_only(noun: str) -> None:
    later = set(NOUNS[NOUNS.index(noun) + 1 :])
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sources(ROOT / "curate" / noun)
        for module in imported_modules(path)
        if module.startswith("curate.") and module.split(".")[1] in later
    ]
    assert wrong == []


def test_every_folder_of_curate_has_its_place_among_the_nouns() -> None:
    folders = {path.parent.name for path in (ROOT / "curate").glob("*/__init__.py")}
    assert folders - {"migrations"} == set(NOUNS)


def test_no_two_files_import_each_other() -> None:
    """Neither straight nor around a circle; an import inside a function or for types alone counts too."""
    modules = {module_of(path): path for room in BELOW for path in sources(folder_of(room))}
    arrows = {name: {found for found in map(within(modules), imported_modules(path)) if found} - {name}
              for name, path in modules.items()}  # fmt: skip
    assert circles(arrows) == []


def module_of(path: Path) -> str:
    inside = path.relative_to(ROOT).with_suffix("").parts
    parts = inside[1:] if inside[0] == "platform" else inside
    return ".".join(parts).removesuffix(".__init__")


def within(modules: Collection[str]) -> Callable[[str], str]:
    """The module of ours that an imported name is in, or is."""

    def find(imported: str) -> str:
        while imported and imported not in modules:
            imported = imported.rpartition(".")[0]
        return imported

    return find


def circles(arrows: dict[str, set[str]]) -> list[str]:
    """The modules left when those that import nothing left are taken away again and again."""
    left = dict(arrows)
    while ends := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in ends:
            del left[name]
    imported = set().union(*left.values()) if left else set()
    return sorted(name for name in left if name in imported)


def test_science_imports_numbers_only() -> None:
    allowed = NUMERIC | set(sys.stdlib_module_names) | {"science"}
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sources(ROOT / "platform" / "science")
        for module in imported_modules(path)
        if module.split(".")[0] not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", WITHOUT_DJANGO)
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
        for folder in ("platform", "curate", "label", "model", "demo", "replay", "client", "tests")
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
