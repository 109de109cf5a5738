"""The scene of these tests, and one training of it for all of them; see kept_training.py."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from model.models import Run
    from tests.curate.improve.kept_training import KeptTraining
    from tests.model.scene import Scene


@pytest.fixture(scope="session")
def kept_trainings() -> "list[KeptTraining]":
    """The training, once a test has made it."""
    return []


@pytest.fixture
def scene(
    request: pytest.FixtureRequest,
    db: None,
    tmp_path: Path,
    settings: Any,
    tmp_path_factory: pytest.TempPathFactory,
    kept_trainings: "list[KeptTraining]",
) -> "Scene":
    """Twenty pictures; where the test asks for `trained` as well, with that training done."""
    from tests.curate.improve.kept_training import put_back, train
    from tests.model.scene import Scene

    storage = settings.STORAGE_ROOT = tmp_path / "storage"
    if "trained" not in request.fixturenames:
        return Scene()
    if kept_trainings:
        return put_back(kept_trainings[0], storage)
    scene, kept = train(storage, tmp_path_factory.mktemp("training") / "storage")
    kept_trainings.append(kept)
    return scene


@pytest.fixture
def trained(scene: "Scene") -> "Run":
    """The run of the scene: one epoch, predicted and judged."""
    from model.models import Run

    return Run.objects.get(dataset=scene.dataset)
