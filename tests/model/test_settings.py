"""The settings of a run, as a client gives them."""

import dataclasses
from typing import Any

import pytest

from model.engines.types import TrainSettings
from model.services.settings import BOUNDS, BadSettings, read_settings, settings_json, with_equal_compute


def test_it_works() -> None:
    settings = read_settings({"epochs": 3, "imgsz": 160, "lr0": 0.001, "validate": True, "optimizer": "SGD"})
    assert settings == TrainSettings(epochs=3, imgsz=160, lr0=0.001, validate=True, optimizer="SGD")


def test_what_is_left_out_has_a_default() -> None:
    assert read_settings({}) == TrainSettings()
    assert settings_json(read_settings({"seed": 4}))["seed"] == 4


def test_every_number_has_bounds_and_every_default_lies_within() -> None:
    numbers = {f.name for f in dataclasses.fields(TrainSettings) if f.type in ("int", "float")}
    assert numbers == set(BOUNDS)
    assert read_settings(settings_json(TrainSettings())) == TrainSettings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("epochs", 2.5),
        ("epochs", True),
        ("epochs", "3"),
        ("epochs", None),
        ("imgsz", 100),
        ("imgsz", 100_000),
        ("batch", -1),
        ("lr0", float("nan")),
        ("lr0", [0.1]),
        ("validate", 1),
        ("optimizer", "Adagrad"),
        ("optimizer", None),
        ("device", "cuda:0; rm"),
        ("device", 0),
        ("learning_rate", 0.1),
    ],
)
def test_it_rejects(name: str, value: Any) -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings({name: value})
    assert list(caught.value.errors) == [name]
    assert caught.value.errors[name][0].endswith(".")


def test_it_names_every_bad_setting_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings({"epochs": 0, "imgsz": 33, "batch": 4})
    assert set(caught.value.errors) == {"epochs", "imgsz"}


@pytest.mark.parametrize(
    ("images", "epochs", "warmup", "close"),
    [(100, 20, 1.0, 2), (50, 40, 2.0, 4), (25, 80, 4.0, 8), (300, 7, 1 / 3, 1), (1, 1000, 100.0, 200)],
)
def test_equal_compute_sees_as_many_images(images: int, epochs: int, warmup: float, close: int) -> None:
    """20 epochs of 100 images are 40 of 50; nothing leaves its bounds."""
    found = with_equal_compute(settings_json(TrainSettings()), images=images, instead_of=100)
    assert (found["epochs"], found["warmup_epochs"], found["close_mosaic"]) == (epochs, pytest.approx(warmup), close)
    assert found["imgsz"] == 320
