"""How tasks are spread over people. Numbers in, numbers out; no database."""

from collections.abc import Sequence

MOST_TIMES = 10.0  # that somebody's share may be the smallest one's: a measured speed may be chance


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in the ratio of the weights (> 0) that add up to `total`: the largest remainders get one more."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    found = [int(share) for share in exact]
    by_rest = sorted(range(len(weights)), key=lambda place: (found[place] - exact[place], place))
    for place in by_rest[: total - sum(found)]:
        found[place] += 1
    return found


def speeds(seconds: Sequence[float | None]) -> list[float]:
    """Weights by tasks per hour, from each person's seconds a task; who was never timed counts as the middle one."""
    known = sorted(value for value in seconds if value)
    middle = known[len(known) // 2] if known else 1.0
    found = [1.0 / (value or middle) for value in seconds]
    least = max(found) / MOST_TIMES
    return [max(speed, least) for speed in found]


def dealt(counts: Sequence[int]) -> list[int]:
    """Whose each task is, in the tasks' order, dealt in turns: nobody gets all that was put first.

    Person k's i-th of n tasks stands at (i + ½) / n.
    """
    places = [((turn + 0.5) / count, person) for person, count in enumerate(counts) for turn in range(count)]
    return [person for _, person in sorted(places)]


def in_blocks(counts: Sequence[int]) -> list[int]:
    """Whose each task is, one after the other: what stands together stays with one person."""
    return [person for person, count in enumerate(counts) for _ in range(count)]
