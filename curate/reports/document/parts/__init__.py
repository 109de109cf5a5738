"""The parts of a report, one file each: what the API gave in, a section out."""
