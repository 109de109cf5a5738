"""How often the interval of a learning curve's gain holds the true gain, on curves whose truth is known.

    PYTHONPATH=platform python benchmarks/learning_curve_coverage.py

Draws power laws (best AP .3 to .8, exponent .1 to 1, what is missing at the full size .05 to .3), gives each size its
noise, fits, and asks for what twice the data brings. Beside it: the best least-squares fit with a fixed exponent (.5),
as a plain reading of a curve would have it, with the error of its two parameters.
"""

from __future__ import annotations

import argparse

import numpy as np

from science.guidance.power_law import CurvePoint, Range, fit_power_law

FULL = 2000.0  # images
SIZES = {
    "2 sizes": (0.5, 1.0),
    "3 sizes": (0.25, 0.5, 1.0),
    "5 sizes": (0.0625, 0.125, 0.25, 0.5, 1.0),
    "3 sizes, 3 seeds": (0.25, 0.5, 1.0) * 3,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--curves", type=int, default=1000)
    parser.add_argument("--noise", type=float, nargs="+", default=[0.002, 0.008], help="standard errors of AP")
    asked = parser.parse_args()
    heads = " ".join(f"{head:>6}" for head in ("noise", "held", "above", "below", "width", "error", "c = .5"))
    print(f"{'points':18} {heads}")
    for name, fractions in SIZES.items():
        for noise in asked.noise:
            print_row(name, noise, np.array(fractions) * FULL, asked.curves)


def print_row(name: str, noise: float, n: np.ndarray, curves: int) -> None:
    random = np.random.default_rng(0)
    rows = [one_curve(random, n, noise) for _ in range(curves)]
    true = np.array([row[0] for row in rows])
    low, value, high = (np.array([getattr(row[1], end) for row in rows]) for end in ("low", "value", "high"))
    held = (low <= true + 1e-9) & (true <= high + 1e-9)
    plain = np.mean([abs(row[0] - row[2].value) <= row[2].high - row[2].value for row in rows])
    shown = (held.mean(), (true > high).mean(), (true < low).mean())
    width, error = 100 * np.median(high - low), 100 * np.median(abs(value - true))
    shares = " ".join(f"{one:6.1%}" for one in shown)
    print(f"{name:18} {noise:6.3f} {shares} {width:6.2f} {error:6.2f} {plain:6.1%}")


def one_curve(random: np.random.Generator, n: np.ndarray, noise: float) -> tuple[float, Range, Range]:
    """The true gain of twice the data, ours, and the plain fit's."""
    a, c, missing = random.uniform(0.3, 0.8), np.exp(random.uniform(np.log(0.1), 0)), random.uniform(0.05, 0.3)
    b = missing * FULL**c
    ap = a - b * n**-c + random.normal(0, noise, len(n))
    law = fit_power_law([CurvePoint(size, one, noise) for size, one in zip(n, ap, strict=True)])
    assert law is not None
    return b * (FULL**-c - (2 * FULL) ** -c), law.gain(FULL), plain_gain(n, ap, noise)


def plain_gain(n: np.ndarray, ap: np.ndarray, noise: float) -> Range:
    """Least squares with c = .5; the error of the gain is that of b."""
    x = n**-0.5
    off = x - x.mean()
    b, error = -(off * (ap - ap.mean())).sum() / (off**2).sum(), noise / np.sqrt((off**2).sum())
    step = FULL**-0.5 - (2 * FULL) ** -0.5
    return Range(b * step, (b - 1.96 * error) * step, (b + 1.96 * error) * step)


if __name__ == "__main__":
    main()
