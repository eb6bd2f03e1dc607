"""Mail: letters are built here and handed to a mail server, one at a time on each connection."""

from __future__ import annotations
