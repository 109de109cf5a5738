"""What an import says of images that have the same bytes as another one."""

from collections import Counter
from collections.abc import Sequence

from dataset.importing.intake import Taken
from dataset.importing.types import ImportNote, Problems
from dataset.models import Dataset, Image


def tell_of_copies(dataset: Dataset, fresh: Sequence[Taken], problems: Problems) -> None:
    """Note how many of the new images are exact copies: of one that the dataset has, or of an earlier new one."""
    new = Counter(taken.sha256 for taken in fresh)
    known = set(Image.objects.filter(dataset=dataset, sha256__in=list(new)).values_list("sha256", flat=True))
    copies = sum(count - (sha256 not in known) for sha256, count in new.items())
    if copies:
        problems.notes.append(ImportNote("exact_copies", copies, "have the same bytes as another image"))
