"""What an image belongs to: in_slice, in_split, tag, used_in_training."""

from __future__ import annotations

from curate.query import tree
from curate.query.arguments import (
    Arguments,
    CompileNode,
    refuse_classes,
    refuse_conditions,
    the_one,
)
from curate.query.comparisons import holds_text
from curate.query.errors import QueryError, unknown_name
from curate.query.names import SPLIT, DatasetNames
from curate.query.rows import Rows
from curate.query.sql import FALSE, Sql, any_of
from dataset.importing.files import SPLITS


def compile_in_slice(call: tree.Call, arguments: Arguments, names: DatasetNames, node: CompileNode) -> Sql:
    literal = the_one(call, arguments, "slice, by id or by name", names.slices)
    mine = Sql("member.slice_id = %s", (names.slice_id(literal),))
    return Rows("dataset_sliceimage member", "member.image_id", (mine,)).counted(None, None)


def compile_tag(call: tree.Call, arguments: Arguments, names: DatasetNames, node: CompileNode) -> Sql:
    literal = the_one(call, arguments, "tag", names.tags)
    if (found := names.tags.get(str(literal.value))) is None:
        raise unknown_name("tag", str(literal.value), list(names.tags), literal.at)
    mine = Sql("tagged.tag_id = %s", (found,))
    return Rows("dataset_imagetag tagged", "tagged.image_id", (mine,)).counted(None, None)


def compile_in_split(call: tree.Call, arguments: Arguments, names: DatasetNames, node: CompileNode) -> Sql:
    """By the metadata key `split`, which imports keep; val, valid and validation are one split."""
    if not arguments.classes or arguments.conditions or arguments.star:
        raise QueryError("in_split() takes the names of splits.", call.at, list(names.splits))
    return any_of(_in_split(literal, names) for literal in arguments.classes)


def _in_split(literal: tree.Literal, names: DatasetNames) -> Sql:
    given = str(literal.value)
    meant = SPLITS.get(given.lower(), given)
    written = [split for split in names.splits if SPLITS.get(split.lower(), split) == meant]
    if not written:
        if not names.splits:
            raise QueryError(
                'No image of this dataset says which split it came from; in_slice("…") asks for a slice.', literal.at
            )
        raise unknown_name("split", given, list(names.splits), literal.at)
    return any_of(holds_text("dataset_image.metadata", SPLIT, split) for split in written)


def compile_used_in_training(call: tree.Call, arguments: Arguments, names: DatasetNames, node: CompileNode) -> Sql:
    """In the frozen training images of any run, of one run, or of all the trainings behind a checkpoint."""
    refuse_classes(call, arguments)
    refuse_conditions(call, arguments, ("run", "checkpoint"))
    manifests = names.training_manifests(arguments.parameters.get("run"), arguments.parameters.get("checkpoint"))
    if not manifests:
        return FALSE
    return Sql(
        "(dataset_image.id IN (SELECT unnest(manifest.image_ids) FROM dataset_manifest manifest "
        "WHERE manifest.id = ANY(%s)))",
        (manifests,),
    )
