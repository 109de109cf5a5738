"""The command line: `./halfday` and what it can do."""
