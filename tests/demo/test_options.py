"""What `./halfday demo` is told is looked at before anything starts."""

import pytest

from demo.__main__ import _preset, parser
from demo.presets import SCENES


def test_it_works() -> None:
    options = parser().parse_args(["--seeds", "5", "--minutes", "7.5", "--reviewer", "careful", "--ceiling"])
    assert (options.seeds, options.minutes, options.reviewer, options.ceiling) == (5, 7.5, "careful", True)
    assert (parser().parse_args([]).seeds, parser().parse_args([]).minutes) == (1, 30)


def test_another_baseline_learns_from_nothing_by_its_own_recipe() -> None:
    options = parser().parse_args(["--baseline", "yolov6n6", "--imgsz", "128"])
    preset = _preset(options)
    assert (preset.baseline, preset.imgsz) == ("yolov6n6", 128)
    assert not {"freeze", "lr0", "optimizer"} & set(preset.settings)
    assert (_preset(parser().parse_args([])).baseline, _preset(parser().parse_args([])).settings) == ("", SCENES)


@pytest.mark.parametrize(
    ("option", "value"), [("--seeds", "0"), ("--seeds", "1.5"), ("--minutes", "soon"), ("--minutes", "nan")]
)
def test_it_rejects_what_cannot_be_done(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args([option, value])
    assert f"argument {option}: {value} is not a number of" in capsys.readouterr().err
