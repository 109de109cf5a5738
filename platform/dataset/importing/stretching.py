"""What is said of deep pictures: which range of values became 0 to 255, the same for all of an import and a dataset."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dataset.importing.types import ImportNote, Problems
from storage.conversion import told
from storage.deep import Found, Range, Ranges

if TYPE_CHECKING:
    from dataset.importing.intake import Taken


def tell_of_stretching(taken: Sequence["Taken"], ranges: Ranges, problems: Problems) -> None:
    """A note for each kind of sample, and the ranges for whoever imports more."""
    by_kind: dict[str, list[Found]] = defaultdict(list)
    for one in taken:
        if one.found and one.found.kind in ranges:
            by_kind[one.found.kind].append(one.found)
    for kind, found in by_kind.items():
        problems.stretched[kind] = ranges[kind]
        problems.notes.append(note_of(found, ranges[kind]))


def note_of(found: Sequence[Found], span: Range) -> ImportNote:
    """The range, and whether values lie outside it: then the dataset's earlier pictures decided it."""
    low, high = min(one.low for one in found), max(one.high for one in found)
    samples = f"{found[0].kind.lstrip('uintfloa')}-bit {'numbers' if 'float' in found[0].kind else 'values'}"
    text = f"{len(found)} pictures of {samples}: {told(span[0])} … {told(span[1])} was stretched to 0 … 255"
    values = {"low": told(span[0]), "high": told(span[1]), "lowest": told(low), "highest": told(high)}
    if span[0] <= low and high <= span[1]:
        return ImportNote("stretched", len(found), text, values)
    text += f", as in the dataset's earlier pictures; values from {told(low)} to {told(high)} were cut to that"
    return ImportNote("stretched_and_cut", len(found), text, values)
