"""What became of one letter that was handed to a server.

Accepted         the server has it
RefusedForGood   the server will never take it for this recipient; all others go on
PutOff           the server does not take it for this recipient now; later it may
NotSent          the connection broke, and for certain the server has not got it: safe again
Unknown          the connection broke when the server may have got it: never again by itself
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from pos_sync.mail.replies import Reply


@dataclass(frozen=True)
class Accepted:
    """The server has taken it over."""

    reply: Reply


@dataclass(frozen=True)
class RefusedForGood:
    """The server will not take it for this recipient."""

    reply: Reply
    is_ours: bool = False
    """Whether the server was not even asked, since it has said what it cannot do."""


@dataclass(frozen=True)
class PutOff:
    """The server does not take it for this recipient just now."""

    reply: Reply


class Broken(StrEnum):
    """How a connection ended that should not have."""

    CLOSED = "closed"
    """The server or the network has ended it, or the program is closing."""
    TIMED_OUT = "timed_out"
    GARBAGE = "garbage"
    """What came was no answer of a mail server, or one to another question."""


@dataclass(frozen=True)
class NotSent:
    """The connection ended before any byte of the end of the letter went out."""

    why: Broken


@dataclass(frozen=True)
class Unknown:
    """The end of the letter may have gone out, and no answer came that can be understood."""

    why: Broken


Outcome: TypeAlias = Accepted | RefusedForGood | PutOff | NotSent | Unknown
