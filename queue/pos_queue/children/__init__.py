"""Child processes: started, asked, watched over, ended."""

from __future__ import annotations
