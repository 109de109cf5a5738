"""`./halfday improve DATASET`: the next best step, what it is expected to bring, and the machine's part of it.

export HALFDAY_URL=http://localhost:8000 HALFDAY_TOKEN=…
./halfday improve 3 --minutes 30
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass

from client.errors import HalfdayError
from client.halfday import Halfday
from client.nouns import Improvement, Job, Step
from client.query import DATASET_HELP, dataset_id

Say = Callable[[str], None]
SIGNS = {"done": "✓", "current": "●", "waiting": "○", "skipped": "–"}
YES, SKIP, QUIT = "y", "s", "q"


def main(arguments: list[str]) -> int:
    """Go on until people are needed or a round is proven; 1 where the platform refuses or a job fails."""
    asked = options().parse_args(arguments)
    try:
        with Halfday.from_environment() as halfday:
            guide = Guide(halfday, dataset_id(halfday, asked.dataset), asked.minutes, asked.yes)
            guide.go_on(once=asked.once)
    except HalfdayError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./halfday improve",
        description="Where a dataset is in the loop, the next best step with its expected gain, and the others"
        " (docs/improve.md). Does the machine's part, hands over to people, and goes on when it is run again.",
        epilog="HALFDAY_URL and HALFDAY_TOKEN say where the platform is, and who asks. Exit code 0: done, or people's"
        " turn; 1: refused, or a job failed.",
    )
    parser.add_argument("dataset", help=DATASET_HELP)
    parser.add_argument("--minutes", type=float, default=30, help="of people's time that one step may take (30)")
    parser.add_argument("--yes", action="store_true", help="do the machine's part of every step without asking")
    parser.add_argument("--once", action="store_true", help="one step only")
    return parser


@dataclass
class Guide:
    """One walk along the loop of a dataset."""

    halfday: Halfday
    dataset: int
    minutes: float
    yes: bool
    say: Say = print
    last: tuple[str, int | None] | None = None  # the step taken before

    def go_on(self, *, once: bool) -> None:
        """Step after step: until people are needed, a round is proven, nothing is left, or nobody answers."""
        while True:
            state = self._settled()
            show(state, self.say)
            step = state["next"]
            if step is None:
                return self.say("\nNo step is left. Take one up again on the page, or import images.")
            if step["by_people"]:
                return self._hand_over(state)
            if self.last == (step["step"], step["class_id"]):
                return self.say(
                    f"\n“{title(step)}” was done and changed nothing. Skip it on the page, or look into Jobs."
                )
            answer = self._answer(step)
            if answer == QUIT:
                return None
            if answer == SKIP:
                self.halfday.improve.skip(self.dataset, step["step"], class_id=step["class_id"])
                continue
            if not self._take(step) or once or step["step"] == "prove":
                return self._end(step)

    def _settled(self) -> Improvement:
        """The state once no job of the loop runs."""
        while True:
            state = self.halfday.improve.get(self.dataset, minutes=self.minutes)
            if state["job"] is None:
                return state
            self._follow(state["job"])

    def _follow(self, job: Job) -> None:
        self.say(f"\n{job['title']}")
        told: set[str] = set()

        def progress(now: Job) -> None:
            if now["message"] and now["message"] not in told:
                told.add(now["message"])
                self.say(f"  {now['progress']:4.0%} {now['message']}")

        self.halfday.jobs.wait(job, progress)

    def _answer(self, step: Step) -> str:
        """What the person wants; without a terminal and without --yes nothing is done."""
        if self.yes:
            return YES
        if not sys.stdin.isatty():
            self.say("\nRun this with --yes to do the machine's part, or in a terminal to be asked.")
            return QUIT
        given = input(f"\n{title(step)}: do it? [y]es, [s]kip, [q]uit: ").strip().lower()[:1]
        return given if given in (YES, SKIP) else QUIT

    def _take(self, step: Step) -> bool:
        """Do the machine's part; false where only a page was left to be opened."""
        self.last = (step["step"], step["class_id"])
        done = self.halfday.improve.take(self.dataset, step["step"], class_id=step["class_id"], minutes=self.minutes)
        if done["job"] is not None:
            self._follow(done["job"])
        elif step["step"] == "import" and done["link"]:
            self.say(f"\nOpen {self.halfday.url}{done['link']}, and run this command again afterwards.")
            return False
        return True

    def _hand_over(self, state: Improvement) -> None:
        batch = state["batch"]
        if batch is None:
            return
        address = f"{self.halfday.url}{batch['link']}"
        if batch["open"]:
            tasks = "1 task" if batch["open"] == 1 else f"{batch['open']} tasks"
            time = f"about {minutes(batch['minutes'])}" if batch["minutes"] >= 1 else "less than a minute"
            self.say(f"\nOpen {address}: {tasks}, {time}.")
        else:
            self.say(f"\nAll tasks are finished. Open {address} and send it to Curate.")
        self.say("Run this command again afterwards.")

    def _end(self, step: Step) -> None:
        """Say what a proof showed."""
        if step["step"] == "prove":
            show_proof(self._settled(), self.say)


