"""Why a choice has fewer images than were asked for, in one sentence."""

from __future__ import annotations

from typing import Any

from curate.models import AutoCurate
from jobs.reporting import Report
from jobs.sentences import Sentence, as_json
from science.autocurate.to_label import ToLabel


def shortfall(run: AutoCurate, found: ToLabel, *, showing: int | None, pool: int) -> Sentence | None:
    """What to say where the images were not enough; None where there are as many as asked for.

    ``showing`` of the ``pool`` show what was looked for; None: any image would have done.
    """
    asked = int(run.params["budget"])
    if len(found.picks) >= asked:
        return None
    names = {"images": len(found.picks), "asked": asked, "pool": pool, **found.left_out}
    if showing is None:
        return Sentence.of(
            "fewer_images",
            "{images} of the {asked} images asked for: there are {pool}, of which {sequence} are further frames of a"
            " sequence and {near_duplicate} near-duplicates of what was taken or is labelled.",
            **names,
        )
    return Sentence.of(
        "fewer_showing",
        "{images} of the {asked} images asked for: {showing} of {pool} show such a class, of which {sequence} are"
        " further frames of a sequence and {near_duplicate} near-duplicates of what was taken or is there.",
        showing=showing,
        **names,
    )


def say_shortfall(short: Sentence | None, report: Report) -> dict[str, Any]:
    """Say it as the last of the job's messages, and give it as a part of its result."""
    if short is None:
        return {}
    report(1.0, short)
    return {"short": as_json([short])[0]}
