"""`./halfday query` against a real server."""

import json
from typing import Any

import pytest
from django.conf import settings

from accounts import services
from accounts.models import Project
from client import query
from dataset.models import Dataset
from tests.curate.factories import Picture, make_dataset, make_images
from tests.factories import make_user

# knox brings a table that no app lists; naming all apps lets Django empty the database between tests
pytestmark = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)


def test_it_works_and_rejects_what_cannot_be_read(
    live_server: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*arguments: str) -> tuple[int, str, str]:
        code = query.main([str(dataset.pk), *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    dataset = make_dataset()
    rainy = [
        Picture(key=f"{place}.jpg", boxes=[("car", 1, 1, 9, 9)], metadata={"speed": 3 - place}) for place in (1, 2)
    ]
    images = make_images(dataset, [*rainy, Picture(key="3.jpg")])
    token = services.create_token(name="test", project=None, role=None, by=make_user("Ada", is_superuser=True)).token
    monkeypatch.setenv("HALFDAY_URL", live_server.url)
    monkeypatch.setenv("HALFDAY_TOKEN", token)

    assert said("any(car) order by speed") == (0, "2.jpg\n1.jpg\n", "")
    assert said("any(car)", "--count") == (0, "2\n", "")
    assert said("--ids", "--limit", "2") == (0, f"{images[0].pk}\n{images[1].pk}\n", "")
    code, out, _ = said("any(car)", "--json", "--limit", "1")
    row = json.loads(out)
    assert (code, row["key"], [box["box"] for box in row["boxes"]]) == (0, "1.jpg", [[1, 1, 9, 9]])

    code, out, err = said("any(car) and\nspeed >")
    assert (code, out) == (1, "")
    assert err.splitlines()[1:] == ["  speed >", "         ^"]
    assert query.main([dataset.name, "any(car)", "--count"]) == 0
    assert query.main(["no such", "any(car)"]) == 1
    assert "There is no dataset" in capsys.readouterr().err
    monkeypatch.delenv("HALFDAY_TOKEN")
    assert said("any(car)")[0] == 1


def test_it_knows_a_dataset_that_is_named_with_digits(
    live_server: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def count(given: str) -> str:
        query.main([given, "--count"])
        out, err = capsys.readouterr()
        return (out or err).strip()

    first = make_dataset()
    named = called(str(first.pk), first.project)  # as the first one's id
    make_images(first, [Picture(key="1.jpg")])
    make_images(named, [Picture(key="1.jpg"), Picture(key="2.jpg")])
    token = services.create_token(name="test", project=None, role=None, by=make_user("Ada", is_superuser=True)).token
    monkeypatch.setenv("HALFDAY_URL", live_server.url)
    monkeypatch.setenv("HALFDAY_TOKEN", token)

    assert (count(named.name), count(f"id:{first.pk}"), count(str(named.pk))) == ("2", "1", "2")
    assert count("id:2000000000") == "There is no dataset 2000000000 here, or it is not yours."
    called("twice", first.project)
    called("twice", make_dataset().project)
    assert count("twice").startswith("2 datasets are named “twice”: say id:")


def called(name: str, project: Project) -> Dataset:
    dataset = make_dataset(project)
    Dataset.objects.filter(pk=dataset.pk).update(name=name)
    dataset.name = name
    return dataset
