"""The till without a screen: what is typed goes in, an answer comes out."""

from __future__ import annotations
