"""near: images that look like a given one. By perceptual hash: so many of its 64 bits may differ."""

from __future__ import annotations

from curate.autocurate.split import NEAR_DUPLICATE_BITS
from curate.query import tree
from curate.query.arguments import Arguments, CompileNode, refuse_classes, refuse_conditions
from curate.query.errors import QueryError
from curate.query.names import Names
from curate.query.sql import Sql

BITS = 64
PARAMETERS = ("image", "object", "within")


def compile_near(call: tree.Call, arguments: Arguments, names: Names, node: CompileNode) -> Sql:
    """Images no further from the given one than `within`; the image itself is among them."""
    refuse_classes(call, arguments)
    refuse_conditions(call, arguments, PARAMETERS)
    if (literal := arguments.parameters.get("object")) is not None:
        raise QueryError(
            "near(object = …) compares crops of objects, which this dataset has no embeddings for; "
            "near(image = …) compares whole images.",
            literal.at,
            ["image = …"],
        )
    if (literal := arguments.parameters.get("image")) is None:
        raise QueryError("near() needs image = …, an image's id or key.", call.at, ["image = …"])
    return by_hash(literal, _bits(arguments.parameters.get("within")), names)


def by_hash(literal: tree.Literal, bits: int, names: Names) -> Sql:
    image = names.image(literal)
    if image.phash is None:
        raise QueryError(f"Image “{image.key}” has no perceptual hash; import its bytes again.", literal.at)
    # Signed hashes: both sides are the same 64 bits either way.
    return Sql("bit_count((dataset_image.phash # %s::bigint)::bit(64)) <= %s", (image.phash, bits), nullable=True)


def _bits(literal: tree.Literal | None) -> int:
    if literal is None:
        return NEAR_DUPLICATE_BITS
    value = literal.value
    if isinstance(value, bool) or not isinstance(value, int) or literal.percent or not 0 <= value <= BITS:
        raise QueryError(f"within is a number of bits, 0 to {BITS}.", literal.at, ["a whole number"])
    return value
