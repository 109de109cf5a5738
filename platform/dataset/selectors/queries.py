"""The images that a query line finds. Curate, which stands above, has the language and leaves its compiler here."""

from collections.abc import Callable, Iterable

from accounts.models import User
from accounts.problems import BadInput
from dataset.models import Dataset

Finder = Callable[[Dataset, str, User], Iterable[int]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Curate's app config calls this: finder(dataset, q, user) gives image ids, or raises BadInput about `q`."""
    _finders[:] = [finder]


def image_ids(dataset: Dataset, q: str, user: User) -> Iterable[int]:
    """The ids of the images that the query line finds."""
    if not _finders:
        raise BadInput("This installation has no query language.", errors={"q": ["Not available."]})
    return _finders[0](dataset, q, user)
