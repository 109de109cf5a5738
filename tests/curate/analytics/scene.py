"""A dataset in which every chart has something to show: odd names, lists, missing values, sizes that differ."""

from datetime import UTC, datetime, timedelta

from dataset.models import Annotation, Dataset, Provenance, Revision
from tests.curate.factories import Picture, make_dataset, make_images
from tests.factories import Cast

CLASSES = ("car", "traffic light", "rider", "not")
WEATHERS = ("clear", "rainy", 'so "so"', "안개", None)


def make_scene(cast: Cast, images: int = 60) -> Dataset:
    """Images with 0 to 6 boxes whose sizes lie on and beside the edges of bins."""
    dataset = make_dataset(cast.project, CLASSES)
    make_images(dataset, [picture(place) for place in range(images)])
    Annotation.objects.filter(dataset=dataset, pk__in=_every(dataset, 3)).update(provenance=Provenance.HUMAN)
    Annotation.objects.filter(dataset=dataset, pk__in=_every(dataset, 7)).update(died=2)
    Revision.objects.create(dataset=dataset, number=2, kind=Revision.Kind.EDIT, message="Every seventh was wrong")
    dataset.head_revision = 2
    dataset.save(update_fields=["head_revision"])
    dataset.refresh_from_db()
    return dataset


def _every(dataset: Dataset, nth: int) -> list[int]:
    return list(Annotation.objects.filter(dataset=dataset).order_by("pk").values_list("pk", flat=True)[::nth])


def picture(place: int) -> Picture:
    width, height = ((640, 480), (1280, 720), (333, 500))[place % 3]
    return Picture(
        boxes=[box(place, k, width, height) for k in range(place % 7)],
        metadata=metadata(place),
        sequence=f"drive {place // 5}" if place % 2 else "",
        captured_at=datetime(2020, 6, 1, tzinfo=UTC) + timedelta(hours=9 * place) if place % 4 else None,
        width=width,
        height=height,
        slices=["odd ones"] if place % 2 else [],
    )


def box(place: int, k: int, width: int, height: int) -> tuple:
    """Squares of 32, 96 and other sides, slim ones, boxes at the border, one of the whole image."""
    side = (8, 32, 64, 96, 100.5, 31.75)[k]
    if (place + k) % 11 == 0:
        return (CLASSES[k % 4], 0, 0, width, height)
    x, y = (place * 37 + k * 53) % (width - 110), (place * 29 + k * 31) % (height - 110)
    stretch = (1, 0.5, 0.25)[place % 3]
    return (CLASSES[(place + k * k) % 4], x, y, x + side, y + side * stretch)


def metadata(place: int) -> dict[str, object]:
    found: dict[str, object] = {
        "speed": round(place * 1.7 - 12, 2),  # more different values than are shown one by one
        "lanes": place % 3,
        "wet": place % 2 == 0,
        "tags": [["a"], ["a", "b", "a"], [], "b"][place % 4],
        "file id": f"unique-{place}",
        "gps": {"lat": place},
    }
    weather = WEATHERS[place % 5]
    if place % 6:
        found["weather"] = weather
    if place % 4 == 0:
        found["and"] = "here" if place % 8 else 5
    return found
