"""A thin, typed client of Halfday's REST API. Whatever a button does, a script can do with this.

from client import Halfday

with Halfday("http://127.0.0.1:8000", token="…") as halfday:
    dataset = halfday.datasets.create(project=1, name="Streets")
    job = halfday.datasets.upload(dataset["id"], Path("streets.zip"), format="coco")
    print(halfday.jobs.wait(job)["result"])
"""

from client.errors import Conflict, Forbidden, HalfdayError, JobFailed, NotFound, Stale, Unreachable
from client.halfday import Halfday

__all__ = ["Conflict", "Forbidden", "Halfday", "HalfdayError", "JobFailed", "NotFound", "Stale", "Unreachable"]
