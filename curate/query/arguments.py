"""What stands between the brackets of a call: classes or names, `parameter = value` pairs, conditions on rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from curate.query import tree
from curate.query.columns import Scope
from curate.query.errors import QueryError
from curate.query.names import DatasetNames
from curate.query.sql import Sql

CompileNode = Callable[[tree.Node, Scope], Sql]


@dataclass
class Arguments:
    """A call's arguments, sorted: class names (or *), `parameter = value` pairs, and conditions on the rows."""

    classes: list[tree.Literal] = field(default_factory=list)
    star: tree.Star | None = None
    parameters: dict[str, tree.Literal] = field(default_factory=dict)
    conditions: list[tree.Node] = field(default_factory=list)


Compile = Callable[[tree.Call, Arguments, DatasetNames, CompileNode], Sql]


def sort_arguments(call: tree.Call, parameters: Iterable[str]) -> Arguments:
    """Sort a call's arguments. Raises QueryError where * stands beside names or a parameter stands twice."""
    sorted_ = Arguments()
    for argument in call.arguments:
        match argument:
            case tree.Star():
                sorted_.star = argument
            case tree.Literal():
                sorted_.classes.append(argument)
            case tree.Compare(field=named, op="=", literal=literal) if str(named).lower() in parameters:
                if str(named).lower() in sorted_.parameters:
                    raise QueryError(f"{named} is given twice.", named.at)
                sorted_.parameters[str(named).lower()] = literal
            case _:
                sorted_.conditions.append(argument)
    if sorted_.star and sorted_.classes:
        raise QueryError("* means every class; leave it out beside names.", sorted_.star.at)
    return sorted_


def class_filter(column: str, arguments: Arguments, names: DatasetNames) -> list[Sql]:
    """That a row is of one of the classes named; nothing where any class will do."""
    ids = [names.class_id(literal) for literal in arguments.classes]
    if not ids:
        return []
    return [Sql(f"{column} = %s", (ids[0],)) if len(ids) == 1 else Sql(f"{column} = ANY(%s)", (ids,))]


def need_class(call: tree.Call, arguments: Arguments) -> None:
    if not arguments.classes and arguments.star is None:
        raise QueryError(f"{call.name}() needs a class or *.", call.at, ["a class", "*"])


def refuse_classes(call: tree.Call, arguments: Arguments) -> None:
    if arguments.classes or arguments.star:
        at = arguments.classes[0].at if arguments.classes else call.at
        raise QueryError(f"{call.name}() takes no class.", at)


def refuse_conditions(call: tree.Call, arguments: Arguments, known: Iterable[str]) -> None:
    """Of a function that asks about the image, not about rows of it."""
    if arguments.conditions:
        names = list(known)
        takes = f"only {', '.join(f'{name} = …' for name in names)}" if names else "no condition"
        raise QueryError(f"{call.name}() takes {takes}.", call.at, [f"{name} = …" for name in names])


def the_one(call: tree.Call, arguments: Arguments, what: str, known: Iterable[str]) -> tree.Literal:
    """The one name or id that the call is given. Raises QueryError where it is given anything else."""
    if len(arguments.classes) != 1 or arguments.conditions or arguments.star:
        raise QueryError(f"{call.name}() takes one {what}.", call.at, [f'"{name}"' for name in list(known)[:12]])
    return arguments.classes[0]
