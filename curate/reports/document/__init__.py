"""An evaluation, or a comparison, as one HTML file that can be mailed and printed.

Pure: the JSON of the API and pictures in, text out. What goes in is read in `curate/reports/`; `parts/`
has a file per part of the page, `drawing/` the charts as SVG. Nothing in the file points outside it, and there is no
script in it.
"""
