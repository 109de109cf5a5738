"""What a set of images consists of: bins, cross tables, differences. numpy in, numpy out; docs/analytics.md is its page."""
