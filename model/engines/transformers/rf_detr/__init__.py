"""RF-DETR (Robinson et al., arXiv 2511.09554), on the library's layers."""