def show(state: Improvement, say: Say) -> None:
    """The state and the steps, as a table."""
    say("\n" + "  ".join(f"{SIGNS[one['state']]} {one['stage']}" for one in state["stages"]))
    show_proof(state, say)
    if base := state["base"]:
        figure = "" if base["ap"] is None else f", mAP {100 * base['ap']:.1f}{_interval(base)}"
        say(f"Now: {base['run']['name']}{figure}")
    if failed := state["failed"]:
        say(f"Failed: {failed['title']}: {failed['error']}")
    steps = [*([state["next"]] if state["next"] else []), *(one for one in state["others"] if not one["skipped"])]
    if not steps:
        return
    say(f"\n  {'step':34} {'expected mAP':>22} {'people':>8} {'machine':>8} {'per hour':>8}")
    for place, step in enumerate(steps):
        mark = ">" if place == 0 and step is state["next"] else " "
        rate = "–" if step["per_hour"] is None else f"{step['per_hour']:.2f}"
        times = (minutes(step["people_minutes"]), minutes(step["machine_minutes"]))
        say(f"{mark} {title(step):34} {gain(step):>22} {times[0]:>8} {times[1]:>8} {rate:>8}")
    if state["next"]:
        say(f"\n{state['next']['why']}")


def show_proof(state: Improvement, say: Say) -> None:
    """What the last round brought."""
    if proven := state["proven"]:
        against = f"against {'its control ' if proven['is_control'] else ''}{proven['against']['name']}"
        verdict = proven["verdict"].replace("_", " ")
        say(f"{proven['run']['name']}: {points(proven['gain'])} mAP, {verdict}, {against}")


def title(step: Step) -> str:
    """The step's name as a person reads it."""
    words = step["step"].replace("_", " ")
    return words if step["class_id"] is None else f"{words}: {step['why_params'].get('name', step['class_id'])}"


def gain(step: Step) -> str:
    """+0.6 [+0.1, +1.1], a bound, or that it is to be measured."""
    if step["gain"] is not None:
        return points(step["gain"])
    return "measure first" if step["at_most"] is None else f"at most +{step['at_most']:.2g}"


def points(found: dict[str, float | None]) -> str:
    """A gain with its interval."""
    value, low, high = (found[name] for name in ("value", "low", "high"))
    if value is None:
        return "–"
    return f"{value:+.1f}" if low is None or high is None else f"{value:+.1f} [{low:+.1f}, {high:+.1f}]"


def _interval(base: dict[str, float | None]) -> str:
    low, high = base["low"], base["high"]
    return "" if low is None or high is None else f" [{100 * low:.1f}, {100 * high:.1f}]"


def minutes(many: float | None) -> str:
    """Minutes, or hours from two on."""
    if many is None:
        return "–"
    return f"{many / 60:.1f} h" if many >= 120 else f"{many:.0f} min" if many >= 1 or not many else "< 1 min"
