"""`./halfday query DATASET 'line'`: the images that a query line finds, from the shell.

export HALFDAY_URL=http://localhost:8000 HALFDAY_TOKEN=…
./halfday query 3 'timeofday = "night" and count(rider) >= 1 order by captured_at'
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from itertools import islice

from client.errors import HalfdayError, NotFound
from client.halfday import Halfday

DATASET_HELP = "its name, or its id: 12, or id:12 where another dataset is named 12"


def main(arguments: list[str]) -> int:
    """Print what is asked for; 1 where the platform refuses, with its sentence on standard error."""
    asked = options().parse_args(arguments)
    try:
        with Halfday.from_environment() as halfday:
            show(halfday, asked)
            sys.stdout.flush()
    except HalfdayError as error:
        print(refusal(error, asked.line), file=sys.stderr)
        return 1
    except BrokenPipeError:  # `| head` has read enough; nothing is left to be flushed to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./halfday query",
        description="The images of a dataset that a query line finds (docs/query.md): their keys, one a line.",
        epilog="HALFDAY_URL and HALFDAY_TOKEN say where the platform is, and who asks.",
    )
    parser.add_argument("dataset", help=DATASET_HELP)
    parser.add_argument("line", nargs="?", default="", help="the query line; every image where it is left out")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--count", action="store_true", help="only how many there are")
    what.add_argument("--ids", action="store_true", help="ids instead of keys")
    what.add_argument("--json", action="store_true", help="a JSON object for each image, with its boxes, one a line")
    parser.add_argument("--slice", type=int, metavar="ID", help="only images of this slice")
    parser.add_argument("--limit", type=int, metavar="N", help="the first N only")
    return parser


def show(halfday: Halfday, asked: argparse.Namespace) -> None:
    dataset = dataset_id(halfday, asked.dataset)
    if asked.count:
        print(halfday.datasets.count(dataset, q=asked.line, slice=asked.slice))
        return
    if asked.ids:
        for image_id in islice(halfday.datasets.image_ids(dataset, q=asked.line, slice=asked.slice), asked.limit):
            print(image_id)
        return
    rows = halfday.datasets.images(dataset, q=asked.line, slice=asked.slice, boxes=asked.json, limit=page(asked.limit))
    for row in islice(rows, asked.limit):
        print(json.dumps(row, ensure_ascii=False) if asked.json else row["key"])


def page(limit: int | None) -> int | None:
    """No more images at a time than are wanted."""
    return None if limit is None else max(1, min(limit, 500))


def dataset_id(halfday: Halfday, given: str) -> int:
    """The dataset of that name, else of that id: 12, or id:12 which is no dataset's name first.

    Raises NotFound where there is none, or where several have the name.
    """
    number = given.removeprefix("id:")
    is_number = number.isascii() and number.isdecimal()
    if is_number and number != given:
        return _numbered(halfday, int(number))
    found = named(halfday, given)
    if len(found) == 1:
        return found[0]
    if is_number and not found:
        return _numbered(halfday, int(number))
    ids = ", ".join(f"id:{one}" for one in found)
    what = f"{len(found)} datasets are named “{given}”: say {ids}" if found else f"There is no dataset “{given}”"
    raise NotFound(f"{what}.")


def named(halfday: Halfday, name: str) -> list[int]:
    """The ids of the datasets of that name."""
    return sorted(row["id"] for row in halfday.datasets.list() if row["name"] == name)


def _numbered(halfday: Halfday, dataset: int) -> int:
    """The id, once it is known that there is such a dataset."""
    try:
        halfday.datasets.get(dataset)
    except NotFound:
        raise NotFound(f"There is no dataset {dataset} here, or it is not yours.") from None
    return dataset


def refusal(error: HalfdayError, line: str) -> str:
    """The platform's sentence; of a line that cannot be read also the line, with a mark where."""
    if not isinstance(column := error.problem.get("column"), int):
        return str(error)
    written = line.split("\n")[error.problem.get("line", 1) - 1 :][:1]
    return "\n".join([str(error), *(f"  {text}\n  {' ' * (column - 1)}^" for text in written)])
