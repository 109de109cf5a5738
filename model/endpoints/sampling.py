"""Pictures that an endpoint was asked about and that are kept, where its owner wants some: off unless asked for.

They go into a dataset of their own, "NAME from production", as an ordinary import, and from there into auto-curate.
"""

from __future__ import annotations

import hashlib
import logging
import random
from collections.abc import Sequence

from django.db.models import Count, Sum

from accounts.problems import Problem
from model.models import Deployment, Endpoint, KeptPicture
from storage import blobs

dice = random.Random()
log = logging.getLogger(__name__)


def keep_some(endpoint: Endpoint, deployment: Deployment, pictures: Sequence[bytes]) -> None:
    """Keep each picture with the endpoint's chance, within its budget of pictures and bytes; each picture once.

    Whoever asked has their boxes all the same where the storage is full or away; the log says what was not kept.
    """
    if not endpoint.sample_share:
        return
    for data in pictures:
        if dice.random() < endpoint.sample_share and has_room(endpoint, len(data)):
            try:
                keep(endpoint, deployment, data)
            except (OSError, Problem) as error:
                log.warning("A picture that %s was asked about was not kept: %s", endpoint.name, error)


def has_room(endpoint: Endpoint, size: int) -> bool:
    pictures, taken = kept_so_far(endpoint)
    return pictures < endpoint.sample_pictures and taken + size <= endpoint.sample_bytes


def kept_so_far(endpoint: Endpoint) -> tuple[int, int]:
    """How many pictures, and bytes."""
    found = KeptPicture.objects.filter(deployment__endpoint=endpoint).aggregate(n=Count("pk"), size=Sum("size"))
    return found["n"], found["size"] or 0


def keep(endpoint: Endpoint, deployment: Deployment, data: bytes) -> None:
    sha256 = hashlib.sha256(data).hexdigest()
    if KeptPicture.objects.filter(deployment__endpoint=endpoint, sha256=sha256).exists():
        return
    location = blobs.put_known(data, sha256)
    KeptPicture.objects.create(deployment=deployment, sha256=sha256, location=location, size=len(data))
