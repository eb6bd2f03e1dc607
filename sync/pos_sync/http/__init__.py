"""Questions over HTTP to servers that may be away, slow, or somebody else: for every interface."""

from __future__ import annotations
