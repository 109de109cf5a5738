"""Our DETA beside that of transformers 4.57.6, the last that has one: the same random weights, images and labels.

    PYTHONPATH=platform:. python benchmarks/deta_reference.py [--environment FOLDER]

The reference needs an older transformers, so an environment of its own is made (some 100 MB; torch, torchvision and
scipy are those of the Python that runs this). It writes weights under its own names, which ours reads by the key map.
Compared are, as the largest difference of any number: scores and boxes of the first stage and of each layer of the
decoder, the boxes that the queries begin with, the three parts of the loss, and the gradient of every parameter. No
object has more than half of what the reference draws at random, so it draws all; it is asked twice, under two seeds.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch

PINS = ("transformers==4.57.6", "huggingface-hub<1.0")
CLASSES = 7
SWIN: dict[str, Any] = {"embed_dim": 24, "depths": (1, 1, 2, 1), "num_heads": (1, 2, 4, 8), "window_size": 4}
NETWORK: dict[str, Any] = {
    "num_queries": 60, "two_stage_num_proposals": 60, "d_model": 64, "encoder_layers": 2, "decoder_layers": 2,
    "encoder_ffn_dim": 128, "decoder_ffn_dim": 128, "encoder_attention_heads": 4, "decoder_attention_heads": 4,
    "num_feature_levels": 5, "assign_first_stage": True, "with_box_refine": True, "two_stage": True,
    "auxiliary_loss": True, "dropout": 0.0,
}  # fmt: skip
BOXES = torch.tensor(  # centre and sides, of two images; crooked, so that no two anchors overlap one as much
    [
        [[0.307, 0.411, 0.213, 0.297], [0.618, 0.593, 0.517, 0.382], [0.153, 0.794, 0.117, 0.092]],
        [[0.481, 0.523, 0.786, 0.704], [0.223, 0.317, 0.129, 0.207], [0.446, 0.229, 0.311, 0.214]],
    ]
)
LABELS = torch.tensor([[0, 3, 6], [2, 2, 5]])
CASES = {"256 x 320 px": (256, 320, 0), "256 x 320 px, one bordered": (256, 320, 64), "448 x 576 px": (448, 576, 0)}
GAINS = {"cls_loss": ("loss_ce", 1.0), "box_loss": ("loss_bbox", 5.0), "giou_loss": ("loss_giou", 2.0)}


def main() -> None:
    """Print the differences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", type=Path, help="kept and used again; else one is made and removed")
    parser.add_argument("--theirs", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.theirs:
        record_theirs(options.theirs)
        return
    with tempfile.TemporaryDirectory(prefix="deta-reference-") as folder:
        python = environment(options.environment or Path(folder) / "environment")
        record = Path(folder) / "theirs.pt"
        subprocess.run([python, __file__, "--theirs", record], check=True)
        compare(torch.load(record, weights_only=True))


def environment(folder: Path) -> Path:
    """A Python with the reference, beside the libraries of this one."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PINS], check=True)
        own = next(folder.glob("lib/python3*/site-packages"))
        mine = Path(torch.__file__).parents[1]
        (own / "beside.pth").write_text(f"{mine}\n")  # after its own, so that the older transformers comes first
    return python


def pictures(height: int, width: int, border: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(2, 3, H, W) RGB 0..1, and (2, H, W) where the images are; the second leaves so many columns and rows."""
    images = torch.rand(2, 3, height, width, generator=torch.Generator().manual_seed(height + border))
    valid = torch.ones(2, height, width, dtype=torch.bool)
    valid[1, height - border :, :] = False
    valid[1, :, width - border :] = False
    return images, valid


def record_theirs(path: Path) -> None:
    """What the reference says, under its own names; runs in its environment."""
    from transformers import SwinConfig
    from transformers.models.deprecated.deta import DetaConfig, DetaForObjectDetection

    swin = SwinConfig(out_features=["stage2", "stage3", "stage4"], **SWIN)  # type: ignore[call-arg]
    torch.manual_seed(5)
    network = DetaForObjectDetection(DetaConfig(backbone_config=swin, num_labels=CLASSES, **NETWORK)).eval()
    with torch.no_grad():
        for one in network.parameters():  # heads begin at zero, norms at one: no case to compare
            one.add_(0.05 * torch.randn_like(one))
    cases = {name: _answer_of_theirs(network, *pictures(*shape)) for name, shape in CASES.items()}
    torch.save({"weights": network.state_dict(), "cases": cases}, path)


def _answer_of_theirs(network: Any, images: torch.Tensor, valid: torch.Tensor) -> dict[str, Any]:
    labels = [{"boxes": boxes, "class_labels": classes} for boxes, classes in zip(BOXES, LABELS, strict=True)]
    losses = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        network.zero_grad()
        out = network(pixel_values=_normalised(images), pixel_mask=valid.long(), labels=labels)
        out.loss.backward()
        losses.append({ours: sum(_of(out.loss_dict, theirs)) * gain for ours, (theirs, gain) in GAINS.items()})
    layers = [(one["logits"], one["pred_boxes"]) for one in out.auxiliary_outputs] + [(out.logits, out.pred_boxes)]
    answer = {
        "layers": [(logits.sigmoid(), boxes) for logits, boxes in layers],
        "first": (out.enc_outputs_class.sigmoid(), out.enc_outputs_coord_logits.sigmoid()),
        "proposals": out.init_reference_points,
        "losses": losses,
        "gradients": {name: one.grad for name, one in network.named_parameters(remove_duplicate=False)},
    }
    return _detached(answer)


def _of(losses: dict[str, Any], name: str) -> list[Any]:
    """A part of the loss, of every stage."""
    return [value for key, value in losses.items() if key.startswith(name)]


def _normalised(images: torch.Tensor) -> torch.Tensor:
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    return (images - mean[:, None, None]) / deviation[:, None, None]


def _detached(found: Any) -> Any:
    if isinstance(found, torch.Tensor):
        return found.detach().clone()
    if isinstance(found, dict):
        return {name: _detached(one) for name, one in found.items()}
    return [_detached(one) for one in found] if isinstance(found, (list, tuple)) else found


def compare(theirs: dict[str, Any]) -> None:
    """Ours with the same weights, and how far it is from theirs."""
    from model.engines.transformers.deta.names import DetaNames
    from model.engines.transformers.deta.network import Deta
    from model.engines.transformers.deta.sizes import SIZES

    network = Deta(SIZES["deta-t"], CLASSES).eval()
    weights = DetaNames().tensors(theirs["weights"])
    network.load_state_dict(weights)
    print(f"{len(theirs['weights'])} keys of theirs, {len(weights)} of ours, all matched")
    for name, said in theirs["cases"].items():
        print(f"\n{name}")
        for what, difference in differences(network, said, *pictures(*CASES[name])).items():
            print(f"  {what:58s} {difference}")


def differences(network: Any, said: dict[str, Any], images: torch.Tensor, valid: torch.Tensor) -> dict[str, str]:
    """Of one batch, for people."""
    from torchvision.ops import box_convert

    from model.engines.transformers.deta.loss import FractionLabels, loss_of_batch
    from model.engines.transformers.deta.names import DetaNames

    network.zero_grad()
    answer = network(images, valid)
    nothing = torch.zeros(0, 4), torch.zeros(0, dtype=torch.long)
    corners = box_convert(BOXES, "cxcywh", "xyxy")
    parts = loss_of_batch(answer, [FractionLabels(*row, *nothing) for row in zip(corners, LABELS, strict=True)])
    sum(parts.values()).backward()  # type: ignore[union-attr]
    stages = [("first stage", answer.first, said["first"])]
    stages += [(f"layer {n + 1}", *row) for n, row in enumerate(zip(answer.layers, said["layers"], strict=True))]
    found = {"boxes of the queries": _apart(answer.proposals, said["proposals"])}
    for name, mine, (scores, boxes) in stages:
        spread = float(scores.max() - scores.min())
        found[f"{name}, scores (theirs differ by up to {spread:.2f})"] = _apart(mine.logits.sigmoid(), scores)
        found[f"{name}, boxes (fractions)"] = _apart(mine.boxes, boxes)
    for name, part in parts.items():
        ours, first, second = (float(one.detach()) for one in (part, *(losses[name] for losses in said["losses"])))
        found[f"{name} {ours:.6f}, theirs {first:.6f} and {second:.6f}"] = f"{abs(ours - first) / first:.1e} of it"
    return found | _gradients(network, DetaNames().tensors(said["gradients"]))


def _gradients(network: Any, theirs: dict[str, torch.Tensor]) -> dict[str, str]:
    """Of every parameter; those of keys' biases are nothing but rounding, whence the least length."""
    mine = {name: one.grad for name, one in network.named_parameters()}
    assert mine.keys() == theirs.keys()
    worst = max(float((mine[name] - one).norm() / one.norm().clamp(min=1e-2)) for name, one in theirs.items())
    return {f"gradients of {len(theirs)} parameters": f"{worst:.1e} of one's length"}


def _apart(mine: torch.Tensor, theirs: torch.Tensor) -> str:
    return f"{float((mine.detach() - theirs).abs().max()):.1e}"


if __name__ == "__main__":
    main()
