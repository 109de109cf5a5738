"""What to do next: learning curves, what a step may bring, and in which order. Nothing here imports Django."""
