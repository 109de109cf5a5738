"""Why bytes are not taken for a picture."""


class PictureRefused(Exception):
    """The bytes are not a picture that can be taken in; the message says why."""
