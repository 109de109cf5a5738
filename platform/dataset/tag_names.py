"""Tags that mean something to the platform."""

REJECTED = "rejected"  # an image that is not to be labelled or trained on: blurred, broken, not of this world
