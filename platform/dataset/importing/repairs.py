"""What had to be done to a picture before it could be stored, in words."""

from storage.pictures import ORIENTATION, PictureRefused, is_upright, open_header

DEEP = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")


def what_was_done(data: bytes) -> str:
    """The sentence for a picture that was converted: turned upright, brought to 8 bits, to RGB, or to another kind."""
    try:
        header = open_header(data)
        upright = is_upright(header)
    except PictureRefused:
        return "the picture was converted"
    done = [] if upright else [f"turned upright (EXIF orientation {header.getexif().get(ORIENTATION)})"]
    if header.mode in DEEP:
        done.append("brought from 16 to 8 bits a channel")
    elif header.mode not in ("L", "RGB", "RGBA"):
        done.append(f"brought from {mode_name(header.mode)} to RGB")
    if header.format not in ("JPEG", "MPO", "PNG", "WEBP"):
        done.append(f"stored as PNG instead of {header.format}")
    return f"the picture was {', '.join(done) or 'converted'}"


def mode_name(mode: str) -> str:
    return {"P": "a palette", "1": "black and white", "PA": "a palette with transparency"}.get(mode, mode)
