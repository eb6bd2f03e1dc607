"""The papers that a person must look at: which they are, and what is done about each."""

from __future__ import annotations
