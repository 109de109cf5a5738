"""Several replays with other seeds, a line per arm: what it brought over the control on average, how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from science.evaluation.seeds import mean_of


def summary(replays: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of the facts of each replay: gains over the control by arm, the control's mAP, the share of the ceiling."""
    arms = list(replays[0]["gains"])
    gains = {arm: mean_of([facts["gains"][arm].value for facts in replays]) for arm in arms}
    control = mean_of([facts["control_map"] for facts in replays])
    ceiling = next((gain for arm, gain in gains.items() if arm.startswith("ceiling")), None)
    shown = ceiling is not None and ceiling.value > 0 and (ceiling.low is None or ceiling.low > 0)
    return {
        "seeds": [facts["seed"] for facts in replays],
        "gains": {arm: asdict(gain) for arm, gain in gains.items()},
        "control_map": asdict(control),
        "relative_gains": {arm: gain.value / control.value if control.value else None for arm, gain in gains.items()},
        "ceiling": None if ceiling is None else ceiling.value,
        "share_of_ceiling": gains["corrected labels"].value / ceiling.value if ceiling and shown else None,
        "minutes": mean_of([facts["minutes"] for facts in replays]).value,
    }


def rendered(found: dict[str, Any]) -> str:
    """The summary for a terminal."""
    lines = [f"Over {len(found['seeds'])} seeds, differences to the control ({found['control_map']['value']:.1f} mAP):"]
    for arm, gain in found["gains"].items():
        share = found["relative_gains"][arm]
        low, high = gain["low"], gain["high"]
        between = "" if low is None or high is None else f" [{low:+.1f}, {high:+.1f}]"
        lines.append(f"  {arm}: {gain['value']:+.1f}{between}" + ("" if share is None else f", {share:+.0%}"))
    if found["share_of_ceiling"] is not None:
        lines.append(f"  correction reached {found['share_of_ceiling']:.0%} of its ceiling")
    lines.append(f"  counted as a person's time: {found['minutes']:.1f} minutes")
    return "\n".join(lines)
