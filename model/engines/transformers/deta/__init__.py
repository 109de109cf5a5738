"""DETA (Ouyang-Zhang et al., "NMS strikes back", arXiv 2212.06137): two-stage Deformable DETR, assigned by overlap."""
