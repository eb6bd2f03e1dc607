"""What runs in the background, one thin module per job; each calls a service."""

from __future__ import annotations
