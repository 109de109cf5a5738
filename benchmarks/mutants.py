"""Every mutant of a Python file that mutmut's operators make, and a seeded sample of them; see mutation.py.

mutmut's own runner mutates what stands in functions only; here constants and class bodies are mutated too. Left out is
what no test should notice: annotations and type aliases, docstrings, decorators, imports, `__all__`, the sentences of
exceptions, and strings with a space in them, which are sentences for people.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).resolve().parents[1]
# Area of the sample -> its share of the mutants, and its files.
AREAS: dict[str, tuple[float, list[str]]] = {
    "science": (0.60, ["platform/science/**/*.py"]),
    "merge": (0.15, ["label/merge.py", "label/services/merging.py", "label/boxes.py"]),
    "revisions": (0.13, [f"platform/dataset/services/{name}.py" for name in ("revisions", "change_plans", "rows")]),
    "permissions": (
        0.12,
        [
            *(f"platform/accounts/{name}.py" for name in ("access", "authentication", "endpoints")),
            *(f"platform/accounts/{name}.py" for name in ("selectors", "services")),
            "label/states.py",
        ],
    ),
}
TYPE_MAKERS = {"TypeVar", "NewType", "ParamSpec"}


@dataclass(frozen=True)
class Mutant:
    """One change of one file. `function` is the outermost function that it is in, empty outside of functions."""

    area: str
    path: str  # from the repository's root
    line: int
    operator: str  # mutmut's name of the kind of change
    function: str
    lines: tuple[int, int]  # first and last of that function, or of the mutated node
    in_signature: bool  # a default value, which is computed when the module is imported
    before: str
    after: str
    source: str  # of the whole file

    @property
    def name(self) -> str:
        return f"{self.path}:{self.line} {self.before} -> {self.after}"


@dataclass(frozen=True)
class _Place:
    node: cst.CSTNode
    changed: cst.CSTNode
    line: int
    operator: str
    function: str
    lines: tuple[int, int]
    in_signature: bool


class _Places(cst.CSTVisitor):
    """Finds the places of one file, with what each may be changed to."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Place] = []
        self._scope: list[cst.FunctionDef | cst.ClassDef] = []
        self._signature = 0
        self._left_alone: set[cst.CSTNode] = set()  # itself, not its children
        self._left_out: set[cst.CSTNode] = set()  # with its children

    def on_visit(self, node: cst.CSTNode) -> bool:
        if node in self._left_out or self._is_left_out(node):
            return False
        self._note(node)
        if node not in self._left_alone:
            self._add(node)
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._scope.append(node)
        self._signature += isinstance(node, cst.Parameters)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self._scope and original_node is self._scope[-1]:
            self._scope.pop()
        self._signature -= isinstance(original_node, cst.Parameters)

    def _add(self, node: cst.CSTNode) -> None:
        functions = [scope for scope in self._scope if isinstance(scope, cst.FunctionDef)]
        outermost = functions[0].name.value if functions else ""
        lines = self._lines(functions[0] if functions else node)
        line = self._lines(node)[0]
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                name = operator.__name__.removeprefix("operator_")
                for changed in operator(node):
                    self.found.append(_Place(node, changed, line, name, outermost, lines, self._signature > 0))

    def _lines(self, node: cst.CSTNode) -> tuple[int, int]:
        place: Any = self.get_metadata(PositionProvider, node)
        return place.start.line, place.end.line

    def _note(self, node: cst.CSTNode) -> None:
        """Remember which parts of a node are to be left alone."""
        if isinstance(node, cst.Raise) and isinstance(node.exc, cst.Call):
            self._left_alone.add(node.exc)
            self._left_out.update(arg for arg in node.exc.args if isinstance(arg.value, cst.BaseString))
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
            if node.func.value in {"len", "isinstance", "cast"}:
                self._left_alone.add(node)
            if node.func.value == "cast":
                self._left_out.add(node.args[0])

    def _is_left_out(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom):
            return True
        if isinstance(node, cst.Expr):
            return isinstance(node.value, cst.BaseString)
        if isinstance(node, cst.If):
            return isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"
        if isinstance(node, cst.SimpleString):
            return " " in node.value
        return isinstance(node, cst.Assign) and not self._scope and _is_for_types(node)


def _is_for_types(node: cst.Assign) -> bool:
    """Whether an assignment of a module names a type, or what the module exports."""
    target, value = node.targets[0].target, node.value
    if isinstance(target, cst.Name) and target.value == "__all__":
        return True
    if isinstance(value, cst.Call):
        return isinstance(value.func, cst.Name) and value.func.value in TYPE_MAKERS
    is_union = isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.BitOr)
    return isinstance(value, cst.Subscript) or is_union


def _text(node: cst.CSTNode) -> str:
    return " ".join(cst.Module([]).code_for_node(node).split())


def _places(path: Path) -> tuple[cst.Module, list[_Place]]:
    wrapper = MetadataWrapper(cst.parse_module(path.read_text()))
    visitor = _Places()
    wrapper.visit(visitor)
    return wrapper.module, visitor.found


def _drawn(area: str, path: Path, count: int, seed: int) -> Iterator[Mutant]:
    """As many different mutants of a file as asked for, or as there are."""
    module, places = _places(path)
    relative = str(path.relative_to(ROOT))
    seen = {ast.dump(ast.parse(module.code))}
    random.Random(f"{seed} {relative}").shuffle(places)
    for place in places:
        if count == 0:
            return
        changed = module.deep_replace(place.node, place.changed)
        assert isinstance(changed, cst.Module)
        tree = ast.dump(ast.parse(changed.code))
        if tree in seen:
            continue
        seen.add(tree)
        count -= 1
        yield Mutant(
            area,
            relative,
            place.line,
            place.operator,
            place.function,
            place.lines,
            place.in_signature,
            before=_text(place.node),
            after=_text(place.changed),
            source=changed.code,
        )


def _shares(sizes: dict[Path, int], count: int) -> dict[Path, int]:
    """`count` divided among files by their number of mutants, by largest remainder."""
    total = sum(sizes.values())
    exact = {path: count * size / total for path, size in sizes.items()}
    shares = {path: int(value) for path, value in exact.items()}
    by_remainder = sorted(exact, key=lambda path: shares[path] - exact[path])
    for path in by_remainder[: count - sum(shares.values())]:
        shares[path] += 1
    return shares


def files_of(patterns: Iterable[str]) -> list[Path]:
    return sorted({path for pattern in patterns for path in ROOT.glob(pattern)})


def all_files() -> list[str]:
    """Every file that is mutated, from the repository's root."""
    return [str(path.relative_to(ROOT)) for _, patterns in AREAS.values() for path in files_of(patterns)]


def draw(count: int, seed: int) -> tuple[list[Mutant], dict[str, int]]:
    """A sample stratified by file, the same for the same seed and code; and how many mutants each area has."""
    mutants: list[Mutant] = []
    totals: dict[str, int] = {}
    for area, (share, patterns) in AREAS.items():
        sizes = {path: len(_places(path)[1]) for path in files_of(patterns)}
        totals[area] = sum(sizes.values())
        for path, number in _shares(sizes, round(count * share)).items():
            mutants += _drawn(area, path, number, seed)
    return mutants, totals


def as_json(mutants: list[Mutant]) -> list[dict[str, Any]]:
    return [asdict(mutant) for mutant in mutants]
