"""The table says what was measured, gains and losses alike."""

from demo.table import LoopRow, MapGain, change_of, conclusion, render

GAIN = MapGain(3.4, 1.1, 5.7, "proven")
NOTHING = MapGain(0.4, -1.0, 1.8, "not shown")


def test_it_works():
    rows = [
        LoopRow("imported", 740, seconds=12.3),
        LoopRow("corrected labels", 400, None, 41.26, 38.0, 44.4, GAIN, NOTHING, 61.0),
    ]
    text = render(rows).splitlines()
    assert len(text) == 4
    assert len({len(line) for line in text}) == 1
    assert "41.3 [38.0, 44.4]" in text[3]
    assert "+3.4 [+1.1, +5.7] proven" in text[3]
    assert "+0.4 [-1.0, +1.8] not shown" in text[3]
    assert text[2].count("–") == 4


def test_a_difference_is_given_in_points():
    change = change_of({"value": 0.034, "low": -0.011, "high": 0.057, "verdict": "not_shown"})
    assert (round(change.value, 6), round(change.low, 6), change.verdict) == (3.4, -1.1, "not shown")


def test_the_conclusion_owns_up_to_no_gain():
    said = conclusion("the baseline", "the last run", NOTHING, MapGain(-2.0, -3.0, -1.0, "regressed"))
    assert "not shown" in said
    assert "a proven loss" in said


def test_without_an_interval() -> None:
    """Validation images of one sequence: nothing can be drawn, so the figure stands alone."""
    change = change_of({"value": 0.034, "low": None, "high": None, "verdict": "not_shown"})
    assert change == MapGain(3.4000000000000004, None, None, "not shown")
    assert "+3.4 not shown" in render([LoopRow("control", 4, map=30.0, to_baseline=change)])
    assert conclusion("the baseline", "the last run", change, None).startswith(
        "From the baseline to the last run: +3.4 mAP."
    )
