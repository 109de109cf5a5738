"""Import roots are granted to projects: who can make a project cannot read the server's folders by that."""

from pathlib import Path
from typing import Any

import pytest

from accounts.models import AuditLine, Project, Role
from storage import folders
from tests.factories import (
    Cast,
    assert_charlie_gets_404,
    assert_problem,
    call,
    make_cast,
    make_dataset,
    make_user,
    run_jobs,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.MANAGER)


@pytest.fixture
def roots(settings: Any, tmp_path: Path) -> tuple[Path, Path]:
    street, harbour = tmp_path / "street", tmp_path / "harbour"
    for folder in (street, harbour):
        (folder / "set").mkdir(parents=True)
    settings.IMPORT_ROOTS, settings.IMPORT_PREFIXES = [street, harbour], ["s3://lake/open"]
    return street, harbour


def grant(project: Project, *granted: str) -> Any:
    admin = make_user("Admin", is_superuser=True)
    return call(admin, "PUT", f"projects/{project.pk}/import-roots", {"granted": list(granted)})


def import_from(cast: Cast, path: Path | str) -> Any:
    dataset = make_dataset(cast.project)
    return call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"path": str(path)})


def test_it_works(cast: Cast, roots: tuple[Path, Path]) -> None:
    street, harbour = roots
    answer = grant(cast.project, str(street)).json()
    configured = [str(street), str(harbour), "s3://lake/open"]
    assert answer == {"granted": [str(street)], "every": False, "configured": configured}
    assert import_from(cast, street / "set").status_code == 202
    problem = assert_problem(import_from(cast, harbour / "set"), 400, mentions="may be imported")
    assert str(harbour) not in problem["detail"].replace(f"{harbour}/set", "")
    assert_problem(import_from(cast, "s3://lake/open/set"), 400, mentions="outside the S3 prefixes")
    assert AuditLine.objects.get(action="project.grant_roots").data == {"roots": [str(street)]}


def test_a_new_project_may_import_from_no_folder_unless_an_administrator_makes_it(roots: tuple[Path, Path]) -> None:
    cast = make_cast()
    made = Project.objects.get(pk=call(cast.charlie, "POST", "projects", {"name": "Mine"}).json()["id"])
    dataset = make_dataset(made)
    refused = call(cast.charlie, "POST", f"datasets/{dataset.pk}/imports", {"path": str(roots[0] / "set")})
    assert_problem(refused, 400, mentions="An administrator grants")
    admin = make_user("Admin", is_superuser=True)
    theirs = Project.objects.get(pk=call(admin, "POST", "projects", {"name": "Theirs"}).json()["id"])
    assert theirs.may_import_from(str(roots[0]))


def test_managers_see_what_is_granted_and_administrators_alone_grant(cast: Cast, roots: tuple[Path, Path]) -> None:
    grant(cast.project, str(roots[0]))
    path = f"projects/{cast.project.pk}/import-roots"
    assert call(cast.bob, "GET", path).json() == {"granted": [str(roots[0])], "every": False, "configured": None}
    assert grant(cast.project, "*").json()["every"]
    assert_problem(call(cast.alice, "PUT", path, {"granted": ["*"]}), 403, mentions="administrators")
    assert_charlie_gets_404(cast, "GET", path)
    assert_charlie_gets_404(cast, "PUT", path, {"granted": ["*"]})


def test_it_rejects_what_is_no_configured_root(cast: Cast, roots: tuple[Path, Path]) -> None:
    assert_problem(grant(cast.project, "/"), 400, mentions="HALFDAY_IMPORT_ROOTS")


@pytest.mark.parametrize("key", ["open/../secret", "open/./../secret", "open/..", "open/a/../../secret", "../open"])
def test_a_key_with_dots_is_refused_before_anything_asks_the_bucket(key: str, roots: tuple[Path, Path]) -> None:
    with pytest.raises(folders.FolderRefused, match="between slashes"):
        folders.allowed_object(f"s3://lake/{key}", folders.any_root)


@pytest.mark.parametrize("key", ["open", "open/", "open/a..b/c", "open/..a"])
def test_dots_in_names_are_names(key: str, roots: tuple[Path, Path]) -> None:
    assert folders.allowed_object(f"s3://lake/{key}", folders.any_root).bucket == "lake"


def test_what_is_taken_back_is_refused_to_a_job_that_waits(cast: Cast, roots: tuple[Path, Path]) -> None:
    import dataset.tasks  # noqa: F401  # makes the kind known

    assert import_from(cast, roots[0] / "set").status_code == 202
    grant(cast.project)
    (job,) = run_jobs()
    assert job.state == "failed"
    assert "may be imported" in (job.error or "")
