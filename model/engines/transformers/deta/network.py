"""The whole network: backbone, five levels, encoder, proposals, decoder."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torchvision.ops import box_convert
from transformers import DeformableDetrConfig
from transformers.models.deformable_detr.modeling_deformable_detr import (
    DeformableDetrDecoder,
    DeformableDetrEncoder,
    DeformableDetrMLPPredictionHead,
)

from model.engines.transformers.deta.backbone import backbone_of_size
from model.engines.transformers.deta.levels import LEVELS, Levels, levels_of_maps, projections, waves_of_boxes
from model.engines.transformers.deta.places import Shape, anchors_of, chosen_places, levels_of
from model.engines.transformers.deta.sizes import DetaSize
from model.engines.transformers.normalising import normalised

POINTS = 4  # that a head looks at on each level
EPSILON = 1e-5  # by which fractions stay away from 0 and 1
PRIOR = 0.01  # score that a fresh network gives to everything


class StageAnswer(NamedTuple):
    """What is answered at P places or by P queries."""

    logits: Tensor  # (B, P, C)
    boxes: Tensor  # (B, P, 4) centre and sides, fractions of the image


class DetaAnswer(NamedTuple):
    """What the network answers; the last layer is its result."""

    layers: list[StageAnswer]  # of the decoder
    first: StageAnswer  # of all places; class 0 stands for any object
    anchors: Tensor  # (B, S, 4) centre and sides, fractions of the image
    used: Tensor  # (B, S) whether the place has an anchor
    proposals: Tensor  # (B, Q, 4) boxes that the queries begin with


class Encoder(DeformableDetrEncoder):  # type: ignore[no-untyped-call]
    """The library's, whose places come out of a trace as float64, which ONNX's sampling does not take."""

    @staticmethod
    def get_reference_points(shapes: tuple[Shape, ...], ratios: Tensor, device: torch.device) -> Tensor:
        """(B, S, L, 2) the centre of each place as a fraction of each level's map."""
        rows = []
        for level, (height, width) in enumerate(shapes):
            y, x = (torch.arange(side, dtype=torch.float32, device=device) + 0.5 for side in (height, width))
            centres = torch.stack([x.repeat(height) / width, y.repeat_interleave(width) / height], -1)
            rows.append(centres / ratios[:, level : level + 1])
        return torch.cat(rows, 1)[:, :, None] * ratios[:, None]


