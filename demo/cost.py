"""What an experiment of a preset costs on this machine, measured before anything is imported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from demo.console import Console
from demo.material import Material
from demo.presets import Preset

ARMS = 4  # control, corrected labels, more data, both: each sees as many images as the control
CEILING = 1  # one more, where it is asked for
SPLIT = 0.8  # of the experiment's images are trained on


class CannotAfford(Exception):
    """The machine or the data is not up to the experiment; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class ImagePasses:
    """How often an image goes through the network."""

    trained: int  # forwards and backwards
    predicted: int

    def seconds(self, trained_per_second: float, predicted_per_second: float | None) -> float:
        """At these speeds; predictions count nothing where their speed is not known."""
        predicting = self.predicted / predicted_per_second if predicted_per_second else 0.0
        return self.trained / trained_per_second + predicting


def image_passes(preset: Preset, images: int, pool: int, *, ceiling: bool = False) -> ImagePasses:
    """Of baseline, folds and arms, on `images` that are split 4 : 1 and a pool that is searched for edge cases."""
    train = round(images * SPLIT)
    arms = ARMS + (CEILING if ceiling else 0)
    trained = train * (preset.epochs + preset.epochs * (preset.folds - 1) + arms * preset.more_epochs)
    return ImagePasses(trained, (1 + arms) * (images - train) + train + pool)


def check_shape(material: Material, preset: Preset) -> None:
    """Raise CannotAfford where there are fewer images than the preset names."""
    wanted, there = preset.experiment + preset.rare + preset.edge, len(material.experiment) + len(material.pool)
    if there < wanted:
        share = there / wanted
        raise CannotAfford(
            f"This preset takes {preset.experiment:,} images for training and validation and {preset.rare:,} rare and"
            f" {preset.edge:,} edge cases from further ones, {wanted:,} in all; {material.title} holds {there:,} that"
            f" are labelled. Give --scale {0.99 * share:.2g} for a part of each."
        )


def check_machine(api: Any, console: Console, project: int, preset: Preset, passes: ImagePasses, hours: float) -> None:
    """Measure the network here, say how long all of it will take, and raise CannotAfford where it is too much."""
    batch = int(preset.settings.get("batch", 8))
    console.heading(f"Measure {preset.baseline} at {preset.imgsz} px, batch {batch}")
    found = measured(api, console, project, preset, batch)
    if not fits(found):
        alone = found if batch == 1 else measured(api, console, project, preset, 1)
        raise CannotAfford(does_not_fit(preset, found, alone, passes))
    console.say(_speed(found, passes))
    if why := too_slow(preset, found, passes, hours):
        raise CannotAfford(why)


def fits(found: dict[str, Any]) -> bool:
    """Whether a measurement came to its end."""
    return not found["problem"] and bool(found["trained_per_second"])


def too_slow(preset: Preset, found: dict[str, Any], passes: ImagePasses, hours: float) -> str:
    """Why it takes too long at the speed that was found; empty where it does not."""
    seconds = passes.seconds(found["trained_per_second"], found["predicted_per_second"])
    if seconds <= 3600 * hours:
        return ""
    return (
        f"On {found['device']} {preset.baseline} trains {found['trained_per_second']:.3g} images a second at"
        f" {preset.imgsz} px: the {passes.trained:,} images of all trainings would take {shown_time(seconds)}, more"
        f" than the {hours:g} hours that --hours allows. Raise it, use a faster GPU, or give fewer --epochs, a smaller"
        " --imgsz or --scale, or another --baseline."
    )


def measured(api: Any, console: Console, project: int, preset: Preset, batch: int) -> dict[str, Any]:
    """What the platform measured just now."""
    job = api.baselines.measure(preset.baseline, project=project, imgsz=preset.imgsz, batch=batch)
    api.jobs.wait(job, progress=console.progress)
    rows = next(one["measured"] for one in api.baselines.list() if one["name"] == preset.baseline)
    same = [one for one in rows if (one["imgsz"], one["batch"]) == (preset.imgsz, batch)]
    newest: dict[str, Any] = max(same, key=lambda one: one["measured_at"])
    return newest


def does_not_fit(preset: Preset, found: dict[str, Any], alone: dict[str, Any], passes: ImagePasses) -> str:
    """Why not, and how long it would take where one image at a time can be trained."""
    why = found["problem"] or "No step of the training came to its end."
    text = (
        f"{found['device']} cannot train {preset.baseline} at {preset.imgsz} px in batches of {found['batch']}: {why}"
    )
    if alone["trained_per_second"]:
        seconds = passes.seconds(alone["trained_per_second"], alone["predicted_per_second"])
        text += (
            f" One image at a time it trains {alone['trained_per_second']:.3g} images a second: the"
            f" {passes.trained:,} images of all trainings would take {shown_time(seconds)}."
        )
    return f"{text} Use a GPU with more memory, or give a smaller --batch, --imgsz or --baseline."


def _speed(found: dict[str, Any], passes: ImagePasses) -> str:
    memory = f", {found['memory'] / 2**30:.1f} GiB of memory at most" if found["memory"] else ""
    seconds = passes.seconds(found["trained_per_second"], found["predicted_per_second"])
    speed = f"{found['device']}: {found['trained_per_second']:.3g} images a second in training{memory}"
    return f"{speed}; all trainings together will take about {shown_time(seconds)}"


def shown_time(seconds: float) -> str:
    """In the unit that a person would choose: 40 minutes, 18 hours, 12 days, 3.1 years."""
    for least, size, unit in ((2 * 31_557_600, 31_557_600, "years"), (2 * 86_400, 86_400, "days")):
        if seconds >= least:
            return f"{seconds / size:.2g} {unit}" if seconds / size < 10 else f"{seconds / size:,.0f} {unit}"
    if seconds >= 2 * 3600:
        return f"{seconds / 3600:.0f} hours"
    return f"{max(1, round(seconds / 60))} minutes"
