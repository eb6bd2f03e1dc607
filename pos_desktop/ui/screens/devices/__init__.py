"""The devices of this till: how each is set, how it is, changed and tried."""

from __future__ import annotations
