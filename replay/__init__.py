"""`./halfday replay LEDGER.json`: an iteration done again on an installation that holds the same images.

Speaks REST only, through `client/`, as the demo does.
"""
