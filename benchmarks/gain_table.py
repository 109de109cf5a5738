"""The tables of docs/gain.md: a row for each seed, and their mean, of reports that `./halfday demo --report` wrote.

.halfday/venv/bin/python benchmarks/gain_table.py REPORT.json …

With --together the reports are of single seeds of one set, and are one table (PYTHONPATH=.:platform).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ARMS = ("corrected labels", "ceiling (all errors removed)", "more data", "corrected labels and more data")
HEAD = ("seed", "control", "corrected labels", "ceiling", "more data", "both", "suggestions right", "errors reached")


def row(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def interval(gain: dict[str, Any] | None) -> str:
    """A gain with its interval and verdict."""
    if gain is None:
        return ""
    between = "" if gain["low"] is None or gain["high"] is None else f" [{gain['low']:+.1f}, {gain['high']:+.1f}]"
    verdict = gain.get("verdict", "").replace("_", " ")
    return f"{gain['value']:+.1f}{between} {verdict}".replace("-", "−").rstrip()


def of_replay(replay: dict[str, Any]) -> list[str]:
    """A seed's row."""
    review, planted = replay["review"], replay["planted"]
    right = sum(review["verdicts"].get(kind, 0) for kind in ("accepted", "corrected"))
    asked = right + review["verdicts"].get("rejected", 0)
    found, all_errors = sum(review["planted_found"].values()), sum(planted.values())
    gains = [interval(replay["gains"].get(arm)) for arm in ARMS]
    share = f"{found / all_errors:.0%}".replace("%", " %") if all_errors else ""
    return [
        str(replay["seed"]),
        f"{replay['control_map']:.1f}",
        *gains,
        f"{right} of {asked}",
        f"{share} of {all_errors}",
    ]


def of_mean(report: dict[str, Any]) -> list[str]:
    """The mean over seeds; intervals by Student's t over them."""
    gains = [interval(report["gains"].get(arm)) for arm in ARMS]
    share = report.get("share_of_ceiling")
    of_ceiling = f"{share:.0%} of the ceiling".replace("%", " %") if share is not None else ""
    return ["mean", f"{report['control_map']['value']:.1f}", *gains, of_ceiling, f"{report['minutes']:.1f} minutes"]


def together(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """The report of all replays of some reports, as if they had been asked for at once."""
    from demo.seeds import summary

    replays = sorted((one for report in reports for one in report["replays"]), key=lambda one: int(one["seed"]))
    plain = [one | {"gains": {arm: SimpleNamespace(**gain) for arm, gain in one["gains"].items()}} for one in replays]
    return reports[0] | {"replays": replays, "seconds": sum(each["seconds"] for each in reports)} | summary(plain)


def main() -> None:
    paths = [Path(one) for one in sys.argv[1:] if one != "--together"]
    reports = [json.loads(path.read_text()) for path in paths]
    if "--together" in sys.argv:
        paths, reports = paths[:1], [together(reports)]
    for path, report in zip(paths, reports, strict=True):
        print(f"{path.stem}: {report['data'] or report['preset']}, {report['seconds'] / 60:.1f} minutes of the clock")
        print(row(HEAD), row(["---"] * len(HEAD)), sep="\n")
        for replay in report["replays"]:
            print(row(of_replay(replay)))
        if len(report["replays"]) > 1:
            print(row(of_mean(report)))


if __name__ == "__main__":
    main()
