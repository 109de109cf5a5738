"""near: what looks like a given image or object. By embeddings; with `within`, by perceptual hash instead."""

from __future__ import annotations

from curate.query import tree
from curate.query.arguments import Arguments, CompileNode, refuse_classes, refuse_conditions
from curate.query.errors import QueryError
from curate.query.likeness import by_likeness
from curate.query.names import DatasetNames
from curate.query.sql import Sql

BITS = 64
PARAMETERS = ("image", "object", "top", "within")


def compile_near(call: tree.Call, arguments: Arguments, names: DatasetNames, node: CompileNode) -> Sql:
    """Images that look like the one named, itself among them, or have an object that looks like the one named."""
    refuse_classes(call, arguments)
    if (within := arguments.parameters.get("within")) is None:
        return by_likeness(call, arguments, names)
    refuse_conditions(call, arguments, PARAMETERS)
    for name in ("object", "top"):
        if (literal := arguments.parameters.get(name)) is not None:
            raise QueryError(f"within compares whole images bit by bit; {name} has no place beside it.", literal.at)
    if (literal := arguments.parameters.get("image")) is None:
        raise QueryError("near() needs image = …, an image's id or key.", call.at, ["image = …"])
    return by_hash(literal, _bits(within), names)


def by_hash(literal: tree.Literal, bits: int, names: DatasetNames) -> Sql:
    image = names.image(literal)
    if image.phash is None:
        raise QueryError(f"Image “{image.key}” has no perceptual hash; import its bytes again.", literal.at)
    # Signed hashes: both sides are the same 64 bits either way.
    return Sql("bit_count((dataset_image.phash # %s::bigint)::bit(64)) <= %s", (image.phash, bits), nullable=True)


def _bits(literal: tree.Literal) -> int:
    value = literal.value
    if isinstance(value, bool) or not isinstance(value, int) or literal.percent or not 0 <= value <= BITS:
        raise QueryError(f"within is a number of bits, 0 to {BITS}.", literal.at, ["a whole number"])
    return value
