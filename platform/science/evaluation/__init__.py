"""The science of evaluation: numpy in, numpy and dataclasses out."""

EVALUATOR = "halfday-2"  # 2: the interval of one evaluation takes in how far chance moves its correction
