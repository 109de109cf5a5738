"""What a query line says, as a tree of frozen values. No names are looked up yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from curate.query.errors import Position


@dataclass(frozen=True)
class Literal:
    """A text, number or truth value. `bare` marks a text written without quotes, `percent` a number of hundredths."""

    value: str | int | float | bool
    at: Position
    bare: bool = False
    percent: bool = False


@dataclass(frozen=True)
class FieldPath:
    """A field's name, or the path of a metadata key: `metadata.gps.lat` → ("metadata", "gps", "lat")."""

    path: tuple[str, ...]
    at: Position

    def __str__(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True)
class Compare:
    """`field op literal`; op is one of = != < <= > >=."""

    field: FieldPath
    op: str
    literal: Literal


@dataclass(frozen=True)
class Within:
    """`field in (a, b, …)`."""

    field: FieldPath
    literals: tuple[Literal, ...]


@dataclass(frozen=True)
class Like:
    """`field like "pattern"`, with SQL's wildcards % and _; what stands for itself has a backslash before it."""

    field: FieldPath
    pattern: Literal


@dataclass(frozen=True)
class IsNull:
    """`field is null`: nothing is known."""

    field: FieldPath


@dataclass(frozen=True)
class Star:
    """`*` as an argument: any class."""

    at: Position


@dataclass(frozen=True)
class Call:
    """`name(argument, …)`, where `op` and `number` are given also `… op number`."""

    name: str
    at: Position
    arguments: tuple[Argument, ...] = ()
    op: str | None = None
    number: Literal | None = None


@dataclass(frozen=True)
class Not:
    """True where its inside is not."""

    inside: Node
    depth: int = 1


@dataclass(frozen=True)
class And:
    """All of these."""

    parts: tuple[Node, ...]
    depth: int = 1


@dataclass(frozen=True)
class Or:
    """Any of these."""

    parts: tuple[Node, ...]
    depth: int = field(default=1)


@dataclass(frozen=True)
class Term:
    """One field to order by."""

    field: FieldPath
    descending: bool = False


@dataclass(frozen=True)
class QueryLine:
    """A whole query line: which images (None: every one), and in what order (empty: none is asked for)."""

    where: Node | None = None
    order: tuple[Term, ...] = ()


Node = Compare | Within | Like | IsNull | Call | Not | And | Or
Argument = Node | Literal | Star


def depth_of(node: object) -> int:
    """How deeply conditions are nested below this node; a leaf has 0."""
    if isinstance(node, Call):
        return 1 + max((depth_of(argument) for argument in node.arguments), default=0)
    return getattr(node, "depth", 0)
