"""`./halfday dev` as a whole: a saved file arrives at its address, and nothing is left when it stops."""

from collections.abc import Iterator

import pytest

from commandline.dev import follow
from embedded.failures import Failure
from embedded.home import ROOT
from embedded.instance import MARK
from embedded.machine import free_port
from embedded.processes import marked
from embedded.reloading import SUFFIXES, matters, said
from embedded.supervisor import Supervisor
from tests.commandline.checkout import Checkout, has_packages
from tests.processes import until
from tests.servers import BUILT

NOT_FOUND = "There is nothing at {request.path}."


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    if not has_packages(BUILT):
        pytest.skip("The front end's packages are not installed; ./halfday test installs them.")
    checkout = Checkout(tmp_path_factory.mktemp("dev"), built=BUILT)
    try:
        checkout.start(free_port())
        until(lambda: checkout.address or not checkout.running, why=lambda: checkout.said)
        assert checkout.running, checkout.said
        yield checkout
    finally:
        checkout.stop()
        for process in marked(MARK, str(checkout.home.folder)):
            process.kill()
        checkout.remove_bytecode()


def programs(dev: Checkout) -> dict[str, int]:
    """Names of the running programs with their process ids."""
    states = Supervisor(dev.home, [], {}).states().values()
    return {state["name"]: state["pid"] for state in states if state["statename"] == "RUNNING"}


@pytest.mark.slow
@pytest.mark.thorough
def test_it_works(dev: Checkout) -> None:
    """One address serves the front end as its sources stand, the API, the admin console and its files."""
    status, page = dev.get("")
    assert (status, "/@vite/client" in page) == (200, True)
    assert dev.get("datasets/1/analytics")[1] == page  # the router's addresses
    assert dev.get("src/main.tsx")[0] == 200
    assert dev.get("api/v1/health")[0] == 200
    assert "Halfday" in dev.get("admin/login/")[1]
    assert dev.get("static/admin/css/base.css")[0] == 200


@pytest.mark.slow
@pytest.mark.thorough
def test_an_edit_of_the_front_end_arrives(dev: Checkout) -> None:
    dev.edit("frontend/index.html", "<title>Halfday</title>", "<title>Halfday, edited</title>")
    until(lambda: "<title>Halfday, edited</title>" in dev.get("")[1])
    (dev.root / "frontend" / "src" / "new.ts").write_text("export const answer = 42\n")
    until(lambda: "answer = 42" in dev.get("src/new.ts")[1])
    (dev.root / "frontend" / "src" / "new.ts").unlink()
    until(lambda: "answer = 42" not in dev.get("src/new.ts")[1])


@pytest.mark.slow
@pytest.mark.thorough
def test_an_edit_of_the_back_end_arrives_everywhere(dev: Checkout) -> None:
    until(lambda: {"worker-cpu", "worker-gpu", "clock"} <= set(programs(dev)))
    before = programs(dev)
    dev.edit("platform/accounts/problems.py", NOT_FOUND, "Edited.")
    until(lambda: "Edited." in dev.get("api/v1/nothing")[1])
    assert "platform/accounts/problems.py saved: loading anew" in dev.said
    until(lambda: all(programs(dev).get(name, before[name]) != before[name] for name in ("worker-cpu", "clock")))
    assert programs(dev)["frontend"] == before["frontend"]
    assert programs(dev)["postgres"] == before["postgres"]


@pytest.mark.slow
@pytest.mark.thorough
def test_code_that_does_not_load_is_told_and_mended(dev: Checkout) -> None:
    dev.edit("label/urls.py", "urlpatterns = [", "urlpatterns = nonsense + [")
    until(lambda: "NameError: name 'nonsense' is not defined" in dev.get("api/v1/health")[1])
    assert dev.get("")[0] == 200
    dev.edit("label/urls.py", "urlpatterns = nonsense + [", "urlpatterns = [")
    until(lambda: dev.get("api/v1/health")[0] == 200)


@pytest.mark.slow
@pytest.mark.thorough
def test_nothing_is_left_when_it_stops(dev: Checkout) -> None:
    assert dev.stop() == 0
    assert dev.said.rstrip().endswith("Everything is kept for the next start.")
    assert marked(MARK, str(dev.home.folder)) == []


def test_it_rejects_to_run_beside_another_platform() -> None:
    with pytest.raises(Failure, match="another one runs here already"):
        follow("http://127.0.0.1:8000", None)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("curate/urls.py", True),
        ("curate/query/grammar.lark", True),
        ("frontend/src/main.tsx", True),
        ("frontend/node_modules/react/index.js", False),
        ("frontend/dist/index.html", False),
        ("curate/.urls.py.swp", False),
        ("curate/urls.pyc", False),
    ],
)
def test_only_files_that_a_process_reads_matter(name: str, read: bool) -> None:
    from watchfiles import Change

    assert matters(Change.modified, str(ROOT / name)) is read


def test_every_kind_of_file_that_the_code_reads_is_watched() -> None:
    """Fails where a room begins to read a new kind of file, so that its suffix is added."""
    kept = {
        path.suffix
        for room in ("platform", "curate", "label", "model")
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("Dockerfile")
    }
    assert kept - SUFFIXES <= {".pt", ".pyc"}


def test_saved_files_are_named() -> None:
    assert said([ROOT / "curate" / "urls.py"]) == "curate/urls.py"
    assert said([ROOT / "curate" / "urls.py", ROOT / "label" / "urls.py"]) == "curate/urls.py and 1 more"
