"""Work that runs beside the till: child processes now, the durable queue built on them."""

from __future__ import annotations
