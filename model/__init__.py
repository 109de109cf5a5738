"""Baselines, training runs, checkpoints, prediction and endpoints."""
