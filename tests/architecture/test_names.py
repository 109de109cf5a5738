"""A name stands for one thing, so that a search for it finds that thing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["platform", "curate", "label", "model", "demo", "replay", "benchmarks"]
# Django finds its management commands and migrations by these names. client/ is not looked at: a program that has
# the client installed has nothing else of ours, and calls the nouns (Dataset, Run, JobFailed) as the API does.
GIVEN_BY_DJANGO = {"commands": "Command", "migrations": "Migration"}
# Words of every second docstring: nobody finds a function by one, nor sees from it whether rows, SQL or JSON come back.
SAYS_NOTHING = {
    "on", "over", "of", "at", "in", "by", "with", "to", "from", "into", "both", "two", "some", "every", "within",
    "inside", "around", "asked", "called", "counted", "described", "drawn", "found", "given", "held", "judged", "kept",
    "known", "made", "matching", "named", "seen", "shown", "taken", "told", "wanted", "written",
}  # fmt: skip


def sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def own_classes(path: Path) -> Iterator[str]:
    given = GIVEN_BY_DJANGO.get(path.parent.name)
    tree = ast.parse(path.read_text())
    return (node.name for node in tree.body if isinstance(node, ast.ClassDef) and node.name != given)


def test_no_two_classes_share_a_name() -> None:
    files = defaultdict(list)
    for path in sources():
        for name in own_classes(path):
            files[name].append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in files.items() if len(paths) > 1} == {}


def test_a_function_says_what_it_gives() -> None:
    """A method may be called of() or on(): it is read beside the class or the value that it belongs to."""
    bare = [
        f"{path.relative_to(ROOT)}: {node.name}()"
        for path in sources()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name in SAYS_NOTHING
    ]
    assert bare == []
