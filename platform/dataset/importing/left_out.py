"""Files that are of no use to an import are said, by kind: nothing is left out in silence."""

from collections import defaultdict
from collections.abc import Iterable

from dataset.importing.files import why_unread
from dataset.importing.types import ImportProblem, Problems

OF_SYSTEMS = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx"})  # left behind by machines, not by people
COMPANIONS = frozenset({"config.toml"})  # Scalabel's class list, which its JSON has too


def tell_of_left_out(names: Iterable[str], problems: Problems) -> None:
    """One entry for each kind of file, but each archive and table by its name: labels may be in it.

    A name that ends in / is a folder's, with all that is in it.
    """
    kinds: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if name.rsplit("/", 1)[-1] in COMPANIONS:
            continue
        if unread := why_unread(name.rsplit("/", 1)[-1]):
            problems.add(ImportProblem(name, unread[0], kind=unread[1]))
        elif not is_of_systems(name):
            kinds[what_it_is(name)].append(name)
    for what, some in sorted(kinds.items()):
        named = some[0] if len(some) == 1 else f"{len(some)} of them, {some[0]} among them"
        reason = f"{what}: left out ({named})"
        problems.add(ImportProblem(some[0], reason, kind="left_out", count=len(some)))


def is_of_systems(name: str) -> bool:
    parts = name.rstrip("/").lower().split("/")
    return not OF_SYSTEMS.isdisjoint(parts) or any(part.startswith("._") for part in parts)


def what_it_is(name: str) -> str:
    """Why files like this one are not read."""
    last = name.rstrip("/").rsplit("/", 1)[-1]
    if name.endswith("/"):
        return "a folder whose name begins with a dot is hidden"
    if any(part.startswith(".") for part in name.split("/")):
        return "a file whose name begins with a dot is hidden"
    stem, dot, ending = last.rpartition(".")
    if not (stem and dot and ending):
        return "a file without an ending tells no kind"
    return f"files that end in .{ending[:20].lower()} are not read"
