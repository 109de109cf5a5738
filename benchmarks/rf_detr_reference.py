"""Our RF-DETR beside the package of its authors, `rfdetr` 1.11.2: the same random weights, images and labels.

    PYTHONPATH=platform:. python benchmarks/rf_detr_reference.py [--environment FOLDER]

The package is not needed by Halfday, so it gets an environment of its own (some 140 MB; torch and transformers are
those of the Python that runs this). Nothing is downloaded but the packages: sizes that fetch DINOv2's weights as they
are built are asked for a table of places of another size, which they then begin at random.
It writes weights under its own names, which ours reads by the key map.
Compared are, as the largest difference of any number: scores and boxes in evaluation, at the size of the table of
places and at another; then in training, of the groups of queries, the parts of the loss and the gradients.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

PINS = ("rfdetr==1.11.2",)
CLASSES, GROUPS, QUERIES = 7, 3, 60
BOXES = torch.tensor(  # centre and sides, of two images
    [
        [[0.307, 0.411, 0.213, 0.297], [0.618, 0.593, 0.517, 0.382], [0.153, 0.794, 0.117, 0.092]],
        [[0.481, 0.523, 0.786, 0.704], [0.223, 0.317, 0.129, 0.207], [0.446, 0.229, 0.311, 0.214]],
    ]
)
LABELS = torch.tensor([[0, 3, 6], [2, 2, 5]])
CASES: dict[str, tuple[str, int, tuple[int, ...]]] = {  # class of the package, side of the table, sides of images
    "rfdetr-n": ("RFDETRNanoConfig", 384, (384, 320)),
    "rfdetr-s": ("RFDETRSmallConfig", 512, (512,)),
    "rfdetr-m": ("RFDETRMediumConfig", 576, (576,)),
    "rfdetr-l": ("RFDETRLargeConfig", 704, (704,)),
    "rfdetr-b": ("RFDETRBaseConfig", 560, (560, 448)),
}
TRAINED = ("rfdetr-n", "rfdetr-b")  # at 224 px
TRAINING_SIDE = 224
GAINS = {"ce": 1.0, "bbox": 5.0, "giou": 2.0}


def main() -> None:
    """Print the differences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", type=Path, help="kept and used again; else one is made and removed")
    parser.add_argument("--theirs", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--size", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.theirs:
        record_theirs(options.size, options.theirs)
        return
    with tempfile.TemporaryDirectory(prefix="rf-detr-reference-") as folder:
        python = environment(options.environment or Path(folder) / "environment")
        record = Path(folder) / "theirs.pt"
        for size in CASES:
            subprocess.run([python, __file__, "--theirs", record, "--size", size], check=True)
            compare(size, torch.load(record, weights_only=True))


def environment(folder: Path) -> Path:
    """A Python with the package, beside the libraries of this one."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        own = next(folder.glob("lib/python3*/site-packages"))
        (own / "beside.pth").write_text(f"{Path(torch.__file__).parents[1]}\n")
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PINS], check=True)
    return python


def pictures(side: int) -> Tensor:
    """(2, 3, side, side) RGB 0..1."""
    return torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(side))


def normalised(images: Tensor) -> Tensor:
    """Around zero."""
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    return (images - mean[:, None, None]) / deviation[:, None, None]


def record_theirs(size: str, path: Path) -> None:
    """What the package says, under its own names; runs in its environment, which may not reach anything."""
    import socket

    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError("nothing is to be fetched")

    socket.getaddrinfo = refuse
    kind, side, sides = CASES[size]
    network, _ = network_of_theirs(kind, side)
    said: dict[str, Any] = {"weights": network.state_dict(), "answers": {}}
    for one in sides:
        with torch.no_grad():
            found = network.eval()(normalised(pictures(one)))
        said["answers"][one] = (found["pred_logits"].sigmoid(), found["pred_boxes"])
    if size in TRAINED:
        said["training"] = _training_of_theirs(*network_of_theirs(kind, TRAINING_SIDE))
    torch.save(said, path)


def network_of_theirs(kind: str, side: int) -> tuple[Any, Any]:
    """A network at random with a table of places for images of this side, and its loss."""
    from rfdetr import config
    from rfdetr.models.lwdetr import build_criterion_from_config, build_model_from_config

    own = getattr(config, kind)
    values: dict[str, Any] = {"pretrain_weights": None, "num_classes": CLASSES - 1, "device": "cpu"}
    values |= {"group_detr": GROUPS, "num_queries": QUERIES, "num_select": QUERIES}
    asked = own(**values, positional_encoding_size=side // own(**values).patch_size)
    training = config.TrainConfig(dataset_dir=".", output_dir=".")
    torch.manual_seed(7)
    network: Any = build_model_from_config(asked, training)
    with torch.no_grad():
        for one in network.parameters():  # heads begin at zero, norms at one: no case to compare
            one.add_(0.02 * torch.randn_like(one))
    return network, build_criterion_from_config(asked, training)[0]


def _training_of_theirs(network: Any, criterion: Any) -> dict[str, Any]:
    labels = [{"boxes": boxes.double(), "labels": classes} for boxes, classes in zip(BOXES, LABELS, strict=True)]
    network.train().double()
    out = network(normalised(pictures(TRAINING_SIDE).double()))
    parts = criterion.train()(out, labels)
    total = sum(parts[name] * gain for name, gain in criterion.weight_dict.items() if name in parts)
    total.backward()
    gradients = {name: one.grad for name, one in network.named_parameters() if one.grad is not None}
    kinds = {kind: sum(_of(parts, kind)) * gain for kind, gain in GAINS.items()}
    return {
        "weights": network.state_dict(),
        "scores": out["pred_logits"].detach().sigmoid(),
        "boxes": out["pred_boxes"].detach(),
        "losses": {kind: float(value.detach()) for kind, value in kinds.items()},
        "gradients": gradients,
    }


def _of(losses: dict[str, Any], kind: str) -> list[Any]:
    """A part of the loss, of every stage."""
    return [value for name, value in losses.items() if name.startswith(f"loss_{kind}")]


def compare(size: str, theirs: dict[str, Any]) -> None:
    """Ours with the same weights, and how far it is from theirs."""

    network, keys = _ours_with(size, CASES[size][1], theirs["weights"])
    print(f"\n{size}: {keys}")
    for one, said in theirs["answers"].items():
        with torch.no_grad():
            found = network.eval()(normalised(pictures(one)))
        _tell(f"at {one} px", found, *said)
    if "training" in theirs:
        _compare_training(size, theirs["training"])


def _ours_with(size: str, side: int, weights: dict[str, Tensor]) -> tuple[Any, str]:
    """Our network of a size, with a table of places for images of this side and their weights."""
    from model.engines.transformers.foreign import unpacked
    from model.engines.transformers.listing import family_of_architecture

    family = family_of_architecture(size)
    own = family.sizes[size]
    layout = {**own, "backbone_config": {**own["backbone_config"], "image_size": side}}
    network: Any = family.build({**layout, "num_queries": QUERIES, "group_detr": GROUPS}, CLASSES)
    named = family.names.tensors(unpacked(weights))
    network.load_state_dict(named)
    return network, f"{len(weights)} keys of theirs, {len(named)} of ours, all matched"


def _tell(what: str, found: Any, scores: Tensor, boxes: Tensor) -> None:
    spread = float(scores.max() - scores.min())
    apart = float((found.logits.detach().sigmoid() - scores).abs().max())
    print(f"  {what:12s} scores (theirs differ by up to {spread:.2f}) {apart:.1e}, ", end="")
    print(f"boxes (fractions) {float((found.pred_boxes.detach() - boxes).abs().max()):.1e}")


def _compare_training(size: str, said: dict[str, Any]) -> None:
    """In float64: which way a comparison falls does not hang on rounding then."""
    from model.engines.transformers.foreign import unpacked
    from model.engines.transformers.rf_detr.names import RfDetrNames

    network, _ = _ours_with(size, TRAINING_SIDE, said["weights"])
    network.train().double()
    network.model.backbone.projector.layer_norm._forward_pre_hooks.clear()  # which holds what follows in float32
    labels = [{"boxes": boxes.double(), "class_labels": one} for boxes, one in zip(BOXES, LABELS, strict=True)]
    nothing = {"ignored": torch.zeros(0, 4), "ignored_classes": torch.zeros(0, dtype=torch.long)}
    found = network(normalised(pictures(TRAINING_SIDE).double()), labels=[one | nothing for one in labels])
    _tell("in training", found, said["scores"], said["boxes"])
    kinds = {kind: sum(_of(found.loss_dict, kind)) * gain for kind, gain in GAINS.items()}
    for kind, value in kinds.items():
        ours, theirs = float(value.detach()), said["losses"][kind]
        print(f"  loss_{kind} {ours:.6f}, theirs {theirs:.6f}: {abs(ours - theirs) / theirs:.1e} of it")
    sum(kinds.values()).backward()
    theirs = RfDetrNames().tensors(unpacked(said["gradients"]))
    mine = {name: one.grad for name, one in network.named_parameters() if one.grad is not None}
    assert mine.keys() == theirs.keys(), mine.keys() ^ theirs.keys()
    worst = max(float((mine[name] - one).norm() / one.norm().clamp(min=1e-2)) for name, one in theirs.items())
    print(f"  gradients of {len(theirs)} parameters: {worst:.1e} of one's length")


if __name__ == "__main__":
    main()
