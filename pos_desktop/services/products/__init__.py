"""What is sold: found, edited, priced and labelled."""

from __future__ import annotations
