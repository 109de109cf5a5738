from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from accounts.models import User
    from dataset.models import Dataset


def find_images(dataset: "Dataset", q: str, user: "User") -> Iterable[int]:
    """The images that a query line finds, for the rooms below that know no query language."""
    from curate.query.image_search import image_ids

    return image_ids(dataset, q)


class CurateConfig(AppConfig):
    name = "curate"

    def ready(self) -> None:
        from curate.evaluations import slice_uses
        from dataset.selectors import queries
        from dataset.selectors import slice_uses as every_room

        queries.register(find_images)
        every_room.register("curate", slice_uses.uses)
