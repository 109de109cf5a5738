"""From an uploaded file to a checkpoint of ours."""

from __future__ import annotations

import re
from pathlib import Path

from torch import Tensor

from model.engines.checkpoint import CheckpointHeader, facts_of_checkpoint, is_ours
from model.engines.coco import class_names_for, unnamed_classes
from model.engines.measuring import count_parameters
from model.engines.transformers.checkpoints import Detector, fresh_detector, load_detector, save_detector
from model.engines.transformers.foreign import public_file
from model.engines.transformers.measure import gflops_of_detector
from model.engines.transformers.names import matched_network
from model.engines.types import CheckpointFacts, ConvertReport, ConvertRequest, Reporter


def convert(request: ConvertRequest, report: Reporter) -> CheckpointFacts:
    """Write `destination` from `source`, which may be a public file or already in our format."""
    report(ConvertReport("Reading the file", 0.1))
    most, note = request.limits.parameters, ""
    if is_ours(request.source):
        detector, header = load_detector(request.source, most)
    else:
        detector, header, note = detector_of_file(request.source, most)
        print(note, flush=True)  # to the job's log
    report(ConvertReport("Writing the checkpoint", 0.8))
    header.resume = None
    save_detector(request.destination, detector, header)
    gflops = gflops_of_detector(detector)
    return facts_of_checkpoint(request.destination, header, count_parameters(detector.module), gflops, note)


def detector_of_file(path: Path, most: int) -> tuple[Detector, CheckpointHeader, str]:
    """The network of a public file, and how its keys fitted."""
    public = public_file(path)
    family, match, classes = matched_network(public.tensors)
    named = public.class_names if len(public.class_names) in (classes, classes - 1) else ()
    names = named or class_names_for(classes)
    detector = fresh_detector(family, match.architecture, names, most)
    state = _without_rows(match.state, family.class_rows, classes - len(names))
    detector.module.load_state_dict(state, strict=False)  # what a file may lack keeps its beginning
    detector.module.eval()
    return detector, detector.header(), f"{match.architecture}: {match}{'' if named else unnamed_classes(names)}"


def _without_rows(state: dict[str, Tensor], class_rows: str, spare: int) -> dict[str, Tensor]:
    """RF-DETR's package has a row for none after those of its classes, which no object teaches."""
    rows = re.compile(class_rows)
    return {name: one[: len(one) - spare] if rows.search(name) else one for name, one in state.items()}
