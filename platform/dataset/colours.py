"""The colours and hotkeys that classes get when nobody chooses them."""

# Twenty hues told apart on photographs, light and dark; neighbours in the list differ most.
PALETTE = [
    "#ff5d5d", "#36c2ff", "#ffd23f", "#7ce38b", "#c792ff", "#ff9f45", "#2ee6c6", "#ff7ac6", "#9bb8ff", "#c6e05a",
    "#e0805a", "#4f9dff", "#e6b7ff", "#58d0a0", "#ffb3a7", "#b0a0ff", "#f2e394", "#6fd6e8", "#e36fa0", "#a3d977",
]  # fmt: skip
HOTKEYS = "123456789"


def colour_of(index: int) -> str:
    return PALETTE[index % len(PALETTE)]


def hotkey_of(index: int) -> str:
    """1 to 9 for the first nine classes; the others have none until somebody chooses."""
    return HOTKEYS[index] if index < len(HOTKEYS) else ""
