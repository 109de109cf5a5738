"""What the deep pictures of a dataset have been stretched from, so that further ones become alike."""

from dataset.models import Dataset
from jobs.models import Job
from storage.deep import Range

IMPORT = "import_dataset"


def ranges_before(dataset: Dataset) -> dict[str, Range]:
    """By kind of sample, the range that the dataset's imports used; the first import of a kind decided it."""
    imports = Job.objects.filter(dataset_id=dataset.pk, kind=IMPORT, state=Job.State.SUCCEEDED)
    done = imports.exclude(params__dry_run=True).exclude(result__stretched={}).order_by("-pk")
    ranges: dict[str, Range] = {}
    for stretched in done.filter(result__has_key="stretched").values_list("result__stretched", flat=True):
        ranges |= {kind: (float(low), float(high)) for kind, (low, high) in stretched.items()}
    return ranges
