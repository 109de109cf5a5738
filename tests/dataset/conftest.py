"""A folder that may be imported from, and a storage of its own; a bucket where a test asks for one."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.factories import Cast


@pytest.fixture
def import_root(settings: Any, tmp_path: Path) -> Path:
    root = tmp_path / "import"
    root.mkdir()
    settings.IMPORT_ROOTS = [root]
    settings.STORAGE_ROOT = tmp_path / "storage"
    return root


@pytest.fixture
def cast() -> "Cast":
    from tests.factories import make_cast  # models: not before Django is set up

    return make_cast()


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    from tests import s3

    with s3.running() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(s3_endpoint: str, import_root: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The bucket "lake", empty, through a client of the test's own; s3://lake/open may be imported from."""
    from storage import s3 as ours
    from tests import s3

    for name, value in s3.KEYS.items():
        monkeypatch.setenv(name, value)
    settings.S3_ENDPOINT, settings.IMPORT_PREFIXES = s3_endpoint, ["s3://lake/open"]
    settings.CACHE_ROOT = import_root.parent / "cache"
    ours.opened.cache_clear()
    with closing(s3.client(s3_endpoint)) as client:
        client.create_bucket(Bucket="lake")
        yield client
        for entry in client.list_objects_v2(Bucket="lake").get("Contents", ()):
            client.delete_object(Bucket="lake", Key=entry["Key"])
