"""Images that came in more than once, or that could not stay where they are."""

from collections.abc import Mapping, Sequence

from dataset.importing.intake import Taken
from dataset.importing.types import ImportNote, Problems


def tell_of_exact_copies(taken: Sequence[Taken], known: Mapping[str, str], problems: Problems) -> None:
    """Count new images whose bytes the import or the dataset has under another key; `known`: SHA-256 by key."""
    first = {sha256: key for key, sha256 in known.items()}
    surplus: list[tuple[str, str]] = []
    for one in taken:
        key = first.setdefault(one.sha256, one.source.key)
        if key != one.source.key and one.source.key not in known:
            surplus.append((one.source.key, key))
    if surplus:
        copy, of = surplus[0]
        text = f"{len(surplus)} images are exact copies of others, {copy} of {of} among them"
        problems.notes.append(ImportNote("exact_copies", len(surplus), text, {"copy": copy, "of": of}))


def tell_of_stored(taken: Sequence[Taken], problems: Problems) -> None:
    """Count the images of an import in place that are nevertheless stored, as not every reader sees them alike."""
    stored = [one for one in taken if one.converted]
    if stored:
        text = (
            f"{len(stored)} images had to be converted, {stored[0].source.key} among them: converted copies are stored"
            " and used, the files themselves stay as they are"
        )
        problems.notes.append(ImportNote("stored_copies", len(stored), text))
