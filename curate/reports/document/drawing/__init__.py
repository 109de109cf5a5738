"""Charts as SVG: numbers in, text out. One style: thin axes, direct labels, the colours of the rest of Halfday."""
