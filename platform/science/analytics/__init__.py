"""What a set of images consists of: bins, cross tables, differences. docs/analytics.md is its page."""
