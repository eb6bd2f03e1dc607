"""What comes round by itself: reports by mail, alerts, backups, pruning."""

from __future__ import annotations
