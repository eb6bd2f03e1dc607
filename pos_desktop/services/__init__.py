"""Use cases, one module each: no Qt, no SQL text, no sockets."""

from __future__ import annotations
