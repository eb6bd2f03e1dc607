"""The screens: the only room that knows PySide6, app.py aside."""

from __future__ import annotations
