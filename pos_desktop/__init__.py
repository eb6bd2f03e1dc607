"""POS Desktop: a till for small shops that sells with no network at all."""

from __future__ import annotations