class Deta(nn.Module):
    """Images (B, 3, H, W), RGB 0..1, to boxes. `valid` (B, H, W) says where an image is; without it, everywhere."""

    def __init__(self, size: DetaSize, classes: int) -> None:
        super().__init__()
        self.size = size
        hidden, config = size.hidden, _config_of(size)
        self.backbone, channels = backbone_of_size(size)
        self.input_proj = nn.ModuleList(projections(channels, hidden))
        self.level_embed = nn.Parameter(torch.empty(LEVELS, hidden))
        self.encoder = Encoder(config)
        decoder: Any = DeformableDetrDecoder(config)
        decoder.bbox_embed = nn.ModuleList(_box_head(hidden) for _ in range(size.layers))
        self.decoder = decoder
        self.class_embed = nn.ModuleList(nn.Linear(hidden, classes) for _ in range(size.layers))
        self.first_box, self.first_class = _box_head(hidden), nn.Linear(hidden, classes)
        self.enc_output, self.enc_output_norm = nn.Linear(hidden, hidden), nn.LayerNorm(hidden)
        self.pos_trans, self.pos_trans_norm = nn.Linear(2 * hidden, 2 * hidden), nn.LayerNorm(2 * hidden)
        self.pix_trans, self.pix_trans_norm = nn.Linear(hidden, hidden), nn.LayerNorm(hidden)
        _begin(self)

    def forward(self, images: Tensor, valid: Tensor | None = None) -> DetaAnswer:
        valid = images.new_ones(images[:, 0].shape, dtype=torch.bool) if valid is None else valid
        levels = levels_of_maps(self._maps(normalised(images)), valid, self.level_embed)
        memory = self.encoder(
            inputs_embeds=levels.features,
            attention_mask=levels.valid,
            spatial_position_embeddings=levels.positions,
            **levels.beside(),
        ).last_hidden_state
        first, anchors, used, places = self._first_stage(memory, levels)
        chosen = self._chosen(first, levels.shapes)
        proposals = first.boxes.detach().gather(1, chosen[..., None].expand(-1, -1, 4))
        features = places.detach().gather(1, chosen[..., None].expand(-1, -1, places.shape[-1]))
        layers = self._second_stage(memory, levels, proposals, features)
        return DetaAnswer(layers, first, anchors, used, proposals)

    def _maps(self, images: Tensor) -> list[Tensor]:
        """Five levels of one width; the fourth is made of the backbone's last map, the fifth of the fourth."""
        maps = self.backbone(images)
        levels = [project(one) for project, one in zip(self.input_proj, maps, strict=False)]
        levels.append(self.input_proj[3](maps[-1]))
        levels.append(self.input_proj[4](levels[-1]))
        return levels

    def _first_stage(self, memory: Tensor, levels: Levels) -> tuple[StageAnswer, Tensor, Tensor, Tensor]:
        """The answer of each place with its anchor, whether there is one, and its features."""
        anchors, used = anchors_of(levels.shapes, levels.valid)
        places = self.enc_output_norm(self.enc_output(memory.masked_fill(~used[..., None], 0)))
        away = self.first_box(places) + torch.logit(anchors)
        boxes = away.masked_fill(~used[..., None], torch.inf).sigmoid()
        return StageAnswer(self.first_class(places), boxes), anchors, used, places

    @torch.no_grad()
    def _chosen(self, first: StageAnswer, shapes: list[Shape]) -> Tensor:
        """(B, Q) the places that become queries."""
        boxes = box_convert(first.boxes, "cxcywh", "xyxy").clamp(0, 1)
        levels = levels_of(shapes, boxes.device)
        rows = zip(boxes, first.logits[..., 0], strict=True)
        return torch.stack([chosen_places(mine, scores, levels, self.size.queries) for mine, scores in rows])

    def _second_stage(self, memory: Tensor, levels: Levels, proposals: Tensor, features: Tensor) -> list[StageAnswer]:
        """Each layer of the decoder, whose boxes go on from those before."""
        placed = self.pos_trans_norm(self.pos_trans(waves_of_boxes(proposals, self.size.hidden // 2)))
        positions, queries = placed.split(self.size.hidden, dim=-1)
        out = self.decoder(
            inputs_embeds=queries + self.pix_trans_norm(self.pix_trans(features)),
            object_queries_position_embeddings=positions,
            encoder_hidden_states=memory,
            encoder_attention_mask=levels.valid,
            reference_points=proposals,
            **levels.beside(),
        )
        before = [proposals, *out.intermediate_reference_points.unbind(1)]
        return [
            StageAnswer(score(x), (box(x) + torch.logit(start, EPSILON)).sigmoid())
            for x, start, score, box in zip(
                out.intermediate_hidden_states.unbind(1),
                before,
                self.class_embed,
                self.decoder.bbox_embed,
                strict=False,
            )
        ]


def _config_of(size: DetaSize) -> DeformableDetrConfig:
    return DeformableDetrConfig(
        d_model=size.hidden,
        encoder_layers=size.layers,
        decoder_layers=size.layers,
        encoder_ffn_dim=size.feed_forward,
        decoder_ffn_dim=size.feed_forward,
        encoder_attention_heads=size.attention_heads,
        decoder_attention_heads=size.attention_heads,
        encoder_n_points=POINTS,
        decoder_n_points=POINTS,
        num_feature_levels=LEVELS,
        num_queries=size.queries,
        two_stage=True,
        with_box_refine=True,
        dropout=0.0,
    )


def _box_head(hidden: int) -> nn.Module:
    return DeformableDetrMLPPredictionHead(hidden, hidden, 4, 3)  # type: ignore[no-untyped-call]


@torch.no_grad()
def _begin(network: Deta) -> None:
    """Fresh weights as Deformable DETR's: a box is its anchor, a score PRIOR."""
    for part in (network.encoder, network.decoder, network.input_proj):
        for name, one in part.named_parameters():
            if one.dim() > 1 and not name.endswith(("sampling_offsets.weight", "attention_weights.weight")):
                nn.init.xavier_uniform_(one)
    for layer in (network.enc_output, network.pos_trans, network.pix_trans):
        nn.init.xavier_uniform_(layer.weight)
    nn.init.normal_(network.level_embed)
    heads: tuple[Any, ...] = (network.first_class, *network.class_embed)
    for head in heads:
        nn.init.constant_(head.bias, math.log(PRIOR / (1 - PRIOR)))
    for head in (network.first_box, *network.decoder.bbox_embed):
        nn.init.zeros_(head.layers[-1].weight)
        nn.init.zeros_(head.layers[-1].bias)
