"""Why bytes are not taken for a picture, and why a file cannot be read."""


class PictureRefused(Exception):
    """The bytes are not a picture that can be taken in; the message says why."""


def why(error: Exception) -> str:
    """What went wrong, without the path of the server that an OSError's own text shows."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error)
