"""A folder that may be imported from, and a storage of its own."""

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
