"""A picture becomes a logo that a receipt printer can print: black and white, and not too large."""

from __future__ import annotations

import io

from pos_hardware.errors import BadDocument

WIDEST, TALLEST = 384, 240
"""Dots: what fits on narrow paper too, and no longer than a hand's breadth of it."""
LARGEST_FILE = 5_000_000
LARGEST_PICTURE = 40_000_000
"""Pixels: a small file can hold a picture that fills the memory."""


def make_logo(data: bytes) -> bytes:
    """Return the PNG of a logo from a picture file (PNG, JPEG, GIF, BMP, WebP).

    Raises BadDocument for what is no such picture, or too large to be one of a logo.
    """
    import PIL.Image

    if len(data) > LARGEST_FILE:
        raise BadDocument("the file of a logo is too large")
    try:
        with PIL.Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > LARGEST_PICTURE:
                raise BadDocument("a logo has too many pixels")
            flat = PIL.Image.new("RGBA", picture.size, "white")
            flat.alpha_composite(picture.convert("RGBA"))
    except (OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError) as error:
        raise BadDocument("not a picture") from error
    grey = flat.convert("L")
    grey.thumbnail((WIDEST, TALLEST))
    out = io.BytesIO()
    grey.convert("1").save(out, "PNG")
    return out.getvalue()
