"""A dozen pictures that can be told apart, in three looks of four, each with one labelled object."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from accounts.models import Role
from curate import tasks as curate_tasks
from dataset.models import Dataset, Image
from storage import blobs
from tests.factories import make_annotation, make_cast, make_dataset, make_image

HANDLERS = curate_tasks  # imported so that its jobs are known here, as in a worker
LOOKS, EACH = 3, 4
WIDTH, HEIGHT = 96, 64
COLOURS = np.array([(200, 60, 50), (60, 160, 70), (60, 80, 200)])


def drawn(look: int, number: int) -> bytes:
    """Stripes, checks or dots of one colour, a little noisy, with a white square."""
    chance = np.random.default_rng(look * 100 + number)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    pattern = [(x // 8) % 2, (x // 8 + y // 8) % 2, ((x % 16 - 8) ** 2 + (y % 16 - 8) ** 2) < 30][look]
    pixels = np.where(np.asarray(pattern, bool)[..., None], COLOURS[look], (30, 30, 30))
    pixels = np.clip(pixels + chance.normal(0, 12, pixels.shape), 0, 255).astype(np.uint8)
    pixels[10:34, 10 + 4 * number : 34 + 4 * number] = 245
    out = BytesIO()
    Picture.fromarray(pixels).save(out, "JPEG", quality=92)
    return out.getvalue()


class Scene:
    """Alice's dataset; Bob is a viewer."""

    def __init__(self) -> None:
        self.cast = make_cast(Role.VIEWER)
        self.dataset: Dataset = make_dataset(self.cast.project)
        self.images: list[Image] = []
        classes = list(self.dataset.classes.all())
        for look in range(LOOKS):
            for number in range(EACH):
                self.images.append(self.add(drawn(look, number), {"look": f"look {look}", "number": number}))
                left = 10 + 4 * number
                make_annotation(self.images[-1], classes[look % 2], (left, 10, left + 24, 34))
        self.dataset.refresh_from_db()

    def add(self, data: bytes, metadata: dict[str, object] | None = None) -> Image:
        blob = blobs.put_bytes(data, suffix=".jpg")
        place = {"width": WIDTH, "height": HEIGHT, "sha256": blob.sha256, "location": blob.key}
        return make_image(self.dataset, metadata=metadata or {}, **place)


def exact(vectors: NDArray[np.float16], of: int) -> tuple[list[int], NDArray[np.float64]]:
    """All places by falling cosine with one of them, that one first, and their distances, by plain numpy."""
    unit = vectors.astype(np.float64)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    distances = 1 - unit @ unit[of]
    distances[of] = 0
    return np.argsort(distances, kind="stable").tolist(), distances
