"""News of jobs for those who watch: told through the database, sent on by every web process to its open streams."""
