"""What a single machine needs to serve Halfday: database, broker, set-up and the supervisor over them."""
