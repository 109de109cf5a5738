"""Stand-ins for disks of any size."""

from collections import namedtuple

Usage = namedtuple("Usage", "total used free")


def usage(total: int, free: int) -> Usage:
    """What shutil.disk_usage would say."""
    return Usage(total, total - free, free)
