"""How a job ends other than well. Handlers raise JobFailed; the other two are raised by `report`.

Whatever else is raised either passes by itself (jobs.passing), and the job is tried again, or it is a fault.
"""


class JobFailed(Exception):
    """The work cannot be done; the sentence says why, to the person who asked. Not tried again."""


class JobCancelled(Exception):
    """Somebody asked for the job to stop. Handlers let it pass, tidying up in `finally`."""


class JobInterrupted(Exception):
    """The worker is being stopped, or has lost the job to another: stop now; the job is (or has been) handed back."""
