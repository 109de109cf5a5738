"""Kills at random under a mixed load: what was acknowledged, lost, done twice, stuck, and how long people waited.

    .halfday/venv/bin/python benchmarks/faults.py [--kills 100] [--seed 1] [--json FILE]

The load and the kills are those of tests/faults; the platform is a real one in a temporary folder.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

from tests.faults.kills import Outcome, kill_at_random  # noqa: E402


def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write what was found there, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="halfday-faults-") as folder:
        outcome = kill_at_random(Path(folder) / "home", seed=options.seed, kills=options.kills)
    print(table(outcome))
    if options.json:
        options.json.write_text(json.dumps(as_json(outcome, options.seed), indent=1))


def table(outcome: Outcome) -> str:
    """Seconds to the next write by what was killed, and the counts."""
    by_name: dict[str, list[float]] = defaultdict(list)
    for kill in outcome.kills:
        by_name[kill.what].append(kill.seconds)
    lines = ["| killed | times | seconds to the next write: middle | longest |", "| --- | --- | --- | --- |"]
    for name, seconds in sorted(by_name.items()):
        middle = sorted(seconds)[len(seconds) // 2]
        lines.append(f"| {name} | {len(seconds)} | {middle:.2f} | {max(seconds):.2f} |")
    found = outcome.found
    lines += [
        "",
        f"{len(outcome.kills)} kills; {found.acknowledged} writes acknowledged, {len(found.lost)} lost, "
        f"{len(found.doubled)} done twice; jobs: {len(found.stuck)} stuck, {len(found.failed)} failed with a reason.",
        f"Ctrl-C afterwards took {outcome.stopped:.1f} s. Load of the machine at the end: {os.getloadavg()[0]:.1f}.",
        *found.lost, *found.doubled, *found.stuck,
    ]  # fmt: skip
    return "\n".join(lines)


def as_json(outcome: Outcome, seed: int) -> dict[str, object]:
    """The same for a machine."""
    found = outcome.found
    return {
        "seed": seed,
        "kills": [[kill.what, round(kill.seconds, 2)] for kill in outcome.kills],
        "acknowledged": found.acknowledged,
        "lost": found.lost,
        "doubled": found.doubled,
        "stuck": found.stuck,
        "failed": found.failed,
        "stop_seconds": round(outcome.stopped, 1),
    }


if __name__ == "__main__":
    main()
