"""Reads that pages, tasks and the products need."""
