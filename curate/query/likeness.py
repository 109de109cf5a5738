"""Images by likeness of their embeddings, or of the embeddings of the objects on them: near() without `within`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curate.embeddings.encoder import ENCODER
from curate.models import Embedding
from curate.query import tree
from curate.query.arguments import Arguments
from curate.query.columns import FieldKind
from curate.query.errors import Position, QueryError
from curate.query.names import DatasetNames
from curate.query.ordering import Order, SortKey
from curate.query.parser import parse_line
from curate.query.sql import Sql, all_of
from dataset.models import Annotation, Revision

TOP = 50  # images or objects, where nothing is said
MOST = 100_000


def _whole(literal: tree.Literal, most: int = 2**63 - 1) -> int:
    value = literal.value
    if isinstance(value, bool) or not isinstance(value, int) or literal.percent or not 1 <= value <= most:
        raise QueryError(f"A whole number from 1 was expected here, not “{value}”.", literal.at, ["a whole number"])
    return value


def _anchor(call: tree.Call, parameters: Mapping[str, tree.Literal], names: DatasetNames) -> tuple[int, bool]:
    """The embedding that others are compared with, and whether it is an object's. Raises QueryError without one."""
    given = [name for name in ("image", "object") if name in parameters]
    if len(given) != 1:
        raise QueryError("near() needs image = … or object = …", call.at, ["image = …", "object = …"])
    literal = parameters[given[0]]
    found = Embedding.objects.filter(dataset=names.dataset, encoder=ENCODER)
    if given[0] == "image":
        found = found.filter(image=names.image(literal), annotation_id=None)
    else:
        found = found.filter(annotation_id=_current(literal, names))
    if (anchor := found.values_list("pk", flat=True).first()) is None:
        hint = "; within = 6 compares perceptual hashes instead" if given[0] == "image" else ""
        missing = f"{given[0].capitalize()} “{literal.value}” has no embedding yet."
        raise QueryError(f"{missing} Compute them under Curate, Map{hint}.", literal.at)
    return anchor, given[0] == "object"


def _current(literal: tree.Literal, names: DatasetNames) -> int:
    """The row of an object as it is labelled now; looked for in one revision after the other, as the index has it."""
    revisions = Revision.objects.filter(dataset=names.dataset).values("number")
    mine = Annotation.objects.filter(dataset=names.dataset, born__in=revisions, object_id=_whole(literal), died=None)
    if (found := mine.values_list("pk", flat=True).first()) is None:
        raise QueryError(f"There is no object {literal.value} in this dataset.", literal.at)
    return found


VECTOR = "(near.vector <=> (SELECT anchor.vector FROM curate_embedding anchor WHERE anchor.id = %s))"


def _farthest(conditions: Sequence[tree.Node], at: Position) -> tuple[str, float] | None:
    """`distance <= x` as an operator and x; None where it is not said."""
    found = None
    for condition in conditions:
        match condition:
            case tree.Compare(field=field, op=("<" | "<=") as op, literal=literal) if str(field).lower() == "distance":
                if isinstance(literal.value, bool) or not isinstance(literal.value, int | float) or literal.percent:
                    raise QueryError(f"A number was expected here, not “{literal.value}”.", literal.at, ["a number"])
                found = op, float(literal.value)
            case _:
                raise QueryError("near() knows top = number and distance <= number.", at, ["top = …", "distance <= …"])
    return found


def _rows(of_objects: bool, names: DatasetNames) -> list[Sql]:
    """The embeddings of the same kind in the same dataset."""
    mine = [Sql("near.dataset_id = %s", (names.dataset.pk,)), Sql("near.encoder = %s", (ENCODER,))]
    return [*mine, Sql(f"near.annotation_id IS {'NOT ' if of_objects else ''}NULL")]


# A box that was changed since its embedding was computed is found no more.
CURRENT = "EXISTS (SELECT 1 FROM dataset_annotation label WHERE label.id = few.annotation_id AND label.died IS NULL)"


def by_likeness(call: tree.Call, arguments: Arguments, names: DatasetNames) -> Sql:
    """The images nearest to the one named, itself the first, or those with the objects nearest to the one named."""
    farthest = _farthest(arguments.conditions, call.at)
    given = arguments.parameters.get("top")
    top = _whole(given, MOST) if given is not None else None if farthest else TOP
    anchor, of_objects = _anchor(call, arguments.parameters, names)
    rows = _rows(of_objects, names)
    if farthest is not None:
        rows.append(Sql(f"{VECTOR} {farthest[0]} %s", (anchor, farthest[1])))
    where = all_of(rows)
    chosen = f"SELECT near.image_id, near.annotation_id FROM curate_embedding near WHERE {where.text}"
    params = where.params
    if top is not None:
        chosen += f" ORDER BY {VECTOR}, near.id LIMIT %s"
        params = (*params, anchor, top)
    only = f" WHERE {CURRENT}" if of_objects else ""
    return Sql(f"(dataset_image.id IN (SELECT few.image_id FROM ({chosen}) few{only}))", params)


def nearest_first(text: str, names: DatasetNames) -> Order:
    """Images by their distance from what the line's first near() names; empty where the line has none."""
    line = parse_line(text)
    call = _first(line.where) if line.where else None
    if call is None:
        return ()
    given = {str(one.field).lower(): one.literal for one in call.arguments if isinstance(one, tree.Compare)}
    anchor, of_objects = _anchor(call, given, names)
    where = all_of([Sql("near.image_id = dataset_image.id"), *_rows(of_objects, names)])
    distance = Sql(f"(SELECT min{VECTOR} FROM curate_embedding near WHERE {where.text})", (anchor, *where.params))
    return (SortKey(distance, FieldKind.NUMBER, descending=False, nullable=True),)


def _first(node: object) -> tree.Call | None:
    """The first near() that compares embeddings and is not negated."""
    match node:
        case tree.Call(name="near", arguments=arguments) if not any(_says_within(one) for one in arguments):
            return node
        case tree.And(parts=parts) | tree.Or(parts=parts):
            return next((found for part in parts if (found := _first(part))), None)
    return None


def _says_within(argument: tree.Argument) -> bool:
    return isinstance(argument, tree.Compare) and str(argument.field).lower() == "within"
