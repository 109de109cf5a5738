"""What cannot be kept, and what nothing would read, is refused at the door with its place; nothing answers 5xx."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.values import LARGEST_ID
from dataset.models import Slice
from tests.factories import assert_problem, browser_of, call, make_cast, make_dataset, make_image, run_jobs
from tests.schema import watch

pytestmark = pytest.mark.django_db


def post(user: Any, path: str, body: bytes) -> Any:
    return browser_of(user).generic("POST", f"/api/v1/{path}", body, content_type="application/json")


@pytest.mark.parametrize(
    ("body", "mentions"),
    [
        (b'{"name": "a\\u0000b"}', "name: It holds a NUL"),
        (b'{"name": "\\ud800"}', "name: It holds half a letter"),
        (b'{"name": ' + b"9" * 30 + b"}", "name: It is a whole number of more than 64 bits"),
        (b'{"name": ' + b"9" * 5000 + b"}", "4300"),
        (b'{"name": NaN}', "NaN"),
        (b'{"name": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", "nested"),
        (b'{"name": ' + b"[" * 100 + b"]" * 100 + b"}", "nested"),
        (b"\xff\xfe", "utf-8"),
        (b'{"name"', "JSON"),
        (b"[1]", "dictionary"),
    ],
)
def test_a_body_that_cannot_be_kept_is_refused(body: bytes, mentions: str) -> None:
    assert_problem(post(make_cast().alice, "projects", body), 400, mentions=mentions)


def test_a_field_that_nothing_reads_is_refused_by_name() -> None:
    cast = make_cast()
    problem = assert_problem(call(cast.alice, "post", "projects", {"name": "New", "colour": "red"}), 400)
    assert problem["errors"] == {"colour": ["There is no such field. There are: name."]}
    dataset = make_dataset(cast.project)
    edits = [{"op": "add", "image": 1, "class_id": 1, "box": [0, 0, 1, 1], "colour": 1}]
    problem = assert_problem(call(cast.alice, "post", f"datasets/{dataset.pk}/edits", {"on": 0, "edits": edits}), 400)
    assert list(problem["errors"]) == ["edits.0.colour"]


def test_folds_beside_the_parameters_start_nothing() -> None:
    """It started a run of 20 epochs without them."""
    cast = make_cast()
    dataset = make_dataset(cast.project)
    problem = assert_problem(
        call(cast.alice, "post", f"datasets/{dataset.pk}/auto-curate", {"kind": "mislabels", "params": {}, "folds": 3}),
        400,
    )
    assert "folds" in problem["errors"]
    assert run_jobs() == []


def test_a_parameter_that_nothing_reads_is_refused_by_name() -> None:
    cast = make_cast()
    dataset = make_dataset(cast.project)
    problem = assert_problem(call(cast.alice, "get", f"datasets/{dataset.pk}/images?query=car&limit=3"), 400)
    assert list(problem["errors"]) == ["query"]
    assert "limit" in problem["detail"]
    assert_problem(call(cast.alice, "get", "projects?q=1"), 400, mentions="There are none here")


@pytest.mark.parametrize(
    "parameter",
    [
        "q=%00",
        "q=a%00b",
        "after=%00",
        f"after={'x' * 100}",
        f"slice={'9' * 30}",
        f"limit={'9' * 5000}",
        f"q=width>{'9' * 5000}",
    ],
)
def test_a_parameter_that_cannot_be_kept_is_refused(parameter: str) -> None:
    cast = make_cast()
    dataset = make_dataset(cast.project)
    assert_problem(call(cast.alice, "get", f"datasets/{dataset.pk}/images?{parameter}"), 400)


@pytest.mark.parametrize(
    "path", ["jobs?limit={}", "datasets?project={}", "images/{i}?revision={}", "images/{i}/similar?limit={}"]
)
def test_a_number_too_long_to_be_read_is_refused(path: str) -> None:
    """Python itself refuses to read one of more than 4,300 digits, wherever a parameter is made a number."""
    cast = make_cast()
    image = make_image(make_dataset(cast.project))
    assert_problem(call(cast.alice, "get", path.format("9" * 5000, i=image.pk)), 400, mentions="digits")


def test_a_very_long_address_is_refused() -> None:
    cast = make_cast()
    dataset = make_dataset(cast.project)
    line = "q=" + "key~" + "a" * 9000
    assert_problem(call(cast.alice, "get", f"datasets/{dataset.pk}/images?{line}"), 414, mentions="longer")


@pytest.mark.parametrize("number", [0, LARGEST_ID, LARGEST_ID + 1, 10**30])
@pytest.mark.parametrize("path", ["datasets/{}", "images/{}", "annotations/{}/crop", "evaluations/{}", "jobs/{}/log"])
def test_ids_that_no_row_has_are_not_there(path: str, number: int) -> None:
    assert_problem(call(make_cast().alice, "get", path.format(number)), 404)


@pytest.mark.parametrize("number", [2**63, 2**64 - 1])
def test_an_id_that_fits_no_array_is_refused(number: int) -> None:
    cast = make_cast()
    row = Slice.objects.create(dataset=make_dataset(cast.project), name="train")
    assert_problem(call(cast.alice, "post", f"slices/{row.pk}/images", {"add": [number]}), 400, mentions="size")


@pytest.mark.parametrize("number", ["-1", "9" * 5000, "1.5", "%00"])
def test_what_is_no_id_is_not_there(number: str) -> None:
    assert call(make_cast().alice, "get", f"datasets/{number}").status_code == 404
    assert len(watch.taken()) == 1  # such an address is not described


def key(*parts: Any) -> str:
    import base64

    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "after", [key(), key(-1), key(2**80), key("a"), key(None), key([[]]), key({}), key(1, 2, 3), key(True), key(1.5),
              key("a\0"), key("\ud800"), key(10**400, 1), key(float("nan"), 1)]
)  # fmt: skip
@pytest.mark.parametrize(
    "path",
    [
        "datasets/{d}/images?", "datasets/{d}/images?order=-key&", "datasets/{d}/images?order=captured_at&",
        "datasets/{d}/objects?", "datasets/{d}/revisions?", "datasets/{d}/slices?", "datasets/{d}/duplicates?",
        "datasets/{d}/runs?", "datasets/{d}/batches?", "projects/{p}/audit?", "jobs?", "datasets/{d}/evaluations?",
        "projects/{p}/evaluations?", "datasets/{d}/imports?", "datasets/{d}/comparisons?", "datasets/{d}/exports?",
    ],
)  # fmt: skip
def test_a_cursor_of_no_page_breaks_nothing(path: str, after: str) -> None:
    cast = make_cast()
    dataset = make_dataset(cast.project)
    make_image(dataset)
    response = call(cast.alice, "get", path.format(d=dataset.pk, p=cast.project.pk) + f"after={after}")
    assert response.status_code in {200, 400, 404}, response.content


def test_a_form_passes_the_same_gate(import_zip: Path) -> None:
    cast = make_cast()
    dataset = make_dataset(cast.project)
    for metadata in ('{"a": NaN}', '{"a": 1e999}', '{"a": "\\u0000"}', "[" * 5000 + "]" * 5000, '["a"]'):
        with import_zip.open("rb") as file:
            response = browser_of(cast.alice).post(
                f"/api/v1/datasets/{dataset.pk}/imports", {"file": file, "metadata": metadata}
            )
        assert_problem(response, 400)


@pytest.fixture
def import_zip(tmp_path: Path, settings: Any) -> Path:
    settings.STORAGE_ROOT = tmp_path / "storage"
    path = tmp_path / "some.zip"
    path.write_bytes(b"PK\x05\x06" + bytes(18))
    return path


def test_a_host_that_is_not_served_is_a_problem_too() -> None:
    response = Client().get("/api/v1/health", headers={"host": "elsewhere.example"})
    assert_problem(response, 400)
