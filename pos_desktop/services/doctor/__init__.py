"""What a technician asks first, asked by the program itself: about this computer and this shop."""

from __future__ import annotations
