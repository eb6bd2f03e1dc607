"""Reports over any period: figures, names, filters, and what an auditor reads."""

from __future__ import annotations
