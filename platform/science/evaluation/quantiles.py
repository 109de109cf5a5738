"""The normal and Student's distribution, from scipy; imported on use, as only jobs compute intervals."""

from __future__ import annotations


def normal_cdf(value: float) -> float:
    """Return the probability below a value."""
    from scipy.special import ndtr

    return float(ndtr(value))


def normal_quantile(probability: float) -> float:
    """Return the value below which lies this probability; infinite at 0 and 1."""
    from scipy.special import ndtri

    return float(ndtri(probability))


def student_cdf(value: float, freedom: float) -> float:
    """Return the probability below a value of Student's t with so many degrees of freedom."""
    from scipy.special import stdtr

    return float(stdtr(freedom, value))


def student_quantile(probability: float, freedom: float) -> float:
    """Return the value of Student's t below which lies this probability."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, probability))
