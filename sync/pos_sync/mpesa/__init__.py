"""M-Pesa through Daraja, Safaricom's interface: what goes out, what comes back, what it means."""

from __future__ import annotations
