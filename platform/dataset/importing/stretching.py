"""What is said of deep pictures: which range of values became 0 to 255, the same for all of an import and a dataset."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from dataset.importing.types import ImportNote, Problems
from storage.conversion import number_text
from storage.deep import Found, Range, Ranges


def tell_of_stretching(found: Iterable[Found], ranges: Ranges, problems: Problems) -> None:
    """A note for each kind of sample that was stretched, and the ranges for whoever imports more."""
    by_kind: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        by_kind[one.kind].append(one)
    for kind in by_kind.keys() & ranges.keys():
        problems.stretched[kind] = ranges[kind]
        problems.notes.append(note_of(by_kind[kind], ranges[kind]))


def note_of(found: Sequence[Found], span: Range) -> ImportNote:
    """The range, and whether values lie outside it: then the dataset's earlier pictures decided it."""
    low, high = min(one.low for one in found), max(one.high for one in found)
    samples = f"{found[0].kind.lstrip('uintfloa')}-bit {'numbers' if 'float' in found[0].kind else 'values'}"
    text = (
        f"{len(found)} pictures of {samples}: {number_text(span[0])} … {number_text(span[1])} was stretched to 0 … 255"
    )
    values = {
        "low": number_text(span[0]),
        "high": number_text(span[1]),
        "lowest": number_text(low),
        "highest": number_text(high),
    }
    if span[0] <= low and high <= span[1]:
        return ImportNote("stretched", len(found), text, values)
    beyond = f"values from {values['lowest']} to {values['highest']} were cut to that"
    text += f", as in the dataset's earlier pictures; {beyond}"
    return ImportNote("stretched_and_cut", len(found), text, values)
