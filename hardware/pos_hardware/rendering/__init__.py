"""Three ways to show a document; they print the same rows (`pos_hardware.layout`)."""

from __future__ import annotations

from pos_hardware.rendering.escpos_bytes import render_escpos
from pos_hardware.rendering.picture import render_png
from pos_hardware.rendering.plain import render_text

__all__ = ["render_escpos", "render_png", "render_text"]
