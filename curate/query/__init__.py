"""The query line: one text, SQL-WHERE-like, that says which images. docs/query.md is its page."""
