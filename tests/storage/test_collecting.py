"""The collector takes what nothing names, and never what something does, wherever it is named."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from dataset.models import Image
from jobs.models import Job
from storage import blobs, collecting, thumbnails
from storage.collecting import KEPT, collect
from tests.factories import Cast, call, make_cast, make_dataset, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.STORAGE_ROOT = tmp_path


LONG_AGO = time.time() - 2 * KEPT


def stored(data: bytes, suffix: str = ".jpg") -> blobs.Blob:
    """A blob that nobody has touched for long."""
    blob = blobs.put_bytes(data, suffix=suffix)
    age(blob.key)
    return blob


def age(key: str) -> None:
    from django.conf import settings as ours

    os.utime(ours.STORAGE_ROOT / key, (LONG_AGO, LONG_AGO))


def test_a_deleted_dataset_frees_its_bytes(settings: Any) -> None:
    cast = make_cast()
    gone, stays = make_dataset(cast.project), make_dataset(cast.project)
    mine, shared = stored(b"mine"), stored(b"shared")
    thumbnails.keep(mine.sha256, b"small")
    age(thumbnails.key_of(mine.sha256, 320))
    for dataset, blob in [(gone, mine), (gone, shared), (stays, shared)]:
        make_image(dataset, sha256=blob.sha256, location=blob.key)
    assert collect().files == 0
    assert call(cast.alice, "DELETE", f"datasets/{gone.pk}").status_code == 204
    found = collect()
    assert (found.files, found.bytes) == (2, len(b"mine") + len(b"small"))
    assert not blobs.exists(mine.key)
    assert blobs.exists(shared.key)


def test_what_was_stored_just_now_waits_for_its_row() -> None:
    blob = blobs.put_bytes(b"of an import under way")
    assert collect().files == 0
    age(blob.key)
    blobs.put_bytes(b"of an import under way")  # found there: another import counts on it
    assert collect().files == 0
    age(blob.key)
    assert collect().files == 1


def test_another_database_takes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """As after a start with the wrong DATABASE_URL: its first person is another, and it names no file."""
    make_cast()
    blob = stored(b"of the installation that was here first")
    make_image(make_dataset(make_cast().project), location=blob.key)
    assert collect().files == 0
    Image.objects.all().delete()
    User.objects.order_by("pk").first().delete()
    assert collect().files == 0
    assert blobs.exists(blob.key)
    assert "another database" in caplog.text


def test_one_stored_again_while_it_is_looked_at_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    blob = stored(b"again")
    names = collecting.names

    def meanwhile() -> set[str]:
        found = names()
        blobs.put_bytes(b"again", suffix=".jpg")
        return found

    monkeypatch.setattr(collecting, "names", meanwhile)
    assert collect().files == 0
    assert blobs.read(blob.key) == b"again"


PLACES = ["image", "metadata", "params", "result", "log"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=6, unique=True),
    named=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(PLACES)), max_size=8),
)
def test_it_never_takes_what_is_named(content: list[bytes], named: list[tuple[int, str]]) -> None:
    """In a column, deep in a JSON, or in the middle of a line of a log."""
    cast = make_cast()
    found = [stored(data, ".npz") for data in content]
    for place, where in named:
        name(cast, found[place % len(found)], where)
    collect()
    left = {blob.key for blob in found if blobs.exists(blob.key)}
    assert left == {found[place % len(found)].key for place, _ in named}
    Image.objects.all().delete()
    Job.objects.all().delete()
    collect()


def name(cast: Cast, blob: blobs.Blob, where: str) -> None:
    if where == "image":
        make_image(make_dataset(cast.project), location=blob.key)
    elif where == "metadata":
        make_image(make_dataset(cast.project), metadata={"deep": [{"in": f"a list {blob.sha256}"}]})
    else:
        row = Job.objects.create(project=cast.project, kind="test", title="test")
        if where == "log":
            row.lines.create(text=f"It lies at {blob.key}, said somebody.")
        else:
            Job.objects.filter(pk=row.pk).update(**{where: {"one": {"more": blob.key}}})


def test_files_of_no_kind_of_ours_are_left_alone(settings: Any) -> None:
    for path in (Path("blobs/readme.txt"), Path("work/run-3/last.pt"), Path("notes") / ("a" * 64)):
        target = settings.STORAGE_ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"x")
        age(str(path))
    collect()
    assert (settings.STORAGE_ROOT / "blobs/readme.txt").exists()
    assert (settings.STORAGE_ROOT / "work/run-3/last.pt").exists()
    assert (settings.STORAGE_ROOT / "notes" / ("a" * 64)).exists()
