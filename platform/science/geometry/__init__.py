"""Boxes and their overlap: pure numpy, one order inside: xyxy pixels, origin top-left of the upright image."""
