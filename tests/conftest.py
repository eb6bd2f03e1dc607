"""What every test has at hand."""

from __future__ import annotations
