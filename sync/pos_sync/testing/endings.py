"""How a simulated server ends a connection."""

from __future__ import annotations

import struct
from enum import StrEnum

RESET_AT_CLOSE = struct.pack("ii", 1, 0)
"""The value of SO_LINGER by which closing tears a connection down."""


class Then(StrEnum):
    """What follows a trouble."""

    GO_ON = "go_on"
    CLOSE = "close"
    """The connection is closed in good order."""
    RESET = "reset"
    """The connection is torn down, as by a machine that crashed."""
