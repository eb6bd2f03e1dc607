"""Which queues a worker takes jobs from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """Which queues jobs are taken from."""

    only: tuple[str, ...] = ()
    """These alone; where none is named, all but those of `besides`."""
    besides: tuple[str, ...] = ()

    def condition(self) -> str:
        """Return what a claim asks of the name of a queue."""
        word, names = ("IN", self.only) if self.only else ("NOT IN", self.besides)
        return f" AND q.name {word} ({', '.join('?' * len(names))})"

    def names(self) -> tuple[str, ...]:
        """Return the values for the marks of the condition."""
        return self.only or self.besides
