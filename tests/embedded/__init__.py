"""Set-up, servers and supervisor of a single machine."""
