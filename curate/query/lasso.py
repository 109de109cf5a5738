"""in_lasso(): images inside a line that was drawn on the embedding map. The line's corners say it all, so a link,
a slice's origin and the grid mean the same images as the map did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from curate.embeddings.reads import newest_map, points_of
from curate.query import tree
from curate.query.arguments import Arguments, CompileNode
from curate.query.errors import QueryError
from curate.query.names import DatasetNames
from curate.query.sql import Sql
from science.geometry.lasso import inside_lasso

if TYPE_CHECKING:
    from curate.models import EmbeddingMap

CORNER = re.compile(r"([0-9]{1,6}),([0-9]{1,6})")
EXPECTED = ['"100,100 40000,100 40000,50000"']


def compile_lasso(call: tree.Call, arguments: Arguments, names: DatasetNames, node: CompileNode) -> Sql:
    if len(arguments.classes) != 1 or arguments.conditions or arguments.star:
        raise QueryError("in_lasso() takes the corners of a line on the map, as x,y x,y x,y.", call.at, EXPECTED)
    corners = _corners(arguments.classes[0])
    found = points_of(_map(call, arguments.parameters.get("map"), names))
    ids = found.image_ids[inside_lasso(found.points, corners)]
    return Sql("(dataset_image.id = ANY(%s))", (ids.tolist(),))


def _corners(literal: tree.Literal) -> NDArray[np.int64]:
    pairs = [CORNER.fullmatch(pair) for pair in str(literal.value).split()]
    if len(pairs) < 3 or None in pairs:
        raise QueryError("A line on the map is three corners or more, as x,y x,y x,y.", literal.at, EXPECTED)
    return np.array([[int(part) for part in pair.groups()] for pair in pairs if pair], np.int64)


def _map(call: tree.Call, literal: tree.Literal | None, names: DatasetNames) -> EmbeddingMap:
    """The map that was drawn on; the newest where none is named."""
    if literal is None:
        found, at = newest_map(names.dataset), call.at
    else:
        number = literal.value if isinstance(literal.value, int) and 0 < literal.value < 2**63 else 0
        found, at = names.dataset.embedding_maps.filter(pk=number).first(), literal.at
    if found is None:
        raise QueryError("There is no such embedding map in this dataset. Draw one under Curate, Map.", at)
    return found
