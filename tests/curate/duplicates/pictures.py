"""Pictures that are stored as an import stores them."""

from io import BytesIO

from PIL import Image as Picture

from dataset.models import Dataset, Image
from storage import blobs, thumbnails
from storage.pictures import take_in
from tests.factories import make_image


def store(dataset: Dataset, key: str, picture: Picture.Image, **fields: object) -> Image:
    """An image of the dataset with these pixels."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=92)
    taken = take_in(out.getvalue())
    blob = blobs.put_bytes(taken.data, suffix=taken.suffix)
    thumbnails.keep(blob.sha256, taken.thumbnail)
    return make_image(
        dataset, key=key, width=taken.width, height=taken.height, sha256=blob.sha256, location=blob.key,
        phash=taken.facts.phash, **fields,
    )  # fmt: skip
