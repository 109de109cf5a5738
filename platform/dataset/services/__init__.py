"""Writes: named functions, one file per noun."""
