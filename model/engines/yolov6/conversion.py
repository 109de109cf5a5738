"""From an uploaded file to a checkpoint of ours, and what a checkpoint is."""

from __future__ import annotations

from pathlib import Path

from model.engines.checkpoint import CheckpointHeader, is_ours, sha256
from model.engines.coco import COCO_CLASSES
from model.engines.types import CheckpointFacts, ConvertReport, ConvertRequest, Reporter
from model.engines.yolov6.checkpoints import fresh_network, header_of_network, load_network, save_network
from model.engines.yolov6.foreign import tensors_of_file
from model.engines.yolov6.measure import count_parameters, gflops_of_network
from model.engines.yolov6.names import matched_to_size
from model.engines.yolov6.network import YoloV6
from model.engines.yolov6.sizes import SIZES

COMPARED_AT = 640  # pixels, as the other baselines' GFLOPs


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
    return facts_of_checkpoint(request.destination, network, header, note)


def network_of_meituans(path: Path, most: int) -> tuple[YoloV6, CheckpointHeader, str]:
    """The network of their file, and how its keys fitted."""
    match = matched_to_size(tensors_of_file(path))
    names = class_names_for(match.state["head.cls_preds.0.weight"].shape[0])
    network = fresh_network(SIZES[match.architecture], names, most)
    network.load_state_dict(match.state)
    note = f"{match.architecture}: {match}"
    if names != COCO_CLASSES:
        note += f" Such files name no classes; here they are called {names[0]} to {names[-1]}."
    return network.eval(), header_of_network(network, match.architecture), note


def class_names_for(count: int) -> tuple[str, ...]:
    """Their files carry no names; of 80 classes they are COCO's."""
    return COCO_CLASSES if count == len(COCO_CLASSES) else tuple(f"class {number}" for number in range(count))


def facts_of_checkpoint(path: Path, network: YoloV6, header: CheckpointHeader, note: str = "") -> CheckpointFacts:
    """Size and cost of a checkpoint."""
    return CheckpointFacts(
        architecture=header.architecture,
        class_names=header.class_names,
        parameters=count_parameters(network),
        gflops=round(gflops_of_network(network, COMPARED_AT), 1),
        sha256=sha256(path),
        size=path.stat().st_size,
        imgsz=header.imgsz,
        note=note,
    )
