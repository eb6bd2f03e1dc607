"""What a server says it can do, in its answer to EHLO."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pos_sync.mail.replies import Reply


@dataclass(frozen=True)
class Capabilities:
    """The extensions that a server has, each with what stands behind its name."""

    extensions: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, extension: str) -> bool:
        return extension in self.extensions

    @property
    def largest(self) -> int | None:
        """How many bytes a message may have; None where that is not told, or without bound."""
        told = self.extensions.get("SIZE", "")
        return (int(told[:18]) if told.isascii() and told.isdigit() else 0) or None

    @property
    def logins(self) -> tuple[str, ...]:
        """The ways to log in."""
        return tuple(self.extensions.get("AUTH", "").upper().split())


def capabilities_of(reply: Reply) -> Capabilities:
    """Return what an answer to EHLO tells; `AUTH=` is how servers of old wrote it."""
    found: dict[str, str] = {}
    for line in reply.lines[1:]:
        name, _, rest = line.replace("AUTH=", "AUTH ", 1).partition(" ")
        found[name.upper()] = f"{found.get(name.upper(), '')} {rest}".strip()
    return Capabilities(found)
