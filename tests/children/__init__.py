"""The room of child processes."""
