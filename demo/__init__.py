"""The published experiment, replayed on generated road scenes or on your own data, through the REST API only."""
