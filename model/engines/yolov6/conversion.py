"""From an uploaded file to a checkpoint of ours, and what a checkpoint is."""

from __future__ import annotations

from pathlib import Path

from model.engines.checkpoint import CheckpointHeader, facts_of_checkpoint, is_ours
from model.engines.coco import class_names_for, unnamed_classes
from model.engines.measuring import COMPARED_AT, count_parameters
from model.engines.types import CheckpointFacts, ConvertReport, ConvertRequest, Reporter
from model.engines.yolov6.checkpoints import fresh_network, header_of_network, load_network, save_network
from model.engines.yolov6.foreign import tensors_of_file
from model.engines.yolov6.measure import gflops_of_network
from model.engines.yolov6.names import matched_to_size
from model.engines.yolov6.network import YoloV6
from model.engines.yolov6.sizes import SIZES


def convert(request: ConvertRequest, report: Reporter) -> CheckpointFacts:
    """Write `destination` from `source`, which may be Meituan's or already in our format."""
    report(ConvertReport("Reading the file", 0.1))
    most, note = request.limits.parameters, ""
    if is_ours(request.source):
        network, header = load_network(request.source, most)
    else:
        network, header, note = network_of_meituans(request.source, most)
        print(note, flush=True)  # to the job's log
    report(ConvertReport("Writing the checkpoint", 0.8))
    header.resume = None
    save_network(request.destination, network, header)
    gflops = gflops_of_network(network, COMPARED_AT)
    return facts_of_checkpoint(request.destination, header, count_parameters(network), gflops, note)


def network_of_meituans(path: Path, most: int) -> tuple[YoloV6, CheckpointHeader, str]:
    """The network of their file, and how its keys fitted."""
    match = matched_to_size(tensors_of_file(path))
    names = class_names_for(match.state["head.cls_preds.0.weight"].shape[0])
    network = fresh_network(SIZES[match.architecture], names, most)
    network.load_state_dict(match.state)
    note = f"{match.architecture}: {match}{unnamed_classes(names)}"
    return network.eval(), header_of_network(network, match.architecture), note
