"""The science of auto-curate: split, folds, mislabels, edge cases. Nothing here imports Django."""
