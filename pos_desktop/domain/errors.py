"""The errors that people may meet, split by what becomes of them.

PosError
├── Refused       a rule says no: show the sentence, offer the next step
├── Cancelled     the person changed their mind: say nothing
└── Unavailable   printer, network, disk: say it, keep the work, try again

Everything else is a bug: it is logged with a reference, and the till keeps selling.
"""

from __future__ import annotations

from pos_desktop.domain.text import _


class PosError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        self.sentence = message or _((self.__doc__ or "").splitlines()[0])
        """What people read; as a Text it can be said again, which `str` of the error cannot."""
        super().__init__(self.sentence)


class Refused(PosError):
    """A rule of the shop does not allow this."""


class AnotherRuns(Refused):
    """Another of the same kind is running; wait until it is done."""


class Cancelled(PosError):
    """Stopped on request."""


class Unavailable(PosError):
    """Something the till depends on does not answer; try again in a moment."""
