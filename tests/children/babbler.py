"""A child that writes what is no JSON object: `python -m tests.children.babbler PARENT`."""

import sys

for _ in sys.stdin:
    print("[1, 2", flush=True)
