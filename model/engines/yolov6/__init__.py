"""YOLOv6 v3.0 with four levels ("P6"; Li et al., arXiv 2301.05586), written anew from the paper and the published
configurations. Nothing here comes from Meituan's source; their weights are read through a map of names (`foreign`).

Everything is ours: layers, loss, both assigners, decoding, data, training loop. Only torch, torchvision and OpenCV are
needed.
"""
