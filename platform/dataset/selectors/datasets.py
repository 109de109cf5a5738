"""Reads of datasets."""

from django.db.models import QuerySet

from accounts import access
from accounts.models import User
from dataset.models import Dataset, Image
from dataset.selectors.images import thumb_url

COVER = 4


def datasets_for(user: User, *, project: int | None = None) -> QuerySet[Dataset]:
    """The datasets of the projects that the user sees."""
    rows = Dataset.objects.filter(project__in=access.visible_projects(user)).prefetch_related("classes", "attributes")
    return rows if project is None else rows.filter(project=project)


def cover(dataset: Dataset) -> list[str]:
    """Thumbnails of up to four images, from the beginning, the middle and the end of the dataset."""
    rows = Image.objects.filter(dataset=dataset).order_by("pk")
    if dataset.image_count <= COVER:
        chosen = list(rows[:COVER])
    else:
        first, last = rows.first(), rows.last()
        if first is None or last is None:
            return []
        step = (last.pk - first.pk) / (COVER - 1)
        chosen = [row for place in range(COVER) if (row := rows.filter(pk__gte=int(first.pk + place * step)).first())]
    return [thumb_url(row.pk, row.sha256) for row in chosen]
