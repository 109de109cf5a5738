"""Shapes finer than a box: masks as runs of pixels, polygons, turned boxes, and how far two of them overlap."""
