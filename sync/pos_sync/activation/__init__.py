"""The supplier's server, which gives an activation for a payment: docs/activation.md."""

from __future__ import annotations
