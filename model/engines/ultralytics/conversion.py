"""From an uploaded file to a checkpoint of ours, and what a checkpoint is."""

from __future__ import annotations

from pathlib import Path

from ultralytics.utils.torch_utils import get_flops

from model.engines.catalogue import architectures
from model.engines.checkpoint import CUSTOM, CheckpointHeader, facts_of_checkpoint, is_ours
from model.engines.measuring import COMPARED_AT
from model.engines.types import CheckpointFacts, ConvertReport, ConvertRequest, Reporter
from model.engines.ultralytics import networks
from model.engines.ultralytics.networks import Network


def convert(request: ConvertRequest, report: Reporter) -> CheckpointFacts:
    """Write `destination` from `source`, which may be in ultralytics' format or already in ours."""
    report(ConvertReport("Reading the file", 0.1))
    source = _plainly_named(request)
    read = networks.load if is_ours(source) else networks.read_foreign
    report(ConvertReport("Building the network", 0.4))
    network, facts = read(source, request.limits.parameters)
    report(ConvertReport("Writing the checkpoint", 0.8))
    if facts.architecture not in {a.name for a in architectures()}:
        facts.architecture = CUSTOM
    facts.resume = None
    networks.save(request.destination, network, facts)
    return describe(request.destination, network, facts)


def _plainly_named(request: ConvertRequest) -> Path:
    """The file under another name: for one that it knows, such as yolov5n.pt, the library looks for a download."""
    link = request.destination.with_name("brought.pt")
    link.unlink(missing_ok=True)
    link.symlink_to(request.source.resolve())
    return link


def describe(path: Path, network: Network, facts: CheckpointHeader) -> CheckpointFacts:
    """Size and cost of a checkpoint."""
    return facts_of_checkpoint(path, facts, count(network), float(get_flops(network, COMPARED_AT)))


def count(network: Network) -> int:
    """Number of parameters."""
    return sum(p.numel() for p in network.parameters())
